import type { Expr } from '../src/ir/expr.ts';
import type { Plan } from '../src/ir/plan/plan.ts';
import { type Binding, bind } from '../src/passes/bind.ts';

/** Records that have the fields of any schema under their own names: as flat keys, else as paths. */
export const plain: Binding = {
  logType: 'plain',
  view: (schema, table) => ({
    schema,
    ...(table !== undefined && { table }),
    logType: 'plain',
    when: null,
    fields: new Map(),
    families: [],
    otherwise: 'raw',
  }),
  locate: (path) => [path],
};

/** A condition or value over the fields of a schema, over plain records. */
export function plainly(expr: Expr): Expr {
  const told: Plan = {
    kind: 'project',
    input: { kind: 'source', schema: 'ecs', scope: null },
    columns: [{ name: 'told', expr }],
  };
  const bound = bind(told, plain);
  const [column] = bound.kind === 'project' ? bound.columns : [];
  if (column === undefined) throw new Error('a projection is bound to a projection');
  return column.expr;
}
