import type { Span } from '../../../../base/span.ts';
import { call, text } from '../../../../ir/construct.ts';
import type { EsqlCall, EsqlExpr } from '../../ast.ts';
import { isOf } from '../../types.ts';
import { argumentsOf, fits } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import type { Typed } from '../expressions/typed.ts';
import { intervalOf, truncated } from './interval.ts';

export function dateDiff(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['string', 'moment', 'moment'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  const [unit, start, end] = given;
  if (unit === undefined || start === undefined || end === undefined) return inner.failed(span);
  const sound = fits(unit, 'string', 'date_diff', inner) && fits(start, 'moment', 'date_diff', inner);
  if (!sound || !fits(end, 'moment', 'date_diff', inner)) return inner.failed(span);
  const moments = [start, end].map(
    (one) => coerced(one, isOf(one.type, 'moment') ? one.type : 'date', inner.context).expr,
  );
  const made = call('esql.date-diff', [coerced(unit, 'keyword', inner.context).expr, ...moments], span);
  return { expr: noted(made, span, 'null', inner.context), type: 'integer', span };
}

/** `DATE_FORMAT(pattern, moment)`, or of the moment alone in Elasticsearch's own way. */
export function dateFormat(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any?'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  const moment = given.at(-1);
  if (moment === undefined || !fits(moment, 'moment', 'date_format', inner)) return inner.failed(span);
  const type = isOf(moment.type, 'moment') ? moment.type : 'date';
  const value = coerced(moment, type, inner.context).expr;
  const [pattern] = given;
  if (given.length === 1 || pattern === undefined) {
    return { expr: call('esql.to-string', [call('esql.one-value', [value]), text(type)], span), type: 'keyword', span };
  }
  if (!fits(pattern, 'string', 'date_format', inner)) return inner.failed(span);
  const made = call('esql.date-format', [coerced(pattern, 'keyword', inner.context).expr, value], span);
  return { expr: noted(made, span, 'null', inner.context), type: 'keyword', span };
}

/** `DATE_PARSE(pattern, text)`, or of the text alone as ISO 8601 has it. */
export function dateParse(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any?'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  if (!given.every((arg) => fits(arg, 'string', 'date_parse', inner))) return inner.failed(span);
  const texts = given.map((arg) => coerced(arg, 'keyword', inner.context).expr);
  const [only] = texts;
  const made =
    texts.length === 1 && only !== undefined
      ? call('esql.to-date', [call('esql.one-value', [only])], span)
      : call('esql.date-parse', texts, span);
  return { expr: noted(made, span, 'null', inner.context), type: 'date', span };
}

export function dateTrunc(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['timespan', 'moment'], inner);
  const [first, second] = args ?? [];
  if (first === undefined || second === undefined) return inner.failed(span);
  const interval = intervalOf(inner.typed(first), inner);
  const moment = inner.typed(second);
  if (interval === undefined || !fits(moment, 'moment', 'date_trunc', inner)) return inner.failed(span);
  return truncated(moment, interval, span, inner);
}

/** The name of the column of times that functions of time take where they name none. */
export function timestampAt(span: Span): EsqlExpr {
  return { kind: 'name', parts: [{ text: '@timestamp', written: 'plain', span }], span };
}

/** `TRANGE(1 hour)`, `TRANGE(from, to)`: whether `@timestamp` lies in a stretch of time. */
export function timeRange(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any?'], inner);
  const column = inner.scope.column('@timestamp');
  if (args === undefined || column === undefined) return inner.failed(span);
  const name = timestampAt(span);
  const [first, second] = args;
  if (first === undefined) return inner.failed(span);
  const now: EsqlExpr = { kind: 'call', name: { text: 'now', written: 'plain', span }, args: [], span };
  const isOffset = first.kind === 'timespan';
  const from: EsqlExpr = isOffset ? { kind: 'arithmetic', op: '-', left: now, right: first, span } : first;
  const low: EsqlExpr = { kind: 'comparison', op: isOffset ? '>' : '>=', left: name, right: from, span };
  const high: EsqlExpr = { kind: 'comparison', op: '<=', left: name, right: second ?? now, span };
  return inner.typed({ kind: 'and', items: [low, high], span });
}
