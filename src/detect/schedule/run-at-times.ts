import type { Alert } from '../../alerts/alert.ts';
import { Alerting } from '../../alerts/alerting.ts';
import type { Drops } from '../../alerts/drops.ts';
import { exceptedRules } from '../../alerts/excepted.ts';
import type { Match } from '../../alerts/match.ts';
import { mayMatchNothing } from '../../alerts/match-identity.ts';
import { periodMoment } from '../../alerts/period-moment.ts';
import { type RequestedRun, requestedWindow } from '../../alerts/requested-runs.ts';
import { isSeen, type RunWindow, type TimeRange, widened, withHistory } from '../../alerts/schedule.ts';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { type Typing, typingOf } from '../../logs/typing.ts';
import { formatDateTime } from '../../values/date-time.ts';
import { momentOf } from '../../values/moment.ts';
import { DateTime } from '../../values/value.ts';
import type { AlertRun, AlertSessionOptions } from '../alerts/alert-session.ts';
import { freshRuns } from '../fresh-run.ts';
import { noIndicators } from '../plans/no-indicators.ts';
import type { RuleStats } from '../plans/rule-stats.ts';
import { createRuleSession, type Scanning } from '../rule-session.ts';
import type { SourceReport } from '../seen/source-report.ts';
import type { InputRecord, Run } from '../session.ts';
import { feedingRules } from './replay-feeds.ts';
import { alertsOf, FreshMatches, type RunOfRule, type Timed } from './rule-replay.ts';
import { RuleTimes } from './rule-times.ts';

/** One rule, with what its runs remember of each other. */
interface Running {
  readonly rule: Rule;
  /** The records that its rows may be made of. */
  readonly records: Set<InputRecord>;
  /** Those that every run sees. */
  readonly always: Set<InputRecord>;
  readonly find: RunOfRule<InputRecord>;
  readonly fresh: FreshMatches<InputRecord>;
  overMost: number;
}

/**
 * Runs every rule at the times, or over the stretches of time, that the user asks for, one run after the other, as Kibana's detection
 * engine runs them: a run sees what lies in its window, makes at most so many alerts, and gives no second alert for what an
 * earlier run has found.
 */
export function createRunAtTimes(
  rules: readonly Rule[],
  runs: readonly RequestedRun[],
  options: AlertSessionOptions = {},
): AlertRun & Scanning {
  return new RunAtTimes(rules, runs, options);
}

class RunAtTimes implements AlertRun, Scanning {
  /** Every record's time is looked at. */
  readonly scanner: undefined;
  private readonly rules: readonly Rule[];
  private readonly requested: readonly RequestedRun[];
  private readonly options: AlertSessionOptions;
  private readonly running: readonly Running[];
  private readonly feeding: ReadonlyMap<Rule, Set<InputRecord>>;
  private readonly excepted: ReadonlyMap<Rule, Rule>;
  private readonly session: Run;
  private readonly alerting: Alerting;
  private readonly typing: Typing;
  private readonly times = new RuleTimes();
  private readonly said: Diagnostic[] = [];
  private covered: TimeRange | undefined;
  private hasEnded = false;

  constructor(rules: readonly Rule[], requested: readonly RequestedRun[], options: AlertSessionOptions) {
    this.options = options;
    this.requested = requested;
    this.rules = rules.filter((rule) => rule.silent !== true);
    this.running = this.rules.map((rule) => ({
      rule,
      ...runningOf(rule, this.options),
      overMost: 0,
    }));
    this.feeding = new Map(
      this.running.flatMap((one) =>
        feedingRules(one.rule).map(
          ({ rule, isAlwaysSeen }) => [rule, isAlwaysSeen ? one.always : one.records] as const,
        ),
      ),
    );
    this.excepted = exceptedRules(rules);
    const feeding = [...this.feeding.keys()];
    this.session = createRuleSession([...feeding, ...this.excepted.keys()], { ...options, about: feeding });
    this.typing = typingOf(options, rules);
    this.alerting = new Alerting({
      momentOf: periodMoment,
      scheduled: true,
      keepAlerts: options.keepAlerts === true,
      onOverMost: (match) => {
        const of = this.running.find(({ rule }) => rule === match.rule);
        if (of !== undefined) of.overMost += 1;
      },
    });
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    const typed = new Map<InputRecord['event'], InputRecord>();
    for (const record of records) {
      const as = record.as ?? this.typing(record.event);
      typed.set(record.event, { event: record.event, source: record.source, as });
      const at = this.times.ofRecord(record.event, as);
      if (at !== undefined) this.covered = widened(this.covered, at);
    }
    for (const { rule, record } of await this.session.process([...typed.values()])) {
      const excepted = this.excepted.get(rule);
      if (excepted !== undefined) this.alerting.except(excepted);
      const input = record && typed.get(record.event);
      if (input !== undefined) this.feeding.get(rule)?.add(input);
    }
    return [];
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    if (watermark !== 'end' || this.hasEnded) return [];
    this.hasEnded = true;
    await this.session.advance('end');
    for (const { rule, records } of this.running) {
      for (const record of records) {
        const at = this.times.of(record, rule);
        if (at !== undefined) this.covered = widened(this.covered, at);
      }
    }
    const covered = this.covered ?? { first: this.now.ticks, last: this.now.ticks };
    const matches: Match[] = [];
    for (const run of this.requested) {
      for (const one of this.running) matches.push(...(await this.run(one, requestedWindow(one.rule, run, covered))));
    }
    this.sayOverMost();
    for (const { rule, records, always } of this.running) {
      if (records.size > 0 && always.size === 0) this.said.push(...noIndicators(rule));
    }
    return [...matches, ...this.alerting.finish()];
  }

  private async run(of: Running, window: RunWindow): Promise<readonly Match[]> {
    const { rule, fresh } = of;
    const read = withHistory(rule, window);
    const timed = [...of.records].flatMap((record): Timed<InputRecord>[] => {
      const at = this.times.of(record, rule);
      return at === undefined || !isSeen(read, at) ? [] : [{ of: record, at }];
    });
    timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    const now = new DateTime(window.to);
    const all = await of.find(timed, now);
    const found = rule.schedule?.history === undefined ? all : all.filter((match) => this.isOf(window, match, rule));
    const given = await fresh.of(found, timed, now);
    return [...alertsOf(rule, given, window, this.alerting, fresh), ...this.alerting.endRun(rule, formatDateTime(now))];
  }

  /** What was seen in the history alone is no match of the run. */
  private isOf(window: RunWindow, { record, time }: Match, rule: Rule): boolean {
    const at = record === undefined ? momentOf(time) : this.times.ofMatch(record, rule, this.typing);
    return isSeen(window, at ?? window.to);
  }

  private sayOverMost(): void {
    for (const { rule, overMost } of this.running) {
      const most = rule.alert?.mostPerRun?.alerts;
      if (overMost === 0 || most === undefined) continue;
      this.said.push(diagnostic('alert/max-alerts', { rule: rule.name, most, matches: overMost }, rule.span));
    }
    const untimed = this.times.untimed;
    if (untimed > 0) this.said.push(diagnostic('alert/unseen', { records: untimed }));
  }

  get now(): DateTime {
    return this.session.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.session.diagnostics, ...this.alerting.diagnostics(), ...this.said];
  }

  get recordsByType(): ReadonlyMap<string, number> {
    return this.session.recordsByType;
  }

  sourceReport(about: readonly Rule[] = this.rules): SourceReport {
    return this.session.sourceReport(about);
  }

  drops(rule: Rule): Drops {
    return this.alerting.drops(rule);
  }

  alerts(): readonly Alert[] {
    return this.alerting.alerts();
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.session.stats();
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

function runningOf(rule: Rule, options: AlertSessionOptions): Pick<Running, 'records' | 'always' | 'find' | 'fresh'> {
  const always = new Set<InputRecord>();
  const fresh = freshRuns(rule, always, options);
  const find: RunOfRule<InputRecord> = async (seen, now) => {
    return seen.length === 0 && !mayMatchNothing(rule) ? [] : fresh(seen, now);
  };
  return { records: new Set(), always, find, fresh: new FreshMatches(find) };
}
