import type { Keyed } from '../../../ir/plan/plan.ts';
import type { Clock, Row } from '../row.ts';
import { compileOperator } from './operator.ts';
import { rowOfMatch } from './rows/match-row.ts';

/** Runs an operator over rows that are all there: `rows` has those of each input. */
export function runKeyed(plan: Keyed, rows: readonly (readonly Row[])[], clock: Clock): Row[] {
  const operator = compileOperator(plan, clock);
  const all = rows.flatMap((of, input) => of.map((row) => ({ input, row })));
  // A row without a time takes that of the row read before it, so the order of reading must be the log's.
  all.sort((a, b) => (a.row.id?.order ?? 0) - (b.row.id?.order ?? 0));
  const events = new Map<number, Row['event']>();
  for (const { input, row } of all) {
    if (row.id !== undefined) events.set(row.id.order, row.event);
    operator.push(input, [row]);
  }
  return operator.advance('end').map((match) => rowOfMatch(match, match.id && events.get(match.id.order)));
}
