import { diagnostic } from '../../../../base/diagnostic.ts';
import type { SortKey as PlanSortKey } from '../../../../ir/plan/plan.ts';
import type { SortKey } from '../../ast/index.ts';
import type { Environment } from '../scope.ts';
import { lowerExpression } from '../values/expression.ts';

/** Descending unless told; nulls last when descending, first when ascending. */
export function sortKeys(keys: readonly SortKey[], environment: Environment): readonly PlanSortKey[] {
  return keys.map((key) => {
    const value = lowerExpression(key.value, environment);
    if (value.type === 'dynamic') {
      const params = { expected: 'a value that is not dynamic', found: 'dynamic' };
      environment.context.report(
        diagnostic('kusto/expected-type', params, key.value.span, {
          hints: ['sort by tostring(…), tolong(…), … of it'],
        }),
      );
    }
    const direction = key.direction ?? 'desc';
    return { expr: value.expr, direction, nulls: key.nulls ?? (direction === 'asc' ? 'first' : 'last') };
  });
}
