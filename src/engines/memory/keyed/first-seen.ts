import type { JsonObject } from '../../../base/json.ts';
import type { FirstSeen } from '../../../ir/plan.ts';
import { KeyedMap } from '../../../state/keyed-map.ts';
import type { KeyedState } from '../../../state/keyed-state.ts';
import { readArray, readBigInt, readText } from '../../../state/plain.ts';
import type { RecordId, StateRow } from '../../../state/state-row.ts';
import type { Watermark } from '../../../state/watermark.ts';
import type { Clock } from '../row.ts';
import type { Arrival } from './arrivals.ts';
import { keyText } from './key-values.ts';
import { KeyedOperator } from './keyed-operator.ts';
import type { Limits } from './operator.ts';

/** Gives rows whose keys were not seen in a time before them. Of each key it keeps when it was seen last. */
export class FirstSeenOperator extends KeyedOperator {
  protected readonly delay = 0n;
  protected readonly isWaiting = false;
  protected readonly remembered = 0;
  private readonly plan: FirstSeen;
  private readonly history: bigint | undefined;
  private readonly seen: KeyedState<bigint> = new KeyedMap();

  constructor(plan: FirstSeen, clock: Clock, limits: Limits) {
    super(plan, [plan.input], plan.by, clock, limits);
    this.plan = plan;
    this.history = plan.history === null ? undefined : BigInt(plan.history);
  }

  protected judge(at: bigint, rows: readonly Arrival[], found: StateRow[]): void {
    for (const { row, keys } of rows) {
      for (const values of keys) {
        const key = keyText(values);
        const last = this.seen.get(key);
        if (last === undefined && this.seen.size >= this.limits.keys) this.forgetOldest();
        this.see(key, at);
        if (last !== undefined && (this.history === undefined || at - last <= this.history)) continue;
        const columns = new Map(row.columns);
        for (const [place, { name }] of this.plan.by.entries()) columns.set(name, values[place] ?? null);
        found.push({ ...row, columns });
      }
    }
  }

  protected close(watermark: Watermark): void {
    if (watermark !== 'end') this.seen.expire(watermark);
  }

  protected evict(): number {
    return 0;
  }

  protected *heldRecords(): Iterable<RecordId> {}

  protected storeHeld(): JsonObject {
    return { seen: [...this.seen.entries()].map(({ key, state }) => [key, state.toString()]) };
  }

  protected readHeld({ seen }: JsonObject): void {
    for (const entry of readArray(seen)) {
      const [key, at] = readArray(entry);
      this.see(readText(key), readBigInt(at));
    }
  }

  private see(key: string, at: bigint): void {
    this.seen.set(key, at, this.history === undefined ? 'forever' : at + this.history);
  }

  /** Its next row will seem new. */
  private forgetOldest(): void {
    const oldest = this.seen.oldest();
    if (oldest !== undefined) this.seen.delete(oldest.key);
    this.lose(1);
  }
}
