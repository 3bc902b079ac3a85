import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { FunctionName } from '../../../../ir/functions/registry.ts';
import type { ArithmeticOp, EsqlArithmetic, EsqlSign } from '../../ast.ts';
import type { Timespan } from '../../timespan.ts';
import { commonType, isOf } from '../../types.ts';
import { coerced } from './coerce.ts';
import type { Inner } from './inner.ts';
import { noted } from './noted.ts';
import { type Typed, textOfConstant } from './typed.ts';

const FUNCTIONS: Readonly<Record<ArithmeticOp, FunctionName>> = {
  '+': 'esql.add',
  '-': 'esql.subtract',
  '*': 'esql.multiply',
  '/': 'esql.divide',
  '%': 'esql.modulo',
};

export function lowerArithmetic({ op, left, right, span }: EsqlArithmetic, inner: Inner): Typed {
  const [one, other] = [inner.typed(left), inner.typed(right)];
  const timed = timeArithmetic(op, one, other, span, inner);
  return timed ?? numbers(op, one, other, span, inner);
}

function numbers(op: ArithmeticOp, one: Typed, other: Typed, span: Span, inner: Inner): Typed {
  const { context } = inner;
  for (const side of [one, other]) {
    if (isOf(side.type, 'number') || side.type === 'null' || side.type === 'unknown') continue;
    const params = { what: `an operand of \`${op}\``, expected: 'a number', found: `of type ${side.type}` };
    inner.report(diagnostic('esql/wrong-type', params, side.span));
    return inner.failed(span);
  }
  const shared = commonType(one.type, other.type);
  const type = shared === 'unknown' || one.type === 'unknown' || other.type === 'unknown' ? 'double' : shared;
  if (type === undefined) {
    const params = { what: `the operands of \`${op}\``, left: one.type, right: other.type };
    inner.report(diagnostic('esql/types-apart', params, span));
    return inner.failed(span);
  }
  if (type === 'null') return inner.failed(span);
  const args = [one, other].map((side) => coerced(side, type, context).expr);
  return { expr: noted(call(FUNCTIONS[op], [...args, text(type)], span), span, 'null', context), type, span };
}

/** Moments and timespans; undefined where neither takes part. */
function timeArithmetic(op: ArithmeticOp, one: Typed, other: Typed, span: Span, inner: Inner): Typed | undefined {
  const [left, right] = [spanOf(one), spanOf(other)];
  if (left !== undefined && right !== undefined && (op === '+' || op === '-') && left.kind === right.kind) {
    const value = added(left, right, op === '+' ? 1 : -1);
    return { ...one, span, constant: { kind: 'timespan', value } };
  }
  if (op !== '+' && op !== '-') return undefined;
  const nothing = withNothing(op, one, other, span);
  if (nothing !== undefined) return nothing;
  if (right !== undefined && isMoment(one)) return shifted(one, right, op === '+' ? 1 : -1, span, inner);
  if (left !== undefined && isMoment(other) && op === '+') return shifted(other, left, 1, span, inner);
  return undefined;
}

/** A moment or timespan beside a null: null, as a moment where one stands there; of a timespan as what has no type. */
function withNothing(op: '+' | '-', one: Typed, other: Typed, span: Span): Typed | undefined {
  const beside = one.type === 'null' ? other : other.type === 'null' ? one : undefined;
  if (beside === undefined || (op === '-' && beside === other && isOf(other.type, 'timespan'))) return undefined;
  if (isOf(beside.type, 'moment')) return { expr: NULL, type: beside.type, span };
  return isOf(beside.type, 'timespan') ? { expr: NULL, type: 'null', span } : undefined;
}

/** What a timespan is added to; a text in quotes is the date that it says. */
function isMoment(value: Typed): boolean {
  return isOf(value.type, 'moment') || value.type === 'unknown' || textOfConstant(value) !== undefined;
}

function spanOf({ constant }: Typed): Timespan | undefined {
  return constant?.kind === 'timespan' ? constant.value : undefined;
}

function added(left: Timespan, right: Timespan, sign: 1 | -1): Timespan {
  if (left.kind === 'period' && right.kind === 'period') {
    return { kind: 'period', months: left.months + sign * right.months, days: left.days + sign * right.days };
  }
  return { kind: 'duration', milliseconds: millisecondsOf(left) + sign * millisecondsOf(right) };
}

function millisecondsOf(span: Timespan): number {
  return span.kind === 'duration' ? span.milliseconds : 0;
}

/** The months, days and ticks of a timespan, as functions take them. */
export function spanArguments(span: Timespan, sign: 1 | -1 = 1): readonly Expr[] {
  const long = (value: number | bigint): Expr => ({ kind: 'literal', type: 'long', value: String(value) });
  if (span.kind === 'period') return [long(sign * span.months), long(sign * span.days), long(0)];
  return [long(0), long(0), long(BigInt(sign) * BigInt(span.milliseconds) * 10_000n)];
}

function shifted(moment: Typed, by: Timespan, sign: 1 | -1, span: Span, inner: Inner): Typed {
  const type = moment.type === 'date_nanos' ? 'date_nanos' : 'date';
  const { expr } = coerced(moment, type, inner.context);
  const made = call('esql.date-plus', [expr, ...spanArguments(by, sign)], span);
  return { expr: noted(made, span, 'null', inner.context), type, span };
}

export function lowerSign({ op, item, span }: EsqlSign, inner: Inner): Typed {
  const value = inner.typed(item);
  const timespan = spanOf(value);
  if (timespan !== undefined) {
    const negative = added({ ...timespan, ...zero(timespan) }, timespan, op === '-' ? -1 : 1);
    return { ...value, span, constant: { kind: 'timespan', value: negative } };
  }
  if (!isOf(value.type, 'number') && value.type !== 'null' && value.type !== 'unknown') {
    const params = { what: `the operand of \`${op}\``, expected: 'a number', found: `of type ${value.type}` };
    inner.report(diagnostic('esql/wrong-type', params, value.span));
    return inner.failed(span);
  }
  const type = value.type === 'unknown' ? 'double' : value.type;
  const { expr } = coerced(value, type, inner.context);
  if (op === '+' || type === 'null') return { ...value, span };
  return { expr: noted(call('esql.negate', [expr, text(type)], span), span, 'null', inner.context), type, span };
}

function zero(span: Timespan): Timespan {
  return span.kind === 'period' ? { kind: 'period', months: 0, days: 0 } : { kind: 'duration', milliseconds: 0 };
}
