import type { JsonObject } from '../base/json.ts';
import type { RecordSource } from '../logs/record.ts';

/** An event, and where it was read. */
export interface ExplainedEvent {
  readonly event: JsonObject;
  readonly source: RecordSource;
}
