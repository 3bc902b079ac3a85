import type { Match, PatternScalar } from '../../ir/expr.ts';

/** The values of which the match asks for one. */
export function valuesOf(node: Match): readonly PatternScalar[] | undefined {
  if (node.pattern.kind === 'equals') return [node.pattern.value];
  return node.pattern.kind === 'one-of' ? node.pattern.values : undefined;
}
