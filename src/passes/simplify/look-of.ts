import type { Expr, Match, PatternScalar } from '../../ir/expr.ts';
import { children } from '../../ir/traverse.ts';

/** The same for equal expressions, and mostly different for others. */
export function lookOf(expr: Expr): string {
  if (expr.kind !== 'match') {
    const parts = children(expr);
    const [first] = parts;
    return first === undefined
      ? expr.kind
      : `${expr.kind} ${parts.length} ${lookOf(first)} ${lookOf(parts.at(-1) ?? first)}`;
  }
  const { pattern } = expr;
  switch (pattern.kind) {
    case 'equals':
      return `equals ${pattern.value}`;
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'term':
    case 'analysed':
      return `${pattern.kind} ${pattern.text}`;
    case 'regex':
      return `regex ${pattern.source}`;
    case 'cidr':
      return `cidr ${pattern.network}`;
    case 'one-of':
      return `one-of ${pattern.values.length} ${pattern.values[0]}`;
    case 'wildcard':
    case 'token-wildcard':
      return `${pattern.kind} ${pattern.parts.map((part) => ('text' in part ? part.text : part.any)).join(' ')}`;
    case 'range':
      return 'range';
  }
}

/** The values of which the match asks for one. */
export function valuesOf(node: Match): readonly PatternScalar[] | undefined {
  if (node.pattern.kind === 'equals') return [node.pattern.value];
  return node.pattern.kind === 'one-of' ? node.pattern.values : undefined;
}
