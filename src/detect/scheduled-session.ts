import type { Alert } from '../alerts/alert.ts';
import { Alerting } from '../alerts/alerting.ts';
import type { Drops } from '../alerts/drops.ts';
import { exceptedRules } from '../alerts/excepted.ts';
import type { Match } from '../alerts/match.ts';
import { matchIdentity } from '../alerts/match-identity.ts';
import { replayedSchedule, ScheduledRuns, type TimeRange, widened } from '../alerts/schedule.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import type { Schedule } from '../ir/alert.ts';
import type { Rule } from '../ir/rule.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { type Typing, typingOf } from '../logs/typing.ts';
import { momentOf } from '../values/moment.ts';
import type { DateTime } from '../values/value.ts';
import type { AlertSession, AlertSessionOptions } from './alert-session.ts';
import { EventTimes } from './event-times.ts';
import { feedingRules, feedsOf } from './replay-feeds.ts';
import { type Replay, type RunOfRule, replayRule, type Timed } from './rule-replay.ts';
import { createRuleSession, type LineSession } from './rule-session.ts';
import type { RuleStats } from './rule-stats.ts';
import type { InputRecord } from './session.ts';
import type { SourceReport } from './source-report.ts';

/** A session that runs rules by their own schedules over the time that the records cover. */
export interface ScheduledSession extends AlertSession {
  /** Matches of the whole range that no run of the rule's schedule finds. Complete after `advance('end')`. */
  missed(rule: Rule): readonly Match[];
}

/** Rules without a schedule see all records as one range, as in `createSession`. */
export function createScheduledSession(
  rules: readonly Rule[],
  options: AlertSessionOptions = {},
): ScheduledSession & LineSession {
  return new ReplaySession(rules, options);
}

/** When something happened, in ticks; undefined before the first record that has a time. */
interface Placed<T> {
  readonly of: T;
  readonly at: bigint | undefined;
}

/** A rule that is replayed, with what is kept for it while records come. */
interface Replayed {
  readonly rule: Rule;
  readonly schedule: Schedule;
  /** Whether it asks nowhere what time it is. */
  readonly isTimeless: boolean;
  /** Its matches, where each is decided by one record alone, at any time. */
  readonly matches: Placed<Match>[] | undefined;
  /** Else the records that its rows are made of, each once. */
  readonly records: Set<Placed<InputRecord>>;
  /** Its matches in the whole range, and the identities of those in its runs. */
  readonly whole: Match[];
  readonly found: Set<string>;
  missed: readonly Match[];
}

class ReplaySession implements ScheduledSession, LineSession {
  /** Every record's time is looked at. */
  readonly scanner: undefined;
  private readonly options: AlertSessionOptions;
  private readonly rules: readonly Rule[];
  private readonly replayed: ReadonlyMap<Rule, Replayed>;
  /** Rules that find the records that a replayed one is made of. */
  private readonly feeding: ReadonlyMap<Rule, Replayed>;
  private readonly excepted: ReadonlyMap<Rule, Rule>;
  private readonly session: LineSession;
  private readonly range: Alerting;
  private readonly runs: Alerting;
  private readonly typing: Typing;
  private readonly times = new EventTimes();
  private readonly said: Diagnostic[] = [];
  private covered: TimeRange | undefined;
  private untimed = 0;
  private hasEnded = false;

  constructor(rules: readonly Rule[], options: AlertSessionOptions) {
    this.options = options;
    this.rules = rules.filter((rule) => rule.silent !== true);
    const replayed = this.rules.flatMap((rule) => {
      const schedule = replayedSchedule(rule);
      return schedule === undefined ? [] : [replayedOf(rule, schedule)];
    });
    this.replayed = new Map(replayed.map((one) => [one.rule, one]));
    this.feeding = new Map(
      replayed.flatMap((one) =>
        (one.matches === undefined ? feedingRules(one.rule) : []).map((rule) => [rule, one] as const),
      ),
    );
    this.excepted = exceptedRules(rules);
    this.session = createRuleSession([...rules, ...this.excepted.keys(), ...this.feeding.keys()], {
      ...options,
      about: rules,
    });
    this.typing = typingOf(options, rules);
    const momentOfMatch = ({ time }: Match): bigint | undefined => momentOf(time);
    const keepAlerts = options.keepAlerts === true;
    this.range = new Alerting({ momentOf: momentOfMatch, scheduled: false, keepAlerts });
    this.runs = new Alerting({
      momentOf: momentOfMatch,
      scheduled: true,
      keepAlerts,
      onOverMost: (match) => this.replayed.get(match.rule)?.found.add(matchIdentity(match)),
    });
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    const moments = new Map<JsonObject, Placed<InputRecord>>();
    const typed = records.map((record): InputRecord => {
      const as = record.as ?? this.typing(record.event);
      const known = { event: record.event, source: record.source, as };
      moments.set(record.event, { of: known, at: this.momentOf(record.event, as) });
      return known;
    });
    return this.sort(await this.session.process(typed), (record) => moments.get(record.event));
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    if (this.hasEnded) return [];
    const matches = this.sort(await this.session.advance(watermark), () => undefined);
    if (watermark !== 'end') return matches;
    this.hasEnded = true;
    for (const rule of this.rules) {
      const ended = this.range.endRun(rule, undefined);
      const replayed = this.replayed.get(rule);
      if (replayed === undefined) matches.push(...ended);
      else replayed.whole.push(...ended);
    }
    matches.push(...this.range.finish());
    for (const replayed of this.replayed.values()) {
      const { matches: found, diagnostics } = await this.replay(replayed);
      this.said.push(...diagnostics);
      matches.push(...found);
      for (const match of found) replayed.found.add(matchIdentity(match));
      replayed.missed = replayed.whole.filter((match) => !replayed.found.has(matchIdentity(match)));
    }
    if (this.untimed > 0) this.said.push(diagnostic('schedule/untimed', { records: this.untimed }));
    return [...matches, ...this.runs.finish()];
  }

  /** Matches of rules without a schedule; the others are kept for their runs. */
  private sort(matches: readonly Match[], placeOf: (record: LogRecord) => Placed<InputRecord> | undefined): Match[] {
    return matches.flatMap((match) => {
      const exceptedBy = this.excepted.get(match.rule);
      if (exceptedBy !== undefined) {
        (this.replayed.has(exceptedBy) ? this.runs : this.range).except(exceptedBy);
        return [];
      }
      const placed = match.record && placeOf(match.record);
      const fed = this.feeding.get(match.rule);
      if (fed !== undefined) {
        if (placed !== undefined) fed.records.add(placed);
        return [];
      }
      const replayed = this.replayed.get(match.rule);
      if (replayed === undefined) return this.range.take(match);
      if (placed !== undefined) replayed.matches?.push({ of: match, at: placed.at });
      replayed.whole.push(...this.range.take(match));
      return [];
    });
  }

  private async replay(replayed: Replayed): Promise<Replay> {
    const { rule, schedule, matches, records } = replayed;
    // Records of which none has a time are all of one moment.
    const covered = this.covered ?? { first: this.now.ticks, last: this.now.ticks };
    const runs = new ScheduledRuns(schedule, covered, this.options.now?.ticks);
    if (matches !== undefined) return replayRule(rule, inOrder(matches, covered), runs, matchesSeen, this.runs);
    return replayRule(rule, inOrder([...records], covered), runs, this.finder(replayed), this.runs);
  }

  /** Each run begins with nothing, as in the rule's own product. */
  private finder({ rule, isTimeless }: Replayed): RunOfRule<InputRecord> {
    let last: { readonly seen: readonly Timed<InputRecord>[]; readonly found: readonly Match[] } | undefined;
    return async (seen, now) => {
      // Runs that see the same find the same, but for what asks what time it is.
      if (last !== undefined && isTimeless && isSame(seen, last.seen)) return last.found;
      const session = createRuleSession([rule], { ...this.options, engine: 'memory', now, stats: false });
      try {
        const found = [...(await session.process(seen.map(({ of }) => of))), ...(await session.advance('end'))];
        last = { seen, found };
        return found;
      } finally {
        await session.close();
      }
    };
  }

  /** A record without a time happened when the latest before it did. */
  private momentOf(
    event: JsonObject,
    { type, shape }: { readonly type: LogType; readonly shape: Shape },
  ): bigint | undefined {
    const time = this.times.of(event, type, shape);
    if (time.kind !== 'moment') {
      this.untimed += 1;
      return this.covered?.last;
    }
    const at = time.at.ticks;
    this.covered = widened(this.covered, at);
    return at;
  }

  missed(rule: Rule): readonly Match[] {
    return this.replayed.get(rule)?.missed ?? [];
  }

  get now(): DateTime {
    return this.session.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.session.diagnostics, ...this.range.diagnostics(), ...this.runs.diagnostics(), ...this.said];
  }

  get recordsByType(): ReadonlyMap<string, number> {
    return this.session.recordsByType;
  }

  sourceReport(about: readonly Rule[] = this.rules): SourceReport {
    return this.session.sourceReport(about);
  }

  drops(rule: Rule): Drops {
    return (this.replayed.has(rule) ? this.runs : this.range).drops(rule);
  }

  alerts(): readonly Alert[] {
    const ranged = this.range.alerts().filter(({ rule }) => !this.replayed.has(rule));
    return [...ranged, ...this.runs.alerts()];
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.session.stats();
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

function replayedOf(rule: Rule, schedule: Schedule): Replayed {
  const { isRecordWise, isTimeless } = feedsOf(rule);
  return {
    rule,
    schedule,
    isTimeless,
    matches: isRecordWise && isTimeless ? [] : undefined,
    records: new Set(),
    whole: [],
    found: new Set(),
    missed: [],
  };
}

/** Whether two stretches of the same rows are one. */
function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a[0] === b[0];
}

/** Matches that were found already: a run has those that it sees. */
async function matchesSeen(seen: readonly Timed<Match>[]): Promise<readonly Match[]> {
  return seen.map(({ of }) => of);
}

function inOrder<T>(placed: readonly Placed<T>[], covered: TimeRange): readonly Timed<T>[] {
  const timed = placed.map(({ of, at }): Timed<T> => ({ of, at: at ?? covered.first }));
  return timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
