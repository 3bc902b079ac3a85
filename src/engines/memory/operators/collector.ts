import type { Json } from '../../../base/json.ts';
import type { RecordId } from '../../../state/state-row.ts';
import type { Row } from '../row.ts';
import type { EventOf } from '../stored-row.ts';

/** An operator over the rows of one input, at work: it keeps of them what it needs, and gives its rows when all have come. */
export interface Collector {
  push(row: Row): void;
  rows(): Iterable<Row>;
  /** No further row changes anything. */
  readonly isFull?: boolean;
  /** The records of rows that it keeps as they are. */
  references(): Iterable<RecordId>;
  /** Everything that it keeps. */
  snapshot(): Json;
  /** A fresh one of the same plan takes what another kept. Throws `NotStored`. */
  restore(stored: Json, eventOf: EventOf): void;
}
