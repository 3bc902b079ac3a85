import type { Sequence } from '../../../../ir/plan/plan.ts';
import type { MatchRow } from '../../../../state/state-row.ts';
import type { Value } from '../../../../values/value.ts';
import type { HeldRow } from '../rows/timed-rows.ts';
import { matchRow } from '../summary.ts';

/** A sequence's match: its rows in the order of time, the step of each, the keys, and what links agree on beyond them. */
export function stepsMatch(
  { by, emit, steps, summary }: Sequence,
  rows: readonly HeldRow[],
  stepOf: readonly number[],
  keys: readonly Value[],
  shared: readonly Value[],
): MatchRow {
  return matchRow(
    {
      rows: rows.map(({ row }) => row),
      count: rows.length,
      first: rows[0]?.row.at ?? 0n,
      inputs: summary.inputs === undefined ? [] : [...new Set(stepOf.flatMap((step) => steps[step]?.name ?? []))],
      measures: [],
      keys: by.map(({ name }, place) => [name, keys[place] ?? null]),
      shared,
    },
    summary,
    emit,
  );
}
