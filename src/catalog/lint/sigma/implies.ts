import { equal } from '../../../ir/equal.ts';
import type { Expr, Match, Pattern } from '../../../ir/expr.ts';
import { compileWildcard } from '../../../ir/wildcard.ts';

/**
 * Whether a predicate of a Sigma rule can only be true where another is. Never wrongly true; in doubt false.
 * `depth` bounds the work on conditions in conditions.
 */
export function implies(a: Expr, b: Expr, depth = 4): boolean {
  if (equal(a, b)) return true;
  if (depth === 0) return false;
  if (a.kind === 'or') return a.items.every((item) => implies(item, b, depth - 1));
  if (b.kind === 'and') return b.items.every((item) => implies(a, item, depth - 1));
  if (a.kind === 'and') return a.items.some((item) => implies(item, b, depth - 1));
  if (b.kind === 'or') return b.items.some((item) => implies(a, item, depth - 1));
  if (a.kind === 'not' && b.kind === 'not') return implies(b.item, a.item, depth - 1);
  if (a.kind === 'match' && b.kind === 'match') return matchImplies(a, b);
  return false;
}

/** Whether two predicates can never both be true for a field that has one value. In doubt false. */
export function excludes(a: Expr, b: Expr): boolean {
  if (b.kind === 'not') return implies(a, b.item);
  if (a.kind === 'not') return implies(b, a.item);
  if (a.kind === 'is-null' && b.kind === 'match') return equal(a.subject, b.subject);
  if (b.kind === 'is-null' && a.kind === 'match') return equal(a.subject, b.subject);
  return a.kind === 'match' && b.kind === 'match' && matchExcludes(a, b);
}

function comparable(a: Match, b: Match): boolean {
  if (a.subject.kind !== 'field' || !equal(a.subject, b.subject)) return false;
  return a.quantifier === 'any' && b.quantifier === 'any' && a.onMissing === b.onMissing;
}

function matchImplies(a: Match, b: Match): boolean {
  // A test that disregards case finds what an exact one does not.
  if (!comparable(a, b) || (b.collation === 'exact' && a.collation === 'ignore-case')) return false;
  const fold = (text: string): string => (b.collation === 'exact' ? text : text.toLowerCase());
  const values = valuesOf(a.pattern);
  if (values !== undefined) return values.every((value) => fits(value, b));
  const wanted = b.pattern;
  const have = a.pattern;
  switch (wanted.kind) {
    case 'contains':
      return literalsOf(have).some((text) => fold(text).includes(fold(wanted.text)));
    case 'prefix':
      return fold(startOf(have)).startsWith(fold(wanted.text)) && wanted.text !== '';
    case 'suffix':
      return fold(endOf(have)).endsWith(fold(wanted.text)) && wanted.text !== '';
    default:
      return false;
  }
}

function matchExcludes(a: Match, b: Match): boolean {
  if (!comparable(a, b)) return false;
  const [left, right] = [valuesOf(a.pattern), valuesOf(b.pattern)];
  // With one side disregarding case, another spelling may fit both.
  const loose = (match: Match): Match => ({ ...match, collation: 'ignore-case' });
  if (left !== undefined) return decidable(b.pattern) && left.every((value) => !fits(value, loose(b)));
  if (right !== undefined) return decidable(a.pattern) && right.every((value) => !fits(value, loose(a)));
  const apart = (x: string, y: string, starts: boolean): boolean => {
    const [one, two] = [x.toLowerCase(), y.toLowerCase()];
    if (one === '' || two === '') return false;
    return starts ? !one.startsWith(two) && !two.startsWith(one) : !one.endsWith(two) && !two.endsWith(one);
  };
  return apart(startOf(a.pattern), startOf(b.pattern), true) || apart(endOf(a.pattern), endOf(b.pattern), false);
}

/** The texts that a pattern compares the whole value with. */
function valuesOf(pattern: Pattern): readonly string[] | undefined {
  if (pattern.kind === 'equals') return [String(pattern.value)];
  return pattern.kind === 'one-of' ? pattern.values.map(String) : undefined;
}

/** Whether it can be said here, without an engine, which texts fit. */
function decidable({ kind }: Pattern): boolean {
  return ['equals', 'one-of', 'prefix', 'suffix', 'contains', 'wildcard'].includes(kind);
}

function fits(value: string, match: Match): boolean {
  const fold = (text: string): string => (match.collation === 'exact' ? text : text.toLowerCase());
  const text = fold(value);
  const { pattern } = match;
  switch (pattern.kind) {
    case 'equals':
      return fold(String(pattern.value)) === text;
    case 'one-of':
      return pattern.values.some((one) => fold(String(one)) === text);
    case 'prefix':
      return text.startsWith(fold(pattern.text));
    case 'suffix':
      return text.endsWith(fold(pattern.text));
    case 'contains':
      return text.includes(fold(pattern.text));
    case 'wildcard':
      return compileWildcard(pattern.parts, match.collation === 'ignore-case')(value);
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return false;
  }
}

/** Texts that stand in every value that fits. */
function literalsOf(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'wildcard') return pattern.parts.flatMap((part) => ('text' in part ? [part.text] : []));
  return pattern.kind === 'prefix' || pattern.kind === 'suffix' || pattern.kind === 'contains' ? [pattern.text] : [];
}

function startOf(pattern: Pattern): string {
  const first = pattern.kind === 'wildcard' ? pattern.parts[0] : undefined;
  if (first !== undefined) return 'text' in first ? first.text : '';
  return pattern.kind === 'prefix' ? pattern.text : '';
}

function endOf(pattern: Pattern): string {
  const last = pattern.kind === 'wildcard' ? pattern.parts.at(-1) : undefined;
  if (last !== undefined) return 'text' in last ? last.text : '';
  return pattern.kind === 'suffix' ? pattern.text : '';
}
