import type { Json } from '../base/json.ts';
import { parseTimeSpan } from '../values/date-time.ts';
import type { QueryColumn } from './found.ts';

const SECOND = 10_000_000n;
const DAY = 86_400n * SECOND;

/**
 * A cell of a result as its exact JSON form, whatever reads it: a decimal as text with its digits, a timespan as
 * `d.hh:mm:ss.fffffff`. Whole numbers are exact already, datetimes have seven digits, and what is no finite number is its name.
 */
export function exactCell(value: Json, type: QueryColumn['type']): Json {
  if (value === null) return value;
  if (type === 'decimal' && (typeof value === 'number' || typeof value === 'bigint')) return plainDigits(value);
  if (type !== 'timespan' || typeof value !== 'string') return value;
  const ticks = parseTimeSpan(value)?.ticks;
  return ticks === undefined ? value : wholeTimeSpan(ticks);
}

function wholeTimeSpan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const two = (number: bigint): string => number.toString().padStart(2, '0');
  const seconds = size / SECOND;
  const clock = [(seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(':');
  const fraction = (size % SECOND).toString().padStart(7, '0');
  return `${ticks < 0n ? '-' : ''}${size / DAY}.${clock}.${fraction}`;
}

/** The digits of a number without an exponent. */
function plainDigits(value: number | bigint): string {
  const text = value.toString();
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
