import type { Schedule } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { parseDateMath, resolveDateMath } from '../values/date-math.ts';
import { fromEpochMs, toEpochMs } from '../values/date-time.ts';
import type { DateTime } from '../values/value.ts';
import type { RunWindow, TimeRange } from './schedule.ts';

/** A run of every rule that the user asks for. */
export type RequestedRun =
  /** One run over all there is, which ends with the last record. */
  | { readonly kind: 'range' }
  /** A run at a time, with what the rule's own look-back sees. */
  | { readonly kind: 'at'; readonly at: DateTime }
  /** A run over a stretch of time, whatever the rule's look-back is. */
  | { readonly kind: 'manual'; readonly from: DateTime; readonly to: DateTime };

const BEGINNING = -1n;

/** What a requested run of a rule sees. Both ends of date math belong to it, as for Elasticsearch. */
export function requestedWindow({ schedule }: Rule, run: RequestedRun, covered: TimeRange): RunWindow {
  switch (run.kind) {
    case 'range':
      return { from: fixedStart(schedule) ?? BEGINNING, to: covered.last };
    case 'manual':
      return { from: run.from.ticks - 1n, to: run.to.ticks };
    case 'at':
      return windowAt(schedule, run.at);
  }
}

/** A rule that says from what day on it looks, says so of any run. */
function fixedStart(schedule: Schedule | undefined): bigint | undefined {
  const from = schedule?.math && parseDateMath(schedule.math.from);
  return from === undefined || from.anchor === 'now' ? undefined : fromEpochMs(from.anchor.first).ticks - 1n;
}

function windowAt(schedule: Schedule | undefined, at: DateTime): RunWindow {
  if (schedule === undefined) return { from: BEGINNING, to: at.ticks };
  const { math, lookback } = schedule;
  if (math === undefined) return { from: at.ticks - BigInt(lookback), to: at.ticks };
  const from = resolved(math.from, at, false);
  const to = resolved(math.to, at, true);
  return { from: (from ?? at.ticks - BigInt(lookback)) - 1n, to: to ?? at.ticks };
}

/** Times are to the tick; date math is to the millisecond, so that what counts from now keeps what is finer. */
function resolved(written: string, at: DateTime, roundUp: boolean): bigint | undefined {
  const math = parseDateMath(written);
  if (math === undefined) return undefined;
  const now = toEpochMs(at);
  const rounds = math.anchor !== 'now' || math.steps.some(({ kind }) => kind === 'round');
  const ms = resolveDateMath(math, now, roundUp);
  return rounds ? fromEpochMs(ms).ticks : at.ticks + BigInt(ms - now) * 10_000n;
}
