import type { Diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { StoredOperator } from '../state/checkpoint.ts';
import type { StoredState } from '../state/stored-state.ts';
import type { Alert } from './alert.ts';
import { type Drops, NO_DROPS } from './drops.ts';
import type { Match } from './match.ts';
import { type AlertingOptions, RuleAlerts } from './rule-alerts.ts';
import { ruleFingerprint } from './rule-fingerprint.ts';

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

  /** What is remembered of each rule; `part`: how that is known in checkpoints. */
  snapshot(part: string): StoredOperator[] {
    return [...this.rules].map(([rule, alerts]) => {
      const { format, id, name } = rule;
      return { part, rule: { format, id, name }, fingerprint: ruleFingerprint(rule), state: alerts.snapshot() };
    });
  }

  /** A fresh one takes what another remembered of rules that are the same. Throws `NotStored`. */
  restore(part: string, rules: readonly Rule[], state: StoredState): void {
    for (const [rule, stored] of state.of(part, rules, ruleFingerprint)) this.of(rule).restore(stored);
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
