import { scoreboard } from '../scoreboard.ts';
import { field } from './field.ts';

scoreboard(field, { cases: '5bdf55f14f4e', passed: 17 });
