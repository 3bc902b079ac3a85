import { stringifyJson } from '../../../../base/json.ts';
import type { EsqlConvertFunction } from '../../../../ir/functions/esql/convert.ts';
import { parseAddress } from '../../../../patterns/address.ts';
import { momentInDateField } from '../../../../values/date-math.ts';
import { EPOCH_TICKS, momentOfMs, toEpochMs } from '../../../../values/date-time.ts';
import { isNumberText } from '../../../../values/number-text.ts';
import { textOf, toJson } from '../../../../values/text-of.ts';
import { DateTime, type Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { canonicalAddress, dateText } from './field.ts';
import { each, illegal, invalid, textIn } from './multi-value.ts';
import { coordinates } from './net.ts';
import { BOUNDS } from './number.ts';

/** A number as Java writes it: `1.0`, `1.0E10`. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '', exponent = '0'] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** The text of a value of a type. */
function stringOf(value: Value, type: string): Value {
  if (value instanceof DateTime) return dateText(value, type);
  if (typeof value === 'number') return javaDouble(value);
  return textOf(value) ?? stringifyJson(toJson(value));
}

/** A whole number of a type: texts and fractions are rounded, moments are milliseconds. */
function wholeOf(value: Value, type: string, radix: Value, clock: Clock): Value {
  const number = numberFor(value, radix, clock);
  if (number === null) return null;
  const whole = typeof number === 'bigint' ? number : Number.isFinite(number) ? BigInt(Math.round(number)) : undefined;
  const [least, most] = BOUNDS[type] ?? [0n, 0n];
  if (whole === undefined || whole < least || whole > most) {
    return invalid(clock, `[${typeof number === 'number' ? javaDouble(number) : number}] out of [${type}] range`);
  }
  return whole;
}

function numberFor(value: Value, radix: Value, clock: Clock): number | bigint | null {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof DateTime) return BigInt(toEpochMs(value));
  const text = textIn(value);
  if (typeof radix === 'bigint' && radix !== 10n) return inRadix(text, Number(radix)) ?? noNumber(text, clock);
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  const plain = text.trim().replace(/[dDfF]$/, '');
  return isNumberText(plain) ? Number(plain) : noNumber(text, clock);
}

function inRadix(text: string, radix: number): bigint | undefined {
  const digits = radix === 16 ? text.replace(/^([+-]?)0x/i, '$1') : text;
  const found = /^([+-]?)([0-9a-z]+)$/i.exec(digits);
  if (found === null || radix < 2 || radix > 36) return undefined;
  let value = 0n;
  for (const digit of found[2] ?? '') {
    const worth = Number.parseInt(digit, radix);
    if (Number.isNaN(worth)) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return found[1] === '-' ? -value : value;
}

function noNumber(text: string, clock: Clock): null {
  return invalid(clock, `Cannot parse number [${text}]`);
}

function momentFor(value: Value, clock: Clock): Value {
  if (value instanceof DateTime) return value;
  const [, most] = BOUNDS['long'] ?? [];
  if (typeof value === 'bigint' && most !== undefined && value > most) {
    return invalid(clock, `[${value}] out of [long] range`);
  }
  if (typeof value === 'bigint' || typeof value === 'number') {
    return momentOfMs(Number(value)) ?? illegal(clock, `[${value}] is outside of the years 1 to 9999`);
  }
  const text = textIn(value);
  const moment = /^\d{4}(?:-\d\d(?:-\d\d(?:T.*)?)?)?$/.test(text) ? momentInDateField(text) : undefined;
  return moment ?? illegal(clock, `failed to parse date field [${text}] with format [strict_date_optional_time]`);
}

function nanosFor(value: Value, clock: Clock): Value {
  if (typeof value !== 'bigint') return momentFor(value, clock);
  return new DateTime(EPOCH_TICKS + value / 100n);
}

/** An address; leading zeros in its parts are refused unless an option says what they are. */
function addressFor(value: Value, zeros: Value, clock: Clock): Value {
  const text = textIn(value);
  const isPadded = /(?:^|\.)0\d/.test(text) && !text.includes(':');
  const read = (part: string): string => String(Number.parseInt(part, zeros === 'octal' ? 8 : 10));
  const plain = isPadded && (zeros === 'octal' || zeros === 'decimal') ? text.split('.').map(read).join('.') : text;
  const address = isPadded && plain === text ? null : canonicalAddress(plain);
  return address === null || parseAddress(plain) === undefined
    ? illegal(clock, `'${text}' is not an IP string literal.`)
    : address;
}

/** Well-known text of a point, with its numbers as Java writes them. */
function pointFor(value: Value, clock: Clock): Value {
  const found = /^\s*POINT\s*\(\s*([+-]?[\d.eE+-]+)\s+([+-]?[\d.eE+-]+)\s*\)\s*$/i.exec(textIn(value));
  const [x, y] = [Number(found?.[1] ?? 'x'), Number(found?.[2] ?? 'x')];
  if (Number.isNaN(x) || Number.isNaN(y)) return illegal(clock, `Failed to parse WKT: ${textIn(value)}`);
  return `POINT (${javaDouble(x)} ${javaDouble(y)})`;
}

export const esqlConvertImplementations: Record<EsqlConvertFunction, Implementation> = {
  'esql.to-boolean': each((value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0;
    return textIn(value).toLowerCase() === 'true';
  }),
  'esql.to-whole': each((value, [type, radix], clock) => wholeOf(value, textIn(type), radix ?? null, clock)),
  'esql.to-nanoseconds': each((value) => (value instanceof DateTime ? (value.ticks - EPOCH_TICKS) * 100n : null)),
  'esql.to-double': each((value, _, clock) => {
    const number = numberFor(value, null, clock);
    return number === null ? null : Number(number);
  }),
  'esql.to-string': each((value, [type]) => stringOf(value, textIn(type))),
  'esql.to-ip': each((value, [zeros], clock) => addressFor(value, zeros ?? null, clock)),
  'esql.to-date': each((value, _, clock) => momentFor(value, clock)),
  'esql.to-date-nanos': each((value, _, clock) => nanosFor(value, clock)),
  'esql.to-point': each((value, _, clock) => pointFor(value, clock)),
  'esql.coordinate': each((value, [axis]) => {
    const found = coordinates(textIn(value));
    if (found === undefined) return null;
    return axis === 'x' ? found.x : found.y;
  }),
};
