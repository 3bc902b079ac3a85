import type { Alert } from '../../alerts/alert.ts';
import { Alerting } from '../../alerts/alerting.ts';
import type { Drops } from '../../alerts/drops.ts';
import { exceptedRules } from '../../alerts/excepted.ts';
import type { OnOutOfReach } from '../../alerts/group-threshold.ts';
import type { Match } from '../../alerts/match.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LinesAhead } from '../../logs/decode/index.ts';
import type { Checkpoint } from '../../state/checkpoint.ts';
import type { StoredState } from '../../state/stored-state.ts';
import { momentOf } from '../../values/moment.ts';
import type { DateTime } from '../../values/value.ts';
import { RuleFaults } from '../plans/rule-faults.ts';
import type { RuleStats } from '../plans/rule-stats.ts';
import { goOnWith, type Resumable, resumeFrom } from '../resuming.ts';
import { createRuleSession, type RuleSession, type Scanning } from '../rule-session.ts';
import type { SourceReport } from '../seen/source-report.ts';
import type { InputRecord, Lead, Run, Session, SessionOptions } from '../session.ts';

export interface AlertSessionOptions extends SessionOptions {
  /** Whether to keep alerts, not only to number them. */
  readonly keepAlerts?: boolean;
  /** Told of each match that too few others of its alert come with. Complete after `advance('end')`. */
  readonly onOutOfReach?: OnOutOfReach;
}

/** A run whose matches are those that the rules' thresholds and exceptions let pass, each with its alert. */
export interface AlertRun extends Run {
  /** What a rule found and is no match. Complete after `advance('end')`. */
  drops(rule: Rule): Drops;
  /** Empty unless alerts are kept. Complete after `advance('end')`. */
  alerts(): readonly Alert[];
}

export interface AlertSession extends Session, AlertRun {}

/** Runs rules over records as one range: the whole of them is one run of every rule. */
export function createSession(rules: readonly Rule[], options: AlertSessionOptions = {}): AlertSession & Scanning {
  return new RangeSession(rules, options);
}

/** How this part of a session is known in checkpoints. */
const PART = 'alerts';

class RangeSession implements AlertSession, Scanning, Resumable {
  private readonly session: RuleSession;
  private readonly options: AlertSessionOptions;
  private rules: readonly Rule[];
  private excepted: ReadonlyMap<Rule, Rule>;
  private readonly faults = new RuleFaults();
  private alerting: Alerting;
  private hasEnded = false;

  constructor(rules: readonly Rule[], options: AlertSessionOptions) {
    this.rules = rules.filter((rule) => rule.silent !== true);
    this.excepted = exceptedRules(rules);
    this.session = createRuleSession([...rules, ...this.excepted.keys()], { ...options, about: rules });
    this.options = options;
    this.alerting = rangeAlerting(options);
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    return this.take(await this.session.process(records));
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    if (this.hasEnded) return [];
    const found = this.take(await this.session.advance(watermark));
    if (watermark !== 'end') return found;
    this.hasEnded = true;
    const ended = this.rules.flatMap((rule) => {
      return this.faults.guard<readonly Match[]>(rule, [], () => this.alerting.endRun(rule, undefined));
    });
    return [...found, ...ended, ...this.alerting.finish()];
  }

  snapshot(positions: Json = null): Checkpoint {
    const checkpoint = this.session.snapshot(positions);
    return { ...checkpoint, operators: [...checkpoint.operators, ...this.alerting.snapshot(PART)] };
  }

  restore(checkpoint: Checkpoint): readonly Diagnostic[] {
    return resumeFrom(this, checkpoint);
  }

  replaceRules(rules: readonly Rule[]): Promise<readonly Diagnostic[]> {
    return goOnWith(this, rules);
  }

  async exchange(rules: readonly Rule[], held: StoredState): Promise<void> {
    this.rules = rules.filter((rule) => rule.silent !== true);
    this.excepted = exceptedRules(rules);
    this.alerting = rangeAlerting(this.options);
    this.alerting.restore(PART, this.rules, held);
    await this.session.exchange([...rules, ...this.excepted.keys()], held, rules);
  }

  resume(state: StoredState): void {
    this.session.resume(state);
    this.alerting.restore(PART, this.rules, state);
    this.hasEnded = state.checkpoint.watermark === 'end';
  }

  reset(): void {
    this.session.reset();
    this.alerting = rangeAlerting(this.options);
  }

  private take(matches: readonly Match[]): Match[] {
    return matches.flatMap((match) => {
      const rule = this.excepted.get(match.rule);
      // Where the alert of a match fails, it is a match without one.
      if (rule === undefined) {
        return this.faults.guard<readonly Match[]>(match.rule, [match], () => this.alerting.take(match), match.record);
      }
      this.alerting.except(rule);
      return [];
    });
  }

  get scanner(): LinesAhead | undefined {
    return this.session.scanner;
  }

  get lead(): Lead {
    return this.session.lead;
  }

  get now(): DateTime {
    return this.session.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.session.diagnostics, ...this.faults.diagnostics(), ...this.alerting.diagnostics()];
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

/** All records are one run. */
function rangeAlerting({ keepAlerts, onOutOfReach }: AlertSessionOptions): Alerting {
  return new Alerting({
    momentOf: ({ time }) => momentOf(time),
    scheduled: false,
    keepAlerts: keepAlerts === true,
    ...(onOutOfReach && { onOutOfReach }),
  });
}
