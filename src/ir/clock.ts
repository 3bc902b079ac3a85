import type { Call, Expr } from './expr.ts';
import { functions } from './functions/registry.ts';
import { anywhere } from './traverse.ts';

/** Whether an expression's value depends on the time of the run. */
export function readsClock(expr: Expr): boolean {
  return anywhere(expr, (node) => node.kind === 'call' && functions[node.fn].reads === 'clock' && asksForNow(node));
}

/** Date math with a date of its own asks for no other. */
function asksForNow({ fn, args }: Call): boolean {
  if (fn !== 'elastic.date-range') return true;
  return args.some((arg) => arg.kind === 'literal' && typeof arg.value === 'string' && arg.value.startsWith('now'));
}
