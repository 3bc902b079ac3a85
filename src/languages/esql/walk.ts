import type { EsqlExpr } from './ast.ts';

/** An expression and all that stands inside of it, the outer ones first; subqueries are none of it. */
export function* subexpressions(expr: EsqlExpr): Generator<EsqlExpr> {
  yield expr;
  for (const child of childrenOf(expr)) yield* subexpressions(child);
}

function childrenOf(expr: EsqlExpr): readonly EsqlExpr[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
    case 'array':
      return expr.items;
    case 'not':
    case 'sign':
    case 'cast':
      return [expr.item];
    case 'comparison':
    case 'arithmetic':
      return [expr.left, expr.right];
    case 'is-null':
      return [expr.subject];
    case 'in':
      return [expr.subject, ...('pipeline' in expr.among ? [] : expr.among)];
    case 'like':
    case 'rlike':
      return [expr.subject, ...expr.patterns];
    case 'match':
      return [expr.subject, expr.query];
    case 'call':
      return expr.args;
    case 'map':
      return expr.entries.map(({ value }) => value);
    case 'name':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'timespan':
    case 'parameter':
    case 'star':
    case 'error':
      return [];
  }
}
