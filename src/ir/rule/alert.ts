import type { Expr } from '../expr.ts';
import type { Ticks } from '../plan/keyed.ts';
import type { NamedExpr } from '../plan/plan.ts';

export type AlertSeverity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** How often a rule runs in its own product, and what each run sees of the logs. */
export interface Schedule {
  readonly every: Ticks;
  /** A run sees what happened in this time before its end. */
  readonly lookback: Ticks;
  /** How long a run waits for records that arrive late. */
  readonly delay: Ticks;
  /** Whether the product looks back by when records happened, or by when it got them. */
  readonly by: 'event' | 'ingestion';
  /** Whether the rule's file says so itself, or only its product does where the file is silent. */
  readonly stated: boolean;
  /** The window of a run as the rule's file writes it, in date math that is resolved at the time of the run. */
  readonly math?: { readonly from: string; readonly to: string };
  /** Where the time begins, before the window, in which what a run finds must not have been seen (Elastic's new terms); date math. */
  readonly history?: string;
  /** The field that says when a record happened, where the rule does not take the record's own time. */
  readonly timestamp?: { readonly field: string; readonly fallback: boolean };
}

/**
 * What becomes of a rule's matches: what the alert says, which matches are one alert, and how many it takes. Expressions are
 * over the match: its record's fields, and the columns that the rule makes.
 */
export interface AlertTemplate {
  readonly title?: Expr;
  /** Panther's dedup text. Python rules compute it themselves. */
  readonly dedup?: Expr;
  readonly context: readonly NamedExpr[];
  /** The first whose condition is true, else the rule's own. */
  readonly severities: readonly { readonly when: Expr; readonly severity: AlertSeverity }[];
  readonly risk?: RiskScore;
  readonly group: AlertGroup;
  readonly threshold?: AlertThreshold;
  /** How many alerts one run of the schedule makes at the most; `stated` as for a schedule. */
  readonly mostPerRun?: { readonly alerts: number; readonly stated: boolean };
  /** False: matches are recorded and make no alert (Panther's signals). */
  readonly createAlert: boolean;
  /** Elastic's word for what kind of rule it is: `query`, `threshold`, … */
  readonly ruleType?: string;
  /**
   * `records`: title, severities, risk and group are asked of each record that a match is made of (an EQL sequence), not of its row.
   * The match itself has the rule's own severity and risk, and belongs to a group by what its records have in common.
   * `record`: all are asked of the one record that the match stands for, as its row has other columns.
   */
  readonly of?: 'records' | 'record';
  /** Its alerts are there for other rules and hidden from people. */
  readonly isBuildingBlock?: true;
}

/** From 0 to 100. `from`: the largest number in that range of this expression, where it has one, counts instead. */
export interface RiskScore {
  readonly score: number;
  readonly from?: Expr;
}

/** Which matches are one alert. */
export interface AlertGroup {
  /** `match`: each by itself. `all`: all of a run. `dedup`: those with one dedup text. `fields`: those with the same values. */
  readonly by: 'match' | 'all' | 'dedup' | 'fields';
  /** For `fields`. */
  readonly fields: readonly NamedExpr[];
  /** For `fields`: what a match that lacks one of them belongs to. */
  readonly missing: 'group' | 'match';
  /** How long an alert takes matches, from the first; null: as long as the run. */
  readonly period: Ticks | null;
}

/** How many matches make an alert; with fewer (or more) there is none. */
export interface AlertThreshold {
  /** What is counted: the matches of one group in its period, or all rows of a run. */
  readonly of: 'group' | 'run';
  readonly operator: ThresholdOperator;
  readonly count: number;
  /** What the rule's product calls it. */
  readonly called: 'threshold' | 'trigger';
}

export type ThresholdOperator = 'gt' | 'ge' | 'lt' | 'eq' | 'ne';

/** What a rule's file says beside the query and no command applies. */
export type NotApplied =
  /** Elastic: exception lists that are not in the rule's own file. */
  | { readonly what: 'exception-lists'; readonly names: readonly string[] }
  /** Panther: scheduled rules are given rows; the queries that would make them are not run. */
  | { readonly what: 'scheduled-queries'; readonly names: readonly string[] }
  /** Panther: policies leave out resources that match these. */
  | { readonly what: 'suppressions'; readonly names: readonly string[] }
  /** Sentinel: a rule that alerts on each row is stopped for this time after an alert. */
  | { readonly what: 'alert-suppression'; readonly names: readonly string[] };
