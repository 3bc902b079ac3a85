import type { HeldRow } from './timed-rows.ts';

/** A record in a window of a key. */
export interface WindowRow extends HeldRow {
  /** The inputs that it is a row of. */
  readonly inputs: readonly number[];
}

/** All rows of a window. */
export interface Window {
  readonly size: number;
  all(): readonly WindowRow[];
}

/** A measure of a window's rows, kept up to date as rows come at its end and go at its start. */
export interface Accumulator {
  add(row: WindowRow): void;
  remove(row: WindowRow): void;
  /** Null where there is nothing to measure. All rows of one time are there; the window starts at `from` or later. */
  value(window: Window, from: bigint): number | null;
}
