import type { Json } from '../../../base/json.ts';
import type { Keyed, Sequence } from '../../../ir/plan/plan.ts';
import { settled } from '../../../passes/settle-windows.ts';
import type { MatchRow, RecordId } from '../../../state/state-row.ts';
import type { Watermark } from '../../../state/watermark.ts';
import { MOST_KEPT } from '../budget.ts';
import type { Clock, Row } from '../row.ts';
import { FirstSeenOperator } from './first-seen.ts';
import { LinkedSequence } from './sequence/linked-sequence.ts';
import { Sample } from './sequence/sample.ts';
import { StrictSequence } from './sequence/strict-sequence.ts';
import { WindowSequence } from './sequence/window-sequence.ts';
import { ThresholdOperator } from './threshold.ts';

/**
 * An operator over keys and time at work, over rows that stream by or that are all there: a batch is `push` of all rows and
 * `advance('end')`. Rows of one watermark are judged in the order of their times and, at one time, of reading, so that what comes
 * out does not depend on how they arrived; what is remembered is plain data.
 */
export interface Operator {
  /** Rows of one input, by its place, in any order that the watermark leaves open. */
  push(input: number, rows: Iterable<Row>): void;
  /** What is sure once no row before the watermark will come, in the order of time. */
  advance(watermark: Watermark): MatchRow[];
  /** No row before it will come out any more; undefined while nothing is sure. */
  readonly outputWatermark: Watermark | undefined;
  /** Whether nothing is remembered. */
  readonly isIdle: boolean;
  /** The records that what is remembered may still give. */
  references(): Iterable<RecordId>;
  losses(): Losses;
  /** At least what the columns and keys weigh that are remembered, by `weightOf`: what came since `weigh` is in it, whatever became of it. */
  readonly weight: number;
  /** Makes `weight` exact, and gives it. */
  weigh(): number;
  /** Lets go of about half of the rows that are remembered: those of keys that were quiet the longest first. */
  halve(): void;
  /** Everything that is remembered. */
  snapshot(): Json;
  /** A fresh operator takes what one of the same plan remembered. Throws `NotStored`. */
  restore(snapshot: Json): void;
}

/** What did not come into an operator as it should. */
export interface Losses {
  /** Rows that were evicted before their window closed, because of the limits. */
  readonly evicted: number;
  /** Rows that came after the watermark had passed them, and were left out. */
  readonly late: number;
  /** Rows without a time, which took the latest time read before. */
  readonly untimed: number;
  /** Rows that a sequence could begin with, and for which too many others had to be tried. */
  readonly abandoned: number;
}

/** How much an operator may remember. */
export interface Limits {
  readonly rows: number;
  readonly keys: number;
  /** What columns and keys that are remembered may weigh, and again the records that they refer to; see `weightOf`. */
  readonly weight: number;
}

export interface OperatorOptions {
  readonly limits: Limits;
  /** Whether matches that `once-per-window` leaves out come out too, as repeats. */
  readonly repeats: boolean;
}

export const LIMITS: Limits = { rows: 1_000_000, keys: 200_000, weight: MOST_KEPT };

/** The memory engine's implementation of a node; its inputs' plans are run by whoever pushes their rows. */
export function compileOperator(plan: Keyed, clock: Clock, options: Partial<OperatorOptions> = {}): Operator {
  const all: OperatorOptions = { limits: LIMITS, repeats: false, ...options };
  switch (plan.kind) {
    case 'threshold':
      return new ThresholdOperator(plan, settled(plan), clock, all);
    case 'first-seen':
      return new FirstSeenOperator(plan, clock, all);
    case 'sequence':
      return compileSequence(plan, clock, all);
  }
}

function compileSequence(plan: Sequence, clock: Clock, options: OperatorOptions): Operator {
  const { order } = plan;
  switch (order.kind) {
    case 'strict':
      return new StrictSequence(plan, order, clock, options);
    case 'any':
      return new WindowSequence(plan, order, clock, options);
    case 'linked':
      return new LinkedSequence(plan, order, clock, options);
    case 'sample':
      return new Sample(plan, order, clock, options);
  }
}
