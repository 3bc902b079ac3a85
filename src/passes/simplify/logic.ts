import { and, FALSE, or, TRUE } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { And, AtLeast, Expr, Or, PatternScalar } from '../../ir/expr.ts';
import { alike, type Handlers, mapChildren, PLACES, TESTS, visit } from '../../ir/traverse.ts';
import { areAtOdds } from './at-odds.ts';
import { ExprSet } from './expr-set.ts';
import { valuesOf } from './values-of.ts';

/** Constants decide or go, what stands twice stands once, and of conditions that imply each other the weaker goes. */
export function simplifyJunction(node: And | Or): Expr {
  const decisive = node.kind === 'and' ? FALSE : TRUE;
  const neutral = node.kind === 'and' ? TRUE : FALSE;
  const join = node.kind === 'and' ? and : or;
  const flat = node.items.flatMap((item) => (item.kind === node.kind ? item.items : [item]));
  const items: Expr[] = [];
  const seen = new ExprSet();
  for (const item of flat) {
    if (item.kind === 'literal') {
      if (equal(item, decisive)) return decisive;
      if (equal(item, neutral)) continue;
    }
    if (seen.add(item)) items.push(item);
  }
  if (node.kind === 'or') return join(items, node.span);
  const needed = items.filter(
    (item) => !isOneOf(item) || !items.some((other) => other !== item && implies(other, item)),
  );
  return join(needed, node.span);
}

function isOneOf(expr: Expr): boolean {
  return expr.kind === 'match' && expr.pattern.kind === 'one-of';
}

/** Whether one match being true makes the other true: the same test for fewer values. Never both ways at once. */
function implies(narrow: Expr, wide: Expr): boolean {
  if (narrow.kind !== 'match' || wide.kind !== 'match' || wide.pattern.kind !== 'one-of') return false;
  if (narrow.collation !== wide.collation || narrow.onMissing !== wide.onMissing) return false;
  if (narrow.quantifier !== wide.quantifier || !equal(narrow.subject, wide.subject)) return false;
  const fold = (value: PatternScalar): string =>
    wide.collation === 'exact' ? String(value) : String(value).toLowerCase();
  const allowed = new Set(wide.pattern.values.map(fold));
  const values = valuesOf(narrow);
  return values !== undefined && values.length < allowed.size && values.every((value) => allowed.has(fold(value)));
}

/** Conditions whose truth is known are counted now; all of them is `and`, one of them `or`. */
export function simplifyAtLeast(node: AtLeast): Expr {
  const sure = node.of.filter((item) => equal(item, TRUE)).length;
  const of = node.of.filter((item) => !equal(item, TRUE) && !equal(item, FALSE));
  const count = Math.max(0, node.count - sure);
  const most = node.most === undefined || node.most - sure >= of.length ? undefined : node.most - sure;
  if (count > of.length || (most !== undefined && most < count)) return FALSE;
  if (most === undefined) {
    if (count === 0) return TRUE;
    if (count === of.length) return simplifyJunction({ kind: 'and', items: of });
    if (count === 1) return simplifyJunction({ kind: 'or', items: of });
  }
  const { span } = node;
  return { kind: 'at-least', count, of, ...(most !== undefined && { most }), ...(span !== undefined && { span }) };
}

/** In a filter unknown is as good as false, so what is unknown whatever the record can go. */
export function asFilter(predicate: Expr): Expr {
  return visit(predicate, FILTERS, undefined);
}

/** Whether a condition stands beside its own negation: both are never true, though they may be unknown. */
function contradicts({ items }: And): boolean {
  const negated = items.flatMap((item) => (item.kind === 'not' ? [item.item] : []));
  if (negated.length === 0) return false;
  const together = new ExprSet();
  for (const item of items) together.add(item);
  const holds = (expr: Expr): boolean => {
    if (together.has(expr)) return true;
    if (expr.kind === 'and') return expr.items.every(holds);
    return expr.kind === 'or' && expr.items.some(holds);
  };
  return negated.some(holds);
}

const FILTERS: Handlers<Expr> = {
  ...alike([...PLACES, ...TESTS, 'list', 'call', 'scalar-of', 'not', 'cond', 'quantified'], (predicate) => predicate),
  ...alike(['and', 'or'], (junction: And | Or) => {
    const filtered = mapChildren(junction, asFilter);
    const isChanged = filtered !== junction && (filtered.kind === 'and' || filtered.kind === 'or');
    const folded = isChanged ? simplifyJunction(filtered) : filtered;
    return folded.kind === 'and' && (contradicts(folded) || areAtOdds(folded.items)) ? FALSE : folded;
  }),
  // Where too many may be true, what is unknown is not as good as false.
  'at-least': (node) => {
    const filtered = node.most === undefined ? mapChildren(node, asFilter) : node;
    return filtered.kind === 'at-least' && filtered !== node ? simplifyAtLeast(filtered) : filtered;
  },
  let: (node) => {
    const body = asFilter(node.body);
    return body.kind === 'literal' ? body : body === node.body ? node : { ...node, body };
  },
  literal: ({ value }) => (value === true ? TRUE : FALSE),
  missing: () => FALSE,
};
