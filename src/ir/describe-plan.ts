import { describe, describeValue } from './describe.ts';
import { keyedInputs } from './keyed-inputs.ts';
import type { NamedExpr, Order, Plan, Source } from './plan.ts';

/** What the operator at the top of a plan does, in words; what feeds it is not told. */
export function describePlan(plan: Plan): string {
  switch (plan.kind) {
    case 'source':
      return sourceWords(plan);
    case 'records':
      return `records of ${plan.logType}`;
    case 'never':
      return 'no rows';
    case 'rows':
      return plan.rows.length === 1 ? 'a row that the query writes' : `${plan.rows.length} rows that the query writes`;
    case 'input':
      return `rows of ${plan.name}`;
    case 'where':
      return `rows with: ${describe(plan.predicate)}`;
    case 'extend':
      return `with ${assigned(plan.columns)}`;
    case 'project':
      return `only ${assigned(plan.columns)}`;
    case 'unnest': {
      const most = plan.most === undefined ? '' : `, at most ${plan.most}`;
      return `a row for each element of ${plan.columns.map(({ expr }) => describeValue(expr)).join(' and ')}${most}`;
    }
    case 'ask':
      return `rows that ${plan.program.module.name} lets pass`;
    case 'summarize': {
      const made = plan.aggregates.flatMap(({ names }) => names).join(', ');
      return `${made || 'one row'}${forEach(plan.by.map(({ expr }) => describeValue(expr)))}`;
    }
    case 'distinct':
      return 'different rows';
    case 'order':
      return `in order of ${orderWords(plan.keys)}`;
    case 'limit':
      return `the first ${plan.count} rows`;
    case 'union':
      return 'rows of any of';
    case 'matches':
      return `matches of ${plan.rule.id}`;
    case 'correlate':
      return `rows of ${plan.inputs.map(({ name }) => name).join(', ')} together${forEach(plan.by)}`;
    case 'threshold':
    case 'first-seen':
    case 'sequence': {
      const named = keyedInputs(plan).map(({ name }) => name);
      return `rows of ${named.join(', ')} together${forEach(plan.by.map(({ name }) => name))}`;
    }
  }
}

function sourceWords({ schema, table }: Source): string {
  return table === undefined ? `events of ${schema}` : `rows of ${table}`;
}

function assigned(columns: readonly NamedExpr[]): string {
  return columns
    .map(({ name, expr }) => (describeValue(expr) === name ? name : `${name} = ${describeValue(expr)}`))
    .join(', ');
}

function forEach(keys: readonly string[]): string {
  return keys.length === 0 ? '' : ` for each ${keys.join(', ')}`;
}

function orderWords(keys: Order['keys']): string {
  return keys
    .map(({ expr, direction }) => `${describeValue(expr)}${direction === 'desc' ? ' descending' : ''}`)
    .join(', ');
}
