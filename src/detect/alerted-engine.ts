import type { Alert } from '../alerts/alert.ts';
import { Alerting } from '../alerts/alerting.ts';
import type { Drops } from '../alerts/drops.ts';
import { exceptedRules } from '../alerts/excepted.ts';
import type { OnOutOfReach } from '../alerts/group-threshold.ts';
import type { Match } from '../alerts/match.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule.ts';
import type { LinesAhead } from '../logs/decode/index.ts';
import { momentOf } from '../values/moment.ts';
import type { DateTime } from '../values/value.ts';
import { createEngine, type LineEngine } from './engine.ts';
import type { Engine, EngineOptions, InputRecord } from './engine-options.ts';
import type { RuleStats } from './rule-stats.ts';
import type { SourceReport } from './source-report.ts';

export interface AlertedOptions extends EngineOptions {
  /** Whether to keep alerts, not only to number them. */
  readonly keepAlerts?: boolean;
  /** Told of each match that too few others of its alert come with. Complete after `finish`. */
  readonly onOutOfReach?: OnOutOfReach;
}

/** An engine whose matches are those that the rules' thresholds and exceptions let pass, each with its alert. */
export interface AlertedEngine extends Engine {
  /** What a rule found and is no match. Complete after `finish`. */
  drops(rule: Rule): Drops;
  /** Empty unless alerts are kept. Complete after `finish`. */
  alerts(): readonly Alert[];
}

/** Runs rules over records as one range: the whole of them is one run of every rule. */
export function createAlertedEngine(rules: readonly Rule[], options: AlertedOptions = {}): AlertedEngine & LineEngine {
  return new RangeEngine(rules, options);
}

class RangeEngine implements AlertedEngine, LineEngine {
  private readonly rules: readonly Rule[];
  private readonly excepted: ReadonlyMap<Rule, Rule>;
  private readonly engine: LineEngine;
  private readonly alerting: Alerting;

  constructor(rules: readonly Rule[], options: AlertedOptions) {
    this.rules = rules.filter((rule) => rule.silent !== true);
    this.excepted = exceptedRules(rules);
    this.engine = createEngine([...rules, ...this.excepted.keys()], { ...options, about: rules });
    this.alerting = new Alerting({
      momentOf: ({ time }) => momentOf(time),
      scheduled: false,
      keepAlerts: options.keepAlerts === true,
      ...(options.onOutOfReach && { onOutOfReach: options.onOutOfReach }),
    });
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    return this.take(await this.engine.process(records));
  }

  async finish(): Promise<readonly Match[]> {
    const found = this.take(await this.engine.finish());
    const ended = this.rules.flatMap((rule) => this.alerting.endRun(rule, undefined));
    return [...found, ...ended, ...this.alerting.finish()];
  }

  private take(matches: readonly Match[]): Match[] {
    return matches.flatMap((match) => {
      const rule = this.excepted.get(match.rule);
      if (rule === undefined) return this.alerting.take(match);
      this.alerting.except(rule);
      return [];
    });
  }

  get scanner(): LinesAhead | undefined {
    return this.engine.scanner;
  }

  get now(): DateTime {
    return this.engine.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.engine.diagnostics, ...this.alerting.diagnostics()];
  }

  get recordsByType(): ReadonlyMap<string, number> {
    return this.engine.recordsByType;
  }

  sourceReport(about: readonly Rule[] = this.rules): SourceReport {
    return this.engine.sourceReport(about);
  }

  drops(rule: Rule): Drops {
    return this.alerting.drops(rule);
  }

  alerts(): readonly Alert[] {
    return this.alerting.alerts();
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.engine.stats();
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
