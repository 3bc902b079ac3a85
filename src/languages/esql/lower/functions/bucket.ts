import { diagnostic } from '../../../../base/diagnostic.ts';
import { call } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { momentInDateField } from '../../../../values/date-math.ts';
import { toEpochMs } from '../../../../values/date-time.ts';
import type { EsqlCall } from '../../ast.ts';
import type { Timespan } from '../../timespan.ts';
import { isOf } from '../../types.ts';
import { argumentsOf } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
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
    const interval = widthOfDates(buckets, from, to);
    if (interval !== undefined) {
      return truncated(field, { ...width, constant: { kind: 'timespan', value: interval } }, span, inner);
    }
    inner.report(diagnostic('esql/not-constant', { what: 'the bounds of BUCKET' }, from.span));
    return inner.failed(span);
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

const DAY = 86_400_000;

/** Widths that people read, from wide to narrow. */
const WIDTHS: readonly { readonly span: Timespan; readonly milliseconds: number }[] = [
  { span: { kind: 'period', months: 12, days: 0 }, milliseconds: 365 * DAY },
  { span: { kind: 'period', months: 1, days: 0 }, milliseconds: 30 * DAY },
  { span: { kind: 'period', months: 0, days: 7 }, milliseconds: 7 * DAY },
  { span: { kind: 'period', months: 0, days: 1 }, milliseconds: DAY },
  ...[12 * 60, 3 * 60, 60, 30, 10, 5, 1].map((minutes) => duration(minutes * 60_000)),
  ...[30, 10, 5, 1].map((seconds) => duration(seconds * 1000)),
  ...[100, 50, 10, 1].map(duration),
];

function duration(milliseconds: number): { readonly span: Timespan; readonly milliseconds: number } {
  return { span: { kind: 'duration', milliseconds }, milliseconds };
}

/** The narrowest width that makes no more buckets than asked for. */
function widthOfDates(buckets: number, from: Typed, to: Typed): Timespan | undefined {
  const [start, end] = [momentOfConstant(from), momentOfConstant(to)];
  if (start === undefined || end === undefined) return undefined;
  let found = WIDTHS[0];
  for (const width of WIDTHS.slice(1)) {
    const count = Math.ceil(end / width.milliseconds) - Math.floor(start / width.milliseconds);
    if (count > buckets) break;
    found = width;
  }
  return found?.span;
}

function momentOfConstant(value: Typed): number | undefined {
  const written = textOfConstant(value);
  const moment = written === undefined ? undefined : momentInDateField(written);
  if (moment !== undefined) return toEpochMs(moment);
  const { expr } = value;
  return expr.kind === 'literal' && expr.type === 'datetime'
    ? Number((BigInt(String(expr.value)) - 621_355_968_000_000_000n) / 10_000n)
    : undefined;
}
