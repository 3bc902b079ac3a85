import type { JsonObject } from '../../base/json.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { LogRecord } from '../../logs/record.ts';
import type { RecordId } from '../../state/state-row.ts';

/** What a record is. */
export interface RecordKind {
  readonly type: LogType;
  readonly shape: Shape;
}

/** A record that was read, and what it is. */
export interface Seen extends RecordKind {
  readonly record: LogRecord;
  readonly id: RecordId;
}

/** How the kinds of records are found again: by what they look like, or by the names that were stored where that would not do. */
export interface Kinds {
  recognise(event: JsonObject): RecordKind;
  /** Undefined where there is no such type, or none with that shape. */
  named(stored: KindName): RecordKind | undefined;
}

export interface KindName {
  readonly type: string;
  readonly shape: string;
  readonly declared: boolean;
}
