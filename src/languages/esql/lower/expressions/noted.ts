import type { Span } from '../../../../base/span.ts';
import { call, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Context } from '../context.ts';

/** The expression, so that whoever asked for warnings is told where it fails. */
export function noted(expr: Expr, span: Span, outcome: 'null' | 'false', context: Context): Expr {
  if (context.warns !== true) return expr;
  return call('esql.noted', [expr, text(context.written(span)), text(outcome)], span);
}
