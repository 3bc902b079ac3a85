import type { ValueType } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import { COLUMNS, TABLES } from './kusto-tables.ts';

const TYPES: Readonly<Record<string, ValueType>> = {
  b: 'bool',
  d: 'datetime',
  g: 'guid',
  i: 'int',
  l: 'long',
  r: 'real',
  y: 'dynamic',
};

/** Columns that Log Analytics gives every table besides its own. */
const STANDARD: readonly (readonly [string, ValueType | undefined])[] = [
  ['TenantId', 'string'],
  ['SourceSystem', 'string'],
  ['Type', 'string'],
  ['_ResourceId', 'string'],
  ['_SubscriptionId', 'string'],
  // Written as text and compared with columns of GUIDs; its type is not documented.
  ['_ItemId', undefined],
  ['_TimeReceived', 'datetime'],
  ['_IsBillable', 'string'],
  ['_BilledSize', 'real'],
];

/** Tables that get a column for whatever the resource sends: none of their columns is unknown. */
const UNBOUNDED: ReadonlySet<string> = new Set(['AzureDiagnostics']);

let index: ReadonlyMap<string, string> | undefined;
let dictionary: readonly string[] | undefined;
const unpacked = new Map<string, ReadonlyMap<string, ValueType | undefined>>();

function tables(): ReadonlyMap<string, string> {
  index ??= new Map(
    TABLES.trim()
      .split(/[;\n]/)
      .map((entry) => {
        const blank = entry.indexOf(' ');
        return [entry.slice(0, blank), entry.slice(blank + 1)];
      }),
  );
  return index;
}

/** A table's columns with their types, unpacked when first asked for. */
function columnsOf(table: string): ReadonlyMap<string, ValueType | undefined> | undefined {
  const known = unpacked.get(table);
  if (known !== undefined) return known;
  const packed = tables().get(table);
  if (packed === undefined) return undefined;
  dictionary ??= COLUMNS.trim().split(/\s/);
  const columns = new Map<string, ValueType | undefined>();
  for (const place of packed.split(' ')) {
    const [name, letter] = (dictionary[Number.parseInt(place, 36)] ?? '').split(':');
    if (name !== undefined && name !== '')
      columns.set(name, letter === undefined ? 'string' : (TYPES[letter] ?? 'string'));
  }
  // Defender's own name for the time of an event.
  if (table === 'IdentityInfo') columns.set('Timestamp', 'datetime');
  for (const [name, type] of STANDARD) if (!columns.has(name)) columns.set(name, type);
  unpacked.set(table, columns);
  return columns;
}

/** The ending that Log Analytics gives a column of a custom table by its type. */
const CUSTOM: Readonly<Record<string, ValueType>> = { s: 'string', d: 'real', b: 'bool', t: 'datetime', g: 'guid' };

/** The type of a table's column; undefined where the table or the column is not known. */
export function kustoColumnType(table: string, column: string): ValueType | undefined {
  const known = columnsOf(table)?.get(column);
  if (known !== undefined || !table.endsWith('_CL')) return known;
  return CUSTOM[/_([sdbtg])$/.exec(column)?.[1] ?? ''];
}

/** The tables of Microsoft Sentinel (Log Analytics) and Defender XDR. A table it does not know has unknown columns. */
export const kustoSchema: Schema = {
  name: 'kusto',
  typeOf: (field, table) => (table === undefined ? undefined : kustoColumnType(table, field)),
  fieldNames: (table) => (table === undefined || UNBOUNDED.has(table) ? undefined : columnsOf(table)?.keys()),
  tableNames: () => new Set(tables().keys()),
};
