import { pipeline } from '../../engines/pipeline.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { planNodes } from '../../ir/traverse.ts';
import type { Binding } from '../../passes/bind.ts';

/** A condition as a rule has it, and as it is asked of records of one log type: alike in structure, down to what it asks. */
export interface BoundFilter {
  readonly written: Expr;
  readonly bound: Expr;
}

/** The conditions of a rule's pipelines; none of those that are not about such records. */
export function boundFilters({ logic }: Rule, binding: Binding): readonly BoundFilter[] {
  return pipeline.prepare(logic.plan, logic.columns, logic.shared).feeds.flatMap(({ plan }) => {
    if (pipeline.residual(plan, binding).kind === 'never') return [];
    const written = filtersOf(plan);
    const filters = filtersOf(pipeline.bound(plan, binding));
    // `bind` keeps the structure; what it adds, the filters of the scope, comes first.
    const own = filters.slice(filters.length - written.length);
    return written.flatMap((filter, at) => {
      const bound = own[at];
      return bound === undefined ? [] : [{ written: filter, bound }];
    });
  });
}

/** The conditions of a pipeline's filters, in the order of the plan. */
function filtersOf(plan: Plan): readonly Expr[] {
  return [...planNodes(plan)].flatMap((node) => (node.kind === 'where' ? [node.predicate] : []));
}
