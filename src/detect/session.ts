import type { Match } from '../alerts/match.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { RowLimits } from '../base/row-limits.ts';
import type { Failures } from '../engines/memory/index.ts';
import type { EngineName } from '../engines/port.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { RecordSource } from '../logs/record.ts';
import type { TypingOptions } from '../logs/typing.ts';
import type { Checkpoint } from '../state/checkpoint.ts';
import type { DateTime } from '../values/value.ts';
import type { RuleStats } from './plans/rule-stats.ts';
import type { SeenKind } from './seen/seen-counts.ts';
import type { SourceReport } from './seen/source-report.ts';
import type { TimeRange } from './seen/time-range.ts';

export interface SessionOptions extends TypingOptions {
  /** Runs every Python rule as Python, so that no error of a rule is hidden by what is known of it without Python. */
  readonly strictErrors?: boolean;
  /** The time that `now()` and `ago()` mean; without it, the time of the last event read. */
  readonly now?: DateTime;
  /**
   * Seconds by which a record may come later than others that happened after it. With it the watermark follows the records:
   * matches of several records come out as soon as they are sure, and memory holds open windows only. Without it only `advance`
   * moves it, and rules over several records keep what they have and sort it then.
   */
  readonly allowedLateness?: number;
  /** When records must have happened to reach rules; it counts those that did not. */
  readonly within?: TimeRange | undefined;
  /** What decides rules that are plans: `stream` (the default) all at once by an index, `memory` one after the other. */
  readonly engine?: EngineName;
  /** Whether to count what each rule costs; it takes time itself. */
  readonly stats?: boolean;
  /** The rules that are looked at for faults of their own, where others run beside them; all, where it is left out. */
  readonly about?: readonly Rule[];
  /** Rules of others, whose records are to come out of reading as well; nobody hears of what they match. */
  readonly witnesses?: readonly Rule[];
  /** The session that sees all records, where this one sees only those that some rule may want. */
  readonly lead?: Lead | undefined;
  /** Whether others have to know when the last event happened (see `Lead`). */
  readonly leads?: boolean;
  /** What a rule over many rows may take. */
  readonly rowLimits?: RowLimits;
  /** Hears of functions that fail in rules (ES|QL's warnings); absent where nobody asks. */
  readonly failures?: Failures;
  /** How many threads read lines; with one, this thread does. */
  readonly workers?: number;
  /** Log types that records are given as (`InputRecord.as`) and that nobody declared: those of a checkpoint are found by their names. */
  readonly logTypes?: readonly LogType[];
}

/** What a session knows that sees all records. */
export interface Lead {
  /** When the last event happened. */
  latest(): DateTime | undefined;
  /** What the records were. */
  seen(): readonly SeenKind[];
}

/** A record, as it was read. */
export interface InputRecord {
  readonly event: JsonObject;
  readonly source: RecordSource;
  /** What it is, where the caller knows: a row of a table that was given as a file, say. */
  readonly as?: { readonly type: LogType; readonly shape: Shape };
}

/** Runs rules of every dialect over records, in the order in which they come. */
export interface Run {
  /** The matches that are sure with these records. */
  process(records: readonly InputRecord[]): Promise<readonly Match[]>;
  /**
   * Says that no record from before a moment will come, or by `end` that none at all will: the matches that waited for that.
   * Rules that look at all records, or ask what time it is, give theirs at the end. After it nothing more is taken.
   */
  advance(watermark: DateTime | 'end'): Promise<readonly Match[]>;
  /** What `now()` and `ago()` mean by what was read so far; the wall clock's time where no record has a time. */
  readonly now: DateTime;
  /** What went wrong in rules while they ran. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many records of each log type were seen. */
  readonly recordsByType: ReadonlyMap<string, number>;
  /** What became of the records that were seen: what they were taken for, and whether any rule (of `about`, or of all) is about them. */
  sourceReport(about?: readonly Rule[]): SourceReport;
  /** What each rule has cost; empty without `stats`. */
  stats(): ReadonlyMap<Rule, RuleStats>;
  close(): Promise<void>;
}

/** A run that can stop and go on elsewhere, and whose rules can change on the way. */
export interface Session extends Run {
  /**
   * Everything that is remembered, to go on from in another process. To be called while no `process` or `advance` is under way.
   * `positions` is the caller's, and comes back as it is: how far it has read its inputs.
   */
  snapshot(positions?: Json): Checkpoint;
  /**
   * Takes up what another session remembered, before the first record. A checkpoint that cannot be read, or of another version,
   * is refused: the diagnostics are errors, and nothing is taken up. Of a rule that has changed or gone nothing is taken up either:
   * they are warnings then.
   */
  restore(checkpoint: Checkpoint): readonly Diagnostic[];
  /**
   * Goes on with other rules. What is remembered of a rule that means the same lives on, whatever object it is now; other rules
   * begin with nothing. The diagnostics say which rules lost what they remembered.
   */
  replaceRules(rules: readonly Rule[]): Promise<readonly Diagnostic[]>;
}
