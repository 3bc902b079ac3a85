import type { Emit, SummaryColumns } from '../../../ir/keyed.ts';
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
  const tell = (name: string | undefined, value: () => Value): void => {
    if (name !== undefined) columns.set(name, value());
  };
  tell(summary.shared, () => shared);
  tell(summary.count, () => count);
  for (const [name, value] of measures) columns.set(name, value);
  tell(summary.first, () => new DateTime(first));
  tell(summary.last, () => new DateTime(at));
  tell(summary.inputs, () => inputs);
  tell(summary.rows, () => rows.slice(-emit.mostRows).flatMap(({ id }) => (id === undefined ? [] : [{ ...id.place }])));
  for (const [name, value] of keys) columns.set(name, value);
  const members = rows.flatMap(({ id }) => id ?? []);
  return {
    id: emit.rows === 'summary' ? undefined : last?.id,
    at,
    columns,
    ...((emit.rows === 'all' || emit.rows === 'steps') && { members }),
  };
}
