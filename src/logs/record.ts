import type { JsonObject } from '../base/json.ts';

/** Where a record was read. */
export interface RecordSource {
  readonly file: string;
  /** The first line of the record, from 1. */
  readonly line: number;
  /** Its place inside an envelope or JSON array, from 0; absent where the line is the record. */
  readonly record?: number;
}

/** A decoded record whose log type is known. */
export interface LogRecord {
  readonly event: JsonObject;
  readonly logType: string;
  /** Which of the log type's shapes the record has. */
  readonly shape: string;
  readonly source: RecordSource;
}
