import type { Schedule } from '../ir/rule/alert.ts';
import { pythonOf, type Rule } from '../ir/rule/rule.ts';
import { parseDateMath, resolveDateMath } from '../values/date-math.ts';
import { fromEpochMs, toEpochMs } from '../values/date-time.ts';
import { DateTime } from '../values/value.ts';

/** What one run sees: what happened after `from`, up to `to`; in ticks. */
export interface RunWindow {
  readonly from: bigint;
  readonly to: bigint;
}

/** The time that logs cover, in ticks. */
export interface TimeRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** The range with a moment in it. */
export function widened(range: TimeRange | undefined, moment: bigint): TimeRange {
  if (range === undefined) return { first: moment, last: moment };
  if (moment < range.first) return { ...range, first: moment };
  return moment > range.last ? { ...range, last: moment } : range;
}

/**
 * When a schedule runs over a range of time. Runs are a multiple of `every` apart, and end at whole multiples of it since the
 * start of the calendar (on the hour, at midnight), or so that one of them ends at `anchor`, which is the last then. Without
 * an anchor the last run is the first that sees the end of the range.
 */
export class ScheduledRuns {
  private readonly every: bigint;
  private readonly lookback: bigint;
  private readonly offset: bigint;
  private readonly firstEnd: bigint;
  private readonly lastEnd: bigint;
  /** Where a rule looks back to a fixed time. */
  private readonly since: bigint | undefined;

  constructor({ every, lookback, math }: Schedule, { first, last }: TimeRange, anchor?: bigint) {
    this.every = BigInt(every);
    this.lookback = BigInt(lookback);
    const from = math && parseDateMath(math.from);
    if (from !== undefined && from.anchor !== 'now') this.since = fromEpochMs(from.anchor.first).ticks - 1n;
    this.offset = anchor === undefined ? 0n : anchor % this.every;
    this.firstEnd = this.endFrom(first);
    this.lastEnd = anchor ?? this.endFrom(last);
  }

  /** How many runs there are. */
  get count(): bigint {
    return this.lastEnd < this.firstEnd ? 0n : (this.lastEnd - this.firstEnd) / this.every + 1n;
  }

  /** All runs, in order. */
  *all(): Generator<RunWindow> {
    for (let end = this.firstEnd; end <= this.lastEnd; end += this.every) yield this.windowTo(end);
  }

  /** The runs that see any of some moments, in order; the moments must be too. */
  *seeing(moments: readonly bigint[]): Generator<RunWindow> {
    let next = this.firstEnd;
    for (const moment of moments) {
      const end = this.endFrom(moment);
      if (end > next) next = end;
      for (; next < moment + this.lookback && next <= this.lastEnd; next += this.every) yield this.windowTo(next);
    }
  }

  /** The end of the first run that is not over at a moment. */
  private endFrom(moment: bigint): bigint {
    const past = (moment - this.offset) % this.every;
    return past === 0n ? moment : moment + this.every - past;
  }

  private windowTo(end: bigint): RunWindow {
    const from = end - this.lookback;
    return { from: this.since !== undefined && this.since > from ? this.since : from, to: end };
  }
}

export function isSeen({ from, to }: RunWindow, moment: bigint): boolean {
  return moment > from && moment <= to;
}

/** What a run of a rule reads: of one that compares with a history all since that begins. */
export function withHistory({ schedule }: Rule, window: RunWindow): RunWindow {
  const math = schedule?.history === undefined ? undefined : parseDateMath(schedule.history);
  if (math === undefined) return window;
  const begins = fromEpochMs(resolveDateMath(math, toEpochMs(new DateTime(window.to)), false)).ticks;
  return begins < window.from ? { from: begins, to: window.to } : window;
}

/** The schedule of a rule that can be replayed: Python has its rows from queries that are not run here. */
export function replayedSchedule(rule: Rule): Schedule | undefined {
  const { schedule, logic } = rule;
  if (schedule === undefined || BigInt(schedule.every) <= 0n || BigInt(schedule.lookback) <= 0n) return undefined;
  return logic.kind === 'plan' && pythonOf(rule) === undefined && rule.silent !== true ? schedule : undefined;
}
