import type { KeyedEntry, KeyedState } from './keyed-state.ts';
import { isPast, type Watermark } from './watermark.ts';

interface Held<S> {
  state: S;
  until: bigint | 'forever';
  /** The earliest of its places in the queue; undefined where it has none. */
  queued: bigint | undefined;
}

interface Due {
  readonly at: bigint;
  readonly key: string;
}

/** `KeyedState` in memory. */
export class KeyedMap<S> implements KeyedState<S> {
  /** In the order in which they were last set. */
  private readonly held = new Map<string, Held<S>>();
  /**
   * A heap, earliest first. Each entry that may expire has a place at its time or before it: when such a place comes up too
   * early, it is put back to where it belongs, so that entries that are prolonged again and again cost no more than one place.
   */
  private readonly queue: Due[] = [];

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
    for (let due = this.queue[0]; due !== undefined && isPast(due.at, watermark); due = this.queue[0]) {
      this.dequeue();
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

  oldest(): KeyedEntry<S> | undefined {
    for (const entry of this.entries()) return entry;
    return undefined;
  }

  *entries(): Iterable<KeyedEntry<S>> {
    for (const [key, { state, until }] of this.held) yield { key, state, until };
  }

  private enqueue(key: string, held: Held<S>, at: bigint): void {
    held.queued = at;
    let place = this.queue.push({ at, key }) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.swapIfBefore(place, above)) break;
      place = above;
    }
  }

  /** Takes away the first. */
  private dequeue(): void {
    const last = this.queue.pop();
    if (last === undefined || this.queue.length === 0) return;
    this.queue[0] = last;
    let place = 0;
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const next = this.isBefore(right, left) ? right : left;
      if (!this.swapIfBefore(next, place)) break;
      place = next;
    }
  }

  private swapIfBefore(a: number, b: number): boolean {
    const [one, other] = [this.queue[a], this.queue[b]];
    if (one === undefined || other === undefined || !this.isBefore(a, b)) return false;
    this.queue[a] = other;
    this.queue[b] = one;
    return true;
  }

  private isBefore(a: number, b: number): boolean {
    const [one, other] = [this.queue[a], this.queue[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.key < other.key);
  }
}
