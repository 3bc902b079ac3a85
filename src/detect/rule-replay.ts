import type { Alerting } from '../alerts/alerting.ts';
import type { Match } from '../alerts/match.ts';
import { matchIdentity } from '../alerts/match-identity.ts';
import { isSeen, type RunWindow, type ScheduledRuns } from '../alerts/schedule.ts';
import { isReached } from '../alerts/threshold.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { ALERT_SEMANTICS } from '../ir/alert-semantics.ts';
import type { Rule } from '../ir/rule.ts';
import { formatDateTime } from '../values/date-time.ts';
import { DateTime } from '../values/value.ts';

/** Something that a rule may find, by when it happened. */
export interface Timed<T> {
  readonly of: T;
  /** In ticks. */
  readonly at: bigint;
}

/** How a rule finds its matches among what one run sees, at the time of its end. */
export type RunOfRule<T> = (seen: readonly T[], now: DateTime) => Promise<readonly Match[]>;

export interface Replay {
  readonly matches: readonly Match[];
  readonly diagnostics: readonly Diagnostic[];
}

/** So many runs of one rule are replayed at the most. */
const MOST_RUNS = 100_000;

/** Runs one rule by its schedule. `rows`: all that it may find or be made of, in the order of their times. */
export async function replayRule<T>(
  rule: Rule,
  rows: readonly Timed<T>[],
  runs: ScheduledRuns,
  find: RunOfRule<T>,
  alerting: Alerting,
): Promise<Replay> {
  const matches: Match[] = [];
  const given = new Set<string>();
  const isOnce = ALERT_SEMANTICS[rule.format].seenAgain === 'once';
  // A run that sees nothing may match too: a count of none, a trigger that asks for no rows.
  const isIdle = !(await matchesNothing(rule, find));
  const windows = isIdle ? runs.seeing(rows.map(({ at }) => at)) : runs.all();
  let done = 0;
  let start = 0;
  for (const window of windows) {
    if (done === MOST_RUNS) {
      const said = diagnostic('schedule/too-many-runs', { rule: rule.name, most: MOST_RUNS }, rule.span);
      return { matches, diagnostics: [said] };
    }
    done += 1;
    while (start < rows.length && (rows[start]?.at ?? 0n) <= window.from) start += 1;
    const found = await find(seenFrom(rows, start, window), new DateTime(window.to));
    for (const match of found) {
      const identity = matchIdentity(match);
      if (isOnce && given.has(identity)) continue;
      given.add(identity);
      matches.push(...alerting.take(inRun(match, window)));
    }
    matches.push(...alerting.endRun(rule, formatDateTime(new DateTime(window.to))));
  }
  return { matches, diagnostics: [] };
}

async function matchesNothing<T>(rule: Rule, find: RunOfRule<T>): Promise<boolean> {
  const threshold = rule.alert?.threshold;
  if (threshold?.of === 'run' && isReached(threshold, 0)) return true;
  return (await find([], new DateTime(0n))).length > 0;
}

function seenFrom<T>(rows: readonly Timed<T>[], start: number, window: RunWindow): T[] {
  const seen: T[] = [];
  for (let index = start; index < rows.length; index += 1) {
    const row = rows[index];
    if (row === undefined || row.at > window.to) break;
    if (isSeen(window, row.at)) seen.push(row.of);
  }
  return seen;
}

/** A match as a run finds it: the same record may be a match of other runs too. */
function inRun(match: Match, { from, to }: RunWindow): Match {
  const { rule, record, time, fields, title, severity, riskScore, dedup, alertContext, group } = match;
  return {
    rule,
    record,
    time,
    ...(fields !== undefined && { fields }),
    ...(title !== undefined && { title }),
    ...(severity !== undefined && { severity }),
    ...(riskScore !== undefined && { riskScore }),
    ...(dedup !== undefined && { dedup }),
    ...(alertContext !== undefined && { alertContext }),
    ...(group !== undefined && { group }),
    run: { from: formatDateTime(new DateTime(from)), to: formatDateTime(new DateTime(to)) },
  };
}
