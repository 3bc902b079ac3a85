import type { Diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule.ts';
import type { Alert } from './alert.ts';
import type { Drops } from './drops.ts';
import type { Match } from './match.ts';
import { type AlertingOptions, RuleAlerts } from './rule-alerts.ts';

/** Makes the matches of many rules into alerts. Rules whose rows only count what exceptions keep out give no matches. */
export class Alerting {
  private readonly rules = new Map<Rule, RuleAlerts>();
  private readonly options: AlertingOptions;
  private readonly exceptedOf: ReadonlyMap<Rule, Rule>;

  /** `exceptedOf`: for each rule that stands for another's exceptions, that other. */
  constructor(rules: readonly Rule[], exceptedOf: ReadonlyMap<Rule, Rule>, options: AlertingOptions) {
    this.options = options;
    this.exceptedOf = exceptedOf;
    for (const rule of rules) this.rules.set(rule, new RuleAlerts(rule, options));
  }

  /** What is sure to be a match now, with its alert. */
  take(match: Match): Match[] {
    const excepting = this.exceptedOf.get(match.rule);
    if (excepting === undefined) return this.of(match.rule).take(match);
    this.of(excepting).except();
    return [];
  }

  /** A run of some rules is over; `time`: its end, as text. */
  endRun(rules: Iterable<Rule>, time: string | undefined): Match[] {
    return [...rules].flatMap((rule) => this.of(rule).endRun(time));
  }

  finish(): Match[] {
    return [...this.rules.values()].flatMap((rule) => rule.finish());
  }

  drops(): ReadonlyMap<Rule, Drops> {
    return new Map([...this.rules].map(([rule, alerts]) => [rule, alerts.drops]));
  }

  /** In the order of rules; empty unless they are kept. */
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
