import { anywhere, expressions, planNodes } from '../traverse.ts';
import type { ColumnType, Plan } from './plan.ts';

/** A plan with those that several places of it use (`let`, `materialize`, subqueries): each is run once. */
export interface Query {
  /** Each may use those before it. */
  readonly shared: readonly SharedPlan[];
  readonly result: Plan;
}

export interface SharedPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** The query with each of its plans replaced by what `change` gives. */
export function mapPlans({ shared, result }: Query, change: (plan: Plan) => Plan): Query {
  return { shared: shared.map(({ name, plan }) => ({ name, plan: change(plan) })), result: change(result) };
}

/** The columns that plans read of a shared plan; undefined where none of them uses it. */
export function readsOf(name: string, plans: readonly Plan[]): readonly ColumnType[] | undefined {
  const read = new Map<string, ColumnType>();
  let isUsed = false;
  for (const node of plans.flatMap((plan) => [...planNodes(plan)])) {
    if (node.kind === 'shared' && node.name === name) {
      isUsed = true;
      for (const column of node.columns) read.set(column.name, column);
    }
    for (const expr of expressions(node)) {
      anywhere(expr, (inner) => {
        if ((inner.kind === 'in-plan' || inner.kind === 'scalar-of') && inner.plan.name === name) {
          isUsed = true;
          const { column } = inner.plan;
          if (!read.has(column)) read.set(column, { name: column, type: 'dynamic' });
        }
        return false;
      });
    }
  }
  return isUsed ? [...read.values()] : undefined;
}
