import { diagnostic } from '../../../base/diagnostic.ts';
import { call } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../ir/plan.ts';
import type { SeriesAggregate } from '../../../ir/relational.ts';
import type { MakeSeriesOperator, Operator, SeriesColumn } from '../ast/index.ts';
import { isNumber } from '../types.ts';
import { Aggregates, aggregateName } from './aggregate.ts';
import { asType } from './convert.ts';
import { lowerExpression } from './expression.ts';
import { aggregateFunction } from './functions/aggregates.ts';
import { freeName, nameOf, numberedName } from './naming.ts';
import { optionWord } from './option.ts';
import { broken, type Column, Columns, type Environment, type Table, type Typed } from './scope.ts';

type SeriesNode = Operator & MakeSeriesOperator;

/** `make-series`: aggregates of bins along an axis, as arrays; a bin without rows has the default, which is 0 unless said. */
export function lowerMakeSeries(node: SeriesNode, input: Table, environment: Environment): Table {
  const { context } = environment;
  const taken = new Set<string>();
  const named = (name: string | undefined): string => {
    const free = name === undefined ? numberedName(taken) : freeName(name, taken);
    taken.add(free);
    return free;
  };
  const by: NamedExpr[] = [];
  const columns: Column[] = [];
  for (const { names, value } of node.by) {
    const key = lowerExpression(value, environment);
    const name = named(names[0]?.text ?? nameOf(value));
    by.push({ name, expr: key.expr });
    columns.push({ name, type: key.type });
  }
  const aggregates: SeriesAggregate[] = [];
  for (const series of node.aggregates) {
    const made = seriesAggregate(series, named, environment);
    if (made === undefined) return broken(input);
    aggregates.push(made);
    for (const name of made.names) columns.push({ name, type: 'dynamic' });
  }
  const axis = lowerExpression(node.on.value, environment);
  const name = named(node.on.names[0]?.text ?? nameOf(node.on.value));
  columns.push({ name, type: 'dynamic' });
  const outside: Environment = { ...environment, columns: undefined };
  const [from, to, step] = [node.from, node.to, node.step].map((end) =>
    end === undefined ? undefined : lowerExpression(end, outside),
  );
  const end = to === undefined || node.form === 'from' ? to : behind(to);
  if (step === undefined || (to !== undefined && end === undefined)) {
    context.report(diagnostic('unsupported/kusto-operator', { name: 'make-series in range() of reals' }, node.keyword));
    return broken(input);
  }
  const fits = isNumber(axis.type) ? isNumber(step.type) : step.type === 'timespan';
  if (!fits && axis.type !== 'unknown' && step.type !== 'unknown')
    context.report(
      diagnostic('kusto/operand-type', { operator: 'step', left: axis.type, right: step.type }, node.step.span),
    );
  const plan: Plan = {
    kind: 'series',
    input: input.plan,
    axis: {
      name,
      expr: axis.type === 'unknown' && from !== undefined ? asType(axis, from.type) : axis.expr,
      from: from?.expr ?? null,
      to: end?.expr ?? null,
      step: step.expr,
    },
    by,
    aggregates,
    whenEmpty: optionWord(node.options, 'kind') === 'nonempty' ? 'one' : 'none',
  };
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}

function seriesAggregate(
  { column, default: otherwise, span }: SeriesColumn,
  named: (name: string | undefined) => string,
  environment: Environment,
): SeriesAggregate | undefined {
  const { value, names } = column;
  const row = value.kind === 'call' ? aggregateFunction(value.name.text) : undefined;
  if (value.kind !== 'call' || row === undefined) {
    const name = value.kind === 'call' ? `make-series of ${value.name.text}()` : 'make-series of what is no aggregate';
    environment.context.report(diagnostic('unsupported/kusto-operator', { name }, span));
    return undefined;
  }
  const name = named(names[0]?.text ?? aggregateName(row, value));
  const aggregates = new Aggregates(environment);
  const result = aggregates.lower(value, name);
  const [aggregate] = aggregates.list;
  if (aggregate === undefined || result.expr.kind !== 'field') {
    if (!aggregates.failed) {
      const told = `make-series of ${value.name.text}() of a ${result.type}`;
      environment.context.report(diagnostic('unsupported/kusto-operator', { name: told }, span));
    }
    return undefined;
  }
  const fill = otherwise === undefined ? undefined : lowerExpression(otherwise, { ...environment, columns: undefined });
  return { ...aggregate, fill: filling(fill, result) };
}

/** What stands for a bin without rows, as a value of the aggregate's type. */
function filling(fill: Typed | undefined, { type }: Typed): Expr {
  if (fill === undefined)
    return { kind: 'literal', type: type === 'real' ? 'real' : 'long', value: type === 'real' ? 0 : '0' };
  if (type === 'real' && fill.expr.kind === 'literal' && fill.type === 'long' && fill.expr.value !== null)
    return { kind: 'literal', type: 'real', value: Number(fill.expr.value) };
  return fill.expr;
}

/** What comes right after the start of the last bin. */
function behind(last: Typed): Typed | undefined {
  const after = (type: 'timespan' | 'long'): Typed => ({
    expr: call('kusto.add', [last.expr, { kind: 'literal', type, value: '1' }]),
    type: last.type,
  });
  if (last.type === 'datetime' || last.type === 'timespan') return after('timespan');
  return last.type === 'long' || last.type === 'int' ? after('long') : undefined;
}
