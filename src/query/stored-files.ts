import { extname } from 'node:path';

/** Files in which tables are stored by columns: of Parquet, or of DuckDB itself. */
const FORMS: ReadonlyMap<string, 'parquet' | 'duckdb'> = new Map<string, 'parquet' | 'duckdb'>([
  ['.parquet', 'parquet'],
  ['.duckdb', 'duckdb'],
  ['.ddb', 'duckdb'],
]);

export function formOf(path: string): 'parquet' | 'duckdb' | undefined {
  return FORMS.get(extname(path).toLowerCase());
}

/** Whether a path is of a file that is stored by columns, by its name. */
export function isStored(path: string): boolean {
  return formOf(path) !== undefined;
}
