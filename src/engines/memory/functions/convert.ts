import { isJsonObject, type Json } from '../../../base/json.ts';
import type { ConvertFunction } from '../../../ir/functions/convert.ts';
import { fromEpochMs, parseTimeSpan } from '../../../values/date-time.ts';
import { momentOf } from '../../../values/moment.ts';
import { isNumberText } from '../../../values/number-text.ts';
import { displayText, textOf } from '../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import type { Implementation } from './implementation.ts';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

export const convertImplementations: Record<ConvertFunction, Implementation> = {
  'convert.string': ([value]) => displayText(value) ?? '',
  'convert.long': ([value]) => toLong(value),
  'convert.real': ([value]) => toReal(value),
  'convert.bool': ([value]) => toBool(value),
  'convert.datetime': ([value]) => toDateTime(value),
  'convert.timespan': ([value]) => {
    if (value instanceof TimeSpan) return value;
    return typeof value === 'string' ? (parseTimeSpan(value) ?? null) : null;
  },
  'convert.guid': ([value]) => {
    const text = textOf(value)
      ?.trim()
      .replace(/^\{(.*)\}$/, '$1')
      .toLowerCase();
    return text !== undefined && GUID.test(text) ? text : null;
  },
  'convert.dynamic': ([value]) => toDynamic(value),
};

function toLong(value: Value): bigint | null {
  if (typeof value === 'bigint') return inRange(value);
  if (typeof value === 'number') return Number.isFinite(value) ? inRange(BigInt(Math.trunc(value))) : null;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^[+-]?\d{1,20}$/.test(text)) return inRange(BigInt(text.replace(/^\+/, '')));
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt.asIntN(64, BigInt(text));
  return null;
}

function inRange(value: bigint): bigint | null {
  return value >= INT64_MIN && value <= INT64_MAX ? value : null;
}

function toReal(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return isNumberText(text) ? Number(text) : null;
}

function toBool(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value !== 0 && value !== 0n;
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

/** Smaller numbers than `momentOf` tells apart are seconds; those before 1970 are seconds down to this, else milliseconds. */
const SECONDS_LIMIT = 100_000_000_000;
/** The start of the year 1. */
const FIRST_MS = Date.parse('0001-01-01');

function toDateTime(value: Value): DateTime | null {
  if (value instanceof DateTime) return value;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return null;
  const ticks = momentOf(value);
  if (ticks !== undefined) return new DateTime(ticks);
  if (typeof value !== 'number') return null;
  const ms = Math.abs(value) < SECONDS_LIMIT ? value * 1000 : value;
  return ms >= FIRST_MS && ms < SECONDS_LIMIT * 1000 ? fromEpochMs(ms) : null;
}

function toDynamic(value: Value): Value {
  if (typeof value !== 'string') return value ?? null;
  const text = value.trim();
  if (!text.startsWith('{') && !text.startsWith('[')) return value;
  try {
    const parsed: Json = JSON.parse(text);
    return isJsonObject(parsed) || Array.isArray(parsed) ? parsed : value;
  } catch {
    return value;
  }
}
