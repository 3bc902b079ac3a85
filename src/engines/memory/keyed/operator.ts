import type { Json } from '../../../base/json.ts';
import type { FirstSeen } from '../../../ir/plan.ts';
import type { RecordId, StateRow } from '../../../state/state-row.ts';
import type { Watermark } from '../../../state/watermark.ts';
import type { Clock, Row } from '../row.ts';
import { FirstSeenOperator } from './first-seen.ts';

/**
 * An operator over keys and time at work, over rows that stream by or that are all there: a batch is `push` of all rows and
 * `advance('end')`. Rows of one watermark are judged in the order of their times and, at one time, of reading, so that what comes
 * out does not depend on how they arrived; what is remembered is plain data.
 */
export interface Operator {
  /** What the operator means: state goes to an operator with the same fingerprint only. */
  readonly fingerprint: string;
  /** Rows of one input, by its place, in any order that the watermark leaves open. */
  push(input: number, rows: Iterable<Row>): void;
  /** What is sure once no row before the watermark will come, in the order of time. */
  advance(watermark: Watermark): StateRow[];
  /** No row before it will come out any more; undefined while nothing is sure. */
  readonly outputWatermark: Watermark | undefined;
  /** Whether nothing is remembered that could make a match. */
  readonly isIdle: boolean;
  /** The records that what is remembered may still give. */
  references(): Iterable<RecordId>;
  losses(): Losses;
  /** Everything that is remembered. */
  snapshot(): Json;
  /** Takes a snapshot's place in a fresh operator; false, and nothing is changed, when it is none of such an operator. */
  restore(snapshot: Json): boolean;
}

/** What did not come into an operator as it should. */
export interface Losses {
  /** Rows that were evicted before their window closed, because of the limits. */
  readonly evicted: number;
  /** Rows that came after the watermark had passed them, and were left out. */
  readonly late: number;
  /** Rows without a time, which took the latest time read before. */
  readonly untimed: number;
}

/** How much an operator may remember. */
export interface Limits {
  readonly rows: number;
  readonly keys: number;
}

const LIMITS: Limits = { rows: 1_000_000, keys: 200_000 };

/** The memory engine's implementation of a node; its inputs' plans are run by whoever pushes their rows. */
export function compileOperator(plan: FirstSeen, clock: Clock, limits: Limits = LIMITS): Operator {
  switch (plan.kind) {
    case 'first-seen':
      return new FirstSeenOperator(plan, clock, limits);
  }
}
