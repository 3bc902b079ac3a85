import { and, match } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Scope } from '../scope.ts';

/**
 * A filter with what it implies of the fields of records as they are: a field that has one value, which is a text, has it among its
 * values. Engines find records by that; the condition itself is what decides.
 */
export function withHints(predicate: Expr, { searchable }: Scope): Expr {
  if (!searchable) return predicate;
  return hinted(predicate);
}

function hinted(expr: Expr): Expr {
  switch (expr.kind) {
    case 'and':
      return and(expr.items.map(hinted), expr.span);
    case 'or':
      return { ...expr, items: expr.items.map(hinted) };
    case 'compare':
    case 'match': {
      const hint = hintOf(expr);
      return hint === undefined ? expr : and([hint, expr], expr.span);
    }
    default:
      return expr;
  }
}

function hintOf(expr: Expr): Expr | undefined {
  if (expr.kind === 'compare') {
    const place = keywordPlace(expr.left);
    const { right } = expr;
    if (expr.op !== '==' || place === undefined || right.kind !== 'literal' || typeof right.value !== 'string')
      return undefined;
    return match(place, { kind: 'equals', value: right.value });
  }
  if (expr.kind !== 'match' || expr.subject.kind !== 'call' || expr.subject.fn !== 'esql.one-value') return undefined;
  const [value] = expr.subject.args;
  const place = value && keywordPlace(value);
  return place && match(place, expr.pattern);
}

/** The field whose values are read as keywords. */
function keywordPlace(expr: Expr): Expr | undefined {
  if (expr.kind !== 'call' || expr.fn !== 'esql.values') return undefined;
  const [place, read] = expr.args;
  return read?.kind === 'literal' && read.value === 'keyword' ? place : undefined;
}
