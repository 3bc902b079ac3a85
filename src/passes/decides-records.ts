import type { Plan } from '../ir/plan/plan.ts';
import { rowPath } from '../ir/plan/row-path.ts';
import { readsShared } from '../ir/plan/shared.ts';
import { expressions } from '../ir/traverse.ts';

/** Whether a plan decides records one by one, and without Python or the rows of a shared plan. */
export function decidesRecords(plan: Plan): boolean {
  const { below, steps } = rowPath(plan);
  if (below.kind !== 'source' && below.kind !== 'records' && below.kind !== 'matches') return false;
  return steps.every((step) => step.kind !== 'ask' && !expressions(step).some(readsShared));
}
