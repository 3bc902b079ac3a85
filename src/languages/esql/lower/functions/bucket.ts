import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, literalOf } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlCall } from '../../ast.ts';
import { isOf } from '../../types.ts';
import { argumentsOf } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import { numberOfConstant, type Typed, textOfConstant } from '../expressions/typed.ts';
import { truncated } from './interval.ts';

/** `BUCKET(field, width)`, or `BUCKET(field, buckets, from, to)` with a width that makes about so many. */
export function bucketOf(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any', 'any?', 'any?'], inner);
  const [field, width, from, to] = (args ?? []).map((arg) => inner.typed(arg));
  if (field === undefined || width === undefined) return inner.failed(span);
  const isMoment = isOf(field.type, 'moment') || (field.type === 'unknown' && width.constant?.kind === 'timespan');
  if (isMoment && width.constant?.kind === 'timespan') return truncated(field, width, span, inner);
  const buckets = numberOfConstant(width);
  if (buckets === undefined || (isMoment && (from === undefined || to === undefined))) {
    inner.report(diagnostic('esql/not-constant', { what: 'the width of BUCKET' }, width.span));
    return inner.failed(span);
  }
  if (isMoment && from !== undefined && to !== undefined) {
    const type = isOf(field.type, 'moment') ? field.type : 'date';
    const bounds = [from, to].map((bound) => boundOf(bound, inner));
    const [start, end] = bounds;
    if (start === undefined || end === undefined) return inner.failed(span);
    const made = call(
      'esql.date-bucket',
      [coerced(field, type, inner.context).expr, literalOf(buckets), start, end],
      span,
    );
    return { expr: noted(made, span, 'null', inner.context), type, span };
  }
  const size =
    from === undefined || to === undefined
      ? buckets
      : widthOfNumbers(buckets, numberOfConstant(from) ?? 0, numberOfConstant(to) ?? 0);
  const real = (value: number): Expr => ({ kind: 'literal', type: 'real', value });
  const word: Expr = { kind: 'literal', type: 'string', value: 'double' };
  const scaled = call('esql.divide', [coerced(field, 'double', inner.context).expr, real(size), word]);
  return { expr: call('esql.multiply', [call('esql.floor', [scaled]), real(size), word], span), type: 'double', span };
}

/** The next power of ten, or half of it. */
function widthOfNumbers(buckets: number, from: number, to: number): number {
  const precise = (to - from) / buckets;
  const power = 10 ** Math.ceil(Math.log10(precise));
  return precise < power / 2 ? power / 2 : power;
}

/** A bound: a date, or a text that is one, which must not be read from the documents. */
function boundOf(bound: Typed, inner: Inner): Expr | undefined {
  const isFixed = bound.field === undefined && (isOf(bound.type, 'moment') || isOf(bound.type, 'string'));
  if (!isFixed) {
    inner.report(diagnostic('esql/not-constant', { what: 'a bound of BUCKET' }, bound.span));
    return undefined;
  }
  if (isOf(bound.type, 'moment') || textOfConstant(bound) !== undefined)
    return coerced(bound, 'date', inner.context).expr;
  return call('esql.to-date', [bound.expr]);
}
