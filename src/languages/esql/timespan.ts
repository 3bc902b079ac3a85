/** What a unit of time is in a timespan: so many months, days or ticks. */
interface Unit {
  readonly months?: number;
  readonly days?: number;
  readonly milliseconds?: number;
}

const UNITS: readonly (readonly [words: string, unit: Unit])[] = [
  ['millisecond milliseconds ms', { milliseconds: 1 }],
  ['second seconds sec s', { milliseconds: 1000 }],
  ['minute minutes min m', { milliseconds: 60_000 }],
  ['hour hours h', { milliseconds: 3_600_000 }],
  ['day days d', { days: 1 }],
  ['week weeks w', { days: 7 }],
  ['month months mo', { months: 1 }],
  ['quarter quarters q', { months: 3 }],
  ['year years yr y', { months: 12 }],
];

const BY_WORD: ReadonlyMap<string, Unit> = new Map(
  UNITS.flatMap(([words, unit]) => words.split(' ').map((word) => [word, unit] as const)),
);

export function isTimeUnit(word: string): boolean {
  return BY_WORD.has(word.toLowerCase());
}

/** A timespan: of a calendar (`date_period`: months and days), or of a clock (`time_duration`). */
export type Timespan =
  | { readonly kind: 'period'; readonly months: number; readonly days: number }
  | { readonly kind: 'duration'; readonly milliseconds: number };

export function timespanOf(count: number, word: string): Timespan | undefined {
  const unit = BY_WORD.get(word.toLowerCase());
  if (unit === undefined) return undefined;
  if (unit.milliseconds !== undefined) return { kind: 'duration', milliseconds: count * unit.milliseconds };
  return { kind: 'period', months: count * (unit.months ?? 0), days: count * (unit.days ?? 0) };
}
