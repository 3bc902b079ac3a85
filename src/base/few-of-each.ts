import { type Diagnostic, diagnostic, primarySpan } from './diagnostic.ts';

/** So many findings of one code are worth to be told of one rule; the others say the same. */
export const MOST_OF_RULE = 100;

/** The first findings of each code, in their order, and how many more there are: a rule of a megabyte may have any number. */
export function fewOfEach(found: readonly Diagnostic[], most: number = MOST_OF_RULE): readonly Diagnostic[] {
  if (found.length <= most) return found;
  const counts = new Map<string, { first: Diagnostic; count: number }>();
  const kept = found.filter((one) => {
    const known = counts.get(one.code) ?? { first: one, count: 0 };
    counts.set(one.code, known);
    known.count += 1;
    return known.count <= most;
  });
  const counted = [...counts.values()].flatMap(({ first, count }) =>
    count <= most
      ? []
      : [diagnostic('run/more', { code: first.code, rule: '', count: count - most }, primarySpan(first))],
  );
  return [...kept, ...counted];
}
