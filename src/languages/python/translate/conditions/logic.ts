import { FALSE, TRUE } from '../../../../ir/construct.ts';
import { equal, fingerprint } from '../../../../ir/equal.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { contradicts, type Facts, facts, factsOfAll, placeOf } from './facts.ts';
import { ALL, typeAtom, typeTest } from './types.ts';

/** The conditions cannot be folded in reasonable time. */
export class TooLarge extends Error {}

/** Beyond this many conditions only doubles are looked for: the rest of the folding compares each with each. */
const MOST_FOLDED = 48;

/**
 * Two-valued logic in negation normal form, folded while it is built. Every condition here is true or false on every
 * record; what raises in Python makes neither the condition for true nor the one for false hold. Conditions that are the same
 * are one object, and what is made of the same conditions is made once.
 */
export class Logic {
  /** How much work is left. */
  private left: number;
  private readonly byPrint = new Map<number, Expr[]>();
  private readonly ids = new Map<Expr, number>();
  private readonly made = new Map<string, Expr>();
  private readonly negations = new Map<Expr, Expr>();

  constructor(most: number) {
    this.left = most;
  }

  /** Goes on with so much more work. */
  refill(most: number): void {
    this.left = most;
  }

  /** All of them. */
  all(conditions: readonly Expr[]): Expr {
    const flat = conditions.flatMap((item) => (item.kind === 'and' ? item.items : [item]));
    if (flat.some(isFalse)) return FALSE;
    const items = this.distinct(flat.filter((item) => !isTrue(item)));
    if (items.length > MOST_FOLDED) return { kind: 'and', items };
    return this.once('and', items, () => {
      this.spend(items.length);
      for (const item of items) if (items.includes(this.negate(item))) return FALSE;
      return this.settleAnd(items);
    });
  }

  /** Any of them. */
  any(conditions: readonly Expr[]): Expr {
    const flat = conditions.flatMap((item) => (item.kind === 'or' ? item.items : [item]));
    if (flat.some(isTrue)) return TRUE;
    const items = this.distinct(flat.filter((item) => !isFalse(item)));
    if (items.length > MOST_FOLDED) return { kind: 'or', items };
    return this.once('or', items, () => {
      this.spend(items.length);
      for (const item of items) if (items.includes(this.negate(item))) return TRUE;
      return this.settleOr(items);
    });
  }

  /** The negation, pushed down to the tests. */
  negate(given: Expr): Expr {
    const expr = this.same(given);
    const known = this.negations.get(expr);
    if (known !== undefined) return known;
    const made = this.same(this.negation(expr));
    this.negations.set(expr, made);
    return made;
  }

  private negation(expr: Expr): Expr {
    if (isTrue(expr)) return FALSE;
    if (isFalse(expr)) return TRUE;
    if (expr.kind === 'not') return expr.item;
    if (expr.kind === 'and') return this.any(expr.items.map((item) => this.negate(item)));
    if (expr.kind === 'or') return this.all(expr.items.map((item) => this.negate(item)));
    const atom = typeAtom(expr);
    if (atom !== undefined) return typeTest(atom.subject, ALL & ~atom.mask);
    return { kind: 'not', item: expr };
  }

  private spend(work: number): void {
    this.left -= work;
    if (this.left < 0) throw new TooLarge();
  }

  private same(expr: Expr): Expr {
    if (this.ids.has(expr)) return expr;
    const print = fingerprint(expr);
    const alike = this.byPrint.get(print);
    const known = alike?.find((each) => equal(each, expr));
    if (known !== undefined) return known;
    if (alike === undefined) this.byPrint.set(print, [expr]);
    else alike.push(expr);
    this.ids.set(expr, this.ids.size);
    return expr;
  }

  /** What a junction of these conditions is, worked out once. */
  private once(kind: string, items: readonly Expr[], make: () => Expr): Expr {
    const key = kind + items.map((item) => this.ids.get(item)).join();
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = this.same(make());
    this.made.set(key, made);
    return made;
  }

  /** The conditions without doubles. */
  private distinct(conditions: readonly Expr[]): Expr[] {
    return [...new Set(conditions.map((each) => this.same(each)))];
  }

  private settleAnd(found: Expr[]): Expr {
    let items = this.mergeTypes(found, 'and');
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
      if (item.items.some((part) => others.includes(part))) {
        changed = true;
        return [];
      }
      const outside = factsOfAll(others);
      const kept = item.items.filter((part) => {
        const parts = part.kind === 'and' ? part.items : [part];
        if (parts.some((one) => others.includes(this.negate(one)))) return false;
        return !contradicts(facts(part), outside);
      });
      const narrowed = kept.map((part) => {
        if (part.kind !== 'and') return part;
        const left = part.items.filter((one) => !others.includes(one));
        return left.length === part.items.length ? part : this.all(left);
      });
      if (kept.length === item.items.length && narrowed.every((part, index) => part === kept[index])) return [item];
      changed = true;
      return [this.any(narrowed)];
    });
    if (changed) return this.all(items);
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

  /** Tests of the types of one place are one test. */
  private mergeTypes(items: readonly Expr[], kind: 'and' | 'or'): Expr[] {
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
        found[held.at] = this.same(typeTest(held.subject, held.mask));
      }
    }
    if (found.some(kind === 'and' ? isFalse : isTrue)) return [kind === 'and' ? FALSE : TRUE];
    return found.filter((item) => !(kind === 'and' ? isTrue(item) : isFalse(item)));
  }

  private settleOr(found: Expr[]): Expr {
    const items = this.mergeTypes(found, 'or');
    let changed = false;
    const kept = items.flatMap((item, at) => {
      if (item.kind !== 'and') return [item];
      const others = items.filter((_, other) => other !== at);
      // `a or (a and b)` is `a`; `a or (not a and b)` is `a or b`.
      if (item.items.some((part) => others.includes(part))) {
        changed = true;
        return [];
      }
      const left = item.items.filter((part) => !others.includes(this.negate(part)));
      if (left.length === item.items.length) return [item];
      changed = true;
      return [this.all(left)];
    });
    if (changed) return this.any(kept);
    const factored = this.commonFactor(items);
    if (factored !== undefined) return factored;
    const [only] = items;
    if (only === undefined) return FALSE;
    return items.length === 1 ? only : { kind: 'or', items: oneOfs(items) };
  }

  /** `(a and b) or (a and c)` is `a and (b or c)`: what all have in common comes first, where an index sees it. */
  private commonFactor(items: readonly Expr[]): Expr | undefined {
    const [first, ...rest] = items;
    if (first === undefined || rest.length === 0) return undefined;
    const parts = (item: Expr): readonly Expr[] => (item.kind === 'and' ? item.items : [item]);
    const common = parts(first).filter((part) => rest.every((item) => parts(item).includes(part)));
    if (common.length === 0) return undefined;
    const left = items.map((item) => this.all(parts(item).filter((part) => !common.includes(part))));
    return this.all([...common, this.any(left)]);
  }
}

const isTrue = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === true;
const isFalse = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === false;

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
