import { keyedInputs } from '../plan/keyed-inputs.ts';
import type { Join, NamedExpr, Order, Plan, Source } from '../plan/plan.ts';
import type { JoinFlavour } from '../plan/relational.ts';
import { describe, describeValue } from './describe.ts';

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
    case 'table':
    case 'shared':
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
    case 'unpack':
      return `with a column for each member of ${describeValue(plan.bag)}`;
    case 'scan':
      return `rows that fit the steps ${plan.steps.map(({ name }) => name).join(', ')} one after the other`;
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
    case 'join':
      return joinWords(plan);
    case 'apply':
      return plan.by === null
        ? 'what is made of each row'
        : `what is made of the rows${forEach(plan.by.map(describeValue))}`;
    case 'window':
      return `with ${plan.columns.map(({ name }) => name).join(', ')} by the rows around it${forEach(plan.partition.map(describeValue))}`;
    case 'series': {
      const made = plan.aggregates.flatMap(({ names }) => names).join(', ');
      const step = describeValue(plan.axis.step);
      return `${made} along ${describeValue(plan.axis.expr)} in steps of ${step}${forEach(plan.by.map(({ expr }) => describeValue(expr)))}`;
    }
    case 'matches':
      return `matches of ${plan.rule.id}`;
    case 'threshold':
    case 'first-seen':
    case 'sequence': {
      const named = keyedInputs(plan).map(({ name }) => name);
      return `rows of ${named.join(', ')} together${forEach(plan.by.map(({ name }) => name))}`;
    }
  }
}

const PAIRS: Readonly<Record<JoinFlavour, string>> = {
  inner: 'pairs of rows',
  'inner-unique': 'pairs of rows, one left row for each key,',
  left: 'left rows and what they are paired with',
  right: 'right rows and what they are paired with',
  full: 'rows of both sides and what they are paired with',
  'left-semi': 'left rows that have a pair',
  'left-anti': 'left rows that have no pair',
  'right-semi': 'right rows that have a pair',
  'right-anti': 'right rows that have no pair',
  cross: 'pairs of any rows',
  'left-nest': 'left rows with a list of what they are paired with',
};

function joinWords({ flavour, on, residual, within }: Join): string {
  const keys = on.map(({ left, right }) => {
    const [one, other] = [describeValue(left), describeValue(right)];
    return one === other ? one : `${one} = ${other}`;
  });
  const asked = [
    ...(keys.length === 0 ? [] : [`by ${keys.join(' and ')}`]),
    ...(within === undefined ? [] : ['near each other in time']),
    ...(residual === undefined ? [] : [`with: ${describe(residual)}`]),
  ];
  return [PAIRS[flavour], ...asked].join(' ');
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
