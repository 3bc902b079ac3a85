import { DateTime, TimeSpan } from './value.ts';

/** Ticks of 100 ns from 0001-01-01 to 1970-01-01. */
export const EPOCH_TICKS: bigint = 621_355_968_000_000_000n;
const TICKS_PER_MS = 10_000n;
export const TICKS_PER_SECOND: bigint = 10_000_000n;
export const TICKS_PER_DAY: bigint = 86_400n * TICKS_PER_SECOND;
/** The last tick of the year 9999. */
export const MAX_TICKS: bigint = 3_155_378_975_999_999_999n;

export function fromEpochMs(ms: number): DateTime {
  return new DateTime(EPOCH_TICKS + BigInt(Math.floor(ms)) * TICKS_PER_MS);
}

/** The moment of a number of ms that may be any; undefined where it is none of the years 1 to 9999. */
export function momentOfMs(ms: number): DateTime | undefined {
  if (!Number.isFinite(ms)) return undefined;
  const moment = fromEpochMs(ms);
  return moment.ticks < 0n || moment.ticks > MAX_TICKS ? undefined : moment;
}

export function toEpochMs(moment: DateTime): number {
  return Number((moment.ticks - EPOCH_TICKS) / TICKS_PER_MS);
}

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

/**
 * A moment from ISO 8601 text, to 100 ns (`2025-12-01T00:01:26.2086438Z`, `2025-12-01 00:01`, with or without zone; without
 * one it is UTC). Undefined for anything else and for dates that do not exist.
 */
export function parseDateTime(text: string): DateTime | undefined {
  const found = ISO.exec(text.trim());
  if (found === null) return undefined;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const [hour, minute, second] = [Number(found[4] ?? 0), Number(found[5] ?? 0), Number(found[6] ?? 0)];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = secondsOf(year, month, day) + hour * 3600 + (minute - offsetMinutes(found[8])) * 60 + second;
  const fraction = Number((found[7] ?? '').padEnd(7, '0').slice(0, 7));
  const ticks = EPOCH_TICKS + BigInt(seconds) * TICKS_PER_SECOND + BigInt(fraction);
  return ticks < 0n || ticks > MAX_TICKS ? undefined : new DateTime(ticks);
}

/** `2025-12-01T00:01:26.2086438Z`, always with seven digits, as Kusto prints it. */
export function formatDateTime(moment: DateTime): string {
  const ms = Number((moment.ticks - EPOCH_TICKS - mod(moment.ticks, TICKS_PER_MS)) / TICKS_PER_MS);
  const fraction = mod(moment.ticks, TICKS_PER_SECOND).toString().padStart(7, '0');
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction}Z`;
}

const SPAN = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/;

/** A duration from `[-][d.]hh:mm[:ss[.fffffff]]`, or undefined. */
export function parseTimeSpan(text: string): TimeSpan | undefined {
  const found = SPAN.exec(text.trim());
  if (found === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = found;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const ticks = whole * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0'));
  return new TimeSpan(sign === '-' ? -ticks : ticks);
}

/** `[-][d.]hh:mm:ss[.fffffff]`, as Kusto prints it. */
export function formatTimeSpan(span: TimeSpan): string {
  const size = span.ticks < 0n ? -span.ticks : span.ticks;
  const seconds = size / TICKS_PER_SECOND;
  const fraction = size % TICKS_PER_SECOND;
  const two = (value: bigint): string => value.toString().padStart(2, '0');
  const days = seconds / 86_400n;
  const clock = `${two((seconds / 3600n) % 24n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const rest = fraction === 0n ? '' : `.${fraction.toString().padStart(7, '0')}`;
  return `${span.ticks < 0n ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock}${rest}`;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The non-negative remainder. */
export function mod(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

/** The start of a day, in seconds since 1970. */
function secondsOf(year: number, month: number, day: number): number {
  // `Date.UTC` takes a year below 100 for one of the last century.
  if (year >= 100) return Date.UTC(year, month - 1, day) / 1000;
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000;
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}
