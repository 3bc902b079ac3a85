import { scoreboard } from '../scoreboard.ts';
import { panther } from './panther.ts';

scoreboard(panther, { cases: 'fa9a0881ec3e', passed: 3595 });
