import { and } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';

/** The plan with a further condition on the events that it reads. */
export function filterEvents(plan: Plan, condition: Expr): Plan {
  if (plan.kind === 'source') return { kind: 'where', predicate: condition, input: plan };
  if (plan.kind !== 'where' || plan.input.kind !== 'source') {
    return mapInputs(plan, (input) => filterEvents(input, condition));
  }
  return { ...plan, predicate: and([plan.predicate, condition]) };
}
