import type { Alerting } from '../../alerts/alerting.ts';
import type { Match, RunSpan } from '../../alerts/match.ts';
import { findsGroups, matchIdentity } from '../../alerts/match-identity.ts';
import { isSeen, type RunWindow, type ScheduledRuns, withHistory } from '../../alerts/schedule.ts';
import { isReached } from '../../alerts/threshold.ts';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { ALERT_SEMANTICS } from '../../ir/rule/alert-semantics.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { formatDateTime } from '../../values/date-time.ts';
import { momentOf } from '../../values/moment.ts';
import { DateTime } from '../../values/value.ts';

/** Something that a rule may find, by when it happened. */
export interface Timed<T> {
  readonly of: T;
  /** In ticks. */
  readonly at: bigint;
}

/** How a rule finds its matches among what one run sees, at the time of its end. */
export type RunOfRule<T> = (seen: readonly Timed<T>[], now: DateTime) => Promise<readonly Match[]>;

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
  const fresh = ALERT_SEMANTICS[rule.format].seenAgain === 'once' ? new FreshMatches(find) : undefined;
  // A run that sees nothing may match too: a count of none, a trigger that asks for no rows.
  const isIdle = !(await matchesNothing(rule, find));
  const windows = isIdle ? runs.seeing(rows.map(({ at }) => at)) : runs.all();
  const hasHistory = rule.schedule?.history !== undefined;
  let done = 0;
  let start = 0;
  for (const window of windows) {
    if (done === MOST_RUNS) {
      const said = diagnostic('schedule/too-many-runs', { rule: rule.name, most: MOST_RUNS }, rule.span);
      return { matches, diagnostics: [said] };
    }
    done += 1;
    const now = new DateTime(window.to);
    const read = withHistory(rule, window);
    while (start < rows.length && (rows[start]?.at ?? 0n) <= read.from) start += 1;
    const seen = seenFrom(rows, start, read);
    const all = await find(seen, now);
    // What was seen in the history alone is no match of this run.
    const found = !hasHistory ? all : all.filter(({ time }) => isSeen(window, momentOf(time) ?? window.to));
    const given = fresh === undefined ? found : await fresh.of(found, seen, now);
    matches.push(...alertsOf(rule, given, window, alerting, fresh));
    const ended = alerting.endRun(rule, formatDateTime(now));
    // That there are no rows is a match of the run too.
    matches.push(...ended.map((match) => Object.assign(match, { run: spanOf(window) })));
  }
  return { matches, diagnostics: [] };
}

/** The matches of a run that are alerts, or part of one. */
export function alertsOf<T>(
  rule: Rule,
  found: readonly Match[],
  window: RunWindow,
  alerting: Alerting,
  fresh: FreshMatches<T> | undefined,
): readonly Match[] {
  return found.flatMap((match) => {
    const { overMost } = alerting.drops(rule);
    const alerts = alerting.take(inRun(match, window));
    // Kibana's ES|QL rules go on, in the next run that sees them, with what one run had no alert for.
    if (rule.language === 'esql' && alerting.drops(rule).overMost > overMost) fresh?.forget(match);
    return alerts;
  });
}

/**
 * What a run finds and runs before it have not: a record is a match once, and a group counts what came after its last match
 * only, as Elastic does.
 */
export class FreshMatches<T> {
  private readonly find: RunOfRule<T>;
  private readonly records = new Set<string>();
  /** When the last event of each group that matched happened. */
  private readonly groups = new Map<string, bigint>();

  constructor(find: RunOfRule<T>) {
    this.find = find;
  }

  async of(found: readonly Match[], seen: readonly Timed<T>[], now: DateTime): Promise<Match[]> {
    const fresh: Match[] = [];
    for (const match of found) {
      const identity = matchIdentity(match);
      if (!findsGroups(match.rule)) {
        if (!this.records.has(identity)) fresh.push(match);
        this.records.add(identity);
        continue;
      }
      const last = this.groups.get(identity);
      const again = last === undefined ? match : await this.since(last, identity, seen, now);
      if (again === undefined) continue;
      fresh.push(again);
      this.groups.set(identity, momentOf(again.time) ?? now.ticks);
    }
    return fresh;
  }

  /** The match was not told: a later run may find it again. */
  forget(match: Match): void {
    this.records.delete(matchIdentity(match));
  }

  private async since(
    last: bigint,
    identity: string,
    seen: readonly Timed<T>[],
    now: DateTime,
  ): Promise<Match | undefined> {
    const later = seen.filter(({ at }) => at > last);
    if (later.length === 0) return undefined;
    return (await this.find(later, now)).find((match) => matchIdentity(match) === identity);
  }
}

async function matchesNothing<T>(rule: Rule, find: RunOfRule<T>): Promise<boolean> {
  const threshold = rule.alert?.threshold;
  if (threshold?.of === 'run' && isReached(threshold, 0)) return true;
  return (await find([], new DateTime(0n))).length > 0;
}

function seenFrom<T>(rows: readonly Timed<T>[], start: number, window: RunWindow): Timed<T>[] {
  const seen: Timed<T>[] = [];
  for (let index = start; index < rows.length; index += 1) {
    const row = rows[index];
    if (row === undefined || row.at > window.to) break;
    if (isSeen(window, row.at)) seen.push(row);
  }
  return seen;
}

/** A match as a run finds it: the same record may be a match of other runs too. */
function inRun(match: Match, window: RunWindow): Match {
  const { rule, record, members, time, fields, title, severity, riskScore, dedup, alertContext, group } = match;
  return {
    rule,
    record,
    time,
    ...(members !== undefined && { members }),
    ...(fields !== undefined && { fields }),
    ...(title !== undefined && { title }),
    ...(severity !== undefined && { severity }),
    ...(riskScore !== undefined && { riskScore }),
    ...(dedup !== undefined && { dedup }),
    ...(alertContext !== undefined && { alertContext }),
    ...(group !== undefined && { group }),
    run: spanOf(window),
  };
}

function spanOf({ from, to }: RunWindow): RunSpan {
  return { from: formatDateTime(new DateTime(from)), to: formatDateTime(new DateTime(to)) };
}
