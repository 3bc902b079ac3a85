import { EPOCH_TICKS, MAX_TICKS, parseDateTime } from './date-time.ts';
import { textOf } from './text-of.ts';
import { DateTime, type Value } from './value.ts';

/**
 * The moment that a value of a log's time field stands for, in ticks: a date, its text, or a number (or its text) of
 * seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size (between 1973 and 5138 each has its own
 * number of digits). Of several values the first. Undefined when it is none.
 */
export function momentOf(value: Value): bigint | undefined {
  if (value instanceof DateTime) return value.ticks;
  if (Array.isArray(value)) return momentOf(value[0]);
  const text = textOf(value);
  if (text === undefined) return undefined;
  const number = /^\s*(\d{9,20})(?:\.(\d+))?\s*$/.exec(text);
  return number === null ? parseDateTime(text)?.ticks : sinceEpoch(number[1] ?? '', number[2] ?? '');
}

/** Ticks from whole digits and the digits behind the point. */
function sinceEpoch(whole: string, fraction: string): bigint | undefined {
  // 9 to 11 digits are seconds, of which a tick is the 7th decimal place; every three more digits are one unit finer.
  const finer = Math.min(3, Math.max(0, Math.ceil((whole.length - 11) / 3)));
  const places = 7 - 3 * finer;
  const digits =
    places >= 0 ? whole + fraction.slice(0, places).padEnd(places, '0') : whole.slice(0, whole.length + places);
  const ticks = EPOCH_TICKS + BigInt(digits);
  return ticks > MAX_TICKS ? undefined : ticks;
}
