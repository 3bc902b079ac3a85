import { EPOCH_TICKS, formatDateTime, MAX_TICKS, parseDateTime } from './date-time.ts';
import { displayText, textOf } from './text-of.ts';
import { DateTime, type Value } from './value.ts';

/** When a record says that it happened. */
export type EventTime =
  | { readonly kind: 'moment'; readonly at: DateTime; readonly text: string }
  /** There is a value, and it is not a time. */
  | { readonly kind: 'unreadable'; readonly text: string }
  | { readonly kind: 'missing' };

const MISSING: EventTime = { kind: 'missing' };

/**
 * Reads a time as logs write them; the one reader of event times. `text` is how the time is shown: as it was written where
 * that is ISO 8601 with a `T`, so that a match can be found again in its log, else in that form.
 */
export function readEventTime(value: Value): EventTime {
  const written = displayText(Array.isArray(value) ? value[0] : value);
  if (written === undefined || written.trim() === '') return MISSING;
  const ticks = momentOf(value);
  if (ticks === undefined) return { kind: 'unreadable', text: written };
  const at = new DateTime(ticks);
  return { kind: 'moment', at, text: ISO_START.test(written) ? written : formatDateTime(at) };
}

const ISO_START = /^\d{4}-\d{1,2}-\d{1,2}T/;

/**
 * The moment that a value stands for, in ticks: a date, its text (ISO 8601, with `/` for `-` too; a time without zone is
 * UTC; RFC 5322 as mail and HTTP have it; the common log format of web servers; `/Date(…)/` as .NET writes it), or a
 * number (or its text) of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size (between 1973
 * and 5138 each has its own number of digits). Of several values the first. Undefined when it is none.
 */
export function momentOf(value: Value): bigint | undefined {
  if (value instanceof DateTime) return value.ticks;
  if (Array.isArray(value)) return momentOf(value[0]);
  const text = textOf(value)?.trim();
  if (text === undefined) return undefined;
  const number = /^(\d{9,20})(?:\.(\d+))?$/.exec(text);
  if (number !== null) return sinceEpoch(number[1] ?? '', number[2] ?? '');
  return parseDateTime(text)?.ticks ?? otherSpelling(text);
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const SLASHED = /^(\d{4})\/(\d{1,2})\/(\d{1,2})(.*)$/;
const NAMED_MONTH =
  /^(?:[a-z]{3},\s*)?(\d{1,2})[ /-]([a-z]{3})[ /-](\d{4})[ :](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const DOT_NET = /^\\?\/Date\((\d{9,16})(?:[+-]\d{4})?\)\\?\/$/;

/** Spellings that no query language knows and logs have. */
function otherSpelling(text: string): bigint | undefined {
  const slashed = SLASHED.exec(text);
  if (slashed !== null) return parseDateTime(`${slashed[1]}-${slashed[2]}-${slashed[3]}${slashed[4]}`)?.ticks;
  const named = NAMED_MONTH.exec(text);
  if (named !== null) {
    const month = MONTHS.indexOf((named[2] ?? '').toLowerCase()) + 1;
    return month === 0
      ? undefined
      : parseDateTime(`${named[3]}-${month}-${named[1]}T${named[4]}${named[5] ?? ''}`)?.ticks;
  }
  const milliseconds = DOT_NET.exec(text)?.[1];
  return milliseconds === undefined ? undefined : within(EPOCH_TICKS + BigInt(milliseconds) * 10_000n);
}

/** Ticks from whole digits and the digits behind the point. */
function sinceEpoch(whole: string, fraction: string): bigint | undefined {
  // 9 to 11 digits are seconds, of which a tick is the 7th decimal place; every three more digits are one unit finer.
  const finer = Math.min(3, Math.max(0, Math.ceil((whole.length - 11) / 3)));
  const places = 7 - 3 * finer;
  const digits =
    places >= 0 ? whole + fraction.slice(0, places).padEnd(places, '0') : whole.slice(0, whole.length + places);
  return within(EPOCH_TICKS + BigInt(digits));
}

function within(ticks: bigint): bigint | undefined {
  return ticks > MAX_TICKS ? undefined : ticks;
}
