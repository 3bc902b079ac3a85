import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { call, MISSING, raw } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { ValueType } from '../ir/types.ts';
import type { Schema, ViewField } from '../ir/view.ts';
import { readLogs } from '../logs/input/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { RecordSource } from '../logs/record.ts';
import { parseDateTime } from '../values/date-time.ts';

/** A table that the user gave as files of rows. */
export interface QueryTable {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ValueType>;
  readonly rows: readonly { readonly event: JsonObject; readonly source: RecordSource }[];
  /** Its rows as a log type, so that queries read them as they read logs. */
  readonly type: LogType;
  readonly shape: Shape;
}

/**
 * Reads tables. Columns that the schema knows have its types; the types of others are read off the values.
 */
export async function readTables(
  given: ReadonlyMap<string, readonly string[]>,
  schema: Schema,
): Promise<{ readonly tables: readonly QueryTable[]; readonly diagnostics: readonly Diagnostic[] }> {
  const tables: QueryTable[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [name, paths] of given) {
    const rows: QueryTable['rows'][number][] = [];
    for await (const batch of readLogs(paths)) {
      rows.push(...batch.events);
      diagnostics.push(...batch.diagnostics);
    }
    tables.push(makeTable(name, rows, inferColumns(rows), schema));
  }
  return { tables, diagnostics };
}

/** A table of these columns whose rows are read elsewhere. Columns that the schema knows have its types. */
export function tableOfColumns(name: string, columns: ReadonlyMap<string, ValueType>, schema: Schema): QueryTable {
  return makeTable(name, [], columns, schema);
}

/** The schema, with the columns of the given tables added. */
export function withTables(schema: Schema, tables: readonly QueryTable[]): Schema {
  const byName = new Map(tables.map((table) => [table.name, table]));
  return {
    ...schema,
    typeOf: (field, table) => byName.get(table ?? '')?.columns.get(field) ?? schema.typeOf(field, table),
    fieldNames: (table) => byName.get(table ?? '')?.columns.keys() ?? schema.fieldNames(table),
    tableNames: () => new Set([...byName.keys(), ...(schema.tableNames?.() ?? [])]),
    presentTables: () => [...new Set([...byName.keys(), ...(schema.presentTables?.() ?? [])])],
  };
}

function makeTable(
  name: string,
  rows: QueryTable['rows'],
  found: ReadonlyMap<string, ValueType>,
  schema: Schema,
): QueryTable {
  const columns = new Map<string, ValueType>();
  for (const field of schema.fieldNames(name) ?? []) columns.set(field, valueType(schema.typeOf(field, name)));
  for (const [field, type] of found) if (!columns.has(field)) columns.set(field, type);
  const shape: Shape = { name: 'rows', recognises: () => true, locate: (path) => [path] };
  const fields = new Map(
    [...columns].map(([field, type]): [string, ViewField] => [field, { expr: read(field, type), type }]),
  );
  const type: LogType = {
    declared: true,
    name: `table.${name}`,
    description: `rows of ${name}`,
    shapes: [shape],
    time: timeOf(columns),
    views: [
      {
        schema: 'kusto',
        table: name,
        logType: `table.${name}`,
        when: null,
        fields,
        families: [],
        otherwise: 'missing',
      },
    ],
  };
  return { name, columns, rows, type, shape };
}

function read(field: string, type: ValueType): Expr {
  const value = raw(field);
  switch (type) {
    case 'int':
    case 'long':
      return call('convert.long', [value]);
    case 'real':
    case 'decimal':
      return call('convert.real', [value]);
    case 'bool':
    case 'string':
    case 'datetime':
    case 'timespan':
    case 'guid':
    case 'dynamic':
      return call(`convert.${type}`, [value]);
  }
}

/** What a table's own schema says; Elasticsearch's types do not occur in one. */
function valueType(type: ReturnType<Schema['typeOf']>): ValueType {
  switch (type) {
    case 'bool':
    case 'int':
    case 'long':
    case 'real':
    case 'decimal':
    case 'string':
    case 'datetime':
    case 'timespan':
    case 'guid':
      return type;
    case 'boolean':
      return 'bool';
    case 'double':
      return 'real';
    case 'date':
      return 'datetime';
    case 'keyword':
    case 'constant_keyword':
    case 'wildcard':
    case 'text':
    case 'match_only_text':
    case 'ip':
    case 'version':
      return 'string';
    case 'dynamic':
    case 'object':
    case 'nested':
    case 'flattened':
    case 'geo_point':
    case undefined:
      return 'dynamic';
  }
}

function inferColumns(rows: QueryTable['rows']): Map<string, ValueType> {
  const columns = new Map<string, ValueType | undefined>();
  for (const { event } of rows) {
    for (const [name, value] of Object.entries(event)) {
      const type = typeOfValue(value);
      const known = columns.get(name);
      columns.set(name, known === undefined || type === undefined ? (known ?? type) : common(known, type));
    }
  }
  // A column that is null everywhere can be anything.
  return new Map([...columns].map(([name, type]): [string, ValueType] => [name, type ?? 'dynamic']));
}

export function typeOfValue(value: Json): ValueType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'long';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'real';
    case 'string':
      return /^\d{4}-\d\d-\d\d[T ]/.test(value) && parseDateTime(value) !== undefined ? 'datetime' : 'string';
    default:
      return value === null ? undefined : 'dynamic';
  }
}

function common(a: ValueType, b: ValueType): ValueType {
  if (a === b) return a;
  const both = new Set([a, b]);
  if (both.has('long') && both.has('real')) return 'real';
  return both.has('datetime') && both.has('string') ? 'string' : 'dynamic';
}

const TIMES = ['TimeGenerated', 'Timestamp', 'timestamp', 'time'];

/** The first of the usual names that a row has, however it is written: the reader of event times knows all spellings. */
function timeOf(columns: ReadonlyMap<string, ValueType>): Expr {
  const names = TIMES.filter((one) => columns.has(one));
  return names.length === 0
    ? MISSING
    : call(
        'view.coalesce',
        names.map((name) => raw(name)),
      );
}
