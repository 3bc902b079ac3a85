import { stripEnd } from '../../../../base/strip.ts';
import type { KustoTimeFunction } from '../../../../ir/functions/kusto/time.ts';
import {
  daysInMonth,
  EPOCH_TICKS,
  MAX_TICKS,
  mod,
  TICKS_PER_DAY,
  TICKS_PER_SECOND,
} from '../../../../values/date-time.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { dateTime, isNumeric, textIn, wholeIn } from './scalars.ts';
import { toLocal, toUtc } from './time-zone.ts';

export const kustoTimeImplementations: Record<KustoTimeFunction, Implementation> = {
  'kusto.start-of': ([unit, moment, offset]) => startOf(textIn(unit), moment, wholeIn(offset) ?? 0),
  'kusto.end-of': ([unit, moment, offset]) => {
    const next = startOf(textIn(unit), moment, (wholeIn(offset) ?? 0) + 1);
    if (next !== null) return dateTime(next.ticks - 1n);
    return moment instanceof DateTime ? new DateTime(MAX_TICKS) : null;
  },
  'kusto.datetime-add': ([part, count, moment]) => {
    const times = wholeIn(count);
    return moment instanceof DateTime && times !== undefined
      ? addParts(textIn(part).toLowerCase(), times, moment)
      : null;
  },
  'kusto.datetime-diff': ([part, a, b]) => {
    if (!(a instanceof DateTime) || !(b instanceof DateTime)) return null;
    const unit = textIn(part).toLowerCase();
    const [one, two] = [boundary(unit, a), boundary(unit, b)];
    return one === undefined || two === undefined ? null : one - two;
  },
  'kusto.datetime-part': ([part, moment]) =>
    moment instanceof DateTime ? partOf(textIn(part).toLowerCase(), moment) : null,
  'kusto.day-of-week': ([moment]) =>
    moment instanceof DateTime ? new TimeSpan(mod(moment.ticks / TICKS_PER_DAY + 1n, 7n) * TICKS_PER_DAY) : null,
  'kusto.make-datetime': (args) => makeDateTime(args),
  'kusto.make-timespan': (args) => makeTimeSpan(args),
  'kusto.format-datetime': ([moment, format]) =>
    moment instanceof DateTime ? formatMoment(moment, textIn(format)) : null,
  'kusto.format-timespan': ([span, format]) => (span instanceof TimeSpan ? formatSpan(span, textIn(format)) : null),
  'kusto.unix-time': ([count, perSecond]) => {
    const units = wholeIn(perSecond) ?? 0;
    if (!isNumeric(count) || units <= 0) return null;
    if (typeof count === 'bigint') return dateTime(EPOCH_TICKS + (count * TICKS_PER_SECOND) / BigInt(units));
    const ticks = Math.round((count / units) * Number(TICKS_PER_SECOND));
    return Number.isFinite(ticks) ? dateTime(EPOCH_TICKS + BigInt(ticks)) : null;
  },
  'kusto.time-zone': ([direction, moment, zone]) => {
    if (!(moment instanceof DateTime)) return null;
    const shifted = direction === 'to-utc' ? toUtc(moment.ticks, textIn(zone)) : toLocal(moment.ticks, textIn(zone));
    return shifted === undefined ? null : dateTime(shifted);
  },
};

interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

function civil(moment: DateTime): Civil {
  const days = Number(moment.ticks / TICKS_PER_DAY - EPOCH_TICKS / TICKS_PER_DAY);
  const date = new Date(days * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The midnight of a day; months beyond 12 or below 1 count on into other years. Null outside the years 1 to 9999. */
function midnight(year: number, month: number, day: number): DateTime | null {
  const months = year * 12 + (month - 1);
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(months / 12), ((months % 12) + 12) % 12, day);
  const ms = date.getTime();
  return Number.isFinite(ms) ? dateTime(EPOCH_TICKS + BigInt(ms) * 10_000n) : null;
}

function startOf(unit: string, moment: Value, offset: number): DateTime | null {
  if (!(moment instanceof DateTime)) return null;
  const { year, month } = civil(moment);
  const day = moment.ticks - mod(moment.ticks, TICKS_PER_DAY);
  switch (unit) {
    case 'day':
      return dateTime(day + BigInt(offset) * TICKS_PER_DAY);
    case 'week':
      return dateTime(day - mod(day / TICKS_PER_DAY + 1n, 7n) * TICKS_PER_DAY + BigInt(offset) * 7n * TICKS_PER_DAY);
    case 'month':
      return midnight(year, month + offset, 1);
    default:
      return midnight(year + offset, 1, 1);
  }
}

/** Ticks of the parts that are always equally long; nanoseconds are finer than ticks and have their own way. */
const TICKS: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    week: 7n * TICKS_PER_DAY,
    day: TICKS_PER_DAY,
    hour: 3600n * TICKS_PER_SECOND,
    minute: 60n * TICKS_PER_SECOND,
    second: TICKS_PER_SECOND,
    millisecond: 10_000n,
    microsecond: 10n,
  }),
);

const MONTHS: ReadonlyMap<string, number> = new Map(Object.entries({ year: 12, quarter: 3, month: 1 }));

function addParts(part: string, count: number, moment: DateTime): DateTime | null {
  const months = MONTHS.get(part);
  if (months !== undefined) {
    const { year, month, day } = civil(moment);
    const first = midnight(year, month + months * count, 1);
    if (first === null) return null;
    const target = civil(first);
    // The 31st of a shorter month is its last day.
    const kept = Math.min(day, daysInMonth(target.year, target.month));
    return dateTime(first.ticks + BigInt(kept - 1) * TICKS_PER_DAY + mod(moment.ticks, TICKS_PER_DAY));
  }
  if (part === 'nanosecond') return dateTime(moment.ticks + BigInt(count) / 100n);
  const ticks = TICKS.get(part);
  return ticks === undefined ? null : dateTime(moment.ticks + BigInt(count) * ticks);
}

/** How many boundaries of a part lie before a moment. */
function boundary(part: string, moment: DateTime): bigint | undefined {
  const months = MONTHS.get(part);
  if (months !== undefined) {
    const { year, month } = civil(moment);
    return BigInt(Math.floor((year * 12 + month - 1) / months));
  }
  if (part === 'week') return (moment.ticks / TICKS_PER_DAY + 1n) / 7n;
  if (part === 'nanosecond') return moment.ticks * 100n;
  const ticks = TICKS.get(part);
  return ticks === undefined ? undefined : moment.ticks / ticks;
}

function partOf(part: string, moment: DateTime): bigint | null {
  const { year, month, day } = civil(moment);
  const within = (ticks: bigint, size: bigint): bigint => mod(moment.ticks, size) / ticks;
  switch (part) {
    case 'year':
      return BigInt(year);
    case 'quarter':
      return BigInt(Math.ceil(month / 3));
    case 'month':
      return BigInt(month);
    case 'week_of_year':
    case 'weekofyear':
    case 'week':
      return isoWeek(moment);
    case 'day':
      return BigInt(day);
    case 'dayofyear': {
      const start = midnight(year, 1, 1);
      return start === null ? null : (moment.ticks - start.ticks) / TICKS_PER_DAY + 1n;
    }
    case 'hour':
      return within(3600n * TICKS_PER_SECOND, TICKS_PER_DAY);
    case 'minute':
      return within(60n * TICKS_PER_SECOND, 3600n * TICKS_PER_SECOND);
    case 'second':
      return within(TICKS_PER_SECOND, 60n * TICKS_PER_SECOND);
    case 'millisecond':
      return within(10_000n, TICKS_PER_SECOND);
    case 'microsecond':
      return within(10n, TICKS_PER_SECOND);
    case 'nanosecond':
      return within(1n, TICKS_PER_SECOND) * 100n;
    default:
      return null;
  }
}

/** ISO 8601: the week of the year that holds the Thursday of the moment's week, from Monday. */
function isoWeek(moment: DateTime): bigint {
  const days = moment.ticks / TICKS_PER_DAY;
  const thursday = days - mod(days, 7n) + 3n;
  const start = midnight(civil(new DateTime(thursday * TICKS_PER_DAY)).year, 1, 1);
  return start === null ? 1n : (thursday - start.ticks / TICKS_PER_DAY) / 7n + 1n;
}

function makeDateTime(args: readonly Value[]): DateTime | null {
  const [year, month, day, hour = 0, minute = 0] = args.slice(0, 5).map((arg) => wholeIn(arg) ?? Number.NaN);
  if (year === undefined || month === undefined || day === undefined) return null;
  const second = args[5] === undefined ? 0 : isNumeric(args[5]) ? Number(args[5]) : Number.NaN;
  const inside = (value: number, low: number, high: number): boolean => value >= low && value < high;
  if (!inside(year, 1, 10_000) || !inside(month, 1, 13) || !inside(day, 1, daysInMonth(year, month) + 1)) return null;
  if (!inside(hour, 0, 24) || !inside(minute, 0, 60) || !inside(second, 0, 60)) return null;
  const start = midnight(year, month, day);
  const clock = BigInt(hour * 60 + minute) * 60n * TICKS_PER_SECOND + BigInt(Math.round(second * 1e7));
  return start === null ? null : dateTime(start.ticks + clock);
}

/** Parts beyond their clocks give null, and so do negative ones. */
function makeTimeSpan(args: readonly Value[]): TimeSpan | null {
  const parts = args.map((arg) => (isNumeric(arg) ? Number(arg) : Number.NaN));
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.length === 4 ? parts : [0, ...parts];
  const isWhole = [days, hours, minutes].every((part) => Number.isInteger(part) && part >= 0);
  if (!isWhole || hours > 23 || minutes > 59 || !(seconds >= 0 && seconds < 60)) return null;
  const whole = (BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes);
  return new TimeSpan(whole * 60n * TICKS_PER_SECOND + BigInt(Math.round(seconds * Number(TICKS_PER_SECOND))));
}

const MOMENT_FORMAT = /d{1,2}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|y{4}|yy?|tt/g;

function formatMoment(moment: DateTime, format: string): string {
  const { year, month, day } = civil(moment);
  const part = (name: string): number => Number(partOf(name, moment));
  const fraction = mod(moment.ticks, TICKS_PER_SECOND).toString().padStart(7, '0');
  return format.replace(MOMENT_FORMAT, (code) => {
    const two = (value: number): string => String(value).padStart(code.length, '0');
    switch (code.charAt(0)) {
      case 'd':
        return two(day);
      case 'f':
        return fraction.slice(0, code.length);
      case 'F':
        return stripEnd(fraction.slice(0, code.length), '0');
      case 'h':
        return two(part('hour') % 12 === 0 ? 12 : part('hour') % 12);
      case 'H':
        return two(part('hour'));
      case 'm':
        return two(part('minute'));
      case 'M':
        return two(month);
      case 's':
        return two(part('second'));
      case 'y':
        return code.length === 4 ? String(year).padStart(4, '0') : two(year % 100);
      default:
        return part('hour') < 12 ? 'AM' : 'PM';
    }
  });
}

const SPAN_FORMAT = /d{1,8}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|s{1,2}/g;

function formatSpan(span: TimeSpan, format: string): string {
  const size = span.ticks < 0n ? -span.ticks : span.ticks;
  const fraction = mod(size, TICKS_PER_SECOND).toString().padStart(7, '0');
  const text = format.replace(SPAN_FORMAT, (code) => {
    const padded = (value: bigint): string => value.toString().padStart(code.length, '0');
    switch (code.charAt(0)) {
      case 'd':
        return padded(size / TICKS_PER_DAY);
      case 'f':
        return fraction.slice(0, code.length);
      case 'F':
        return stripEnd(fraction.slice(0, code.length), '0');
      case 'm':
        return padded((size / (60n * TICKS_PER_SECOND)) % 60n);
      case 's':
        return padded((size / TICKS_PER_SECOND) % 60n);
      default:
        return padded((size / (3600n * TICKS_PER_SECOND)) % 24n);
    }
  });
  return span.ticks < 0n ? `-${text}` : text;
}
