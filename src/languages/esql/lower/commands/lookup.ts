import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import { type EnrichCommand, type EsqlIndex, type EsqlName, type JoinCommand, nameText } from '../../ast.ts';
import { commonType, fieldKind } from '../../types.ts';
import type { Context } from '../context.ts';
import { type Column, readColumn, Scope } from '../scope.ts';
import { extended, type State } from '../state.ts';
import { withMissingTable } from './missing-table.ts';

/** The rows of a table that the user gives, and its columns in their order. */
interface Lookup {
  readonly plan: Plan;
  readonly scope: Scope;
  readonly columns: readonly Column[];
}

/** Undefined where it is not there; a name beside other tables that were given is a mistake. */
function lookupOf({ text: name, span }: EsqlIndex, context: Context): Lookup | 'mistaken' | undefined {
  const { scope: condition, fields, unknown, known } = context.indices.resolve([{ value: name, span }]);
  if (unknown.length > 0) {
    context.report(diagnostic('esql/unknown-index', { name, suggestions: didYouMean(name, known) }, span));
    return 'mistaken';
  }
  if (fields === undefined) return undefined;
  const columns = [...fields].map(([column, mapped]): Column => ({ name: column, of: 'field', ...fieldKind(mapped) }));
  const scope = new Scope(new Map(columns.map((column) => [column.name, column])), undefined, false);
  return { plan: { kind: 'source', schema: 'ecs', scope: condition, seen: 'always' }, scope, columns };
}

/** A key of a side; one with several values, like null, is equal to nothing. */
function keyOf(column: Column, scope: Scope, at: EsqlName): ReturnType<typeof call> {
  return call('esql.one-value', [readColumn(column, scope, at.span).expr]);
}

interface KeyPair {
  readonly left: Column;
  readonly right: Column;
  readonly at: EsqlName;
}

/** Every row with the rows of a table that have its keys, in a list. */
function nested(
  state: State,
  table: Lookup,
  pairs: readonly KeyPair[],
  context: Context,
): { plan: Plan; into: string } {
  const into = context.fresh('rows');
  const plan: Plan = {
    kind: 'join',
    left: state.plan,
    right: table.plan,
    on: pairs.map(({ left, right, at }) => ({
      left: keyOf(left, state.scope, at),
      right: keyOf(right, table.scope, at),
    })),
    flavour: 'left-nest',
    into,
    nulls: 'differ',
    columns: table.columns.map((column) => ({
      name: column.name,
      side: 'right',
      expr: readColumn(column, table.scope, { source: '', start: 0, end: 0 }).expr,
    })),
  };
  return { plan, into };
}

function unknownColumn(name: string, scope: Scope, at: EsqlName, context: Context): undefined {
  context.report(diagnostic('esql/unknown-column', { name, suggestions: scope.suggestions(name) }, at.span));
  return undefined;
}

function pairOf(name: EsqlName, state: State, table: Lookup, key: string, context: Context): KeyPair | undefined {
  const left = state.scope.column(nameText(name));
  const right = table.scope.column(key);
  if (left === undefined) return unknownColumn(nameText(name), state.scope, name, context);
  if (right === undefined) return unknownColumn(key, table.scope, name, context);
  if (commonType(left.type, right.type) === undefined) {
    const params = { what: `the key \`${nameText(name)}\``, left: left.type, right: right.type };
    context.report(diagnostic('esql/types-apart', params, name.span));
    return undefined;
  }
  return { left, right, at: name };
}

/** `LOOKUP JOIN`: each row with those of a table that have its keys, one row for each, or with nulls where there is none. */
export function lowerJoin({ type, target, on, span }: JoinCommand, state: State, context: Context): State {
  if (type !== 'lookup') {
    context.report(diagnostic('unsupported/esql-command', { name: `${type.toUpperCase()} JOIN` }, span));
    return state;
  }
  const table = lookupOf(target, context);
  if (table === 'mistaken') return state;
  if (table === undefined) return withMissingTable(target, undefined, state, context);
  const pairs: KeyPair[] = [];
  for (const one of on) {
    if (one.kind !== 'name') {
      context.report(diagnostic('unsupported/esql', { what: 'a condition behind ON that is no column' }, one.span));
      return state;
    }
    const pair = pairOf(one, state, table, nameText(one), context);
    if (pair === undefined) return state;
    pairs.push(pair);
  }
  const { plan: joined, into } = nested(state, table, pairs, context);
  const keys = new Set(pairs.map(({ right }) => right.name));
  const added = table.columns.filter(({ name }) => !keys.has(name));
  let plan: Plan = {
    kind: 'unnest',
    input: joined,
    columns: [{ name: into, expr: field(into), maps: 'whole' }],
    whenEmpty: 'null',
  };
  for (const { name, type: of } of added) {
    const member = call('esql.member', [field(into), text(name)]);
    plan = extended(plan, { name, expr: call('esql.values', [member, text(of)]) });
  }
  return { ...state, plan, scope: state.scope.with(added).unsearchable() };
}

/** `ENRICH`: columns of the rows of a policy's table whose first column, its match field, has the value; several rows give several values. */
export function lowerEnrich({ policy, on, fields, span }: EnrichCommand, state: State, context: Context): State {
  const target: EsqlIndex = { ...policy, text: policy.text.replace(/^_(?:any|coordinator|remote):/, '') };
  const table = lookupOf(target, context);
  if (table === 'mistaken') return state;
  if (table === undefined) {
    const named = fields.length === 0 ? undefined : fields.map(({ name, field: from }) => nameText(name ?? from));
    return withMissingTable(target, named, state, context);
  }
  const [match] = table.columns;
  if (match === undefined) return state;
  const name: EsqlName = on ?? { kind: 'name', parts: [{ text: match.name, written: 'plain', span }], span };
  const pair = pairOf(name, state, table, match.name, context);
  if (pair === undefined) return state;
  const { plan: joined, into } = nested(state, table, [pair], context);
  const wanted =
    fields.length === 0
      ? table.columns.slice(1).map((column) => ({ as: column.name, column }))
      : fields.flatMap(({ name: as, field: from }) => {
          const column = table.scope.column(nameText(from));
          if (column === undefined) unknownColumn(nameText(from), table.scope, from, context);
          return column === undefined ? [] : [{ as: nameText(as ?? from), column }];
        });
  let plan = joined;
  for (const { as, column } of wanted) {
    const members = call('esql.members', [field(into), text(column.name)]);
    plan = extended(plan, { name: as, expr: call('esql.values', [members, text(column.type)]) });
  }
  return {
    ...state,
    plan,
    scope: state.scope.with(wanted.map(({ as, column }) => ({ name: as, type: column.type }))).unsearchable(),
  };
}
