import { scoreboard } from '../scoreboard.ts';
import { kustoDocs } from './kusto-docs.ts';

scoreboard(kustoDocs, { cases: 'b22a11a0dfeb', passed: 254 });
