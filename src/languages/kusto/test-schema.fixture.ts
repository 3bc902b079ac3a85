import type { ValueType } from '../../ir/types.ts';
import type { Schema } from '../../ir/view.ts';

const T: Readonly<Record<string, ValueType>> = {
  s: 'string',
  s2: 'string',
  i: 'int',
  l: 'long',
  r: 'real',
  d: 'datetime',
  t: 'timespan',
  b: 'bool',
  g: 'guid',
  y: 'dynamic',
};

/** One table, `T`, with a column of each type; any other table is unknown. */
export const testSchema: Schema = {
  name: 'kusto',
  typeOf: (field, table) => (table === 'T' ? T[field] : undefined),
  fieldNames: (table) => (table === 'T' ? Object.keys(T) : undefined),
  tableNames: () => new Set(['T']),
};
