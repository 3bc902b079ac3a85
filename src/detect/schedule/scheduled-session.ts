import type { Alert } from '../../alerts/alert.ts';
import { Alerting } from '../../alerts/alerting.ts';
import type { Drops } from '../../alerts/drops.ts';
import { exceptedRules } from '../../alerts/excepted.ts';
import type { Match } from '../../alerts/match.ts';
import { matchIdentity } from '../../alerts/match-identity.ts';
import { periodMoment } from '../../alerts/period-moment.ts';
import { ruleFingerprint } from '../../alerts/rule-fingerprint.ts';
import { replayedSchedule, ScheduledRuns, type TimeRange, widened } from '../../alerts/schedule.ts';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { LogRecord } from '../../logs/record.ts';
import { type Typing, typingOf } from '../../logs/typing.ts';
import type { Checkpoint } from '../../state/checkpoint.ts';
import { readArray, readBigInt, readNumber } from '../../state/plain.ts';
import type { StoredState } from '../../state/stored-state.ts';
import type { DateTime } from '../../values/value.ts';
import type { AlertSession, AlertSessionOptions } from '../alerts/alert-session.ts';
import { freshRuns } from '../fresh-run.ts';
import type { RuleStats } from '../plans/rule-stats.ts';
import { goOnWith, type Resumable, resumeFrom } from '../resuming.ts';
import { createRuleSession, type RuleSession, type Scanning } from '../rule-session.ts';
import { EventTimes } from '../seen/event-times.ts';
import type { SourceReport } from '../seen/source-report.ts';
import type { InputRecord } from '../session.ts';
import { feedingRules } from './replay-feeds.ts';
import {
  type Placed,
  type Replayed,
  readInput,
  readPlaced,
  readReplayed,
  replayedOf,
  storeInput,
  storePlaced,
  storeReplayed,
} from './replayed.ts';
import { type Replay, type RunOfRule, replayRule, type Timed } from './rule-replay.ts';

/** A session that runs rules by their own schedules over the time that the records cover. */
export interface ScheduledSession extends AlertSession {
  /** Matches of the whole range that no run of the rule's schedule finds. Complete after `advance('end')`. */
  missed(rule: Rule): readonly Match[];
}

/** Rules without a schedule see all records as one range, as in `createSession`. */
export function createScheduledSession(
  rules: readonly Rule[],
  options: AlertSessionOptions = {},
): ScheduledSession & Scanning {
  return new ReplaySession(rules, options);
}

/** What is replayed, for as long as the rules are the same. */
interface Replaying {
  readonly rules: readonly Rule[];
  readonly replayed: ReadonlyMap<Rule, Replayed>;
  /** Rules that find the records that a replayed one is made of. */
  readonly feeding: ReadonlyMap<Rule, Set<Placed<InputRecord>>>;
  readonly excepted: ReadonlyMap<Rule, Rule>;
  readonly typing: Typing;
  readonly range: Alerting;
  readonly runs: Alerting;
}

/** How the parts of such a session are known in checkpoints. */
const PARTS = { schedule: 'schedule', range: 'alerts', runs: 'scheduled-alerts' } as const;

class ReplaySession implements ScheduledSession, Scanning, Resumable {
  /** Every record's time is looked at. */
  readonly scanner: undefined;
  private readonly options: AlertSessionOptions;
  private readonly session: RuleSession;
  private readonly times = new EventTimes();
  private readonly said: Diagnostic[] = [];
  private replaying: Replaying;
  private covered: TimeRange | undefined;
  private untimed = 0;
  private hasEnded = false;

  constructor(rules: readonly Rule[], options: AlertSessionOptions) {
    this.options = options;
    this.replaying = this.begin(rules);
    this.session = createRuleSession(this.running(rules), { ...options, about: rules });
  }

  private begin(all: readonly Rule[]): Replaying {
    const rules = all.filter((rule) => rule.silent !== true);
    const each = rules.flatMap((rule) => {
      const schedule = replayedSchedule(rule);
      return schedule === undefined ? [] : [replayedOf(rule, schedule)];
    });
    const replayed = new Map(each.map((one) => [one.rule, one]));
    const alerting = { momentOf: periodMoment, keepAlerts: this.options.keepAlerts === true };
    return {
      rules,
      replayed,
      feeding: new Map(
        each.flatMap((one) =>
          (one.matches === undefined ? feedingRules(one.rule) : []).map(
            ({ rule, isAlwaysSeen }) => [rule, isAlwaysSeen ? one.always : one.records] as const,
          ),
        ),
      ),
      excepted: exceptedRules(all),
      typing: typingOf(this.options, all),
      range: new Alerting({ ...alerting, scheduled: false }),
      runs: new Alerting({
        ...alerting,
        scheduled: true,
        onOverMost: (match) => replayed.get(match.rule)?.found.add(matchIdentity(match)),
      }),
    };
  }

  /** All that run: those given, and those that find what they are replayed on or keep out. */
  private running(rules: readonly Rule[]): readonly Rule[] {
    const { excepted, feeding } = this.replaying;
    return [...rules, ...excepted.keys(), ...feeding.keys()];
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    const moments = new Map<JsonObject, Placed<InputRecord>>();
    const typed = records.map((record): InputRecord => {
      const as = record.as ?? this.replaying.typing(record.event);
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
    for (const rule of this.replaying.rules) {
      const ended = this.replaying.range.endRun(rule, undefined);
      const replayed = this.replaying.replayed.get(rule);
      if (replayed === undefined) matches.push(...ended);
      else replayed.whole.push(...ended);
    }
    matches.push(...this.replaying.range.finish());
    for (const replayed of this.replaying.replayed.values()) {
      const { matches: found, diagnostics } = await this.replay(replayed);
      this.said.push(...diagnostics);
      matches.push(...found);
      for (const match of found) replayed.found.add(matchIdentity(match));
      replayed.missed = replayed.whole.filter((match) => !replayed.found.has(matchIdentity(match)));
    }
    if (this.untimed > 0) this.said.push(diagnostic('schedule/untimed', { records: this.untimed }));
    return [...matches, ...this.replaying.runs.finish()];
  }

  /** Matches of rules without a schedule; the others are kept for their runs. */
  private sort(matches: readonly Match[], placeOf: (record: LogRecord) => Placed<InputRecord> | undefined): Match[] {
    return matches.flatMap((match) => {
      const exceptedBy = this.replaying.excepted.get(match.rule);
      if (exceptedBy !== undefined) {
        (this.replaying.replayed.has(exceptedBy) ? this.replaying.runs : this.replaying.range).except(exceptedBy);
        return [];
      }
      const placed = match.record && placeOf(match.record);
      const fed = this.replaying.feeding.get(match.rule);
      if (fed !== undefined) {
        if (placed !== undefined) fed.add(placed);
        return [];
      }
      const replayed = this.replaying.replayed.get(match.rule);
      if (replayed === undefined) return this.replaying.range.take(match);
      if (placed !== undefined) replayed.matches?.push({ of: match, at: placed.at });
      replayed.whole.push(...this.replaying.range.take(match));
      return [];
    });
  }

  snapshot(positions: Json = null): Checkpoint {
    const { replayed, range, runs } = this.replaying;
    const checkpoint = this.session.snapshot(positions);
    const shared = new Set([...replayed.values()].flatMap((one) => [...one.records, ...one.always]));
    const records = new Map([...shared].map((record, place) => [record, place]));
    const { covered, untimed } = this;
    const schedule: JsonObject = {
      covered: covered === undefined ? null : [covered.first.toString(), covered.last.toString()],
      untimed,
      records: [...records.keys()].map((record) => storePlaced(record, storeInput(record.of, this.session.kinds))),
    };
    const operators = [...replayed.values()].map((one) => storeReplayed(PARTS.schedule, one, records));
    return {
      ...checkpoint,
      session: { ...checkpoint.session, [PARTS.schedule]: schedule },
      operators: [...checkpoint.operators, ...operators, ...range.snapshot(PARTS.range), ...runs.snapshot(PARTS.runs)],
    };
  }

  restore(checkpoint: Checkpoint): readonly Diagnostic[] {
    return resumeFrom(this, checkpoint);
  }

  replaceRules(rules: readonly Rule[]): Promise<readonly Diagnostic[]> {
    return goOnWith(this, rules);
  }

  async exchange(rules: readonly Rule[], held: StoredState): Promise<void> {
    this.replaying = this.begin(rules);
    await this.session.exchange(this.running(rules), held, rules);
    this.take(held);
  }

  resume(state: StoredState): void {
    this.session.resume(state);
    this.take(state);
  }

  private take(state: StoredState): void {
    const { rules, replayed, range, runs } = this.replaying;
    const { covered = null, untimed, records: stored } = state.session(PARTS.schedule);
    const [first, last] = covered === null ? [] : readArray(covered);
    this.covered = covered === null ? undefined : { first: readBigInt(first), last: readBigInt(last) };
    this.untimed = readNumber(untimed);
    this.hasEnded = state.checkpoint.watermark === 'end';
    const records = readArray(stored).map((one) => readPlaced(one, (input) => readInput(input, this.session.kinds)));
    for (const [rule, kept] of state.of(PARTS.schedule, [...replayed.keys()], ruleFingerprint)) {
      const one = replayed.get(rule);
      if (one !== undefined) readReplayed(kept, one, records);
    }
    range.restore(PARTS.range, rules, state);
    runs.restore(PARTS.runs, rules, state);
  }

  reset(): void {
    this.session.reset();
    this.replaying = this.begin(this.replaying.rules);
    this.covered = undefined;
    this.untimed = 0;
  }

  private async replay(replayed: Replayed): Promise<Replay> {
    const { rule, schedule, matches, records } = replayed;
    // Records of which none has a time are all of one moment.
    const covered = this.covered ?? { first: this.now.ticks, last: this.now.ticks };
    const runs = new ScheduledRuns(schedule, covered, this.options.now?.ticks);
    if (matches !== undefined)
      return replayRule(rule, inOrder(matches, covered), runs, matchesSeen, this.replaying.runs);
    return replayRule(rule, inOrder([...records], covered), runs, this.finder(replayed), this.replaying.runs);
  }

  private finder({ rule, isTimeless, always }: Replayed): RunOfRule<InputRecord> {
    const find = freshRuns(rule, new Set([...always].map(({ of }) => of)), this.options);
    let last: { readonly seen: readonly Timed<InputRecord>[]; readonly found: readonly Match[] } | undefined;
    return async (seen, now) => {
      // Runs that see the same find the same, but for what asks what time it is.
      if (last !== undefined && isTimeless && isSame(seen, last.seen)) return last.found;
      const found = await find(seen, now);
      last = { seen, found };
      return found;
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
    return this.replaying.replayed.get(rule)?.missed ?? [];
  }

  get now(): DateTime {
    return this.session.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [
      ...this.session.diagnostics,
      ...this.replaying.range.diagnostics(),
      ...this.replaying.runs.diagnostics(),
      ...this.said,
    ];
  }

  get recordsByType(): ReadonlyMap<string, number> {
    return this.session.recordsByType;
  }

  sourceReport(about: readonly Rule[] = this.replaying.rules): SourceReport {
    return this.session.sourceReport(about);
  }

  drops(rule: Rule): Drops {
    return (this.replaying.replayed.has(rule) ? this.replaying.runs : this.replaying.range).drops(rule);
  }

  alerts(): readonly Alert[] {
    const ranged = this.replaying.range.alerts().filter(({ rule }) => !this.replaying.replayed.has(rule));
    return [...ranged, ...this.replaying.runs.alerts()];
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.session.stats();
  }

  close(): Promise<void> {
    return this.session.close();
  }
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
