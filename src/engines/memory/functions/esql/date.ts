import type { EsqlDateFunction } from '../../../../ir/functions/esql/date.ts';
import { daysInMonth, EPOCH_TICKS, MAX_TICKS, mod, TICKS_PER_DAY } from '../../../../values/date-time.ts';
import { DateTime, type Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { bucketWidth } from './date-bucket.ts';
import { formatJavaDate, parseJavaDate } from './date-pattern.ts';
import { fail, illegal, invalid, single, textIn, wholeIn } from './multi-value.ts';

const TICKS_PER_MS = 10_000n;
const MS_PER_DAY = 86_400_000;

function ticksOf(value: Value): bigint {
  return value instanceof DateTime ? value.ticks : 0n;
}

/** A moment as the calendar has it, in UTC. */
function calendar(value: Value): Date {
  const ticks = ticksOf(value) - EPOCH_TICKS;
  return new Date(Number((ticks - mod(ticks, TICKS_PER_MS)) / TICKS_PER_MS));
}

function moment(ticks: bigint, clock: Clock): Value {
  return ticks < 0n || ticks > MAX_TICKS ? outside(clock) : new DateTime(ticks);
}

function outside(clock: Clock): Value {
  return illegal(clock, 'the date is outside of the years 1 to 9999');
}

/** A date that JavaScript cannot tell is far outside, too. */
function ofDate(date: Date, clock: Clock): Value {
  const ms = date.getTime();
  return Number.isNaN(ms) ? outside(clock) : moment(EPOCH_TICKS + BigInt(ms) * TICKS_PER_MS, clock);
}

/** The years that Java's calendar has. */
const MOST_YEARS = 999_999_999;

function noYear(year: number, clock: Clock): Value {
  const bounds = `(valid values -${MOST_YEARS} - ${MOST_YEARS})`;
  return fail(clock, `java.time.DateTimeException: Invalid value for Year ${bounds}: ${year}`);
}

/** So many months and days on by the calendar: a day that a month lacks is its last one; and so many ticks of the clock. */
function plus(value: Value, months: number, days: number, ticks: bigint, clock: Clock): Value {
  const at = ticksOf(value);
  let shifted = at;
  if (months !== 0) {
    const date = calendar(value);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months;
    const [year, inYear] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
    if (Math.abs(year) > MOST_YEARS) return noYear(year, clock);
    const day = Math.min(date.getUTCDate(), daysInMonth(year, inYear + 1));
    const moved = new Date(date);
    moved.setUTCFullYear(year, inYear, day);
    if (Number.isNaN(moved.getTime())) return outside(clock);
    shifted += BigInt(moved.getTime() - date.getTime()) * TICKS_PER_MS;
  }
  return moment(shifted + BigInt(days) * TICKS_PER_DAY + ticks, clock);
}

/** The start of the period that a moment lies in: of months counted from the year 0, of days from 1970 (weeks begin on Monday). */
function truncated(value: Value, months: number, days: number, ticks: bigint, clock: Clock): Value {
  const date = calendar(value);
  if (months > 0) {
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    // Years are counted from 1.
    const offset = months % 12 === 0 && months > 12 ? 12 : 0;
    const start = month - offset - ((((month - offset) % months) + months) % months) + offset;
    const made = new Date(0);
    made.setUTCFullYear(Math.floor(start / 12), start % 12, 1);
    return ofDate(made, clock);
  }
  if (days > 0) {
    const day = Math.floor(date.getTime() / MS_PER_DAY);
    // 1970-01-01 was a Thursday.
    const offset = days === 7 ? 3 : 0;
    const start = day - ((((day + offset) % days) + days) % days);
    return ofDate(new Date(start * MS_PER_DAY), clock);
  }
  const since = ticksOf(value) - EPOCH_TICKS;
  return moment(ticks <= 0n ? ticksOf(value) : since - mod(since, ticks) + EPOCH_TICKS, clock);
}

/** Units by their names; what they are in ticks, or in months. */
const UNITS: readonly (readonly [names: string, size: { ticks: bigint } | { months: number }])[] = [
  ['year years yy yyyy', { months: 12 }],
  ['quarter quarters qq q', { months: 3 }],
  ['month months mm m', { months: 1 }],
  ['dayofyear dy y', { ticks: TICKS_PER_DAY }],
  ['day days dd d', { ticks: TICKS_PER_DAY }],
  ['week weeks wk ww', { ticks: 7n * TICKS_PER_DAY }],
  ['weekday weekdays dw', { ticks: TICKS_PER_DAY }],
  ['hour hours hh', { ticks: 36_000_000_000n }],
  ['minute minutes mi n', { ticks: 600_000_000n }],
  ['second seconds ss s', { ticks: 10_000_000n }],
  ['millisecond milliseconds ms', { ticks: 10_000n }],
  ['microsecond microseconds mcs', { ticks: 10n }],
];
const NANOSECONDS: ReadonlySet<string> = new Set(['nanosecond', 'nanoseconds', 'ns']);

const BY_NAME = new Map(UNITS.flatMap(([names, size]) => names.split(' ').map((name) => [name, size] as const)));

/** Whole units from one moment to another, cut toward zero. */
function difference(name: string, start: Value, end: Value, clock: Clock): Value {
  const unit = name.toLowerCase();
  const size = BY_NAME.get(unit);
  const ticks = ticksOf(end) - ticksOf(start);
  const found = NANOSECONDS.has(unit)
    ? ticks * 100n
    : size === undefined
      ? undefined
      : 'ticks' in size
        ? ticks / size.ticks
        : BigInt(Math.trunc(monthsBetween(start, end) / size.months));
  if (found === undefined) {
    return illegal(
      clock,
      `A value of [YEAR, QUARTER, MONTH, DAYOFYEAR, DAY, WEEK, WEEKDAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, NANOSECOND] or their aliases is required; received [${name}]`,
    );
  }
  if (found > 2_147_483_647n || found < -2_147_483_648n) {
    return invalid(clock, `[${found}] out of [integer] range`);
  }
  return found;
}

function monthsBetween(start: Value, end: Value): number {
  const [from, to] = [calendar(start), calendar(end)];
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  // A month is whole when its day and time have come.
  const rest = (value: Value, date: Date): bigint =>
    BigInt(date.getUTCDate()) * TICKS_PER_DAY + mod(ticksOf(value), TICKS_PER_DAY);
  const [before, after] = [rest(start, from), rest(end, to)];
  if (months > 0 && after < before) return months - 1;
  return months < 0 && after > before ? months + 1 : months;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

type Part = (date: Date, ticks: bigint) => bigint;

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;
}

const ofDay = (ticks: bigint, unit: bigint): bigint => mod(ticks - EPOCH_TICKS, TICKS_PER_DAY) / unit;

/** Java's `ChronoField`. */
const PARTS: Readonly<Record<string, Part>> = {
  aligned_day_of_week_in_month: (date) => BigInt(((date.getUTCDate() - 1) % 7) + 1),
  aligned_day_of_week_in_year: (date) => BigInt(((dayOfYear(date) - 1) % 7) + 1),
  aligned_week_of_month: (date) => BigInt(Math.floor((date.getUTCDate() - 1) / 7) + 1),
  aligned_week_of_year: (date) => BigInt(Math.floor((dayOfYear(date) - 1) / 7) + 1),
  ampm_of_day: (date) => BigInt(Math.floor(date.getUTCHours() / 12)),
  clock_hour_of_ampm: (date) => BigInt(date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12),
  clock_hour_of_day: (date) => BigInt(date.getUTCHours() === 0 ? 24 : date.getUTCHours()),
  day_of_month: (date) => BigInt(date.getUTCDate()),
  day_of_week: (date) => BigInt(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
  day_of_year: (date) => BigInt(dayOfYear(date)),
  epoch_day: (date) => BigInt(Math.floor(date.getTime() / MS_PER_DAY)),
  era: () => 1n,
  hour_of_ampm: (date) => BigInt(date.getUTCHours() % 12),
  hour_of_day: (date) => BigInt(date.getUTCHours()),
  instant_seconds: (date) => BigInt(Math.floor(date.getTime() / 1000)),
  micro_of_day: (_, ticks) => ofDay(ticks, 10n),
  micro_of_second: (_, ticks) => mod(ticks, 10_000_000n) / 10n,
  milli_of_day: (_, ticks) => ofDay(ticks, 10_000n),
  milli_of_second: (date) => BigInt(date.getUTCMilliseconds()),
  minute_of_day: (date) => BigInt(date.getUTCHours() * 60 + date.getUTCMinutes()),
  minute_of_hour: (date) => BigInt(date.getUTCMinutes()),
  month_of_year: (date) => BigInt(date.getUTCMonth() + 1),
  nano_of_day: (_, ticks) => ofDay(ticks, 1n) * 100n,
  nano_of_second: (_, ticks) => mod(ticks, 10_000_000n) * 100n,
  offset_seconds: () => 0n,
  proleptic_month: (date) => BigInt(date.getUTCFullYear() * 12 + date.getUTCMonth()),
  second_of_day: (_, ticks) => ofDay(ticks, 10_000_000n),
  second_of_minute: (date) => BigInt(date.getUTCSeconds()),
  year: (date) => BigInt(date.getUTCFullYear()),
  year_of_era: (date) => BigInt(date.getUTCFullYear()),
};

export const esqlDateImplementations: Record<EsqlDateFunction, Implementation> = {
  'esql.now': (_, { now }) => new DateTime(now.ticks - mod(now.ticks, TICKS_PER_MS)),
  'esql.date-plus': single(([value, months, days, ticks], clock) =>
    plus(value ?? null, wholeIn(months, 0), wholeIn(days, 0), typeof ticks === 'bigint' ? ticks : 0n, clock),
  ),
  'esql.date-trunc': single(([value, months, days, ticks], clock) =>
    truncated(value ?? null, wholeIn(months, 0), wholeIn(days, 0), typeof ticks === 'bigint' ? ticks : 0n, clock),
  ),
  'esql.date-bucket': single(([value, buckets, from, to], clock) => {
    const [start, end] = [from, to].map((bound) => calendar(bound ?? null).getTime());
    const { months, days, ticks } = bucketWidth(wholeIn(buckets, 0), start ?? 0, end ?? 0);
    return truncated(value ?? null, months, days, ticks, clock);
  }),
  'esql.date-diff': single(([unit, start, end], clock) => difference(textIn(unit), start ?? null, end ?? null, clock)),
  'esql.date-extract': single(([part, value], clock) => {
    const read = PARTS[textIn(part).toLowerCase()];
    if (read === undefined) return illegal(clock, `No enum constant java.time.temporal.ChronoField.${textIn(part)}`);
    return read(calendar(value ?? null), ticksOf(value ?? null));
  }),
  'esql.date-format': single(([pattern, value], clock) => {
    const text = formatJavaDate(textIn(pattern), ticksOf(value ?? null));
    return text ?? illegal(clock, `Invalid format: [${textIn(pattern)}]`);
  }),
  'esql.date-parse': single(([pattern, text], clock) => {
    const ticks = parseJavaDate(textIn(pattern), textIn(text));
    if (ticks !== undefined) return moment(ticks, clock);
    return illegal(clock, `failed to parse date field [${textIn(text)}] with format [${textIn(pattern)}]`);
  }),
  'esql.day-name': single(([value]) => DAYS[calendar(value ?? null).getUTCDay()] ?? null),
  'esql.month-name': single(([value]) => MONTHS[calendar(value ?? null).getUTCMonth()] ?? null),
};
