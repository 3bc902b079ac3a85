import type { Diagnostic } from '../base/diagnostic.ts';
import { Database, type StoredTable } from '../engines/sql/duckdb/index.ts';
import type { Schema } from '../ir/view.ts';
import { type QueryTable, readTables, tableOfColumns } from './query-tables.ts';
import { openStoredTables } from './stored-tables.ts';

/** Tables of which some are stored, and the engine that reads them. */
export interface TableStore {
  readonly database: Database;
  /** All of them; those that are not stored have their rows. */
  readonly tables: readonly QueryTable[];
  readonly stored: ReadonlyMap<string, StoredTable>;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether all stored tables could be opened. */
  readonly isWhole: boolean;
  close(): Promise<void>;
}

/** Opens stored tables and reads the others, in the order in which they are given. */
export async function openTables(given: ReadonlyMap<string, readonly string[]>, schema: Schema): Promise<TableStore> {
  const database = await Database.open();
  try {
    const { stored, others, diagnostics } = await openStoredTables(given, database);
    const read = await readTables(others, schema);
    const tables = [...given.keys()].flatMap((name) => {
      const table = stored.get(name);
      if (table !== undefined) return [tableOfColumns(name, table.types, schema)];
      return read.tables.filter((one) => one.name === name);
    });
    return {
      isWhole: diagnostics.length === 0,
      database,
      tables,
      stored,
      diagnostics: [...diagnostics, ...read.diagnostics],
      close: () => database.close(),
    };
  } catch (failed) {
    await database.close();
    throw failed;
  }
}
