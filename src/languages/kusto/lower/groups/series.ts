import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, fieldAt, NULL } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { SeriesAggregate } from '../../../../ir/plan/relational.ts';
import { rewrite } from '../../../../ir/traverse.ts';
import type { MakeSeriesOperator, Operator, SeriesColumn } from '../../ast/index.ts';
import { isLoose, isNumber } from '../../types.ts';
import { freeName, nameOf, numberedName } from '../columns/naming.ts';
import { aggregateFunction } from '../functions/aggregates.ts';
import { optionWord } from '../option.ts';
import { broken, type Column, Columns, type Environment, type Table, type Typed } from '../scope.ts';
import { asType } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { Aggregates, aggregateName } from './aggregate.ts';
import { gatheredName, isGathered } from './percentiles.ts';

type SeriesNode = Operator & MakeSeriesOperator;

/** `make-series`: aggregates of bins along an axis, as arrays; a bin without rows has the default, which is 0 unless said. */
export function lowerMakeSeries(node: SeriesNode, input: Table, environment: Environment): Table {
  const { context } = environment;
  const taken = new Set<string>();
  const named = (name: string | undefined): string => {
    const free = name === undefined ? numberedName((one) => taken.has(one)) : freeName(name, (one) => taken.has(one));
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
  const computed: NamedExpr[] = [];
  for (const series of node.aggregates) {
    const made = seriesAggregate(series, named, environment);
    if (made === undefined) return broken(input);
    aggregates.push(...made.gathered);
    if (made.computed !== undefined) computed.push(made.computed);
    columns.push({ name: made.name, type: 'dynamic' });
  }
  const axis = lowerExpression(node.on.value, environment);
  const name = named(node.on.names[0]?.text ?? nameOf(node.on.value));
  columns.push({ name, type: 'dynamic' });
  const outside: Environment = { ...environment, columns: undefined };
  const [from, to, step] = [node.from, node.to, node.step].map((end) =>
    end === undefined ? undefined : lowerExpression(end, outside),
  );
  const end = to === undefined || node.form === 'from' ? to : behind(to, step);
  if (step === undefined) return broken(input);
  const fits = isNumber(axis.type) ? isNumber(step.type) : step.type === 'timespan';
  if (!fits && axis.type !== 'unknown' && step.type !== 'unknown')
    context.report(
      diagnostic('kusto/operand-type', { operator: 'step', left: axis.type, right: step.type }, node.step.span),
    );
  const series: Plan = {
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
  const shown = columns.map(({ name }) => computed.find((one) => one.name === name) ?? { name, expr: field(name) });
  const plan: Plan = computed.length === 0 ? series : { kind: 'project', input: series, columns: shown };
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}

/** An array of an aggregate's values, or of what they are computed from. */
interface SeriesColumns {
  readonly name: string;
  readonly gathered: readonly SeriesAggregate[];
  readonly computed?: NamedExpr;
}

function seriesAggregate(
  { column, default: otherwise, span }: SeriesColumn,
  named: (name: string | undefined) => string,
  environment: Environment,
): SeriesColumns | undefined {
  const { value, names } = column;
  const isAggregateCall =
    value.kind === 'call' && (isGathered(value.name.text) || aggregateFunction(value.name.text) !== undefined);
  if (value.kind !== 'call' || !isAggregateCall) {
    const name = value.kind === 'call' ? `make-series of ${value.name.text}()` : 'make-series of what is no aggregate';
    environment.context.report(diagnostic('unsupported/kusto-operator', { name }, span));
    return undefined;
  }
  const row = aggregateFunction(value.name.text);
  const name = named(names[0]?.text ?? (row === undefined ? gatheredName(value) : aggregateName(row, value)));
  const aggregates = new Aggregates(environment);
  const result = aggregates.lower(value, name);
  const fill = otherwise === undefined ? undefined : lowerExpression(otherwise, { ...environment, columns: undefined });
  const filled = filling(fill, result);
  const [aggregate, ...more] = aggregates.list;
  if (aggregate === undefined || aggregates.failed) return undefined;
  if (result.expr.kind === 'field') return { name, gathered: [{ ...aggregate, fill: filled }] };
  const [hidden = ''] = aggregate.names;
  if (more.length > 0) {
    const told = `make-series of ${value.name.text}()`;
    environment.context.report(diagnostic('unsupported/kusto-operator', { name: told }, span));
    return undefined;
  }
  // Bin by bin, what has been gathered becomes the value; a bin without rows has gathered nothing.
  const bin: Expr = fieldAt([], span, BIN);
  const body: Expr = {
    kind: 'cond',
    branches: [{ when: { kind: 'is-null', subject: bin }, then: filled }],
    otherwise: rewrite(result.expr, (node) => (node.kind === 'field' && node.name === hidden ? bin : node)),
  };
  const expr: Expr = { kind: 'quantified', how: 'collect', over: field(hidden), variable: BIN, body, span };
  return { name, gathered: [{ ...aggregate, fill: NULL }], computed: { name, expr } };
}

/** What a bin has gathered, while its value is computed. */
const BIN = 'bin';

/** What stands for a bin without rows, as a value of the aggregate's type. */
function filling(fill: Typed | undefined, { type }: Typed): Expr {
  if (fill === undefined)
    return { kind: 'literal', type: type === 'real' ? 'real' : 'long', value: type === 'real' ? 0 : '0' };
  if (type === 'real' && fill.expr.kind === 'literal' && fill.type === 'long' && fill.expr.value !== null)
    return { kind: 'literal', type: 'real', value: Number(fill.expr.value) };
  return fill.expr;
}

/** What comes right after the start of the last bin; undefined without a step. */
function behind(end: Typed, step: Typed | undefined): Typed | undefined {
  if (step === undefined) return undefined;
  // An end whose type nobody knows is of the kind that the step has.
  const kind = step.type === 'timespan' ? 'datetime' : step.type === 'int' ? 'long' : step.type;
  const last: Typed = isLoose(end.type) ? { expr: asType(end, kind), type: kind } : end;
  const after = (type: 'timespan' | 'long'): Typed => ({
    expr: call('kusto.add', [last.expr, { kind: 'literal', type, value: '1' }]),
    type: last.type,
  });
  if (last.type === 'datetime' || last.type === 'timespan') return after('timespan');
  if (last.type === 'long' || last.type === 'int') return after('long');
  // Of reals, half a step further: no other bin begins there.
  const half = call('kusto.divide', [step.expr, { kind: 'literal', type: 'real', value: 2 }]);
  return { expr: call('kusto.add', [last.expr, half]), type: 'real' };
}
