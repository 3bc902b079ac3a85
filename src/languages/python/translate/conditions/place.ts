import type { Expr } from '../../../../ir/expr.ts';

/** The steps to a place in the event, or in the element that a variable stands for; undefined for what is worked out. */
export function pathOf(expr: Expr): readonly string[] | undefined {
  if (expr.kind === 'field') return expr.path;
  return expr.kind === 'raw' && expr.paths.length === 1 ? expr.paths[0] : undefined;
}

/** Another place that begins where one does. */
export function placeAt(expr: Expr, path: readonly string[]): Expr {
  if (expr.kind === 'field') return { ...expr, name: path.join('.'), path };
  return expr.kind === 'raw' ? { ...expr, paths: [path] } : expr;
}
