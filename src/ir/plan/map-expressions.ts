import type { Expr } from '../expr.ts';
import { mapKeyedInputs } from './keyed-inputs.ts';
import type { Aggregate, Join, KeyedInput, Plan, Step } from './plan.ts';
import type { WindowColumn } from './relational.ts';

type Change = (expr: Expr) => Expr;

/** The plan with each expression of its operator, not of its inputs, replaced by what `change` gives. */
export function mapExpressions(plan: Plan, change: Change): Plan {
  switch (plan.kind) {
    case 'source':
      return plan.scope === null ? plan : { ...plan, scope: change(plan.scope) };
    case 'records':
    case 'never':
    case 'input':
    case 'table':
    case 'shared':
    case 'matches':
    case 'ask':
    case 'distinct':
    case 'limit':
    case 'union':
      return plan;
    case 'rows':
      return { ...plan, rows: plan.rows.map((cells) => cells.map(change)) };
    case 'where':
      return { ...plan, predicate: change(plan.predicate) };
    case 'extend':
    case 'project':
      return { ...plan, columns: mapNamed(plan.columns, change) };
    case 'unnest':
      return { ...plan, columns: mapNamed(plan.columns, change) };
    case 'unpack':
      return { ...plan, bag: change(plan.bag) };
    case 'scan':
      return {
        ...plan,
        partition: plan.partition.map(change),
        order: mapNamed(plan.order, change),
        declares: mapNamed(plan.declares, change),
        steps: plan.steps.map((step) => ({
          ...step,
          condition: change(step.condition),
          assigns: mapNamed(step.assigns, change),
        })),
      };
    case 'summarize':
      return { ...plan, by: mapNamed(plan.by, change), aggregates: mapArgs(plan.aggregates, change) };
    case 'order':
      return { ...plan, keys: mapNamed(plan.keys, change) };
    case 'join':
      return mapJoin(plan, change, change, change);
    case 'apply':
      return { ...plan, by: plan.by?.map(change) ?? null, keep: mapNamed(plan.keep, change) };
    case 'window':
      return {
        ...plan,
        partition: plan.partition.map(change),
        order: mapNamed(plan.order, change),
        columns: plan.columns.map((column) => mapWindowColumn(column, change)),
      };
    case 'series': {
      const { axis } = plan;
      return {
        ...plan,
        axis: {
          ...axis,
          expr: change(axis.expr),
          from: axis.from && change(axis.from),
          to: axis.to && change(axis.to),
          step: change(axis.step),
        },
        by: mapNamed(plan.by, change),
        aggregates: mapArgs(plan.aggregates, change).map((made) => ({ ...made, fill: change(made.fill) })),
      };
    }
    case 'threshold':
    case 'first-seen':
    case 'sequence': {
      const mapped = mapKeyedInputs(plan, (input) => mapInput(input, change));
      return mapped.kind === 'threshold' ? { ...mapped, having: change(mapped.having) } : mapped;
    }
  }
}

/** What is read of the left rows, of the right rows and of the pairs of a join. */
export function mapJoin(join: Join, left: Change, right: Change, pair: Change): Join {
  const { on, columns, residual, within } = join;
  return {
    ...join,
    on: on.map((keys) => ({ ...keys, left: left(keys.left), right: right(keys.right) })),
    columns: columns.map((column) => ({ ...column, expr: (column.side === 'left' ? left : right)(column.expr) })),
    ...(residual !== undefined && { residual: pair(residual) }),
    ...(within !== undefined && { within: { ...within, left: left(within.left), right: right(within.right) } }),
  };
}

/** What a join reads of the rows of each side. */
export function joinExpressions(join: Join): { readonly left: readonly Expr[]; readonly right: readonly Expr[] } {
  const left: Expr[] = [];
  const right: Expr[] = [];
  const to = (found: Expr[]) => (expr: Expr) => {
    found.push(expr);
    return expr;
  };
  mapJoin(join, to(left), to(right), (expr) => expr);
  return { left, right };
}

export function windowExpressions(column: WindowColumn): readonly Expr[] {
  const found: Expr[] = [];
  mapWindowColumn(column, (expr) => {
    found.push(expr);
    return expr;
  });
  return found;
}

function mapWindowColumn(column: WindowColumn, change: Change): WindowColumn {
  switch (column.fn) {
    case 'row-number':
      return column;
    case 'rank':
    case 'dense-rank':
      return { ...column, of: column.of.map(change) };
    case 'lag':
    case 'lead':
      return { ...column, of: change(column.of), otherwise: change(column.otherwise) };
    case 'aggregate': {
      const { aggregate } = column;
      return { ...column, aggregate: { ...aggregate, args: aggregate.args.map(change) } };
    }
  }
}

function mapInput<I extends KeyedInput | Step>(input: I, change: Change): I {
  return {
    ...input,
    time: change(input.time),
    keys: input.keys.map((key) => key && change(key)),
    keep: mapNamed(input.keep, change),
    ...(input.tie && { tie: change(input.tie) }),
  };
}

function mapNamed<C extends { readonly expr: Expr }>(columns: readonly C[], change: Change): readonly C[] {
  return columns.map((column) => ({ ...column, expr: change(column.expr) }));
}

function mapArgs<A extends Aggregate>(aggregates: readonly A[], change: Change): readonly A[] {
  return aggregates.map((aggregate) => ({ ...aggregate, args: aggregate.args.map(change) }));
}
