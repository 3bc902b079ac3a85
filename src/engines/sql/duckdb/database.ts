import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { LimitReached } from '../../memory/index.ts';
import { printAttach, printDuckdb, printTable, printVariable } from '../print-duckdb.ts';
import { BOUNDARY } from '../push/term-regex.ts';
import type { SqlQuery, SqlTableColumn } from '../tree/select.ts';
import { SqlFailure } from './failure.ts';

/** What is read of a result at once: rows of cells. */
export type Cells = readonly DuckDBValue[];

/** Takes rows of a table, each column by itself; at most `ROWS_AT_ONCE` at a time. */
export interface RowSink {
  append(columns: readonly (readonly DuckDBValue[])[]): void;
  close(): void;
}

export const ROWS_AT_ONCE = 2048;

/**
 * DuckDB, in this process. It is loaded when the first of these is opened. Nothing that it reads may load extensions, and it reads no
 * other files than those that queries name; what does not fit into memory goes into a folder that is removed at the end.
 */
export class Database {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly folder: string;

  private readonly attached = new Map<string, string>();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.instance = instance;
    this.connection = connection;
    this.folder = folder;
  }

  /** `memory`: how many bytes it may take before it writes to disk; what DuckDB takes by itself without it. */
  static async open({ memory }: { readonly memory?: number } = {}): Promise<Database> {
    const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
    const folder = await mkdtemp(join(tmpdir(), 'dragoman-duckdb-'));
    const instance = await Instance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: folder,
      ...(memory !== undefined && { memory_limit: `${memory}B` }),
    });
    const connection = await instance.connect();
    // Times without a zone are in UTC.
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(printVariable('boundary', BOUNDARY));
    return new Database(instance, connection, folder);
  }

  /** Opens a DuckDB file for reading, and gives the name that it has in queries. */
  async attach(path: string): Promise<string> {
    const known = this.attached.get(path);
    if (known !== undefined) return known;
    const name = `file ${this.attached.size}`;
    await this.run(printAttach(path, name));
    this.attached.set(path, name);
    return name;
  }

  /** Makes a table of these columns; `append` adds rows to it, a chunk at a time, each column by itself. */
  async makeTable(name: string, columns: readonly SqlTableColumn[]): Promise<RowSink> {
    await this.run(printTable(name, columns));
    const { DuckDBDataChunk } = await import('@duckdb/node-api');
    const appender = await this.connection.createAppender(name);
    const types = columns.map((_, at) => appender.columnType(at));
    return {
      append: (values) => {
        const chunk = DuckDBDataChunk.create(types);
        chunk.setColumns(values);
        appender.appendDataChunk(chunk);
      },
      close: () => appender.closeSync(),
    };
  }

  private async run(statement: string): Promise<void> {
    try {
      await this.connection.run(statement);
    } catch (failed) {
      throw SqlFailure.of(failed);
    }
  }

  /**
   * The rows of a query, as they come. Throws `SqlFailure` for what DuckDB refuses, and `LimitReached` after so many seconds.
   */
  async *rows(query: SqlQuery, seconds: number): AsyncGenerator<readonly Cells[], void, void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.connection.interrupt();
    }, seconds * 1000);
    timer.unref();
    try {
      const result = await this.connection.stream(printDuckdb(query));
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.getRows();
      }
    } catch (failed) {
      if (isLate) throw new LimitReached('seconds', seconds);
      throw SqlFailure.of(failed);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The names and types of what a query would give. */
  async columnsOf(query: SqlQuery): Promise<readonly { readonly name: string; readonly type: string }[]> {
    try {
      const result = await this.connection.run(printDuckdb({ ...withoutRows(query) }));
      return result.columnNames().map((name, at) => ({ name, type: String(result.columnType(at)) }));
    } catch (failed) {
      throw SqlFailure.of(failed);
    }
  }

  async close(): Promise<void> {
    this.connection.closeSync();
    this.instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function withoutRows(query: SqlQuery): SqlQuery {
  return query.kind === 'select' ? { ...query, limit: 0n } : query;
}
