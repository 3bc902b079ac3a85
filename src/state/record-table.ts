import type { RecordId } from './state-row.ts';

/** Below this many records, looking for those that nobody refers to is not worth it. */
const FEW = 1_024;

/**
 * The records that operators still refer to, by their ids: operators keep no events, and what they give names records. Those
 * that nobody refers to any more are let go of whenever as many have come as were left the last time.
 */
export class RecordTable<R> {
  private readonly records = new Map<number, R>();
  private readonly references: () => Iterable<RecordId>;
  private sweepAt = FEW;

  /** `references`: all records that are still referred to. */
  constructor(references: () => Iterable<RecordId>) {
    this.references = references;
  }

  get size(): number {
    return this.records.size;
  }

  add(id: RecordId, record: R): void {
    this.records.set(id.order, record);
  }

  get(id: RecordId): R | undefined {
    return this.records.get(id.order);
  }

  /** Lets go of what nobody refers to, when it is time. Call it between steps, when what operators gave has been looked up. */
  sweep(): void {
    if (this.records.size < this.sweepAt) return;
    const kept = new Map<number, R>();
    for (const { order } of this.references()) {
      const record = this.records.get(order);
      if (record !== undefined) kept.set(order, record);
    }
    this.records.clear();
    for (const [order, record] of kept) this.records.set(order, record);
    this.sweepAt = Math.max(FEW, 2 * this.records.size);
  }
}
