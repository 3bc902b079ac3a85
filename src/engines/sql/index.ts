/** SQL as an engine: what of a plan it can say exactly, and how. */

export { printDuckdb } from './print-duckdb.ts';
export type { SqlTable } from './push/relation.ts';
export { settleClock } from './settle-clock.ts';
export { splitForSql } from './split.ts';
