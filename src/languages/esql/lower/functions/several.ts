import { diagnostic } from '../../../../base/diagnostic.ts';
import { and, NULL } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlCall } from '../../ast.ts';
import { argumentsOf, fits } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { patternOf } from '../expressions/like.ts';
import { type Typed, textOfConstant } from '../expressions/typed.ts';
import { shareType } from './choose.ts';

/** `MV_LIKE` and `MV_RLIKE`: whether any of the values fits. */
export function anyFits(expr: EsqlCall, kind: 'like' | 'rlike', inner: Inner): Typed {
  const { span } = expr;
  const [first, second] = argumentsOf(expr, ['string', 'string'], inner) ?? [];
  if (first === undefined || second === undefined) return inner.failed(span);
  const [subject, query] = [inner.typed(first), inner.typed(second)];
  const written = textOfConstant(query);
  if (written === undefined || !fits(subject, 'string', `mv_${kind}`, inner)) {
    if (written === undefined) inner.report(diagnostic('esql/not-constant', { what: 'the pattern' }, query.span));
    return inner.failed(span);
  }
  const pattern = patternOf(written, kind, query.span, inner);
  if (pattern === undefined) return inner.failed(span);
  const value = coerced(subject, 'keyword', inner.context).expr;
  const made: Expr = {
    kind: 'match',
    subject: value,
    pattern,
    collation: 'exact',
    quantifier: 'any',
    onMissing: 'null',
    span,
  };
  return { expr: made, type: 'boolean', span };
}

/** Whether any of the values lies between two bounds, both of them. */
export function inRange(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any', 'any'], inner);
  if (args === undefined) return inner.failed(span);
  const values = args.map((arg) => inner.typed(arg));
  const type = shareType(values, 'the arguments', inner);
  const [value = NULL, least = NULL, most = NULL] = values.map(
    (one) => coerced(one, type ?? 'null', inner.context).expr,
  );
  const variable = 'value';
  const element: Expr = { kind: 'raw', paths: [[]], keys: 'exact', arrays: 'strict', of: variable };
  const between = and([
    { kind: 'compare', op: '>=', left: element, right: least, nulls: 'unknown', many: 'null' },
    { kind: 'compare', op: '<=', left: element, right: most, nulls: 'unknown', many: 'null' },
  ]);
  const any: Expr = { kind: 'quantified', how: 'any', over: value, variable, body: between, span };
  const isNull: Expr = { kind: 'is-null', subject: value };
  return {
    expr: { kind: 'cond', branches: [{ when: isNull, then: NULL }], otherwise: any, span },
    type: 'boolean',
    span,
  };
}
