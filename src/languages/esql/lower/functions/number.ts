import { call, FALSE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlCall } from '../../ast.ts';
import { argumentsOf, fits } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import type { Typed } from '../expressions/typed.ts';

export function constantNumber(value: number): (expr: EsqlCall) => Typed {
  return ({ span }) => ({ expr: { kind: 'literal', type: 'real', value, span }, type: 'double', span });
}

/** `LOG(number)`, `LOG(base, number)`, `LOG10(number)` */
export function logarithm(expr: EsqlCall, inner: Inner): Typed {
  const { span, name } = expr;
  const isTen = name.text.toLowerCase() === 'log10';
  const args = argumentsOf(expr, isTen ? ['number'] : ['number', 'number?'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  if (!given.every((arg) => fits(arg, 'number', name.text, inner))) return inner.failed(span);
  const exprs = given.map((arg) => coerced(arg, 'double', inner.context).expr);
  const base: Expr = { kind: 'literal', type: 'real', value: isTen ? 10 : Math.E };
  const made = call('esql.log', exprs.length === 1 ? [base, ...exprs] : exprs, span);
  return { expr: noted(made, span, 'null', inner.context), type: 'double', span };
}

export function distance(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['geo_point', 'geo_point'], inner);
  if (args === undefined) return inner.failed(span);
  const points = args.map((arg) => inner.typed(arg));
  if (!points.every((point) => fits(point, 'geo_point', 'st_distance', inner))) return inner.failed(span);
  const exprs = points.map((point) => coerced(point, 'geo_point', inner.context).expr);
  return {
    expr: noted(call('esql.distance', [...exprs, FALSE], span), span, 'null', inner.context),
    type: 'double',
    span,
  };
}
