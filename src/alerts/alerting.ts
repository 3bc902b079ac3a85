import type { Diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule.ts';
import type { Alert } from './alert.ts';
import { type Drops, NO_DROPS } from './drops.ts';
import type { Match } from './match.ts';
import { type AlertingOptions, RuleAlerts } from './rule-alerts.ts';

/** Makes the matches of many rules into alerts. */
export class Alerting {
  private readonly rules = new Map<Rule, RuleAlerts>();
  private readonly options: AlertingOptions;

  constructor(options: AlertingOptions) {
    this.options = options;
  }

  /** What is sure to be a match now, with its alert. */
  take(match: Match): Match[] {
    return this.of(match.rule).take(match);
  }

  /** A run of a rule is over; `time`: its end, as text. */
  endRun(rule: Rule, time: string | undefined): Match[] {
    return this.of(rule).endRun(time);
  }

  finish(): Match[] {
    return [...this.rules.values()].flatMap((rule) => rule.finish());
  }

  /** Counts a record that a rule's exceptions keep out. */
  except(rule: Rule): void {
    this.of(rule).except();
  }

  drops(rule: Rule): Drops {
    return this.rules.get(rule)?.drops ?? NO_DROPS;
  }

  /** Rule by rule; empty unless they are kept. */
  alerts(): Alert[] {
    return [...this.rules.values()].flatMap((rule) => rule.alerts());
  }

  diagnostics(): Diagnostic[] {
    return [...this.rules.values()].flatMap((rule) => rule.diagnostics());
  }

  private of(rule: Rule): RuleAlerts {
    const known = this.rules.get(rule);
    if (known !== undefined) return known;
    const made = new RuleAlerts(rule, this.options);
    this.rules.set(rule, made);
    return made;
  }
}
