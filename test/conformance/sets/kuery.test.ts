import { scoreboard } from '../scoreboard.ts';
import { kuery } from './kuery.ts';

scoreboard(kuery, { cases: '33de1a3410d2', passed: 196 });
