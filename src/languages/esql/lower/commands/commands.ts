import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, literalOf, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Plan, SortKey } from '../../../../ir/plan/plan.ts';
import {
  type EsqlCommand,
  type EsqlPipeline,
  type EvalCommand,
  type ExpandCommand,
  type LimitCommand,
  nameText,
  type SampleCommand,
  type SortCommand,
  type WhereCommand,
} from '../../ast.ts';
import type { Context } from '../context.ts';
import { Expressions } from '../expressions/expression.ts';
import { numberOfConstant } from '../expressions/typed.ts';
import { readColumn, Scope } from '../scope.ts';
import { extended, type State } from '../state.ts';
import { lowerDrop, lowerKeep, lowerRename } from './columns.ts';
import { lowerFork } from './fork.ts';
import { lowerFrom, lowerRow, refuseTimespan } from './from.ts';
import { withHints } from './hints.ts';
import { lowerEnrich, lowerJoin } from './lookup.ts';
import { lowerDissect, lowerGrok } from './parse-text.ts';
import { columnName, lowerInlineStats, lowerStats } from './stats.ts';

const NOTHING: State = {
  plan: { kind: 'never' },
  scope: new Scope(new Map(), undefined, false),
  ofDocuments: false,
  limited: false,
};

/** A pipeline from its first command on. */
export function lowerPipeline({ commands, span }: EsqlPipeline, context: Context): State {
  const [first, ...others] = commands;
  const start = first === undefined ? NOTHING : lowerSource(first, context);
  if (first === undefined) context.report(diagnostic('esql/expected', { expected: 'a query', found: 'nothing' }, span));
  return others.reduce((state, command) => lowerCommand(command, state, context), start);
}

function lowerSource(command: EsqlCommand, context: Context): State {
  switch (command.kind) {
    case 'from':
      return lowerFrom(command, context, ({ pipeline }) => lowerPipeline(pipeline, context));
    case 'row':
      return lowerRow(command, context);
    case 'ts':
    case 'show':
      context.report(diagnostic('unsupported/esql-command', { name: command.kind.toUpperCase() }, command.span));
      return NOTHING;
    case 'error':
      return NOTHING;
    default: {
      const reason = 'a query begins with FROM or ROW';
      context.report(diagnostic('esql/misplaced-command', { name: commandName(command), reason }, command.span));
      return NOTHING;
    }
  }
}

function commandName(command: EsqlCommand): string {
  return command.kind === 'parts' ? command.command : command.kind.replace('-', '_').toUpperCase();
}

/** What a command makes of the rows before it. */
function lowerCommand(command: EsqlCommand, state: State, context: Context): State {
  switch (command.kind) {
    case 'where':
      return lowerWhere(command, state, context);
    case 'eval':
      return lowerEval(command, state, context);
    case 'keep':
      return lowerKeep(command, state, context);
    case 'drop':
      return lowerDrop(command, state, context);
    case 'rename':
      return lowerRename(command, state, context);
    case 'sort':
      return lowerSort(command, state, context);
    case 'limit':
      return lowerLimit(command, state, context);
    case 'stats':
      return lowerStats(command, state, context);
    case 'inline-stats':
      return lowerInlineStats(command, state, context);
    case 'mv-expand':
      return lowerExpand(command, state, context);
    case 'grok':
      return lowerGrok(command, state, context);
    case 'dissect':
      return lowerDissect(command, state, context);
    case 'enrich':
      return lowerEnrich(command, state, context);
    case 'join':
      return lowerJoin(command, state, context);
    case 'fork':
      return lowerFork(command, state, context, (branch, from) =>
        branch.commands.reduce((one, inner) => lowerCommand(inner, one, context), from),
      );
    case 'sample':
      return lowerSample(command, state, context);
    case 'change-point':
      context.report(diagnostic('unsupported/esql-change-point', {}, command.span));
      return {
        ...state,
        scope: state.scope.with([
          { name: 'type', type: 'keyword' },
          { name: 'pvalue', type: 'double' },
        ]),
      };
    case 'completion': {
      context.report(diagnostic('unsupported/esql-completion', {}, command.span));
      const name = command.target === null ? 'completion' : nameText(command.target);
      new Expressions(state.scope, context, { what: 'COMPLETION' }).typed(command.prompt);
      return { ...state, scope: state.scope.with([{ name, type: 'keyword' }]) };
    }
    case 'parts':
    case 'other': {
      const name = command.kind === 'parts' ? command.command : command.name;
      context.report(diagnostic('unsupported/esql-command', { name }, command.span));
      return state;
    }
    case 'from':
    case 'ts':
    case 'row':
    case 'show': {
      const reason = 'it begins a query';
      context.report(diagnostic('esql/misplaced-command', { name: commandName(command), reason }, command.span));
      return state;
    }
    case 'error':
      return state;
  }
}

function lowerWhere({ condition }: WhereCommand, state: State, context: Context): State {
  const inner = new Expressions(state.scope, context, { what: 'WHERE', searches: true });
  const predicate = withHints(inner.condition(condition), state.scope);
  return { ...state, plan: { kind: 'where', input: state.plan, predicate } };
}

function lowerEval({ fields }: EvalCommand, state: State, context: Context): State {
  let { plan, scope } = state;
  for (const one of fields) {
    const typed = new Expressions(scope, context, { what: 'EVAL' }).typed(one.value);
    const name = columnName(one, context);
    refuseTimespan(name, typed, context);
    plan = extended(plan, { name, expr: typed.expr });
    scope = scope.with([{ name, type: typed.type }]);
  }
  return { ...state, plan, scope };
}

/** Ascending nulls come last, descending first. */
function lowerSort({ orders }: SortCommand, state: State, context: Context): State {
  const inner = new Expressions(state.scope, context, { what: 'SORT' });
  const keys = orders.map(({ value, direction, nulls }): SortKey => {
    const { expr, type, span } = inner.typed(value);
    if (type === 'geo_point' || type === 'source') {
      const params = { what: 'what rows are sorted by', expected: 'a value with an order', found: `of type ${type}` };
      context.report(diagnostic('esql/wrong-type', params, span));
    }
    const way = direction ?? 'asc';
    const key = call('esql.sort-key', [expr, text(type), text(way)]);
    return { expr: key, direction: way, nulls: nulls ?? (way === 'asc' ? 'last' : 'first') };
  });
  return { ...state, plan: { kind: 'order', input: state.plan, keys } };
}

/** The most rows that Elasticsearch gives. */
export const MOST_ROWS = 10_000;

/** `LIMIT n`: the first rows; `BY`: of each group. */
function lowerLimit({ count, by, span }: LimitCommand, state: State, context: Context): State {
  const inner = new Expressions(state.scope, context, { what: 'LIMIT' });
  const most = numberOfConstant(inner.typed(count));
  if (most === undefined || most < 0 || !Number.isInteger(most)) {
    context.report(diagnostic('esql/bad-limit', { found: context.written(count.span) }, span));
    return state;
  }
  const scope = state.scope.unsearchable();
  if (by.length === 0)
    return { ...state, plan: { kind: 'limit', input: state.plan, count: most }, scope, limited: true };
  const place = context.fresh('place');
  const partition = by.map((one) => inner.typed(one).expr);
  const window: Plan = {
    kind: 'window',
    input: state.plan,
    partition,
    order: [],
    columns: [{ name: place, fn: 'row-number' }],
  };
  const isAmong: Expr = {
    kind: 'compare',
    op: '<=',
    left: field(place),
    right: literalOf(most),
    nulls: 'unknown',
    many: 'whole',
  };
  return { ...state, plan: { kind: 'where', input: window, predicate: isAmong }, scope };
}

/** `MV_EXPAND`: a row for each value; the column keeps its place. */
function lowerExpand({ name }: ExpandCommand, state: State, context: Context): State {
  const text = nameText(name);
  const column = state.scope.column(text);
  if (column === undefined) {
    const suggestions = state.scope.suggestions(text);
    context.report(diagnostic('esql/unknown-column', { name: text, suggestions }, name.span));
    return state;
  }
  const { expr } = readColumn(column, state.scope, name.span);
  const columns = [{ name: text, expr, maps: 'whole' as const }];
  const made = { ...column, of: 'made' as const };
  const isListed = state.scope.columns.has(text);
  const all = [...state.scope.columns.values()];
  const scope = state.scope.only(
    isListed ? all.map((one) => (one.name === text ? made : one)) : [...all, made],
    state.scope.open,
  );
  return { ...state, plan: { kind: 'unnest', input: state.plan, columns, whenEmpty: 'null' }, scope };
}

/** `SAMPLE p`: of each row it is drawn, always the same for the same place, whether it stays. */
function lowerSample({ probability, span }: SampleCommand, state: State, context: Context): State {
  const part = numberOfConstant(new Expressions(state.scope, context, { what: 'SAMPLE' }).typed(probability));
  if (part === undefined || !(part > 0 && part < 1)) {
    const params = { what: 'the probability', expected: 'between 0 and 1', found: context.written(probability.span) };
    context.report(diagnostic('esql/wrong-type', params, span));
    return state;
  }
  const place = context.fresh('place');
  const columns = [{ name: place, fn: 'row-number' as const }];
  const window: Plan = { kind: 'window', input: state.plan, partition: [], order: [], columns };
  const real: Expr = { kind: 'literal', type: 'real', value: part };
  const predicate = call('esql.sampled', [field(place), real], span);
  return { ...state, plan: { kind: 'where', input: window, predicate }, scope: state.scope.unsearchable() };
}
