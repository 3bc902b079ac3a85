import type { EqlExpr, EqlFilter, EqlStatement } from './ast.ts';

/** The filters of a query, step by step. */
export function filtersOf({ query }: EqlStatement): readonly EqlFilter[] {
  switch (query.kind) {
    case 'event':
      return [query.filter];
    case 'sequence':
      return [...query.terms, ...(query.until === null ? [] : [query.until])].map(({ filter }) => filter);
    case 'sample':
      return query.terms.map(({ filter }) => filter);
  }
}

/** The expressions directly inside of one. */
function partsOf(expr: EqlExpr): readonly EqlExpr[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.items;
    case 'not':
    case 'sign':
      return [expr.item];
    case 'compare':
    case 'arithmetic':
      return [expr.left, expr.right];
    case 'in':
      return [expr.subject, ...expr.items];
    case 'matching':
      return [expr.subject, ...expr.patterns];
    case 'call':
      return expr.args;
    case 'field':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'error':
      return [];
  }
}

/** An expression and all inside of it. */
export function* allOf(expr: EqlExpr): Generator<EqlExpr> {
  const open: EqlExpr[] = [expr];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    open.push(...[...partsOf(next)].reverse());
  }
}
