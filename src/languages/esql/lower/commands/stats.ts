import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call, field } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Aggregate, NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import { type EsqlAggregate, type EsqlExpr, type EsqlField, nameText, type StatsCommand } from '../../ast.ts';
import type { EsqlType } from '../../types.ts';
import { subexpressions } from '../../walk.ts';
import type { Context } from '../context.ts';
import { Expressions } from '../expressions/expression.ts';
import type { Typed } from '../expressions/typed.ts';
import { Scope } from '../scope.ts';
import { extended, type State } from '../state.ts';
import { Aggregates, isAggregate, lowerAggregate } from './aggregates.ts';

interface Made {
  readonly name: string;
  readonly type: EsqlType;
}

interface Key extends Made {
  /** The column that groups are made by: a copy, so that aggregates see all values of a row. */
  readonly column: string;
  readonly written: EsqlExpr;
  readonly span: Span;
}

/** `STATS`: a row for each group. */
export function lowerStats(command: StatsCommand, state: State, context: Context): State {
  const { plan, keys, aggregates, results } = aggregated(command, state, context);
  const grouped = keys.reduce<Plan>(
    (input, { column }) => ({
      kind: 'unnest',
      input,
      columns: [{ name: column, expr: field(column), maps: 'whole' }],
      whenEmpty: 'null',
    }),
    plan,
  );
  const summary: Plan = {
    kind: 'summarize',
    input: grouped,
    by: keys.map(({ column }) => ({ name: column, expr: field(column) })),
    aggregates: aggregates.made,
  };
  const kept = lastOfEach(results, keys, context);
  const columns: readonly NamedExpr[] = [
    ...kept.map(({ name, expr }) => ({ name, expr })),
    ...keys.map(({ name, column }) => ({ name, expr: field(column) })),
  ];
  const scope = new Scope(new Map(), undefined, false).with([...kept, ...keys]);
  return { plan: { kind: 'project', input: summary, columns }, scope, ofDocuments: false, limited: false };
}

/** `INLINE STATS`: each row with the aggregates of its group; the keys come last. */
export function lowerInlineStats(command: StatsCommand, state: State, context: Context): State {
  if (state.limited) {
    const reason = 'Elasticsearch has it only before LIMIT';
    context.report(diagnostic('esql/misplaced-command', { name: 'INLINE STATS', reason }, command.span));
  }
  const { plan, keys, aggregates, results } = aggregated(command, state, context);
  const window: Plan = {
    kind: 'window',
    input: plan,
    partition: keys.map(({ column }) => field(column)),
    order: [],
    columns: aggregates.made.map((aggregate) => ({
      name: nameOfAggregate(aggregate),
      fn: 'aggregate',
      aggregate: { fn: aggregate.fn, args: aggregate.args },
      before: null,
      after: null,
    })),
  };
  const kept = lastOfEach(results, keys, context);
  let made: Plan = window;
  for (const { name, expr } of kept) made = extended(made, { name, expr });
  for (const { name, column } of keys) made = extended(made, { name, expr: field(column) });
  return { ...state, plan: made, scope: state.scope.with([...kept, ...keys]) };
}

function nameOfAggregate({ names: [name = ''] }: Aggregate): string {
  return name;
}

interface Aggregated {
  readonly plan: Plan;
  readonly keys: readonly Key[];
  /** What is asked of the groups; complete once `results` are made. */
  readonly aggregates: Aggregates;
  readonly results: readonly (Made & { readonly expr: Typed['expr']; readonly span: Span })[];
}

/** The keys of a command's groups, the aggregates of them, and the columns that it makes of both. */
function aggregated(command: StatsCommand, state: State, context: Context): Aggregated {
  const { plan, keys, scope } = withKeys(command, state, context);
  const aggregates = new Aggregates(context.fresh);
  const results = command.aggregates.map((one) => ({
    name: columnName(one, context),
    ...resultOf(one, keys, scope, context, aggregates),
    span: one.span,
  }));
  return { plan, keys, aggregates, results };
}

interface WithKeys {
  readonly plan: Plan;
  readonly keys: readonly Key[];
  /** What aggregates may name: the columns of the rows and the keys, which go before columns of their name. */
  readonly scope: Scope;
}

/** The plan with a column for each key. */
function withKeys({ by, aggregates }: StatsCommand, state: State, context: Context): WithKeys {
  const inner = new Expressions(state.scope, context, { what: 'BY' });
  const named = namesIn(aggregates);
  let { plan } = state;
  const keys = new Map<string, Key>();
  const values = new Map<string, Made & { readonly expr: Expr }>();
  for (const one of by) {
    const typed = inner.typed(one.value);
    const name = columnName(one, context);
    const column = context.fresh('key');
    const isColumn = one.value.kind === 'name' && nameText(one.value) === name;
    values.delete(name);
    if (isColumn || !named.has(name)) {
      plan = extended(plan, { name: column, expr: call('esql.for-groups', [typed.expr]) });
    } else {
      const value = context.fresh('value');
      plan = extended(plan, { name: value, expr: typed.expr });
      plan = extended(plan, { name: column, expr: call('esql.for-groups', [field(value)]) });
      values.set(name, { name, type: typed.type, expr: field(value) });
    }
    keys.delete(name);
    keys.set(name, { name, type: typed.type, column, written: one.value, span: one.span });
  }
  reportRepeated(by, keys, context);
  // Only now: no key reads another.
  for (const { name, expr } of values.values()) plan = extended(plan, { name, expr });
  return { plan, keys: [...keys.values()], scope: state.scope.with([...values.values()]) };
}

/** The names that expressions over the rows of a group mention. */
function namesIn(aggregates: readonly EsqlAggregate[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expr of aggregates.flatMap(({ value, where }) => (where === null ? [value] : [value, where]))) {
    for (const inside of subexpressions(expr)) if (inside.kind === 'name') names.add(nameText(inside));
  }
  return names;
}

/** Of two keys of one name the last counts. */
function reportRepeated(by: readonly EsqlField[], keys: ReadonlyMap<string, Key>, context: Context): void {
  for (const one of by) {
    const name = columnName(one, context);
    const last = keys.get(name);
    if (last !== undefined && last.span !== one.span) reportShadowed(name, one.span, last.span, context);
  }
}

function reportShadowed(name: string, span: Span, by: Span, context: Context): void {
  const places = [{ span: by, text: 'the later one' }];
  context.report(diagnostic('esql/shadowed', { name, by: context.place(by) }, span, { context: places }));
}

/** The name that the query gives, or else its own text. */
export function columnName({ name, value }: EsqlField, context: Context): string {
  if (name !== null) return nameText(name);
  return value.kind === 'name' ? nameText(value) : context.written(value.span);
}

/** An expression over aggregates and keys. */
function resultOf(
  { value, where }: EsqlAggregate,
  keys: readonly Key[],
  scope: Scope,
  context: Context,
  aggregates: Aggregates,
): { readonly expr: Typed['expr']; readonly type: EsqlType } {
  const inside = new Expressions(scope, context, { what: 'another aggregate' });
  const condition = where === null ? undefined : inside.condition(where);
  const outside = new Expressions(new Scope(new Map(), undefined, false), context, {
    what: 'STATS',
    aggregate: (expr) => {
      if (isAggregate(expr)) return lowerAggregate(expr, condition, inside, aggregates);
      const key = keys.find(({ name, written }) => isKey(expr, name, written, context));
      if (key !== undefined) return { expr: field(key.column), type: key.type, span: expr.span };
      if (expr.kind !== 'name') return undefined;
      const name = nameText(expr);
      if (scope.column(name) === undefined) return inside.typed(expr);
      context.report(diagnostic('esql/not-aggregated', { name }, expr.span));
      return inside.failed(expr.span);
    },
  });
  return outside.typed(value);
}

function isKey(expr: EsqlExpr, name: string, written: EsqlExpr, context: Context): boolean {
  if (expr.kind === 'name' && nameText(expr) === name) return true;
  return expr.kind !== 'name' && context.written(expr.span) === context.written(written.span);
}

/** Of two results of one name the last counts, and a key before any result; each that goes is told. */
function lastOfEach<R extends Made & { readonly span: Span }>(
  results: readonly R[],
  keys: readonly Key[],
  context: Context,
): readonly R[] {
  return results.filter(({ name, span }, at) => {
    const key = keys.find((one) => one.name === name);
    const later = key ?? results.slice(at + 1).findLast((other) => other.name === name);
    if (later !== undefined) reportShadowed(name, span, later.span, context);
    return later === undefined;
  });
}
