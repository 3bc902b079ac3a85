import type { DuckDBValue } from '@duckdb/node-api';
import { type JsonObject, stringifyJson } from '../../../base/json.ts';
import { call, raw } from '../../../ir/construct.ts';
import type { FunctionName } from '../../../ir/functions/registry.ts';
import type { ValueType } from '../../../ir/types.ts';
import type { RecordSource } from '../../../logs/record.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import { toJson } from '../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { compileExpr, rowOf } from '../../memory/index.ts';
import type { SqlTable } from '../push/relation.ts';
import { isWellFormed, kindOf, type Typed, typed, type ValueKind } from '../push/typed.ts';
import { sqlColumn } from '../tree/construct.ts';
import type { SqlFrom } from '../tree/select.ts';
import type { SqlType } from '../tree/sql-expr.ts';
import { type Database, ROWS_AT_ONCE } from './database.ts';

const AS = 't';
const PLACE = '#place';

/** What a table's columns are made of records by. */
export function conversionOf(type: ValueType): FunctionName {
  switch (type) {
    case 'int':
    case 'long':
      return 'convert.long';
    case 'real':
    case 'decimal':
      return 'convert.real';
    case 'bool':
    case 'string':
    case 'datetime':
    case 'timespan':
    case 'guid':
    case 'dynamic':
      return `convert.${type}`;
  }
}

const SQL_TYPES: Readonly<Record<ValueKind, SqlType | 'bool'>> = {
  bool: 'bool',
  long: 'long',
  real: 'real',
  text: 'text',
  moment: 'long',
  span: 'long',
  json: 'text',
  document: 'text',
};

interface Column {
  readonly name: string;
  readonly as: string;
  readonly fn: FunctionName;
  readonly kind: ValueKind;
  readonly cells: readonly DuckDBValue[];
}

/**
 * Rows of any form that our decoders read, as a table: its columns are converted by the memory engine, so that they hold what it sees.
 * Columns in which a text is no UTF-16 that can be said in UTF-8 stay outside.
 */
export async function rowTable(
  database: Database,
  logType: string,
  types: ReadonlyMap<string, ValueType>,
  rows: readonly { readonly event: JsonObject; readonly source: RecordSource }[],
): Promise<SqlTable> {
  const events = rows.map(({ event }) => event);
  const present = new Set(events.flatMap((event) => Object.keys(event)));
  const columns = [...types].flatMap(([column, type], at) => {
    const kind = type === 'dynamic' ? 'document' : kindOf(type);
    if (!present.has(column)) return [];
    const cells = cellsOf(column, conversionOf(type), events, kind);
    return cells === undefined ? [] : [{ name: column, as: `c${at}`, fn: conversionOf(type), kind, cells }];
  });
  const name = `rows of ${logType}`;
  const sink = await database.makeTable(name, [
    { name: PLACE, type: 'long' },
    ...columns.map(({ as, kind }) => ({ name: as, type: SQL_TYPES[kind] })),
  ]);
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
    const to = Math.min(events.length, from + ROWS_AT_ONCE);
    const places = Array.from({ length: to - from }, (_, at) => BigInt(from + at));
    sink.append([places, ...columns.map(({ cells }) => cells.slice(from, to))]);
  }
  sink.close();
  const converted = new Map(columns.map((column) => [`${column.fn} ${column.name}`, typedColumn(column)]));
  const from: SqlFrom = { kind: 'table', name, as: AS };
  return {
    logType,
    from,
    columns: [],
    places: [sqlColumn(PLACE, AS)],
    own: (column) => (present.has(column) ? undefined : 'absent'),
    converted: (fn, column) => converted.get(`${fn} ${column}`),
    eventAt: (place) => events[place],
    sourceOf: (place) => rows[place]?.source ?? { file: name, line: place + 1 },
  };
}

function typedColumn({ as, kind, fn }: Column): Typed {
  return typed(kind, sqlColumn(as, AS), fn !== 'convert.string');
}

/** Undefined where one of the values cannot be stored as it is. */
function cellsOf(
  column: string,
  fn: FunctionName,
  events: readonly JsonObject[],
  kind: ValueKind,
): readonly DuckDBValue[] | undefined {
  const evaluate = compileExpr(call(fn, [raw(column)]), { now: fromEpochMs(0) });
  const cells: DuckDBValue[] = [];
  for (const event of events) {
    const value = evaluate(rowOf(event));
    const cell = kind === 'document' ? documentOf(value) : cellOf(value);
    if (cell === undefined) return undefined;
    cells.push(cell);
  }
  return cells;
}

function cellOf(value: Value): DuckDBValue | undefined {
  if (value === undefined || value === null) return null;
  if (value instanceof DateTime || value instanceof TimeSpan) return fits(value.ticks) ? value.ticks : undefined;
  switch (typeof value) {
    case 'string':
      return isWellFormed(value) ? value : undefined;
    case 'bigint':
      return fits(value) ? value : undefined;
    case 'number':
    case 'boolean':
      return value;
    default:
      return undefined;
  }
}

/** JSON text; what is no JSON, as what is not a number, is none. */
function documentOf(value: Value): DuckDBValue | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : stringifyJson(toJson(value));
}

function fits(whole: bigint): boolean {
  return BigInt.asIntN(64, whole) === whole;
}
