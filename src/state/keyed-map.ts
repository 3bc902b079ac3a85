import type { KeyedEntry, KeyedState } from './keyed-state.ts';
import { TimeQueue } from './time-queue.ts';
import { isPast, type Watermark } from './watermark.ts';

interface Held<S> {
  state: S;
  until: bigint | 'forever';
  /** The earliest of its places in the queue; undefined where it has none. */
  queued: bigint | undefined;
}

/** `KeyedState` in memory. */
export class KeyedMap<S> implements KeyedState<S> {
  /** In the order in which they were last set. */
  private readonly held = new Map<string, Held<S>>();
  /**
   * Each entry that may expire has a place at its time or before it: when such a place comes up too early, it is put back to
   * where it belongs, so that entries that are prolonged again and again cost no more than one place.
   */
  private readonly queue = new TimeQueue();

  get size(): number {
    return this.held.size;
  }

  get(key: string): S | undefined {
    return this.held.get(key)?.state;
  }

  set(key: string, state: S, until: bigint | 'forever'): void {
    const held = this.held.get(key) ?? { state, until, queued: undefined };
    held.state = state;
    held.until = until;
    this.held.delete(key);
    this.held.set(key, held);
    if (until !== 'forever' && (held.queued === undefined || until < held.queued)) this.enqueue(key, held, until);
  }

  delete(key: string): void {
    this.held.delete(key);
  }

  expire(watermark: Watermark): readonly KeyedEntry<S>[] {
    const expired: KeyedEntry<S>[] = [];
    for (let due = this.queue.first; due !== undefined && isPast(due.at, watermark); due = this.queue.first) {
      this.queue.shift();
      const held = this.held.get(due.key);
      // A place of an entry that was deleted, or that has an earlier one.
      if (held === undefined || held.queued !== due.at) continue;
      held.queued = undefined;
      const { state, until } = held;
      if (until === 'forever') continue;
      if (until > due.at) {
        this.enqueue(due.key, held, until);
        continue;
      }
      this.held.delete(due.key);
      expired.push({ key: due.key, state, until });
    }
    if (watermark !== 'end') return expired;
    const rest = [...this.entries()].sort((a, b) => (a.key < b.key ? -1 : 1));
    this.held.clear();
    return [...expired, ...rest];
  }

  mayExpire(watermark: Watermark): boolean {
    const { first } = this.queue;
    return watermark === 'end' || (first !== undefined && isPast(first.at, watermark));
  }

  oldest(): KeyedEntry<S> | undefined {
    for (const entry of this.entries()) return entry;
    return undefined;
  }

  *entries(): Iterable<KeyedEntry<S>> {
    for (const [key, { state, until }] of this.held) yield { key, state, until };
  }

  private enqueue(key: string, held: Held<S>, at: bigint): void {
    held.queued = at;
    this.queue.add({ at, key });
  }
}
