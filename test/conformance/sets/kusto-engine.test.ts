import { scoreboard } from '../scoreboard.ts';
import { kustoEngine } from './kusto-engine.ts';

scoreboard(kustoEngine, { cases: '805e7401e036', passed: 919 });
