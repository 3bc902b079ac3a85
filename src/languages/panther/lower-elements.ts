import type { Span } from '../../base/span.ts';
import { and, call, fieldAt, not, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Elements } from './ast.ts';
import { elementOf, elementScope, type Scope } from './lower-key.ts';

/** Whether some element of a list passes. */
export function someElement(over: Expr, scope: Scope, test: (element: Expr) => Expr, span?: Span): Expr {
  const inside = elementScope(scope);
  return some(over, inside.variable, test(elementOf(inside)), span);
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
  switch (how) {
    case 'any':
      return some(value, inside.variable, body(inside), span);
    case 'none':
      return not(some(value, inside.variable, body(inside), span), span);
    case 'all':
      return and(
        [call('panther.is-list', [value], span), not(some(value, inside.variable, not(body(inside)), span))],
        span,
      );
    case 'one':
      return onlyOne(value, scope, span, body);
  }
}

function some(over: Expr, variable: string, body: Expr, span: Span | undefined): Expr {
  const spanned = span === undefined ? {} : { span };
  return { kind: 'quantified', how: 'any', over: call('panther.elements', [over]), variable, body, ...spanned };
}

/** The first element that fits and the last are one: nothing is counted. */
function onlyOne(value: Expr, scope: Scope, span: Span, body: (inside: Scope) => Expr): Expr {
  const side = (name: string, depth: number) => {
    const variable = `${name}${scope.depth + 1}`;
    return { variable, fits: body({ variable, depth, path: ['value'] }), at: fieldAt(['at'], undefined, variable) };
  };
  const first = side('first', scope.depth + 2);
  const last = side('last', scope.depth + 3);
  const numbered = (order: string): Expr => call('panther.numbered', [value, text(order)]);
  const meet: Expr = { kind: 'compare', op: '==', left: first.at, right: last.at, nulls: 'total', many: 'whole' };
  const fromBehind: Expr = {
    kind: 'quantified',
    how: 'any',
    over: numbered('backward'),
    variable: last.variable,
    body: and([last.fits, meet]),
    until: last.fits,
  };
  return {
    kind: 'quantified',
    how: 'any',
    over: numbered('forward'),
    variable: first.variable,
    body: and([first.fits, fromBehind]),
    until: first.fits,
    span,
  };
}
