import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { Key } from '../../../ir/keyed.ts';
import type { Keyed } from '../../../ir/plan.ts';
import { NotStored } from '../../../state/plain.ts';
import type { RecordId, StateRow } from '../../../state/state-row.ts';
import { delayed, type Watermark } from '../../../state/watermark.ts';
import type { Clock, Row } from '../row.ts';
import { type Arrival, Arrivals, type ReadInput } from './arrivals.ts';
import type { Limits, Losses, Operator } from './operator.ts';

/** To be raised whenever an operator stores something else than before. */
const STATE_FORM = 1;

/** What all operators over keys and time do alike: rows come in, wait for the watermark, and are judged time by time. */
export abstract class KeyedOperator implements Operator {
  readonly fingerprint: string;
  protected readonly limits: Limits;
  private readonly arrivals: Arrivals;
  private lost = 0;

  constructor(plan: Keyed, inputs: readonly ReadInput[], by: readonly Key[], clock: Clock, limits: Limits) {
    this.fingerprint = createHash('sha256')
      .update(JSON.stringify([STATE_FORM, plan]))
      .digest('hex');
    this.limits = limits;
    this.arrivals = new Arrivals(inputs, by, clock);
  }

  get outputWatermark(): Watermark | undefined {
    return delayed(this.arrivals.watermark, this.delay);
  }

  get isIdle(): boolean {
    return this.arrivals.size === 0 && !this.isWaiting;
  }

  push(input: number, rows: Iterable<Row>): void {
    for (const row of rows) {
      this.arrivals.push(input, row);
      if (this.arrivals.size + this.remembered <= this.limits.rows) continue;
      const evicted = this.evict();
      if (evicted === 0) this.arrivals.evict();
      this.lost += evicted;
    }
  }

  advance(watermark: Watermark): StateRow[] {
    const found: StateRow[] = [];
    for (const rows of this.arrivals.take(watermark)) {
      const [first] = rows;
      if (first === undefined) continue;
      this.close(first.row.at, found);
      this.judge(first.row.at, rows, found);
    }
    this.close(watermark, found);
    return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  *references(): Iterable<RecordId> {
    yield* this.arrivals.references();
    yield* this.heldRecords();
  }

  losses(): Losses {
    const { evicted, late, untimed } = this.arrivals;
    return { evicted: evicted + this.lost, late, untimed };
  }

  snapshot(): Json {
    return { arrivals: this.arrivals.snapshot(), lost: this.lost, held: this.storeHeld() };
  }

  restore(snapshot: Json): boolean {
    if (!isJsonObject(snapshot)) return false;
    const { arrivals, lost, held } = snapshot;
    if (!isJsonObject(arrivals) || typeof lost !== 'number' || !isJsonObject(held)) return false;
    try {
      this.readHeld(held);
      this.arrivals.restore(arrivals);
    } catch (error) {
      if (error instanceof NotStored) return false;
      throw error;
    }
    this.lost = lost;
    return true;
  }

  /** By how much a row may come out later than the time it bears. */
  protected abstract readonly delay: bigint | 'forever';
  /** Whether a match may come without a further row. */
  protected abstract readonly isWaiting: boolean;
  /** How many rows are remembered. */
  protected abstract readonly remembered: number;
  /** Takes the rows of one time. */
  protected abstract judge(at: bigint, rows: readonly Arrival[], found: StateRow[]): void;
  /** Judges what is over, and forgets what no row can reach any more. */
  protected abstract close(watermark: Watermark, found: StateRow[]): void;
  /** Makes room, and says how many rows it cost; 0 where nothing is left to forget. */
  protected abstract evict(): number;
  protected abstract heldRecords(): Iterable<RecordId>;
  protected abstract storeHeld(): JsonObject;
  /** Throws `NotStored`. */
  protected abstract readHeld(stored: JsonObject): void;

  /** That so many rows were evicted because there are too many keys. */
  protected lose(rows: number): void {
    this.lost += rows;
  }
}
