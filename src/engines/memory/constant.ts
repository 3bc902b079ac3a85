import type { Expr } from '../../ir/expr.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import type { Value } from '../../values/value.ts';
import { compileExpr } from './compile.ts';

/** Constants are what the reference engine says; `simplify` never asks for one that reads the clock. */
export function evaluateConstant(expr: Expr): Value {
  return compileExpr(expr, { now: fromEpochMs(0) })({ event: undefined, columns: new Map() });
}
