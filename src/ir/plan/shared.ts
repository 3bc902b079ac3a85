import type { Expr } from '../expr.ts';
import { anywhere } from '../traverse.ts';

/** Whether an expression's value depends on the rows of a shared plan. */
export function readsShared(expr: Expr): boolean {
  return anywhere(expr, ({ kind }) => kind === 'in-plan' || kind === 'scalar-of');
}
