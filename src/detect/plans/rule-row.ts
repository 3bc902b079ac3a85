import type { Row } from '../../engines/memory/index.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LogRecord } from '../../logs/record.ts';

/** A row that a rule gave, and the record it stands for where it stands for one. */
export interface RuleRow {
  readonly rule: Rule;
  /** Undefined where the row is the record, with no columns of the rule's own. */
  readonly row: Row | undefined;
  readonly record: LogRecord | undefined;
  /** The records of all that it is made of, where the plan asks for them; those of a sequence's steps in their order. */
  readonly members?: readonly LogRecord[];
  /** Whether Python has still to decide. */
  readonly asks?: true;
}
