import type { Json } from '../base/json.ts';
import type { Rule, RuleSeverity } from '../ir/rule.ts';
import type { LogRecord } from '../logs/record.ts';

/** A rule's hit: on one record, or a row that the rule made. */
export interface Match {
  readonly rule: Rule;
  /** The record it is about; undefined for a row made of several. */
  readonly record: LogRecord | undefined;
  /** The event's time as text, where it has one. */
  readonly time: string | undefined;
  /** The rule's output columns. */
  readonly fields?: Readonly<Record<string, Json>>;
  readonly title?: string;
  /** What the rule computed for this match, else the rule's own. */
  readonly severity?: RuleSeverity;
  readonly dedup?: string;
  readonly alertContext?: Json;
}
