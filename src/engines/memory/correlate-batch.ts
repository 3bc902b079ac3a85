import type { Correlate } from '../../ir/plan.ts';
import { Correlator, NO_LIMITS } from './correlate.ts';
import type { Clock, Row } from './row.ts';

/** Correlates rows that are all there: `rows` has those of each input. The matches come in the order in which they were sure. */
export function runCorrelation(plan: Correlate, rows: readonly (readonly Row[])[], clock: Clock): Row[] {
  const correlator = new Correlator(plan, clock, NO_LIMITS);
  const all = rows.flatMap((of, input) => of.map((row) => ({ input, row })));
  // A row without a time takes that of the row read before it, so the order of reading must be the log's.
  all.sort((a, b) => (a.row.origin?.order ?? 0) - (b.row.origin?.order ?? 0));
  for (const { input, row } of all) correlator.push(input, row);
  return correlator.advance(undefined);
}
