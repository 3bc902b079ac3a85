import type { Plan, Source } from '../ir/plan/plan.ts';
import { printPlan } from '../ir/print/print-plan.ts';
import { mapInputs } from '../ir/traverse.ts';

/** Rules share a few sources: with one object for each, what is found of a source (see `bind`, `simplify`) is found once. */
export function shareSources(plan: Plan, sources: Map<string, Source>): Plan {
  if (plan.kind !== 'source') return mapInputs(plan, (input) => shareSources(input, sources));
  const key = printPlan(plan);
  const shared = sources.get(key) ?? plan;
  sources.set(key, shared);
  return shared;
}
