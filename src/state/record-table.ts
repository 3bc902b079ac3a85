import type { RecordId } from './state-row.ts';

/** Below this many records, and this much weight, looking for those that nobody refers to is not worth it. */
const FEW = 1_024;
const LITTLE = 64 * 1024 ** 2;

/** What records weigh, and how much all of them may. */
export interface RecordWeights<R> {
  readonly of: (record: R) => number;
  readonly most: number;
}

/**
 * The records that operators still refer to, by their ids: operators keep no events, and what they give names records. Those
 * that nobody refers to any more are let go of whenever as many have come, or as much, as were left the last time.
 */
export class RecordTable<R> {
  private readonly records = new Map<number, R>();
  private readonly references: () => Iterable<RecordId>;
  private readonly weights: RecordWeights<R>;
  private weight = 0;
  private sweepAt = FEW;
  private sweepAtWeight: number;

  /** `references`: all records that are still referred to. */
  constructor(references: () => Iterable<RecordId>, weights: RecordWeights<R>) {
    this.references = references;
    this.weights = weights;
    this.sweepAtWeight = Math.min(LITTLE, weights.most);
  }

  get size(): number {
    return this.records.size;
  }

  /** Whether what is referred to weighs more than it may, as far as is known. */
  get isTooHeavy(): boolean {
    return this.weight > this.weights.most;
  }

  add(id: RecordId, record: R): void {
    if (!this.records.has(id.order)) this.weight += this.weights.of(record);
    this.records.set(id.order, record);
  }

  get(id: RecordId): R | undefined {
    return this.records.get(id.order);
  }

  weightOf(id: RecordId): number {
    const record = this.records.get(id.order);
    return record === undefined ? 0 : this.weights.of(record);
  }

  /**
   * Lets go of what nobody refers to, when it is time, and gives whether it was. Call it between steps, when what operators gave
   * has been looked up.
   */
  sweep(): boolean {
    const isTime = this.records.size >= this.sweepAt || this.weight >= this.sweepAtWeight;
    if (isTime) this.sweepNow();
    return isTime;
  }

  sweepNow(): void {
    const kept = new Map<number, R>();
    for (const { order } of this.references()) {
      const record = this.records.get(order);
      if (record !== undefined) kept.set(order, record);
    }
    this.records.clear();
    this.weight = 0;
    for (const [order, record] of kept) {
      this.records.set(order, record);
      this.weight += this.weights.of(record);
    }
    this.sweepAt = Math.max(FEW, 2 * this.records.size);
    const { most } = this.weights;
    // What is left may be near to the most, or above it: not each record after it is worth another look.
    this.sweepAtWeight = Math.max(this.weight + most / 16, Math.min(most, Math.max(LITTLE, 2 * this.weight)));
  }
}
