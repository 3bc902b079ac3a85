import { NULL } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { Expr } from '../../ir/expr.ts';
import { alike, type Handlers, PLACES, visit } from '../../ir/traverse.ts';

/** Whether the value is always true or false. */
export function isTwoValued(expr: Expr): boolean {
  return visit(expr, TWO_VALUED, undefined);
}

const TWO_VALUED: Handlers<boolean> = {
  ...alike([...PLACES, 'missing', 'list', 'call', 'compare', 'scalar-of'], () => false),
  ...alike(['exists', 'is-null'], () => true),
  ...alike(['and', 'or'], ({ items }) => items.every(isTwoValued)),
  'at-least': ({ of }) => of.every(isTwoValued),
  not: ({ item }) => isTwoValued(item),
  match: ({ onMissing }) => onMissing === 'false',
  'in-plan': ({ nulls }) => nulls === 'total',
  cond: ({ branches, otherwise }) => branches.every(({ then }) => isTwoValued(then)) && isTwoValued(otherwise),
  quantified: ({ how }) => how !== 'count' && how !== 'collect',
  let: ({ body }) => isTwoValued(body),
  literal: ({ value }) => typeof value === 'boolean',
};

const ALWAYS_TRUTHS: ReadonlySet<Expr['kind']> = new Set([
  'and',
  'or',
  'not',
  'at-least',
  'compare',
  'match',
  'in-plan',
]);

/** Whether the node's value is a truth value, or unknown, by its kind. */
export function isPredicate(expr: Expr): boolean {
  if (expr.kind === 'let') return isPredicate(expr.body);
  return ALWAYS_TRUTHS.has(expr.kind) || isTwoValued(expr) || equal(expr, NULL);
}
