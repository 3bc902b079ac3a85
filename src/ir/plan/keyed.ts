/** What operators over keys and time have in common. */

/** A time or a duration in units of 100 ns, as decimal text: IR is JSON, which has no integers of that size. */
export type Ticks = string;

/**
 * Which rows of a key are looked at together. Both ends of a window belong to it, but the end of a `tumbling` one.
 *
 * - `sliding`: for each time at which the key has a row, the window that ends there. Judged at that time.
 * - `anchored`: opens at the key's first row and takes all rows up to its end; the next row after that opens the next.
 *   Judged when it is over.
 * - `within`: `sliding` where further rows cannot undo the condition (at least n), else `anchored`: a pass settles it.
 * - `tumbling`: fixed borders, `origin` and every `length` before and after it. Judged when it is over.
 * - `session`: goes on as long as the next row comes within `gap` of the last, and it is no longer than `atMost`.
 *   Judged when it is over.
 *
 * A `length` of null: all rows there are.
 */
export type TimeWindow = { readonly kind: 'within'; readonly length: Ticks | null } | SettledWindow;

/** A window that says itself when it is judged. */
export type SettledWindow =
  | { readonly kind: 'sliding' | 'anchored'; readonly length: Ticks | null }
  | { readonly kind: 'tumbling'; readonly length: Ticks; readonly origin: Ticks }
  | { readonly kind: 'session'; readonly gap: Ticks; readonly atMost: Ticks | null };

/** A column that rows must agree on. Values are the same when they read the same (`22` and `"22"`). */
export interface Key {
  readonly name: string;
  /** What a missing value or null means: a value of its own, or that the row takes no part. */
  readonly missing: 'key' | 'drop';
  /** An array: the row is of each of its values, or of the first. */
  readonly many: 'each' | 'first';
}

/** What a match gives. */
export interface Emit {
  /**
   * `each`: all that hold. `once-per-window`: those of a key share no window, so that what lasts matches once in its length.
   * `first`: a key matches once. (A sequence's order says it already.)
   */
  readonly how: 'each' | 'once-per-window' | 'first';
  /**
   * What the match stands for: no record (`summary`), its last row's (`last`), and also all rows of the window (`all`), or one
   * for each step (`steps`; of a sequence only).
   */
  readonly rows: 'summary' | 'last' | 'all' | 'steps';
  /** How many rows the column `rows` tells at the most: the last ones. */
  readonly mostRows: number;
}

/** The names of the columns that tell of a match's rows; those without a name are not made. */
export interface SummaryColumns {
  /** How many rows it has. */
  readonly count?: string;
  /** When its first and its last row happened. */
  readonly first?: string;
  readonly last?: string;
  /** The names of the inputs that have rows in it. */
  readonly inputs?: string;
  /** Where its rows were read. */
  readonly rows?: string;
  /** The values that its rows have in common, those of keys and of links. */
  readonly shared?: string;
}

/**
 * What a threshold measures of the rows of a window; null where there is nothing to measure. `of` names a kept column.
 * Numbers are numbers and texts of numbers, also those in a list.
 */
export type WindowMeasure = { readonly name: string } & (
  | { readonly fn: 'count' }
  /** Different values; several columns make one value together. Missing values do not count, a list gives each of its own. */
  | { readonly fn: 'count-distinct'; readonly of: readonly string[] }
  | { readonly fn: 'sum' | 'avg' | 'min' | 'max'; readonly of: string }
  /** From 0 to 100, with linear interpolation between the two nearest; 50 is the median. */
  | { readonly fn: 'percentile'; readonly of: string; readonly percent: number }
  /** How many inputs have a row. */
  | { readonly fn: 'inputs' }
  /**
   * The most of the inputs (by their places, in the order wanted) that have rows one after the other: times do not decrease,
   * and no record follows itself.
   */
  | { readonly fn: 'in-order'; readonly inputs: readonly number[] }
);

/** That one step follows another: not before it, within so much time, with a value in common. */
export interface Link {
  /** Steps by their places. */
  readonly from: number;
  readonly to: number;
  readonly within: Ticks | null;
  /** Kept columns of the two that must share a value. */
  readonly share: { readonly from: string; readonly to: string } | null;
}
