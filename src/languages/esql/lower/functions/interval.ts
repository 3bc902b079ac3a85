import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call } from '../../../../ir/construct.ts';
import { familyText, isOf } from '../../types.ts';
import { spanArguments } from '../expressions/arithmetic.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import { type Typed, textOfConstant } from '../expressions/typed.ts';

/** A text such as `1 day` is an interval too. */
export function intervalOf(value: Typed, inner: Inner): Typed | undefined {
  if (value.constant?.kind === 'timespan') return value;
  const written = textOfConstant(value);
  if (written !== undefined) {
    const isPeriod = /(?:day|week|month|quarter|year|d|w|mo|q|yr|y)s?\s*$/i.test(written);
    return inner.converted(value, isPeriod ? 'date_period' : 'time_duration', value.span);
  }
  const params = { what: 'the interval', expected: familyText('timespan'), found: `of type ${value.type}` };
  inner.report(diagnostic('esql/wrong-type', params, value.span));
  return undefined;
}

export function truncated(moment: Typed, { constant }: Typed, span: Span, inner: Inner): Typed {
  if (constant?.kind !== 'timespan') return inner.failed(span);
  const type = isOf(moment.type, 'moment') ? moment.type : 'date';
  const value = coerced(moment, type, inner.context).expr;
  const made = call('esql.date-trunc', [value, ...spanArguments(constant.value)], span);
  return { expr: noted(made, span, 'null', inner.context), type, span };
}
