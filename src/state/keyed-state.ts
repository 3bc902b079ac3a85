import type { Watermark } from './watermark.ts';

/** The state of one key, and the last moment (in ticks) at which it may still matter; `forever` where there is none. */
export interface KeyedEntry<S> {
  readonly key: string;
  readonly state: S;
  readonly until: bigint | 'forever';
}

/**
 * The only memory that an operator has. A state is plain data, and it belongs to its operator: what was got may be changed
 * in place, and is then set again.
 */
export interface KeyedState<S> {
  readonly size: number;
  get(key: string): S | undefined;
  set(key: string, state: S, until: bigint | 'forever'): void;
  delete(key: string): void;
  /**
   * Lets go of the entries that no longer matter at a watermark, earliest first, those of one time by their keys;
   * at `end` also of those that would matter forever.
   */
  expire(watermark: Watermark): readonly KeyedEntry<S>[];
  /** Whether `expire` might let go of any. */
  mayExpire(watermark: Watermark): boolean;
  /** The entry that was not set for the longest time. */
  oldest(): KeyedEntry<S> | undefined;
  /** All entries, the one that was not set for the longest time first. */
  entries(): Iterable<KeyedEntry<S>>;
}
