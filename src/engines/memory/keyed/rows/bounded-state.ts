import { KeyedMap } from '../../../../state/keyed-map.ts';
import type { KeyedEntry, KeyedState } from '../../../../state/keyed-state.ts';
import type { Watermark } from '../../../../state/watermark.ts';

/** What is remembered of one key. */
export interface Sized {
  /** How many rows it holds. */
  readonly size: number;
}

interface Counted<S> {
  readonly state: S;
  /** How many rows it held when it was last set. */
  rows: number;
}

/** The state of an operator's keys, with count of all their rows, and no more keys than so many. */
export class BoundedState<S extends Sized> {
  private readonly held: KeyedState<Counted<S>> = new KeyedMap();
  private readonly mostKeys: number;
  private total = 0;

  constructor(mostKeys: number) {
    this.mostKeys = mostKeys;
  }

  get keys(): number {
    return this.held.size;
  }

  get rows(): number {
    return this.total;
  }

  get(key: string): S | undefined {
    return this.held.get(key)?.state;
  }

  /** Gives the number of rows that had to be evicted for a new key. */
  set(key: string, state: S, until: bigint | 'forever'): number {
    const known = this.held.get(key);
    const evicted = known === undefined && this.held.size >= this.mostKeys ? this.evict() : 0;
    const counted = known?.state === state ? known : { state, rows: known?.rows ?? 0 };
    const rows = state.size;
    this.total += rows - counted.rows;
    counted.rows = rows;
    this.held.set(key, counted, until);
    return evicted;
  }

  /** Lets go of the key that was quiet the longest, and gives the number of its rows. */
  evict(): number {
    const oldest = this.held.oldest();
    if (oldest === undefined) return 0;
    this.delete(oldest.key);
    return oldest.state.rows;
  }

  delete(key: string): void {
    this.total -= this.held.get(key)?.rows ?? 0;
    this.held.delete(key);
  }

  oldest(): KeyedEntry<S> | undefined {
    const oldest = this.held.oldest();
    return oldest && { ...oldest, state: oldest.state.state };
  }

  mayExpire(watermark: Watermark): boolean {
    return this.held.mayExpire(watermark);
  }

  expire(watermark: Watermark): readonly KeyedEntry<S>[] {
    return this.held.expire(watermark).map((entry) => {
      this.total -= entry.state.rows;
      return { ...entry, state: entry.state.state };
    });
  }

  *entries(): Iterable<KeyedEntry<S>> {
    for (const entry of this.held.entries()) yield { ...entry, state: entry.state.state };
  }
}
