import type { Json } from '../../../base/json.ts';
import type { Key } from '../../../ir/plan/keyed.ts';
import { readArray, readBigInt, readNumber, readObject, readText } from '../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../state/state-row.ts';
import { delayed, type Watermark } from '../../../state/watermark.ts';
import type { Clock, Row } from '../row.ts';
import type { Limits, Losses, Operator } from './operator.ts';
import { type Arrival, Arrivals, type ReadInput } from './rows/arrivals.ts';
import { BoundedState, type Sized } from './rows/bounded-state.ts';
import { keysWeight, rowWeight } from './rows/row-weight.ts';

/** The part of what may be remembered that is free after room was made: it is not to be weighed again at once. */
export const ROOM: number = 1 / 4;

/** What all operators over keys and time do alike: rows come in, wait for the watermark, and are judged time by time. */
export abstract class KeyedOperator<S extends Sized> implements Operator {
  protected readonly held: BoundedState<S>;
  private readonly mostRows: number;
  private readonly mostWeight: number;
  private readonly arrivals: Arrivals;
  private atMost = 0;
  private evicted = 0;
  private abandoned = 0;

  constructor(inputs: readonly ReadInput[], by: readonly Key[], clock: Clock, limits: Limits) {
    this.held = new BoundedState(limits.keys);
    this.mostRows = limits.rows;
    this.mostWeight = limits.weight;
    this.arrivals = new Arrivals(inputs, by, clock);
  }

  get outputWatermark(): Watermark | undefined {
    return delayed(this.arrivals.watermark, this.delay);
  }

  get weight(): number {
    return this.atMost;
  }

  get isIdle(): boolean {
    return this.arrivals.size === 0 && this.held.keys === 0;
  }

  push(input: number, rows: Iterable<Row>): void {
    for (const row of rows) {
      this.atMost += this.arrivals.push(input, row);
      if (this.atMost > this.mostWeight) this.lighten();
      if (this.arrivals.size + this.held.rows > this.mostRows) this.evicted += this.evict() || this.arrivals.evict();
    }
  }

  advance(watermark: Watermark): MatchRow[] {
    if (!this.arrivals.hasBefore(watermark) && !this.held.mayExpire(watermark)) {
      this.arrivals.pass(watermark);
      return [];
    }
    const found: MatchRow[] = [];
    for (const rows of this.arrivals.take(watermark)) {
      const [first] = rows;
      if (first === undefined) continue;
      this.close(first.row.at, found);
      this.judge(first.row.at, rows, found);
    }
    this.close(watermark, found);
    return found.length < 2 ? found : found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  *references(): Iterable<RecordId> {
    yield* this.arrivals.references();
    for (const { state } of this.held.entries()) yield* this.recordsOf(state);
  }

  losses(): Losses {
    const { late, untimed } = this.arrivals;
    return { evicted: this.evicted, late, untimed, abandoned: this.abandoned };
  }

  halve(): void {
    const rows = (this.arrivals.size + this.held.rows) >> 1;
    while (!this.isIdle && (rows === 0 || this.arrivals.size + this.held.rows > rows)) {
      this.evicted += this.held.keys > 0 ? this.evict() : this.arrivals.evict();
    }
  }

  weigh(): number {
    let weight = this.arrivals.weigh();
    for (const { key, state } of this.held.entries()) {
      weight += keysWeight([key]);
      for (const row of this.rowsOf(state)) weight += rowWeight(row);
    }
    this.atMost = weight;
    return weight;
  }

  snapshot(): Json {
    const held = [...this.held.entries()].map(({ key, state, until }) => [key, until.toString(), this.store(state)]);
    return { arrivals: this.arrivals.snapshot(), held, evicted: this.evicted, abandoned: this.abandoned };
  }

  restore(snapshot: Json): void {
    const { arrivals, held, evicted, abandoned } = readObject(snapshot);
    for (const entry of readArray(held)) {
      const [key, until, state = null] = readArray(entry);
      this.held.set(readText(key), this.read(state), until === 'forever' ? until : readBigInt(until));
    }
    this.arrivals.restore(readObject(arrivals));
    this.evicted = readNumber(evicted);
    this.abandoned = readNumber(abandoned);
    this.weigh();
  }

  /** By how much a row may come out later than the time it bears. */
  protected abstract readonly delay: bigint | 'forever';
  /** Takes the rows of one time. */
  protected abstract judge(at: bigint, rows: readonly Arrival[], found: MatchRow[]): void;
  /** Judges what is over, and forgets what no row can reach any more. */
  protected abstract close(watermark: Watermark, found: MatchRow[]): void;
  /** The records that a state may still give. */
  protected abstract recordsOf(state: S): Iterable<RecordId>;
  /** All rows that a state holds. */
  protected abstract rowsOf(state: S): Iterable<StateRow>;
  protected abstract store(state: S): Json;
  /** Throws `NotStored`. */
  protected abstract read(stored: Json): S;

  protected keep(key: string, state: S, until: bigint | 'forever'): void {
    this.evicted += this.held.set(key, state, until);
  }

  /** Of a key of which nothing is worth to be remembered. */
  protected drop(key: string): void {
    this.held.delete(key);
  }

  /** Makes room in the state of a lone key: lets go of its oldest rows, and says how many; 0 where it has to go as a whole. */
  protected abstract shrink(state: S): number;

  /** Makes room, and says how many rows it cost; 0 where there is nothing to forget. The key that was quiet the longest goes. */
  private evict(): number {
    const oldest = this.held.oldest();
    if (oldest === undefined) return 0;
    const shrunk = this.held.keys > 1 ? 0 : this.shrink(oldest.state);
    if (shrunk === 0) return this.held.evict();
    this.keep(oldest.key, oldest.state, oldest.until);
    return shrunk;
  }

  /** Makes room where what is remembered weighs too much, and some more. */
  private lighten(): void {
    while (this.weigh() > this.mostWeight * (1 - ROOM) && !this.isIdle) this.halve();
  }

  /** That a search was given up. */
  protected abandon(): void {
    this.abandoned += 1;
  }
}
