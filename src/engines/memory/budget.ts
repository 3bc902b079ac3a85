import type { RowLimits } from '../../base/row-limits.ts';
import type { Value } from '../../values/value.ts';
import { DateTime, TimeSpan } from '../../values/value.ts';
import { weightOf } from '../../values/weight.ts';
import type { Clock, Failures, Row } from './row.ts';

/** The longest text that a function makes, in UTF-16 units; Kusto itself holds a megabyte. */
export const MOST_TEXT: number = 16 * 1024 * 1024;
/** How many values a list or bag that a function makes may hold, those inside of others included. */
export const MOST_VALUES: number = 2 * 1024 * 1024;

/** What values that a rule keeps over a run may come to in all, with the records of rows that it keeps; each counts as `weightOf` says. */
export const MOST_KEPT: number = 512 * 1024 * 1024;
/** How many times that all rules of a run may keep together. */
export const TIMES_TOGETHER = 2;
export type Limited =
  | 'characters'
  | 'characters kept'
  | 'characters kept by all rules'
  | 'values'
  | 'combinations'
  | 'rows'
  | 'seconds';

/** Thrown where a rule meets a limit; whoever runs rules catches it. */
export class LimitReached extends Error {
  readonly what: Limited;
  readonly limit: number;

  constructor(what: Limited, limit: number) {
    super(`more than ${limit.toLocaleString('en-US')} ${what}`);
    this.name = 'LimitReached';
    this.what = what;
    this.limit = limit;
  }
}

/** The time is looked at after so many steps. */
const LOOK_EVERY = 1024;

/**
 * What the rules of a run keep together, beside records: several may keep the same of these, so whoever has them counts them. Where it is too much, the rule that keeps the most is stopped, and lets go of it.
 */
export class KeptTogether {
  private readonly limit: number;
  private readonly shares = new Map<Budget, number>();
  private total = 0;

  constructor(limit: number = TIMES_TOGETHER * MOST_KEPT) {
    this.limit = limit;
  }

  /** What stops a rule other than the one that runs, and frees what it keeps. */
  onTooMuch: (of: Budget, reached: LimitReached) => void = () => {};

  /** Throws `LimitReached` where `of` keeps the most of too much. */
  take(of: Budget, weight: number): void {
    this.total += weight;
    this.shares.set(of, (this.shares.get(of) ?? 0) + weight);
    while (this.total > this.limit) {
      const [largest = of] = [...this.shares].reduce((most, one) => (one[1] > most[1] ? one : most));
      const reached = new LimitReached('characters kept by all rules', this.limit);
      if (largest === of) throw reached;
      this.onTooMuch(largest, reached);
      this.release(largest);
    }
  }

  /** A rule keeps nothing any more. */
  release(of: Budget): void {
    this.total -= this.shares.get(of) ?? 0;
    this.shares.delete(of);
  }
}

/** What one rule takes, against its limits. */
export class Budget {
  /** Hears of functions that fail; absent where nobody asks. */
  readonly failures: Failures | undefined;
  private readonly limits: RowLimits;
  private readonly together: KeptTogether | undefined;
  private kept = 0;
  private held = 0;
  private made = 0;
  private steps = 0;
  private until: number | undefined;

  /** `together`: what it shares with the other rules of the run. */
  constructor(limits: RowLimits, failures?: Failures, together?: KeptTogether) {
    this.failures = failures;
    this.together = together;
    this.limits = limits;
  }

  /** Another record begins, or the end. */
  begin(): void {
    this.made = 0;
    this.steps = 0;
    this.until = undefined;
  }

  /** A row that is kept until the end, with its columns and its record; without one, what is kept is told by `hold`. */
  keep(row?: Pick<Row, 'columns' | 'event'>): void {
    this.kept += 1;
    if (this.kept > this.limits.rows) throw new LimitReached('rows', this.limits.rows);
    for (const value of row?.columns.values() ?? []) this.hold(value);
    if (row?.event !== undefined) this.count(weightOf(row.event));
  }

  /** A value that is kept until the end: a few rows can make any number of long ones. */
  hold(value: Value): void {
    const weight = weightOf(value);
    this.count(weight);
    this.together?.take(this, weight);
  }

  /** What was kept was let go of: it counts no more for all rules. */
  release(): void {
    this.together?.release(this);
  }

  private count(weight: number): void {
    this.held += weight;
    if (this.held > MOST_KEPT) throw new LimitReached('characters kept', MOST_KEPT);
  }

  /** Rows that are made of one. */
  make(rows: number): void {
    this.made += rows;
    if (this.made > this.limits.rows) throw new LimitReached('rows', this.limits.rows);
    this.step();
  }

  /** Something that is done for each of many rows. */
  step(): void {
    this.steps += 1;
    if (this.steps % LOOK_EVERY !== 0) return;
    const now = performance.now();
    this.until ??= now + this.limits.seconds * 1000;
    if (now > this.until) throw new LimitReached('seconds', this.limits.seconds);
  }
}

/** The same clock, with a budget for what runs by it. */
export function withBudget(clock: Clock, budget: Budget): Clock {
  const { shared } = clock;
  const { failures } = budget;
  return {
    get now() {
      return clock.now;
    },
    ...(shared !== undefined && { shared }),
    ...(failures !== undefined && { failures }),
    budget,
  };
}

/** How many values lists and bags hold: what is part of several is counted in each, and looked at once. */
const sizes = new WeakMap<object, number>();

/** The value of a function, where it is not too large: few calls can make a text or list of any size. */
export function bounded(value: Value): Value {
  if (typeof value === 'string') {
    if (value.length > MOST_TEXT) throw new LimitReached('characters', MOST_TEXT);
  } else if (sizeOf(value) > MOST_VALUES) {
    throw new LimitReached('values', MOST_VALUES);
  }
  return value;
}

function sizeOf(value: Value): number {
  if (typeof value !== 'object' || value === null || value instanceof DateTime || value instanceof TimeSpan) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  for (const member of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(member);
  sizes.set(value, size);
  return size;
}
