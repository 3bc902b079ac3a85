import type { Json } from '../base/json.ts';
import type { Rule, RuleSeverity } from '../ir/rule/rule.ts';
import type { LogRecord } from '../logs/record.ts';

/** A rule's hit: on one record, or a row that the rule made. */
export interface Match {
  readonly rule: Rule;
  /** The record it is about; undefined for a row made of several. */
  readonly record: LogRecord | undefined;
  /** The records of all that it is made of, where the rule tells them: those of a sequence's steps in their order. */
  readonly members?: readonly LogRecord[];
  /** The event's time as text, where it has one. */
  readonly time: string | undefined;
  /** The rule's output columns. */
  readonly fields?: Readonly<Record<string, Json>>;
  readonly title?: string;
  /** What the rule computed for this match, else the rule's own. */
  readonly severity?: RuleSeverity;
  /** From 0 to 100. */
  readonly riskScore?: number;
  readonly dedup?: string;
  readonly alertContext?: Json;
  /** Panther's `unique()`: a threshold counts its distinct values instead of the matches. */
  readonly unique?: string;
  /** Matches with the same text are one alert, where the rule groups them by fields; without one it stands alone. */
  readonly group?: string;
  /** The alert that the match belongs to; null where the rule makes none. Absent until alerts were made. */
  readonly alert?: AlertRef | null;
  /** The run of the rule's schedule that found it. */
  readonly run?: RunSpan;
}

/** A match's place in an alert. */
export interface AlertRef {
  /** The same for the same rule over the same logs. */
  readonly id: string;
  /** The time of the alert's first match, as text. */
  readonly first: string | null;
  /** How many matches the alert has up to this one. */
  readonly count: number;
}

/** What a scheduled run looks at: after `from`, up to `to`; as text. */
export interface RunSpan {
  readonly from: string;
  readonly to: string;
}
