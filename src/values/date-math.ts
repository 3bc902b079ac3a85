import { EPOCH_TICKS, MAX_TICKS, momentOfMs, parseDateTime } from './date-time.ts';
import { DateTime, type Value } from './value.ts';

/**
 * Dates and date math as Elasticsearch reads them (`strict_date_optional_time||epoch_millis`): a moment written as far as
 * one likes, epoch milliseconds, `now-30d/d`, `2024-01-01||+1M/M`.
 */
export interface DateMath {
  readonly anchor: 'now' | WrittenDate;
  readonly steps: readonly DateStep[];
}

/** A written date: the first and the last millisecond of the year, day, minute, … that it names, since the epoch. */
interface WrittenDate {
  readonly first: number;
  readonly last: number;
  /** Ticks of 100 ns after the first millisecond, and after the last one, where it is written so far. */
  readonly ticks?: number;
}

const TICKS_PER_MS = 10_000n;

interface DateStep {
  readonly kind: 'add' | 'round';
  readonly amount: number;
  readonly unit: DateUnit;
}

type DateUnit = 'y' | 'M' | 'w' | 'd' | 'h' | 'm' | 's';

/** Reads date math; undefined when the text is none. */
export function parseDateMath(text: string): DateMath | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('now')) {
    const steps = parseSteps(trimmed.slice(3));
    return steps && { anchor: 'now', steps };
  }
  const bar = trimmed.indexOf('||');
  const anchor = parseWrittenDate(bar === -1 ? trimmed : trimmed.slice(0, bar));
  const steps = bar === -1 ? [] : parseSteps(trimmed.slice(bar + 2));
  return anchor && steps && { anchor, steps };
}

/** The moment in epoch milliseconds; with `roundUp` the last millisecond of what the text names, else the first. */
export function resolveDateMath(math: DateMath, now: number, roundUp: boolean): number {
  const { anchor, steps } = math;
  let moment = now;
  // With steps to go, a written anchor stands for its first moment.
  if (anchor !== 'now') moment = roundUp && steps.length === 0 ? anchor.last : anchor.first;
  for (const step of steps) {
    moment = step.kind === 'add' ? add(moment, step.amount, step.unit) : round(moment, step.unit, roundUp);
  }
  return moment;
}

/**
 * As `resolveDateMath`, in ticks: what names no more than a millisecond is all of its ticks, so that `date_nanos` fields, and
 * logs that are finer than an index of dates, are compared as they are written.
 */
export function resolveDateTicks(math: DateMath, now: number, roundUp: boolean): bigint {
  const { anchor, steps } = math;
  const ms = EPOCH_TICKS + BigInt(Math.floor(resolveDateMath(math, now, roundUp))) * TICKS_PER_MS;
  if (anchor !== 'now' && steps.length === 0 && anchor.ticks !== undefined) return ms + BigInt(anchor.ticks);
  return roundUp ? ms + TICKS_PER_MS - 1n : ms;
}

/**
 * The moment that a value of a date field is: a written date stands for its first moment, a number is one of milliseconds since
 * 1970. Undefined when it is none, or none of the years 1 to 9999.
 */
export function momentInDateField(value: Value): DateTime | undefined {
  if (value instanceof DateTime) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return momentOfMs(Number(value));
  const ticks = typeof value === 'string' ? writtenTicks(value) : undefined;
  return ticks === undefined || ticks < 0n || ticks > MAX_TICKS ? undefined : new DateTime(ticks);
}

function writtenTicks(text: string): bigint | undefined {
  const math = parseDateMath(text);
  if (math === undefined || math.anchor === 'now') return parseDateTime(text)?.ticks;
  return resolveDateTicks(math, 0, false);
}

const WRITTEN =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})?(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;

function parseWrittenDate(text: string): WrittenDate | undefined {
  const found = WRITTEN.exec(text);
  if (found === null) {
    if (!/^-?\d{1,15}$/.test(text)) return undefined;
    return { first: Number(text), last: Number(text) };
  }
  const [, year = '', month, day, hour, minute, second, fraction, zone] = found;
  const numbers = [month, day, hour, minute, second].map((part) => (part === undefined ? undefined : Number(part)));
  const [mm = 1, dd = 1, hh = 0, mi = 0, ss = 0] = numbers;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), mm - 1, dd);
  date.setUTCHours(hh, mi, ss);
  const exists = date.getUTCMonth() === mm - 1 && date.getUTCDate() === dd && hh < 24 && mi < 60 && ss < 60;
  if (!exists) return undefined;
  const first = date.getTime() - offsetMs(zone);
  if (fraction !== undefined) {
    const ms = first + Number(fraction.padEnd(3, '0').slice(0, 3));
    if (fraction.length <= 3) return { first: ms, last: ms };
    return { first: ms, last: ms, ticks: Number(fraction.slice(3, 7).padEnd(4, '0')) };
  }
  const depth = numbers.indexOf(undefined);
  const units: readonly DateUnit[] = ['y', 'M', 'd', 'h', 'm', 's'];
  const unit = units[depth === -1 ? 5 : depth] ?? 's';
  return { first, last: add(first, 1, unit) - 1 };
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function parseSteps(text: string): DateStep[] | undefined {
  const steps: DateStep[] = [];
  const step = /([+-])(\d{0,9})([yMwdhHms])|\/([yMwdhHms])/y;
  let at = 0;
  while (at < text.length) {
    step.lastIndex = at;
    const found = step.exec(text);
    if (found === null) return undefined;
    const [whole, sign, digits = '', addUnit, roundUnit] = found;
    at += whole.length;
    const amount = (digits === '' ? 1 : Number(digits)) * (sign === '-' ? -1 : 1);
    if (roundUnit !== undefined) steps.push({ kind: 'round', amount: 0, unit: unitOf(roundUnit) });
    else steps.push({ kind: 'add', amount, unit: unitOf(addUnit ?? '') });
  }
  return steps;
}

function unitOf(letter: string): DateUnit {
  switch (letter) {
    case 'y':
    case 'M':
    case 'w':
    case 'd':
    case 'm':
    case 's':
      return letter;
    default:
      return 'h';
  }
}

const FIXED_MS: Readonly<Record<'w' | 'd' | 'h' | 'm' | 's', number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
};

function add(moment: number, amount: number, unit: DateUnit): number {
  if (unit !== 'y' && unit !== 'M') return moment + amount * FIXED_MS[unit];
  const date = new Date(moment);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + amount * (unit === 'y' ? 12 : 1);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  const lastDay = new Date(Date.UTC(2000, month + 1, 0));
  lastDay.setUTCFullYear(year, month + 1, 0);
  date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay.getUTCDate()));
  return date.getTime();
}

/** To the first, or the last, millisecond of the unit; weeks start on Monday. */
function round(moment: number, unit: DateUnit, up: boolean): number {
  const date = new Date(moment);
  let first: number;
  if (unit === 'y' || unit === 'M') {
    date.setUTCMonth(unit === 'y' ? 0 : date.getUTCMonth(), 1);
    date.setUTCHours(0, 0, 0, 0);
    first = date.getTime();
  } else if (unit === 'w') {
    date.setUTCHours(0, 0, 0, 0);
    first = date.getTime() - ((date.getUTCDay() + 6) % 7) * FIXED_MS.d;
  } else {
    first = Math.floor(moment / FIXED_MS[unit]) * FIXED_MS[unit];
  }
  return up ? add(first, 1, unit) - 1 : first;
}
