import { scoreboard } from '../scoreboard.ts';
import { sigma } from './sigma.ts';

scoreboard(sigma, { cases: '7ca4c1cfa2d3', passed: 2466 });
