import { scoreboard } from '../scoreboard.ts';
import { esql } from './esql.ts';

scoreboard(esql(false), undefined);
scoreboard(esql(true), undefined);
