import { parseDateTime, parseTimeSpan, TICKS_PER_SECOND } from '../../../../values/date-time.ts';
import { isNumberText } from '../../../../values/number-text.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';
import { dateTime } from './scalars.ts';

/** What `toint()`, `tolong()` and their like make of a value of any type, as Microsoft's engine does. */

const MOST_LONG = 9_223_372_036_854_775_807n;
const LEAST_LONG = -9_223_372_036_854_775_808n;
const MOST_INT = 2_147_483_647n;
const LEAST_INT = -2_147_483_648n;

function within(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}

export function toLong(value: Value): bigint | null {
  switch (typeof value) {
    case 'bigint':
      return BigInt.asIntN(64, value);
    case 'number':
      return Number.isFinite(value) ? within(BigInt(Math.trunc(value)), LEAST_LONG, MOST_LONG) : null;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string': {
      const text = value.trim();
      if (/^[+-]?\d{1,30}$/.test(text)) {
        const whole = BigInt(text.replace(/^\+/, ''));
        return whole === BigInt.asIntN(64, whole) ? whole : null;
      }
      return /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt.asIntN(64, BigInt(text)) : null;
    }
    default:
      return value instanceof DateTime || value instanceof TimeSpan ? value.ticks : null;
  }
}

export function toInt(value: Value): bigint | null {
  // Inside JSON a whole number may be a plain one.
  const isReal = typeof value === 'number' && !Number.isSafeInteger(value);
  if (isReal) return Number.isFinite(value) ? within(BigInt(Math.trunc(value)), LEAST_INT, MOST_INT) : null;
  const whole = toLong(value);
  if (whole === null) return null;
  const bits = BigInt.asIntN(32, whole);
  return typeof value === 'string' && bits !== whole ? null : bits;
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};

export function toReal(value: Value): number | null {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string': {
      const text = value.trim().toLowerCase();
      if (Object.hasOwn(SPECIAL, text)) return SPECIAL[text] ?? null;
      return isNumberText(text) ? Number(text) : null;
    }
    default:
      return value instanceof DateTime || value instanceof TimeSpan ? Number(value.ticks) : null;
  }
}

export function toBool(value: Value): boolean | null {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'string': {
      const text = value.toLowerCase();
      if (text === 'true' || text === 'false') return text === 'true';
      if (/^0x[0-9a-f]{1,16}$/.test(text)) return BigInt(text) !== 0n;
      return /^[+-]?\d{1,30}$/.test(text) ? BigInt(text.replace(/^\+/, '')) !== 0n : null;
    }
    default:
      return null;
  }
}

/** Ticks of the units in which literals are written; longer names come first. */
const UNITS: readonly (readonly [RegExp, bigint])[] = [
  [/^(?:microseconds?)$/, 10n],
  [/^(?:milliseconds?|ms)$/, 10_000n],
  [/^(?:ticks?)$/, 1n],
  [/^(?:days?|d)$/, 86_400n * TICKS_PER_SECOND],
  [/^(?:hours?|hrs?|h)$/, 3600n * TICKS_PER_SECOND],
  [/^(?:minutes?|min|m)$/, 60n * TICKS_PER_SECOND],
  [/^(?:seconds?|sec|s)$/, TICKS_PER_SECOND],
];

export function toTimeSpan(value: Value): TimeSpan | null {
  if (value instanceof TimeSpan) return value;
  if (typeof value === 'bigint') return new TimeSpan(value);
  if (typeof value === 'number') return Number.isFinite(value) ? new TimeSpan(BigInt(Math.trunc(value))) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const [, number = '', unit = ''] = /^([+-]?\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text) ?? [];
  const size = UNITS.find(([name]) => name.test(unit))?.[1];
  if (size !== undefined) return new TimeSpan(BigInt(Math.round(Number(number) * Number(size))));
  const padded = text.replace(/(^|[-.:])(\d)(?=:|$|\.)/g, '$10$2');
  return parseTimeSpan(text) ?? parseTimeSpan(padded) ?? null;
}

const MONTH_FIRST = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(.*)$/;

export function toDateTime(value: Value): DateTime | null {
  if (value instanceof DateTime) return value;
  if (typeof value === 'bigint') return dateTime(value);
  if (typeof value === 'number') return Number.isFinite(value) ? dateTime(BigInt(Math.trunc(value))) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const [, month = '', day = '', year = '', rest = ''] = MONTH_FIRST.exec(text) ?? [];
  return parseDateTime(year === '' ? text : `${year}-${month}-${day}${rest}`) ?? null;
}
