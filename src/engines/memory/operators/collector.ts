import type { Row } from '../row.ts';

/** An operator over the rows of one input, at work: it keeps of them what it needs, and gives its rows when all have come. */
export interface Collector {
  push(row: Row): void;
  rows(): Iterable<Row>;
  /** No further row changes anything. */
  readonly isFull?: boolean;
}
