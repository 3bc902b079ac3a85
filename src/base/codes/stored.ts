import { type Entries, error, info } from './entry.ts';

/** Tables that are stored by columns, and the engine that reads them. */
export interface StoredCodes {
  'stored/unreadable': { table: string; paths: readonly string[]; reason: string };
  'stored/mixed': { table: string; path: string };
  'stored/language': { language: string };
  'stored/logs': Record<never, never>;
  'stored/failed': { reason: string };
  'stored/in-memory': { reason: string };
}

export const storedCodes: Entries<StoredCodes> = {
  'stored/unreadable': error(
    (p) => `cannot read the table ${p.table} from ${p.paths.join(', ')}: ${p.reason}`,
    () => 'give Parquet files, or a DuckDB file with a table of that name, written by DuckDB 1.5 or earlier',
  ),
  'stored/mixed': error(
    (p) => `the table ${p.table} is in files of several kinds, or in several DuckDB files: ${p.path}`,
    () => 'give Parquet files alone, one DuckDB file, or files of rows',
  ),
  'stored/language': error(
    (p) => `DuckDB and stored tables are for Kusto queries, this one is ${p.language}`,
    () => 'leave out --engine and --plan, and give rows (NDJSON, CSV) with --table or --logs',
  ),
  'stored/logs': error(
    () => 'logs are not read beside stored tables',
    () => 'give all of the query’s rows with --table, or leave out --engine and --plan and give rows (NDJSON, CSV)',
  ),
  'stored/failed': error(
    (p) => `DuckDB did not run its part of the query: ${p.reason}`,
    () => '--engine memory runs the query without it',
  ),
  'stored/in-memory': info(
    (p) => `the memory engine ran the whole query: ${p.reason}`,
    () => 'a value was too large for a 64-bit column; the result is exact, and took longer',
  ),
};
