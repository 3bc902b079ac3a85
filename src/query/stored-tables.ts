import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type Database, duckdbTable, parquetTable, SqlFailure, type StoredTable } from '../engines/sql/duckdb/index.ts';
import { expandPaths } from '../logs/input/paths.ts';
import { formOf, isStored } from './stored-files.ts';

export interface StoredTables {
  readonly stored: ReadonlyMap<string, StoredTable>;
  /** Tables that are given as anything else: rows that decoders read. */
  readonly others: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Opens the tables that are stored. */
export async function openStoredTables(
  given: ReadonlyMap<string, readonly string[]>,
  database: Database,
): Promise<StoredTables> {
  const stored = new Map<string, StoredTable>();
  const others = new Map<string, readonly string[]>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, paths] of given) {
    if (!paths.some(isStored)) {
      others.set(name, paths);
      continue;
    }
    const mixed = paths.find((path) => formOf(path) !== formOf(paths[0] ?? ''));
    if (mixed !== undefined || (formOf(paths[0] ?? '') === 'duckdb' && paths.length > 1)) {
      diagnostics.push(diagnostic('stored/mixed', { table: name, path: mixed ?? paths[1] ?? '' }));
      continue;
    }
    const { files, diagnostics: said } = await expandPaths(paths);
    diagnostics.push(...said);
    const found = files.map(({ path }) => path);
    if (found.length === 0) continue;
    if (found.some((path) => /[*?[\]]/.test(path))) {
      const reason = 'a name with *, ? or brackets is a pattern to DuckDB: rename the file';
      diagnostics.push(diagnostic('stored/unreadable', { table: name, paths: found, reason }));
      continue;
    }
    try {
      const table =
        formOf(found[0] ?? '') === 'duckdb'
          ? duckdbTable(database, `table.${name}`, found[0] ?? '', name)
          : parquetTable(database, `table.${name}`, found);
      stored.set(name, await table);
    } catch (failed) {
      if (!(failed instanceof SqlFailure)) throw failed;
      diagnostics.push(diagnostic('stored/unreadable', { table: name, paths: found, reason: failed.reason }));
    }
  }
  return { stored, others, diagnostics };
}
