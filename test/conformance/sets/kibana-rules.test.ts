import { scoreboard } from '../scoreboard.ts';
import { kibanaRules } from './kibana-rules.ts';

scoreboard(kibanaRules, { cases: '7738000679de', passed: 243 });
