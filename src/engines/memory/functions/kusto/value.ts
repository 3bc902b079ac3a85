import type { KustoValueFunction } from '../../../../ir/functions/kusto/value.ts';
import { compileTerm } from '../../../../patterns/term.ts';
import { orderOf, same } from '../../../../values/compare.ts';
import { mod, parseDateTime, parseTimeSpan } from '../../../../values/date-time.ts';
import { isNumberText } from '../../../../values/number-text.ts';
import { displayText } from '../../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { toBool, toDateTime, toInt, toLong, toReal, toTimeSpan } from './conversions.ts';
import { arrayIn, bagIn, dateTime, isNumeric, regexOf, textIn, wholeIn } from './scalars.ts';

export const kustoValueImplementations: Record<KustoValueFunction, Implementation> = {
  'kusto.now': (_args, clock) => clock.now,
  'kusto.add': ([a, b]) => add(a, b),
  'kusto.subtract': ([a, b]) => subtract(a, b),
  'kusto.multiply': ([a, b]) => multiply(a, b),
  'kusto.divide': ([a, b]) => divide(a, b),
  'kusto.modulo': ([a, b]) => modulo(a, b),
  'kusto.negate': ([a]) => {
    if (typeof a === 'bigint') return BigInt.asIntN(64, -a);
    if (a instanceof TimeSpan) return new TimeSpan(-a.ticks);
    return typeof a === 'number' ? -a : null;
  },
  'kusto.number': ([a]) => numberOf(a),
  'kusto.moment': ([a]) => {
    if (a instanceof DateTime || a instanceof TimeSpan) return a;
    return typeof a === 'string' ? (parseTimeSpan(a) ?? parseDateTime(a) ?? null) : null;
  },
  'kusto.real-text': ([a]) => realText(a),
  'kusto.member': ([target, key]) => member(target, key),
  'kusto.in': ([subject, ...items]) =>
    flat(items).some((item) => same(subject ?? null, item ?? null) || sameText(subject, item)),
  'kusto.in-ignore-case': ([subject, ...items]) => {
    const wanted = textIn(subject).toLowerCase();
    return flat(items).some((item) => textIn(item).toLowerCase() === wanted);
  },
  'kusto.has-any': ([subject, ...items]) =>
    flat(items).some((item) => has(textIn(subject), textIn(item), 'both', true)),
  'kusto.has-all': ([subject, ...items]) =>
    flat(items).every((item) => has(textIn(subject), textIn(item), 'both', true)),
  'kusto.text-equals': (args) => onTexts(args, (text, needle) => text === needle),
  'kusto.text-has': ([text, needle, collation, ends]) =>
    has(textIn(text), textIn(needle), ends === 'start' || ends === 'end' ? ends : 'both', collation === 'ignore-case'),
  'kusto.text-contains': (args) => onTexts(args, (text, needle) => text.includes(needle)),
  'kusto.text-starts': (args) => onTexts(args, (text, needle) => text.startsWith(needle)),
  'kusto.text-ends': (args) => onTexts(args, (text, needle) => text.endsWith(needle)),
  'kusto.text-regex': ([text, pattern]) => regexOf(textIn(pattern))?.test(textIn(text)) ?? null,
  'kusto.coalesce': (args) => args.find((arg) => (arg ?? null) !== null && arg !== '') ?? args.at(-1),
  'kusto.min-of': (args) => extreme(args, -1),
  'kusto.max-of': (args) => extreme(args, 1),
  'kusto.bin': ([value, size]) => bin(value, size, undefined),
  'kusto.bin-at': ([value, size, from]) => bin(value, size, from),
  'kusto.type-name': ([value]) => typeName(value),
  'kusto.to-int': ([value]) => toInt(value),
  'kusto.to-long': ([value]) => toLong(value),
  'kusto.to-real': ([value]) => toReal(value),
  'kusto.to-bool': ([value]) => toBool(value),
  'kusto.to-timespan': ([value]) => toTimeSpan(value),
  'kusto.to-guid': ([value]) => {
    const digits = textIn(value).trim().replace(/[-{}]/g, '').toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(digits)) return null;
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
  'kusto.to-datetime': ([value]) => toDateTime(value),
  'kusto.ticks': ([value]) => (value instanceof DateTime || value instanceof TimeSpan ? value.ticks : null),
  'kusto.from-ticks': ([ticks, type]) => {
    if (!isNumeric(ticks) || (typeof ticks === 'number' && !Number.isFinite(ticks))) return null;
    const whole = typeof ticks === 'bigint' ? ticks : BigInt(Math.trunc(ticks));
    return type === 'datetime' ? dateTime(whole) : new TimeSpan(whole);
  },
  'kusto.array-take': ([array, count]) => arrayIn(array)?.slice(0, Math.max(0, wholeIn(count) ?? 0)) ?? null,
};

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function add(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return wrap(a + b);
  if (isNumeric(a) && isNumeric(b)) return Number(a) + Number(b);
  if (a instanceof DateTime && b instanceof TimeSpan) return dateTime(a.ticks + b.ticks);
  if (a instanceof TimeSpan && b instanceof DateTime) return dateTime(a.ticks + b.ticks);
  return a instanceof TimeSpan && b instanceof TimeSpan ? new TimeSpan(a.ticks + b.ticks) : null;
}

function subtract(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return wrap(a - b);
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  if (a instanceof DateTime && b instanceof TimeSpan) return dateTime(a.ticks - b.ticks);
  if (a instanceof DateTime && b instanceof DateTime) return new TimeSpan(a.ticks - b.ticks);
  return a instanceof TimeSpan && b instanceof TimeSpan ? new TimeSpan(a.ticks - b.ticks) : null;
}

function multiply(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return wrap(a * b);
  if (isNumeric(a) && isNumeric(b)) return Number(a) * Number(b);
  if (a instanceof TimeSpan && isNumeric(b)) return scale(a, b);
  return b instanceof TimeSpan && isNumeric(a) ? scale(b, a) : null;
}

function scale(span: TimeSpan, factor: number | bigint): TimeSpan | null {
  if (typeof factor === 'bigint') return new TimeSpan(span.ticks * factor);
  const ticks = Number(span.ticks) * factor;
  return Number.isFinite(ticks) ? new TimeSpan(BigInt(Math.round(ticks))) : null;
}

function divide(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? null : wrap(a / b);
  if (isNumeric(a) && isNumeric(b)) return Number(a) / Number(b);
  if (b instanceof TimeSpan) {
    if (!(a instanceof TimeSpan || a instanceof DateTime) || b.ticks === 0n) return null;
    return Number(a.ticks) / Number(b.ticks);
  }
  if (!(a instanceof TimeSpan) || !isNumeric(b) || Number(b) === 0) return null;
  return typeof b === 'bigint' ? new TimeSpan(a.ticks / b) : scale(a, 1 / b);
}

/** Kusto's remainder is never negative. */
function modulo(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? null : mod(a, b < 0n ? -b : b);
  if (isNumeric(a) && isNumeric(b)) {
    const by = Math.abs(Number(b));
    return by === 0 ? null : ((Number(a) % by) + by) % by;
  }
  if (!(a instanceof TimeSpan) || !(b instanceof TimeSpan) || b.ticks === 0n) return null;
  return new TimeSpan(mod(a.ticks, b.ticks < 0n ? -b.ticks : b.ticks));
}

function numberOf(value: Value): number | bigint | null {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^[+-]?\d{1,18}$/.test(text)) return BigInt(text.replace(/^\+/, ''));
  return isNumberText(text) ? Number(text) : null;
}

function realText(value: Value): string {
  if (typeof value !== 'number') return textIn(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

function member(target: Value, key: Value): Value {
  const array = arrayIn(target);
  if (array !== undefined) {
    if (!isNumeric(key)) return null;
    const index = Number(key);
    return array[index < 0 ? array.length + index : index] ?? null;
  }
  const bag = bagIn(target);
  if (bag === undefined || typeof key !== 'string' || !Object.hasOwn(bag, key)) return null;
  return bag[key] ?? null;
}

function flat(items: readonly Value[]): readonly Value[] {
  return items.flatMap((item) => arrayIn(item) ?? [item]);
}

/** A number beside text is compared as text: `in` of a text column and numbers. */
function sameText(a: Value, b: Value): boolean {
  if ((typeof a === 'string') === (typeof b === 'string')) return false;
  return displayText(a) === displayText(b) && displayText(a) !== undefined;
}

function has(text: string, needle: string, ends: 'both' | 'start' | 'end', ignoreCase: boolean): boolean {
  return needle === '' || compileTerm(needle, ends, ignoreCase)(text);
}

function onTexts(
  [text, needle, collation]: readonly Value[],
  test: (text: string, needle: string) => boolean,
): boolean {
  const fold = collation === 'ignore-case';
  const one = textIn(text);
  const two = textIn(needle);
  return fold ? test(one.toLowerCase(), two.toLowerCase()) : test(one, two);
}

function extreme(args: readonly Value[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const arg of args) {
    if (arg === null || arg === undefined) continue;
    if (typeof arg === 'number' && Number.isNaN(arg)) return arg;
    if (best === null || Math.sign(orderOf(arg, best) ?? 0) === sign) best = arg;
  }
  // Mixed numbers give the wider type.
  if (typeof best === 'bigint' && args.some((arg) => typeof arg === 'number')) return Number(best);
  return best;
}

function bin(value: Value, size: Value, from: Value): Value {
  if (isNumeric(value) && isNumeric(size)) {
    const start = isNumeric(from) ? from : 0n;
    if (typeof value === 'bigint' && typeof size === 'bigint' && typeof start === 'bigint') {
      return size <= 0n ? null : value - mod(value - start, size);
    }
    const by = Number(size);
    return by > 0 ? Math.floor((Number(value) - Number(start)) / by) * by + Number(start) : null;
  }
  const step = size instanceof TimeSpan || size instanceof DateTime ? size.ticks : undefined;
  if (step === undefined || step <= 0n) return null;
  const start = from instanceof DateTime || from instanceof TimeSpan ? from.ticks : 0n;
  if (value instanceof DateTime) return dateTime(value.ticks - mod(value.ticks - start, step));
  return value instanceof TimeSpan ? new TimeSpan(value.ticks - mod(value.ticks - start, step)) : null;
}

function typeName(value: Value): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof DateTime) return 'datetime';
  if (value instanceof TimeSpan) return 'timespan';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'long';
    case 'number':
      // Whole numbers beyond these are `bigint` where they were written without a point.
      return Number.isSafeInteger(value) ? 'long' : 'double';
    default:
      return 'dictionary';
  }
}
