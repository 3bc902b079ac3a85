import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import type { Operator, PartitionOperator } from '../../ast/index.ts';
import { broken, type Environment, type Table } from '../scope.ts';
import { lowerExpression } from '../values/expression.ts';

/** `partition`: a pipe over the rows of each value of a column, one value after the other. */
export function lowerPartition(node: Operator & PartitionOperator, input: Table, environment: Environment): Table {
  const { context } = environment;
  const by = lowerExpression(node.by, environment);
  if (node.body.kind === 'query' || input.columns.open) {
    const name =
      node.body.kind === 'query'
        ? 'partition with a query in braces'
        : 'partition of a table whose columns are not known';
    if (!input.columns.failed) context.report(diagnostic('unsupported/kusto-operator', { name }, node.keyword));
    return broken(input);
  }
  const group = 'part';
  const columns = input.columns
    .all()
    .map(({ name, type }) => ({ name, type: type === 'unknown' ? ('dynamic' as const) : type }));
  const part: Table = { ...input, plan: { kind: 'input', name: group, columns }, shaped: true, made: [] };
  const body = environment.operators(node.body.operators, part);
  if (body.columns.failed) return broken(input);
  const plan: Plan = { kind: 'apply', input: input.plan, by: [by.expr], body: body.plan, group, keep: [] };
  return { plan, columns: body.columns, shaped: true, made: [] };
}
