import type { Expr } from '../../ir/expr.ts';
import { mapChildren } from '../../ir/traverse.ts';

/** The condition with every text compared without regard to case. */
export function ignoringCase(expr: Expr): Expr {
  const inner = mapChildren(expr, ignoringCase);
  return inner.kind === 'match' ? { ...inner, collation: 'ignore-case' } : inner;
}
