import type { Json } from '../../../../base/json.ts';
import { readArray, readNumber, readRow, storeRow } from '../../../../state/plain.ts';
import type { StateRow } from '../../../../state/state-row.ts';

/** A row that an operator holds. */
export interface HeldRow {
  readonly row: StateRow;
  /** Its place among rows of one time. */
  readonly order: number;
  /** What rows of one record share. */
  readonly record: number;
}

/** How many rows leave the front of the array before it is made anew. */
const COMPACT = 1024;

/** Rows in the order of their times. */
export class TimedRows<R extends HeldRow> {
  private rows: R[] = [];
  /** The place of the first that was not let go of. */
  private head = 0;

  get size(): number {
    return this.rows.length - this.head;
  }

  get first(): R | undefined {
    return this.rows[this.head];
  }

  get last(): R | undefined {
    return this.size === 0 ? undefined : this.rows.at(-1);
  }

  all(): readonly R[] {
    return this.head === 0 ? this.rows : this.rows.slice(this.head);
  }

  /** The last rows, oldest first. */
  tail(most: number): readonly R[] {
    return this.rows.slice(Math.max(this.head, this.rows.length - most));
  }

  /** Those of a time, both ends included; without an end, all on that side. */
  between(from: bigint | undefined, to: bigint | undefined): readonly R[] {
    return this.rows.slice(this.startOf(from), this.endOf(to));
  }

  /** How many there are in a time. */
  count(from: bigint | undefined, to: bigint | undefined): number {
    return Math.max(0, this.endOf(to) - this.startOf(from));
  }

  /** The first at a moment or later. */
  firstFrom(moment: bigint): R | undefined {
    return this.rows[this.placeOf(moment)];
  }

  /** The last at a moment or before. */
  lastTo(moment: bigint | undefined): R | undefined {
    const end = this.endOf(moment);
    return end > this.head ? this.rows[end - 1] : undefined;
  }

  /** A row that is not before any that it has. */
  add(row: R): void {
    this.rows.push(row);
  }

  /** Lets go of the oldest. */
  shift(): void {
    this.drop(this.head + 1);
  }

  /** Lets go of those before a moment. */
  dropBefore(moment: bigint): void {
    const { first } = this;
    if (first !== undefined && first.row.at < moment) this.drop(this.placeOf(moment));
  }

  clear(): void {
    this.rows = [];
    this.head = 0;
  }

  private drop(to: number): void {
    this.head = Math.min(to, this.rows.length);
    if (this.head < COMPACT || this.head * 2 <= this.rows.length) return;
    this.rows = this.rows.slice(this.head);
    this.head = 0;
  }

  private startOf(from: bigint | undefined): number {
    return from === undefined ? this.head : this.placeOf(from);
  }

  private endOf(to: bigint | undefined): number {
    return to === undefined ? this.rows.length : this.placeOf(to + 1n);
  }

  /** The place of the first row at a moment or later. */
  private placeOf(moment: bigint): number {
    let [low, high] = [this.head, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = this.rows[middle];
      if (row !== undefined && row.row.at < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function storeHeld({ row, order, record }: HeldRow): Json {
  return [storeRow(row), order, record];
}

export function readHeld(stored: Json | undefined): HeldRow {
  const [row, order, record] = readArray(stored);
  return { row: readRow(row), order: readNumber(order), record: readNumber(record) };
}

/** Negative where the first comes first. */
export function compareRows(a: HeldRow, b: HeldRow): number {
  if (a.row.at !== b.row.at) return a.row.at < b.row.at ? -1 : 1;
  return a.order - b.order;
}
