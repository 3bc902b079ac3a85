import type { JsonObject } from '../base/json.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { RecordSource } from '../logs/record.ts';

/** An event, and where it was read. */
export interface ExplainedEvent {
  readonly event: JsonObject;
  readonly source: RecordSource;
  /** What it is, where the caller knows: a document of an index, say. */
  readonly as?: { readonly type: LogType; readonly shape: Shape };
}
