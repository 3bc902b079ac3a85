import type { Span } from '../../base/span.ts';
import { and, call, not } from '../../ir/construct.ts';
import type { Expr, Quantified } from '../../ir/expr.ts';
import type { Elements } from './ast.ts';
import { elementOf, elementScope, type Scope } from './lower-key.ts';

/** Whether some element of a list passes. */
export function someElement(over: Expr, scope: Scope, test: (element: Expr) => Expr, span?: Span): Expr {
  const inside = elementScope(scope);
  return quantified('any', over, inside.variable, test(elementOf(inside)), span);
}

/** So many elements of a list meet what `body` says of the scope of an element. */
export function lowerElements(
  how: Elements['how'],
  value: Expr,
  scope: Scope,
  span: Span,
  body: (inside: Scope) => Expr,
): Expr {
  const inside = elementScope(scope);
  const test = (of: Quantified['how'], condition: Expr): Expr =>
    quantified(of, value, inside.variable, condition, span);
  switch (how) {
    case 'any':
    case 'one':
      return test(how, body(inside));
    case 'none':
      return not(test('any', body(inside)), span);
    case 'all':
      return and([call('panther.is-list', [value], span), not(test('any', not(body(inside))), span)], span);
  }
}

function quantified(how: Quantified['how'], over: Expr, variable: string, body: Expr, span: Span | undefined): Expr {
  const spanned = span === undefined ? {} : { span };
  return { kind: 'quantified', how, over: call('panther.elements', [over]), variable, body, ...spanned };
}
