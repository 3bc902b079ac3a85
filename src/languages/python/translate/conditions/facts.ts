import type { Expr } from '../../../../ir/expr.ts';
import { pathOf, placeAt } from './place.ts';
import { ALL, MISS, NONE, typeAtom } from './types.ts';

/** What a condition says of the types at places of the record: place to mask of types. */
export type Facts = Map<string, number>;

const factsOf = new WeakMap<Expr, Facts>();

export function facts(expr: Expr): Facts {
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

export function placeOf(subject: Expr): string | undefined {
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

export function factsOfAll(items: readonly Expr[]): Facts {
  const found: Facts = new Map();
  for (const item of items) for (const [key, mask] of facts(item)) found.set(key, (found.get(key) ?? ALL) & mask);
  return found;
}

export function contradicts(inner: Facts, outer: Facts): boolean {
  for (const [key, mask] of inner) if (((outer.get(key) ?? ALL) & mask) === 0) return true;
  return false;
}
