import type { Expr } from './expr.ts';
import { anywhere } from './traverse.ts';

/** Whether an expression's value depends on the time of the run. */
export function readsClock(expr: Expr): boolean {
  return anywhere(expr, (node) => {
    if (node.kind !== 'call') return false;
    if (node.fn === 'kusto.now') return true;
    return (
      node.fn === 'elastic.date-range' && node.args.some((arg) => arg.kind === 'literal' && isDateMathOnNow(arg.value))
    );
  });
}

function isDateMathOnNow(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('now');
}
