import type { ValueType } from '../../../ir/types.ts';
import { EPOCH_TICKS } from '../../../values/date-time.ts';
import type { SqlTable } from '../push/relation.ts';
import { type Typed, typed } from '../push/typed.ts';
import { cast, operation, sqlCall, sqlColumn, sqlLong } from '../tree/construct.ts';
import { FILE_PLACE, ROW_PLACE, type SqlFrom } from '../tree/select.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';
import type { Database } from './database.ts';

/** A table that is stored in columns: what types they have for us, and how SQL reads them. */
export interface StoredTable {
  readonly sql: SqlTable;
  readonly types: ReadonlyMap<string, ValueType>;
}

const AS = 't';

/** More rows than a file has. */
const ROWS_OF_A_FILE = 2n ** 40n;

/** The rows of Parquet files, one file after the other; a file that lacks a column of another has nulls there. Throws `SqlFailure`. */
export async function parquetTable(
  database: Database,
  logType: string,
  paths: readonly string[],
): Promise<StoredTable> {
  const from: SqlFrom = { kind: 'parquet', paths, as: AS };
  const row = sqlColumn(ROW_PLACE, AS);
  const file = operation('*', cast(sqlColumn(FILE_PLACE, AS), 'long'), sqlLong(ROWS_OF_A_FILE));
  const place = paths.length === 1 ? row : operation('+', file, row);
  const most = Number(ROWS_OF_A_FILE);
  return storedTable(database, logType, from, place, (at) => ({
    file: paths[Math.floor(at / most)] ?? '',
    line: (at % most) + 1,
  }));
}

/** A table of a DuckDB file, which is only read. Throws `SqlFailure`. */
export async function duckdbTable(
  database: Database,
  logType: string,
  path: string,
  name: string,
): Promise<StoredTable> {
  const schema = await database.attach(path);
  const from: SqlFrom = { kind: 'table', schema, name, as: AS };
  return storedTable(database, logType, from, sqlColumn('rowid', AS), (at) => ({ file: path, line: at + 1 }));
}

async function storedTable(
  database: Database,
  logType: string,
  from: SqlFrom,
  place: SqlExpr,
  sourceOf: SqlTable['sourceOf'],
): Promise<StoredTable> {
  const all = { kind: 'select', columns: [{ expr: { kind: 'all' }, as: '' }], from, where: [] } as const;
  const columns = await database.columnsOf(all);
  const own = new Map(columns.map(({ name, type }) => [name, ownValue(sqlColumn(name, AS), type)]));
  const finer = new Map(
    columns.flatMap(({ name, type }) =>
      type === 'TIMESTAMP_NS' ? [[name, ofNanos(sqlColumn(name, AS))] as const] : [],
    ),
  );
  return {
    sql: {
      logType,
      from,
      columns: columns.map(({ name }) => ({ expr: sqlColumn(name, AS), as: name })),
      places: [place],
      own: (name) => own.get(name) ?? 'absent',
      converted: (fn, name) => (fn === 'convert.datetime' ? finer.get(name) : undefined),
      sourceOf,
    },
    types: new Map(columns.map(({ name, type }) => [name, typeOf(type)])),
  };
}

/** A value as records have it, where SQL can look into it. */
function ownValue(column: SqlExpr, type: string): Typed {
  switch (type) {
    case 'VARCHAR':
      return { ...typed('text', column), isOwn: true };
    case 'BOOLEAN':
      return { ...typed('bool', column), isOwn: true };
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'UTINYINT':
    case 'USMALLINT':
    case 'UINTEGER':
      return { ...typed('long', cast(column, 'long')), isOwn: true };
    case 'BIGINT':
      return { ...typed('long', column), isOwn: true };
    case 'FLOAT':
      return { ...typed('real', cast(column, 'real')), isOwn: true };
    case 'DOUBLE':
      return { ...typed('real', column), isOwn: true };
    case 'TIMESTAMP':
      return { ...typed('json', column), isOwn: true, stamp: column };
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP WITH TIME ZONE':
    case 'DATE':
      return { ...typed('json', column), isOwn: true, stamp: cast(column, 'stamp') };
    default:
      return { ...typed('json', column), isOwn: true };
  }
}

/** Ticks of a time in nanoseconds, which are all between the years 1 and 9999. */
function ofNanos(column: SqlExpr): Typed {
  const nanos = sqlCall('nanos', column);
  const hundred = sqlLong(100n);
  const rest = operation('%', operation('+', operation('%', nanos, hundred), hundred), hundred);
  return typed('moment', operation('+', operation('//', operation('-', nanos, rest), hundred), sqlLong(EPOCH_TICKS)));
}

/** What a column is to queries that declare no type for it. */
function typeOf(type: string): ValueType {
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIGINT':
    case 'UTINYINT':
    case 'USMALLINT':
    case 'UINTEGER':
      return 'long';
    case 'FLOAT':
    case 'DOUBLE':
      return 'real';
    case 'VARCHAR':
    case 'UUID':
      return 'string';
    case 'TIMESTAMP':
    case 'TIMESTAMP_S':
    case 'TIMESTAMP_MS':
    case 'TIMESTAMP_NS':
    case 'TIMESTAMP WITH TIME ZONE':
    case 'DATE':
      return 'datetime';
    default:
      return type.startsWith('DECIMAL') ? 'real' : 'dynamic';
  }
}
