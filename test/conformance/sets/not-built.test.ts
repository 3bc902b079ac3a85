import { scoreboard } from '../scoreboard.ts';
import { notBuilt } from './not-built.ts';

for (const set of notBuilt) scoreboard(set, undefined);
