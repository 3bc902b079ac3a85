import type { JsonObject } from '../../base/json.ts';
import type { DateTime, Value } from '../../ir/value.ts';

/** What expressions are evaluated on: the raw record, where the row still has one, and the columns made so far. */
export interface Row {
  readonly event: JsonObject | undefined;
  readonly columns: ReadonlyMap<string, Value>;
}

/** What an evaluation may know beyond the row. */
export interface Clock {
  /** The one time of the whole run. */
  readonly now: DateTime;
}
