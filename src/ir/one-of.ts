import type { Span } from '../base/span.ts';
import { or } from './construct.ts';
import { equal } from './equal.ts';
import type { Expr, Match, Pattern, PatternScalar } from './expr.ts';

/** Any of several conditions; equalities of one subject become one `one-of`, at the place of the first. */
export function oneOf(items: readonly Expr[], span: Span): Expr {
  const made: Expr[] = [];
  const sets: { readonly at: number; readonly like: Match; readonly values: Set<PatternScalar> }[] = [];
  for (const item of items) {
    const values = item.kind === 'match' ? equalValues(item.pattern) : undefined;
    if (item.kind !== 'match' || values === undefined) {
      made.push(item);
      continue;
    }
    const set = sets.find(({ like }) => asksAlike(item, like));
    if (set === undefined) {
      sets.push({ at: made.length, like: item, values: new Set(values) });
      made.push(item);
    } else {
      for (const value of values) set.values.add(value);
    }
  }
  for (const { at, like, values } of sets) {
    if (values.size > 1) made[at] = { ...like, pattern: { kind: 'one-of', values: [...values] }, span };
  }
  return or(made, span);
}

function equalValues(pattern: Pattern): readonly PatternScalar[] | undefined {
  if (pattern.kind === 'equals') return [pattern.value];
  return pattern.kind === 'one-of' ? pattern.values : undefined;
}

/** Whether two matches differ in nothing but what they ask for. */
function asksAlike(a: Match, b: Match): boolean {
  return (
    a.collation === b.collation &&
    a.quantifier === b.quantifier &&
    a.onMissing === b.onMissing &&
    equal(a.subject, b.subject)
  );
}
