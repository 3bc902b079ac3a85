import { FALSE, TRUE } from '../../../ir/construct.ts';
import { equal, fingerprint } from '../../../ir/equal.ts';
import type { Expr } from '../../../ir/expr.ts';
import { pathOf, placeAt } from './event-path.ts';
import { ALL, MISS, NONE, typeAtom, typeTest } from './types.ts';

/**
 * Two-valued logic in negation normal form, folded while it is built. Every condition here is true or false on every
 * record; what raises in Python makes neither the condition for true nor the one for false hold.
 */

const isTrue = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === true;
const isFalse = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === false;

const negations = new WeakMap<Expr, Expr>();

/** The negation, pushed down to the tests. */
export function negate(given: Expr): Expr {
  const expr = same(given);
  const known = negations.get(expr);
  if (known !== undefined) return known;
  const made = same(makeNegation(expr));
  negations.set(expr, made);
  return made;
}

function makeNegation(expr: Expr): Expr {
  if (isTrue(expr)) return FALSE;
  if (isFalse(expr)) return TRUE;
  if (expr.kind === 'not') return expr.item;
  if (expr.kind === 'and') return any(expr.items.map(negate));
  if (expr.kind === 'or') return all(expr.items.map(negate));
  const atom = typeAtom(expr);
  if (atom !== undefined) return typeTest(atom.subject, ALL & ~atom.mask);
  return { kind: 'not', item: expr };
}

/** What a condition says of the types at places of the record: place to mask of types. */
type Facts = Map<string, number>;

const factsOf = new WeakMap<Expr, Facts>();

function facts(expr: Expr): Facts {
  const known = factsOf.get(expr);
  if (known !== undefined) return known;
  const found: Facts = new Map();
  const says = (subject: Expr, mask: number): void => {
    const key = placeOf(subject);
    if (key === undefined) return;
    found.set(key, (found.get(key) ?? ALL) & mask);
    const path = pathOf(subject);
    if ((mask & MISS) !== 0 || path === undefined) return;
    for (let length = path.length - 1; length >= 0; length -= 1) {
      const above = placeOf(placeAt(subject, path.slice(0, length)));
      if (above !== undefined) found.set(above, (found.get(above) ?? ALL) & 64);
    }
  };
  const atom = typeAtom(expr);
  if (atom !== undefined) says(atom.subject, atom.mask);
  else if (expr.kind === 'match') {
    const { subject } = expr;
    const strict = !fitsOtherThanText(expr);
    const inner =
      subject.kind === 'call' && (subject.fn === 'text.lower' || subject.fn === 'text.upper')
        ? subject.args[0]
        : subject;
    if (inner !== undefined) says(inner, strict ? 1 : 15);
  } else if (expr.kind === 'call' && (expr.fn === 'python.truthy' || expr.fn === 'python.contains')) {
    const [subject] = expr.args;
    if (subject !== undefined) says(subject, ALL & ~(NONE | MISS));
  } else if (expr.kind === 'and') {
    for (const item of expr.items)
      for (const [key, mask] of facts(item)) found.set(key, (found.get(key) ?? ALL) & mask);
  } else if (expr.kind === 'or') {
    const [first, ...rest] = expr.items.map(facts);
    for (const [key, mask] of first ?? []) {
      let joined = mask;
      for (const other of rest) joined |= other.get(key) ?? ALL;
      if (joined !== ALL) found.set(key, joined);
    }
  }
  factsOf.set(expr, found);
  return found;
}

function placeOf(subject: Expr): string | undefined {
  const path = pathOf(subject);
  if (path === undefined || (subject.kind !== 'field' && subject.kind !== 'raw')) return undefined;
  return `${subject.of ?? ''} ${subject.kind} ${subject.keys} ${JSON.stringify(path)}`;
}

/** Whether the canonical text of a number, or `true` or `false`, may fit the pattern of a match. */
function fitsOtherThanText(expr: Expr): boolean {
  if (expr.kind !== 'match') return true;
  const { pattern } = expr;
  switch (pattern.kind) {
    case 'equals':
      return isScalarText(String(pattern.value));
    case 'one-of':
      return pattern.values.some((value) => isScalarText(String(value)));
    case 'prefix':
    case 'suffix':
    case 'contains':
      return looksLikeScalar(pattern.text);
    case 'wildcard':
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return true;
  }
}

/** Whether a text is how JSON spells a number or a truth value, in any case. */
export function isScalarText(text: string): boolean {
  return /^(?:[\d.e+-]*|true|false|-?infinity|nan)$/i.test(text);
}

/** Whether a text can stand in a number as JSON spells it, or in a truth value. */
export function looksLikeScalar(text: string): boolean {
  const folded = text.toLowerCase();
  return (
    /^[\d.e+-]*$/.test(folded) ||
    'true'.includes(folded) ||
    'false'.includes(folded) ||
    'infinity'.includes(folded) ||
    'nan'.includes(folded)
  );
}

/** How much folding one translation may cost. */
const budget = { left: Number.POSITIVE_INFINITY };

/** The conditions cannot be folded in reasonable time. */
export class TooLarge extends Error {}

/** Begins the count of one translation's work. */
export function limitWork(most: number): void {
  budget.left = most;
  table.byPrint.clear();
  table.ids.clear();
  table.made.clear();
}

/** Goes on with so much more work. */
export function refill(most: number): void {
  budget.left = most;
}

function spend(work: number): void {
  budget.left -= work;
  if (budget.left < 0) throw new TooLarge();
}

/** Conditions of one translation that are the same are one object, and what is made of the same conditions is made once. */
const table = { byPrint: new Map<number, Expr[]>(), ids: new Map<Expr, number>(), made: new Map<string, Expr>() };

function same(expr: Expr): Expr {
  if (table.ids.has(expr)) return expr;
  const print = fingerprint(expr);
  const alike = table.byPrint.get(print);
  const known = alike?.find((each) => equal(each, expr));
  if (known !== undefined) return known;
  if (alike === undefined) table.byPrint.set(print, [expr]);
  else alike.push(expr);
  table.ids.set(expr, table.ids.size);
  return expr;
}

/** What a junction of these conditions is, worked out once. */
function once(kind: string, items: readonly Expr[], make: () => Expr): Expr {
  const key = kind + items.map((item) => table.ids.get(item)).join();
  const known = table.made.get(key);
  if (known !== undefined) return known;
  const made = same(make());
  table.made.set(key, made);
  return made;
}

function has(items: readonly Expr[], wanted: Expr): boolean {
  return items.includes(wanted);
}

/** Beyond this many conditions only doubles are looked for: the rest of the folding compares each with each. */
const MOST_FOLDED = 48;

/** The conditions without doubles. */
function distinct(conditions: readonly Expr[]): Expr[] {
  return [...new Set(conditions.map(same))];
}

/** All of them. */
export function all(conditions: readonly Expr[]): Expr {
  const flat = conditions.flatMap((item) => (item.kind === 'and' ? item.items : [item]));
  if (flat.some(isFalse)) return FALSE;
  const items = distinct(flat.filter((item) => !isTrue(item)));
  if (items.length > MOST_FOLDED) return { kind: 'and', items };
  return once('and', items, () => {
    spend(items.length);
    for (const item of items) if (has(items, negate(item))) return FALSE;
    return settleAnd(items);
  });
}

function settleAnd(found: Expr[]): Expr {
  let items = mergeTypes(found, 'and');
  const types: Facts = new Map();
  for (const item of items) {
    for (const [key, mask] of facts(item)) {
      const joined = (types.get(key) ?? ALL) & mask;
      if (joined === 0) return FALSE;
      types.set(key, joined);
    }
  }
  let changed = false;
  items = items.flatMap((item, at) => {
    const others = items.filter((_, other) => other !== at);
    if (item.kind !== 'or') return [item];
    // `a and (not a or b)` is `a and b`; `a and (a or b)` is `a`.
    if (item.items.some((part) => has(others, part))) {
      changed = true;
      return [];
    }
    const outside = factsOfAll(others);
    const kept = item.items.filter((part) => {
      const parts = part.kind === 'and' ? part.items : [part];
      if (parts.some((one) => has(others, negate(one)))) return false;
      return !contradicts(facts(part), outside);
    });
    const narrowed = kept.map((part) => {
      if (part.kind !== 'and') return part;
      const left = part.items.filter((one) => !has(others, one));
      return left.length === part.items.length ? part : all(left);
    });
    if (kept.length === item.items.length && narrowed.every((part, index) => part === kept[index])) return [item];
    changed = true;
    return [any(narrowed)];
  });
  if (changed) return all(items);
  // What another condition implies of a type need not be asked.
  const needed: Expr[] = [];
  for (const [at, item] of items.entries()) {
    const atom = typeAtom(item);
    const key = atom === undefined ? undefined : placeOf(atom.subject);
    if (atom !== undefined && key !== undefined) {
      const known = factsOfAll([...needed, ...items.slice(at + 1)]).get(key) ?? ALL;
      if ((known & ~atom.mask) === 0) continue;
    }
    needed.push(item);
  }
  const [only] = needed;
  if (only === undefined) return TRUE;
  return needed.length === 1 ? only : { kind: 'and', items: needed };
}

function factsOfAll(items: readonly Expr[]): Facts {
  const found: Facts = new Map();
  for (const item of items) for (const [key, mask] of facts(item)) found.set(key, (found.get(key) ?? ALL) & mask);
  return found;
}

function contradicts(inner: Facts, outer: Facts): boolean {
  for (const [key, mask] of inner) if (((outer.get(key) ?? ALL) & mask) === 0) return true;
  return false;
}

/** Tests of the types of one place are one test. */
function mergeTypes(items: readonly Expr[], kind: 'and' | 'or'): Expr[] {
  const masks = new Map<string, { mask: number; subject: Expr; at: number }>();
  const found: Expr[] = [];
  for (const item of items) {
    const atom = typeAtom(item);
    const key = atom === undefined ? undefined : placeOf(atom.subject);
    if (atom === undefined || key === undefined) {
      found.push(item);
      continue;
    }
    const held = masks.get(key);
    if (held === undefined) {
      masks.set(key, { mask: atom.mask, subject: atom.subject, at: found.length });
      found.push(item);
    } else {
      held.mask = kind === 'and' ? held.mask & atom.mask : held.mask | atom.mask;
      found[held.at] = same(typeTest(held.subject, held.mask));
    }
  }
  if (found.some(kind === 'and' ? isFalse : isTrue)) return [kind === 'and' ? FALSE : TRUE];
  return found.filter((item) => !(kind === 'and' ? isTrue(item) : isFalse(item)));
}

/** Any of them. */
export function any(conditions: readonly Expr[]): Expr {
  const flat = conditions.flatMap((item) => (item.kind === 'or' ? item.items : [item]));
  if (flat.some(isTrue)) return TRUE;
  const items = distinct(flat.filter((item) => !isFalse(item)));
  if (items.length > MOST_FOLDED) return { kind: 'or', items };
  return once('or', items, () => {
    spend(items.length);
    for (const item of items) if (has(items, negate(item))) return TRUE;
    return settleOr(items);
  });
}

function settleOr(found: Expr[]): Expr {
  const items = mergeTypes(found, 'or');
  let changed = false;
  const kept = items.flatMap((item, at) => {
    if (item.kind !== 'and') return [item];
    const others = items.filter((_, other) => other !== at);
    // `a or (a and b)` is `a`; `a or (not a and b)` is `a or b`.
    if (item.items.some((part) => has(others, part))) {
      changed = true;
      return [];
    }
    const left = item.items.filter((part) => !has(others, negate(part)));
    if (left.length === item.items.length) return [item];
    changed = true;
    return [all(left)];
  });
  if (changed) return any(kept);
  const factored = commonFactor(items);
  if (factored !== undefined) return factored;
  const [only] = items;
  if (only === undefined) return FALSE;
  return items.length === 1 ? only : { kind: 'or', items: oneOfs(items) };
}

/** `(a and b) or (a and c)` is `a and (b or c)`: what all have in common comes first, where an index sees it. */
function commonFactor(items: readonly Expr[]): Expr | undefined {
  const [first, ...rest] = items;
  if (first === undefined || rest.length === 0) return undefined;
  const parts = (item: Expr): readonly Expr[] => (item.kind === 'and' ? item.items : [item]);
  const common = parts(first).filter((part) => rest.every((item) => has(parts(item), part)));
  if (common.length === 0) return undefined;
  const left = items.map((item) => all(parts(item).filter((part) => !has(common, part))));
  return all([...common, any(left)]);
}

/** Equalities of one place to several texts are one test. */
function oneOfs(items: readonly Expr[]): Expr[] {
  const found: Expr[] = [];
  for (const item of items) {
    const at = found.findIndex((earlier) => joins(earlier, item));
    const earlier = found[at];
    if (earlier?.kind === 'match' && item.kind === 'match') {
      found[at] = {
        ...earlier,
        pattern: { kind: 'one-of', values: [...new Set([...valuesOf(earlier), ...valuesOf(item)])] },
      };
    } else found.push(item);
  }
  return found;
}

function joins(a: Expr, b: Expr): boolean {
  if (a.kind !== 'match' || b.kind !== 'match' || a.collation !== b.collation || a.quantifier !== b.quantifier)
    return false;
  return valuesOf(a).length > 0 && valuesOf(b).length > 0 && equal(a.subject, b.subject);
}

function valuesOf(expr: Expr): readonly (string | number | boolean)[] {
  if (expr.kind !== 'match') return [];
  if (expr.pattern.kind === 'equals') return [expr.pattern.value];
  return expr.pattern.kind === 'one-of' ? expr.pattern.values : [];
}
