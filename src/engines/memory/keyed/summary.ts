import type { Emit, SummaryColumns } from '../../../ir/plan/keyed.ts';
import type { MatchRow, RecordId } from '../../../state/state-row.ts';
import { DateTime, type Value } from '../../../values/value.ts';

/** What a match is made of. */
export interface Found {
  /** Its rows, in the order of time; not empty. */
  readonly rows: readonly { readonly at: bigint; readonly id: RecordId | undefined }[];
  /** How many it has: all of them are counted, where `rows` are the last ones. */
  readonly count: number;
  /** When the first of all happened. */
  readonly first: bigint;
  readonly inputs: readonly string[];
  readonly measures: readonly (readonly [string, Value])[];
  readonly keys: readonly (readonly [string, Value])[];
  /** The values that its rows have in common. */
  readonly shared: readonly Value[];
}

/** A match as a row: what tells of its rows, the measures, the keys. */
export function matchRow(found: Found, summary: SummaryColumns, emit: Emit): MatchRow {
  const { rows, count, first, inputs, measures, keys, shared } = found;
  const last = rows.at(-1);
  const at = last?.at ?? first;
  const columns = new Map<string, Value>();
  if (summary.shared !== undefined) columns.set(summary.shared, shared);
  if (summary.count !== undefined) columns.set(summary.count, count);
  for (const [name, value] of measures) columns.set(name, value);
  if (summary.first !== undefined) columns.set(summary.first, new DateTime(first));
  if (summary.last !== undefined) columns.set(summary.last, new DateTime(at));
  if (summary.inputs !== undefined) columns.set(summary.inputs, inputs);
  if (summary.rows !== undefined) columns.set(summary.rows, placesOf(rows.slice(-emit.mostRows)));
  for (const [name, value] of keys) columns.set(name, value);
  const tellsRecords = emit.rows === 'all' || emit.rows === 'steps';
  return {
    id: emit.rows === 'summary' ? undefined : last?.id,
    at,
    columns,
    ...(tellsRecords && { members: rows.flatMap(({ id }) => id ?? []) }),
  };
}

function placesOf(rows: Found['rows']): Value {
  return rows.flatMap(({ id }) => (id === undefined ? [] : [{ ...id.place }]));
}
