import { diagnostic } from '../../../../base/diagnostic.ts';
import { field } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan, SortKey } from '../../../../ir/plan/plan.ts';
import type { JoinColumn, JoinFlavour } from '../../../../ir/plan/relational.ts';
import type { CallExpression, Operator, TopHittersOperator, TopNestedOperator } from '../../ast/index.ts';
import { nameOf } from '../columns/naming.ts';
import { type Column, Columns, type Environment, type Table } from '../scope.ts';
import { constantWhole } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { Aggregates } from './aggregate.ts';

/** Where a row stands among the others; no query can name it. */
const PLACE = '$place';

/** `top-hitters`: the values that come most often, or whose sums are the greatest. Of values that are even, the later ones count. */
export function lowerTopHitters(node: Operator & TopHittersOperator, input: Table, environment: Environment): Table {
  const of = lowerExpression(node.of, environment);
  const by = node.by === undefined ? undefined : lowerExpression(node.by, environment);
  const name = nameOf(node.of) ?? 'Column1';
  const measured = node.by === undefined ? `approximate_count_${name}` : `approximate_sum_${nameOf(node.by) ?? ''}`;
  const placed: Plan = {
    kind: 'window',
    input: input.plan,
    partition: [],
    order: [],
    columns: [{ name: PLACE, fn: 'row-number' }],
  };
  const summarized: Plan = {
    kind: 'summarize',
    input: placed,
    by: [{ name, expr: of.expr }],
    aggregates: [
      by === undefined
        ? { names: [measured], fn: 'count', args: [] }
        : { names: [measured], fn: 'sum', args: [by.expr] },
      { names: [PLACE], fn: 'max', args: [field(PLACE)] },
    ],
  };
  const descending = (column: string): SortKey => ({ expr: field(column), direction: 'desc', nulls: 'last' });
  const ordered: Plan = { kind: 'order', input: summarized, keys: [descending(measured), descending(PLACE)] };
  const most = constantWhole(lowerExpression(node.count, { ...environment, columns: undefined }));
  if (most === undefined)
    environment.context.report(diagnostic('kusto/constant-needed', { what: 'the number of rows' }, node.count.span));
  const plan: Plan = { kind: 'limit', input: ordered, count: Number(most ?? 0n) };
  const columns: Column[] = [
    { name, type: of.type },
    { name: measured, type: by === undefined ? 'long' : by.type === 'int' ? 'long' : by.type },
  ];
  const shown = columns.map((column) => ({ name: column.name, expr: field(column.name) }));
  return {
    plan: { kind: 'project', input: plan, columns: shown },
    columns: new Columns(columns),
    shaped: true,
    made: [],
  };
}

/** `top-nested`: the best values of a column, for each of them the best of the next, and so on. */
export function lowerTopNested(node: Operator & TopNestedOperator, input: Table, environment: Environment): Table {
  const { context } = environment;
  let found: Plan | undefined;
  const columns: Column[] = [];
  const keys: NamedExpr[] = [];
  for (const level of node.levels) {
    if (level.others !== undefined)
      context.report(diagnostic('unsupported/kusto-operator', { name: 'top-nested with others' }, level.others.span));
    const of = lowerExpression(level.of.value, environment);
    const name = level.of.names[0]?.text ?? nameOf(level.of.value) ?? `Column${columns.length + 1}`;
    const measured = level.by.names[0]?.text ?? `aggregated_${name}`;
    const before = [...keys];
    keys.push({ name, expr: of.expr });
    const aggregates = new Aggregates(environment);
    const hidden: Environment = {
      ...environment,
      columns: new Columns([]),
      aggregate: (call: CallExpression) => aggregates.lower(call, aggregates.hiddenName()),
    };
    const value = lowerExpression(level.by.value, hidden);
    const summarized: Plan = { kind: 'summarize', input: input.plan, by: [...keys], aggregates: aggregates.list };
    const made: Plan = { kind: 'extend', input: summarized, columns: [{ name: measured, expr: value.expr }] };
    const direction = level.direction ?? 'desc';
    const ranked: Plan = {
      kind: 'window',
      input: made,
      partition: before.map((key) => field(key.name)),
      order: [{ expr: field(measured), direction, nulls: 'last' }],
      columns: [{ name: PLACE, fn: 'row-number' }],
    };
    const own = [...keys.map((key) => key.name), measured];
    const best = level.count === undefined ? made : within(ranked, level.count, environment);
    const shown: Plan = { kind: 'project', input: best, columns: own.map((one) => ({ name: one, expr: field(one) })) };
    found = found === undefined ? shown : joined(found, columns, shown, [name, measured], before);
    columns.push({ name, type: of.type }, { name: measured, type: value.type });
  }
  return { plan: found ?? { kind: 'never' }, columns: new Columns(columns), shaped: true, made: [] };
}

function within(ranked: Plan, count: TopHittersOperator['count'], environment: Environment): Plan {
  const most = constantWhole(lowerExpression(count, { ...environment, columns: undefined }));
  if (most === undefined)
    environment.context.report(diagnostic('kusto/constant-needed', { what: 'the number of rows' }, count.span));
  return {
    kind: 'where',
    input: ranked,
    predicate: {
      kind: 'compare',
      op: '<=',
      left: field(PLACE),
      right: { kind: 'literal', type: 'long', value: (most ?? 0n).toString() },
      nulls: 'unknown',
      many: 'whole',
    },
  };
}

/** The rows of the levels above, with those of the next. */
function joined(
  above: Plan,
  known: readonly Column[],
  next: Plan,
  added: readonly string[],
  keys: readonly NamedExpr[],
): Plan {
  const flavour: JoinFlavour = 'inner';
  const columns: JoinColumn[] = [
    ...known.map(({ name }): JoinColumn => ({ name, expr: field(name), side: 'left' })),
    ...added.map((name): JoinColumn => ({ name, expr: field(name), side: 'right' })),
  ];
  const on = keys.map(({ name }) => ({ left: field(name), right: field(name) }));
  return { kind: 'join', left: above, right: next, on, flavour, nulls: 'equal', columns };
}
