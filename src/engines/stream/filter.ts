import { readsClock } from '../../ir/clock.ts';
import { and } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan.ts';
import { rowPath } from '../../ir/row-path.ts';

/** What a row-local pipeline asks of a record before anything else. */
export interface RecordFilter {
  /** True for every record that comes out of the pipeline, at any time. */
  readonly filter: Expr;
  /** Whether the pipeline is nothing but this filter. */
  readonly whole: boolean;
}

/** The filter right over the records of a bound and simplified pipeline, without what reads the clock. */
export function recordFilter(plan: Plan): RecordFilter {
  const [lowest] = rowPath(plan).steps;
  if (lowest?.kind !== 'where') return { filter: and([]), whole: lowest === undefined };
  const conjuncts = lowest.predicate.kind === 'and' ? lowest.predicate.items : [lowest.predicate];
  const timeless = conjuncts.filter((conjunct) => !readsClock(conjunct));
  return { filter: and(timeless), whole: lowest === plan && timeless.length === conjuncts.length };
}
