/** DuckDB under plans: it is loaded by whoever asks for it. */

export { Database } from './database.ts';
export { SqlFailure } from './failure.ts';
export { conversionOf, rowTable } from './row-table.ts';
export { type QueryRows, runInDuckdb } from './run-query.ts';
export { duckdbTable, parquetTable, type StoredTable } from './stored-table.ts';
