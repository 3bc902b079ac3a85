import { readsClock } from '../../ir/clock.ts';
import { and } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { rowPath } from '../../ir/plan/row-path.ts';

/** What a row-local pipeline asks of a record before anything else. */
export interface RecordFilter {
  /** True for every record that comes out of the pipeline, at any time. */
  readonly filter: Expr;
  /** What is left of the pipeline for a record that passes. */
  readonly rest: Plan;
}

/** The filter right over the records of a bound and simplified pipeline, without what reads the clock. */
export function recordFilter(plan: Plan): RecordFilter {
  const { below, steps } = rowPath(plan);
  const [lowest, ...others] = steps;
  if (lowest?.kind !== 'where') return { filter: and([]), rest: plan };
  const conjuncts = lowest.predicate.kind === 'and' ? lowest.predicate.items : [lowest.predicate];
  const timeless = conjuncts.filter((conjunct) => !readsClock(conjunct));
  const isDecided = timeless.length === conjuncts.length;
  const rest = others.reduce<Plan>((input, step) => ({ ...step, input }), below);
  return { filter: and(timeless), rest: isDecided ? rest : plan };
}
