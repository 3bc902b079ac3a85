import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { JoinColumn, JoinFlavour } from '../../../../ir/plan/relational.ts';
import type { Expression, JoinOperator, Operator } from '../../ast/index.ts';
import { isLoose, isNumber } from '../../types.ts';
import { freeName } from '../columns/naming.ts';
import { optionWord } from '../option.ts';
import { broken, type Column, Columns, type Environment, type Table, type Typed, type Wanted } from '../scope.ts';
import { asType } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';

/** Kinds of `join`, and those of them that `lookup` has. */
const FLAVOURS: ReadonlyMap<string, JoinFlavour> = new Map([
  ['innerunique', 'inner-unique'],
  ['inner', 'inner'],
  ['leftouter', 'left'],
  ['rightouter', 'right'],
  ['fullouter', 'full'],
  ['leftsemi', 'left-semi'],
  ['rightsemi', 'right-semi'],
  ['anti', 'left-anti'],
  ['leftanti', 'left-anti'],
  ['leftantisemi', 'left-anti'],
  ['rightanti', 'right-anti'],
  ['rightantisemi', 'right-anti'],
]);

type JoinNode = Operator & JoinOperator;

/**
 * `join` and `lookup`. Kusto's default is `innerunique`. Nulls are equal to each other here, and a column of the right side whose name
 * the left side has too gets a number; `lookup` leaves the right side's keys out.
 */
export function lowerJoin(node: JoinNode, left: Table, environment: Environment): Table {
  const { context } = environment;
  const right = environment.table(node.right);
  const flavour = flavourOf(node, environment);
  const keys = node.on.flatMap(conjuncts).flatMap((on) => {
    const key = keyOf(on, left, right, environment);
    return key === undefined ? [] : [key];
  });
  if (left.columns.failed || right.columns.failed || flavour === undefined || keys.length === 0) return broken(left);
  const on = keys.map(([one, other]) => ({ left: comparable(one, other), right: comparable(other, one) }));
  const plan = (columns: readonly JoinColumn[]): Plan => ({
    kind: 'join',
    left: left.plan,
    right: right.plan,
    on,
    flavour,
    nulls: 'equal',
    columns,
  });
  if (flavour === 'left-semi' || flavour === 'left-anti') return { ...left, plan: plan([]) };
  if (flavour === 'right-semi' || flavour === 'right-anti') return { ...right, plan: plan([]) };
  const { columns, list } = sideBySide(left.columns, right.columns, node.kind === 'lookup' ? keysOf(node) : new Set());
  if (!left.columns.open && !right.columns.open) {
    left.columns.all();
    right.columns.all();
    return { plan: plan(columns), columns: new Columns(list), shaped: true, made: [] };
  }
  const wanted = context.wantedOf(node);
  const { carried, merged } = ofOpenTables(columns, left.columns, right.columns, wanted);
  const joined = plan(carried);
  return {
    plan: merged.length === 0 ? joined : { kind: 'extend', input: joined, columns: merged },
    columns: new Columns(list, true, [wanted]),
    shaped: true,
    made: [],
  };
}

function flavourOf(node: JoinNode, { context }: Environment): JoinFlavour | undefined {
  const option = node.options.find(({ name }) => name.text === 'kind');
  const kind = optionWord(node.options, 'kind') ?? (node.kind === 'join' ? 'innerunique' : 'leftouter');
  const flavour = FLAVOURS.get(kind);
  if (flavour !== undefined && (node.kind === 'join' || kind === 'leftouter' || kind === 'inner')) return flavour;
  const expected = node.kind === 'join' ? [...FLAVOURS.keys()].join(', ') : 'leftouter or inner';
  context.report(diagnostic('kusto/expected', { expected, found: `\`${kind}\`` }, option?.span ?? node.keyword));
  return undefined;
}

function conjuncts(on: Expression): readonly Expression[] {
  return on.kind === 'logic' && on.operator === 'and' ? on.items.flatMap(conjuncts) : [on];
}

/** The two sides of a condition: a column of both, or `$left.a == $right.b` in either order. */
function keyOf(
  on: Expression,
  left: Table,
  right: Table,
  environment: Environment,
): readonly [Typed, Typed] | undefined {
  const { context } = environment;
  const named = namesOf(on);
  if (named === undefined) {
    const expected = 'a column of both tables, or `$left.a == $right.b`';
    if (on.kind !== 'bad')
      context.report(diagnostic('kusto/expected', { expected, found: 'another condition' }, on.span));
    return undefined;
  }
  const side = (table: Table, name: string): Typed =>
    lowerExpression({ kind: 'name', name, span: on.span }, { ...environment, columns: table.columns });
  const one = side(left, named.left);
  const other = side(right, named.right);
  const fits =
    one.type === 'unknown' ||
    other.type === 'unknown' ||
    one.type === other.type ||
    (isNumber(one.type) && isNumber(other.type));
  if (!fits && !(isLoose(one.type) || isLoose(other.type)))
    context.report(diagnostic('kusto/operand-type', { operator: '==', left: one.type, right: other.type }, on.span));
  return [one, other];
}

function namesOf(on: Expression): { readonly left: string; readonly right: string } | undefined {
  if (on.kind === 'name') return { left: on.name, right: on.name };
  if (on.kind !== 'binary' || on.operator !== '==') return undefined;
  const [first, second] = [sideOf(on.left), sideOf(on.right)];
  if (first?.side === '$left' && second?.side === '$right') return { left: first.name, right: second.name };
  if (first?.side === '$right' && second?.side === '$left') return { left: second.name, right: first.name };
  return undefined;
}

function sideOf(node: Expression): { readonly side: string; readonly name: string } | undefined {
  if (node.kind === 'member' && node.target.kind === 'name') return { side: node.target.name, name: node.name.text };
  const { target, index } = node.kind === 'index' ? node : { target: undefined, index: undefined };
  if (target?.kind !== 'name') return undefined;
  // `$left.['a b']` is read as an index.
  if (index?.kind === 'name') return { side: target.name, name: index.name };
  return index?.kind === 'literal' && index.type === 'string'
    ? { side: target.name, name: String(index.value) }
    : undefined;
}

/** A key as its side of an equality: text has no null, and a value of unknown type is one of the other's type. */
function comparable(value: Typed, other: Typed): Expr {
  const expr = value.type === 'unknown' ? asType(value, other.type) : value.expr;
  if (value.type !== 'string' && (value.type !== 'unknown' || other.type !== 'string')) return expr;
  return { kind: 'cond', branches: [{ when: { kind: 'is-null', subject: expr }, then: text('') }], otherwise: expr };
}

/** The names of the right side's keys. */
function keysOf(node: JoinNode): ReadonlySet<string> {
  return new Set(node.on.flatMap(conjuncts).flatMap((on) => namesOf(on)?.right ?? []));
}

function sideBySide(
  left: Columns,
  right: Columns,
  without: ReadonlySet<string>,
): { readonly columns: readonly JoinColumn[]; readonly list: readonly Column[] } {
  const columns: JoinColumn[] = left.list.map(({ name }) => ({ name, expr: field(name), side: 'left' }));
  const list: Column[] = [...left.list];
  const taken = new Set(left.names());
  for (const { name: from, type } of right.list) {
    if (without.has(from)) continue;
    const name = freeName(from, (one) => taken.has(one));
    taken.add(name);
    columns.push({ name, expr: field(from), side: 'right' });
    list.push({ name, type });
  }
  return { columns, list };
}

/**
 * Of tables that no schema describes, a join carries the columns that are asked for by name: of the left side where it has them, else of
 * the right one, and `x1` is the right side's `x`.
 */
function ofOpenTables(
  known: readonly JoinColumn[],
  left: Columns,
  right: Columns,
  wanted: Wanted,
): { readonly carried: readonly JoinColumn[]; readonly merged: readonly NamedExpr[] } {
  const carried: JoinColumn[] = [...known];
  const merged: NamedExpr[] = [];
  const names = new Set(known.map(({ name }) => name));
  for (const name of wanted.names) {
    if (names.has(name)) continue;
    const numbered = /^(.+)1$/.exec(name)?.[1];
    if (numbered !== undefined && right.open && (names.has(numbered) || wanted.names.has(numbered))) {
      right.want(numbered);
      carried.push({ name, expr: field(numbered), side: 'right' });
      continue;
    }
    for (const side of [left, right]) side.want(name);
    if (left.open) carried.push({ name, expr: field(name), side: 'left' });
    if (!right.open) continue;
    const other = left.open ? `${name} of the right side` : name;
    carried.push({ name: other, expr: field(name), side: 'right' });
    if (left.open) merged.push({ name, expr: call('kusto.coalesce', [field(name), field(other)]) });
  }
  for (const [side, columns] of [
    ['left', left],
    ['right', right],
  ] as const)
    for (const column of known)
      if (column.side === side && column.expr.kind === 'field') columns.typeOf(column.expr.name);
  return { carried, merged };
}
