import { scoreboard } from '../scoreboard.ts';
import { eql, moreEql } from './eql.ts';

scoreboard(eql, { cases: '757ca647cae6', passed: 164 });
scoreboard(moreEql, { cases: 'ad9fb27e81bc', passed: 79 });
