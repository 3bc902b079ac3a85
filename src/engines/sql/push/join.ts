import type { Join } from '../../../ir/plan/plan.ts';
import type { JoinFlavour } from '../../../ir/plan/relational.ts';
import { operation, SQL_TRUE, sqlAnd } from '../tree/construct.ts';
import type { SqlFrom, SqlJoinKind, SqlSelect } from '../tree/select.ts';
import type { SqlExpr, SqlOrder } from '../tree/sql-expr.ts';
import { allOf, type Pushing } from './pushing.ts';
import { type Aliases, type Closed, close, type Relation, withOnePlace } from './relation.ts';
import { isOpaque, type Typed, typed } from './typed.ts';

/** What a flavour is in SQL; undefined: it is not pushed. `swaps`: the right side stands on the left. */
const KINDS: Readonly<Record<JoinFlavour, { readonly how: SqlJoinKind; readonly swaps?: true } | undefined>> = {
  inner: { how: 'inner' },
  'inner-unique': { how: 'inner' },
  cross: { how: 'inner' },
  left: { how: 'left' },
  right: { how: 'right' },
  full: { how: 'full' },
  'left-semi': { how: 'semi' },
  'left-anti': { how: 'anti' },
  'right-semi': { how: 'semi', swaps: true },
  'right-anti': { how: 'anti', swaps: true },
  'left-nest': undefined,
};

type Over = (relation: Relation) => Pushing;

/** Rows side by side: in the order of the left ones, then of the right ones; right ones without a partner come last. */
export function pushJoin(
  join: Join,
  given: Relation,
  right: Relation,
  aliases: Aliases,
  over: Over,
): Relation | undefined {
  const kind = KINDS[join.flavour];
  // Where a pair may lack its left row, that is told by the row's place, which is never null.
  const lacksLeft = join.flavour === 'right' || join.flavour === 'full';
  const left = lacksLeft ? withOnePlace(given, aliases) : given;
  const [leftPushing, rightPushing] = [over(left), over(right)];
  if (kind === undefined) return leftPushing.refuse(`joins that are ${join.flavour}`);
  if (join.within !== undefined) return leftPushing.refuse('joins by time');
  if (join.on.some(({ elements }) => elements !== undefined))
    return leftPushing.refuse('joins of any element of a list');
  const keys = allOf(join.on, (pair) => {
    const [one, other] = [leftPushing.value(pair.left), rightPushing.value(pair.right)];
    if (one === undefined || other === undefined) return undefined;
    if (one.kind !== other.kind || isOpaque(one.kind))
      return leftPushing.refuse(`keys that are ${one.kind} and ${other.kind}`);
    return { left: one, right: other };
  });
  if (keys === undefined) return undefined;
  const columns = allOf(join.columns, ({ name, side, expr }) => {
    const value = (side === 'left' ? leftPushing : rightPushing).value(expr);
    return value && { name, side, value };
  });
  if (columns === undefined) return undefined;
  const sides = {
    left: sideOf(
      'left',
      join,
      left,
      keys.map((pair) => pair.left),
      columns,
      aliases,
    ),
    right: sideOf(
      'right',
      join,
      right,
      keys.map((pair) => pair.right),
      columns,
      aliases,
    ),
  };
  const on = keys.map(({ left: one, right: other }, at) => {
    const [a, b] = [sides.left.key(at), sides.right.key(at)];
    return operation(join.nulls === 'equal' && one.isNullable && other.isNullable ? 'same' : '=', a, b);
  });
  const pair: Relation = { ...sides.left.closed.relation, columns: pairColumns(join, columns, sides) };
  const residual = join.residual === undefined ? SQL_TRUE : over(pair).truth(join.residual, 'filter');
  if (residual === undefined) return undefined;
  const condition = sqlAnd(...on, residual);
  const from = (first: Side, second: Side): SqlFrom => ({
    kind: 'join',
    how: kind.how,
    left: first.closed.relation.from,
    right: second.closed.relation.from,
    on: condition,
  });
  if (kind.how === 'semi' || kind.how === 'anti') {
    const [kept, other] = kind.swaps === true ? [sides.right, sides.left] : [sides.left, sides.right];
    return { ...kept.closed.relation, from: from(kept, other), columns: kept.own, isInOrder: false };
  }
  const order: readonly SqlOrder[] = [...sides.left.closed.relation.order, ...sides.right.closed.relation.order];
  return {
    ...pair,
    from: from(sides.left, sides.right),
    order,
    isInOrder: false,
  };
}

interface Column {
  readonly name: string;
  readonly side: 'left' | 'right';
  readonly value: Typed;
}

interface Side {
  readonly closed: Closed;
  key(at: number): SqlExpr;
  /** The side's own columns. */
  readonly own: ReadonlyMap<string, Typed>;
  column(name: string): Typed;
}

/** A side as a query of its keys, of what pairs have of it, and of its own columns where they are what comes out. */
function sideOf(
  side: 'left' | 'right',
  join: Join,
  relation: Relation,
  keys: readonly Typed[],
  columns: readonly Column[],
  aliases: Aliases,
): Side {
  const isKept = join.flavour.endsWith('-semi') || join.flavour.endsWith('-anti');
  const wanted = new Map<string, Typed>([
    ...keys.map((value, at): [string, Typed] => [`key ${at}`, value]),
    ...columns.filter((one) => one.side === side).map(({ name, value }): [string, Typed] => [`pair ${name}`, value]),
    ...(isKept ? [...relation.columns].map(([name, value]): [string, Typed] => [`own ${name}`, value]) : []),
  ]);
  const whole = { ...relation, columns: wanted };
  const isUnique = side === 'left' && join.flavour === 'inner-unique';
  const closed = isUnique ? firstOfEach(whole, keys, aliases) : close(whole, aliases.next(), true);
  const get = (name: string): Typed => {
    const found = closed.relation.columns.get(name);
    if (found === undefined) throw new Error(`a side of a join lacks ${name}`);
    return found;
  };
  return {
    closed,
    key: (at) => get(`key ${at}`).sql,
    own: new Map(isKept ? [...relation.columns.keys()].map((name) => [name, get(`own ${name}`)]) : []),
    column: (name) => get(`pair ${name}`),
  };
}

/** Of the rows with the same keys the first. */
function firstOfEach(relation: Relation, keys: readonly Typed[], aliases: Aliases): Closed {
  const closed = close(relation, aliases.next(), true);
  const qualify = operation(
    '=',
    { kind: 'row-number', partition: keys.map(({ sql }) => sql), order: relation.order },
    { kind: 'literal', type: 'long', value: 1n },
  );
  const select: SqlSelect = { ...closed.select, qualify };
  const { from } = closed.relation;
  if (from.kind !== 'query') throw new Error('what is closed is a query');
  return { select, relation: { ...closed.relation, from: { ...from, query: select } } };
}

/** What a pair has; a side that is not there has nulls. */
function pairColumns(
  join: Join,
  columns: readonly Column[],
  sides: Readonly<Record<'left' | 'right', Side>>,
): ReadonlyMap<string, Typed> {
  const mayLack: Readonly<Record<'left' | 'right', boolean>> = {
    left: join.flavour === 'right' || join.flavour === 'full',
    right: join.flavour === 'left' || join.flavour === 'full',
  };
  return new Map(
    columns.map(({ name, side }) => {
      const { kind, sql, isNullable } = sides[side].column(name);
      return [name, typed(kind, sql, isNullable || mayLack[side])];
    }),
  );
}
