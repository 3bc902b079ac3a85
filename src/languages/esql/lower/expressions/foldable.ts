import type { Expr } from '../../../../ir/expr.ts';
import { anywhere } from '../../../../ir/traverse.ts';

/** Whether it is computed from constants alone. */
export function isFoldable(expr: Expr): boolean {
  return !anywhere(expr, ({ kind }) => kind === 'field' || kind === 'raw' || kind === 'column');
}
