import { scoreboard } from '../scoreboard.ts';
import { esql } from './esql.ts';

const PINNED = { cases: '5e049711dcbb', passed: 280 };

scoreboard(esql(false), PINNED);
scoreboard(esql(true), PINNED);
