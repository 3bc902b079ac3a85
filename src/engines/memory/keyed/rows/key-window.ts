import type { WindowMeasure } from '../../../../ir/plan/keyed.ts';
import type { Value } from '../../../../values/value.ts';
import { accumulatorOf } from '../accumulators.ts';
import type { Sized } from './bounded-state.ts';
import { TimedRows } from './timed-rows.ts';
import type { Accumulator, WindowRow } from './window-row.ts';

/** The window of one key: its rows, and what is measured of them, which follows from the rows and need not be stored. */
export class KeyWindow implements Sized {
  readonly keys: readonly Value[];
  /** When the key had its first row since it was forgotten. */
  readonly opened: bigint;
  /** The latest match. */
  matched: bigint | undefined;
  readonly rows: TimedRows<WindowRow> = new TimedRows();
  private readonly measures: readonly WindowMeasure[];
  private accumulators: readonly Accumulator[];
  private readonly perInput: number[];

  constructor(keys: readonly Value[], opened: bigint, measures: readonly WindowMeasure[], inputs: number) {
    this.keys = keys;
    this.opened = opened;
    this.measures = measures;
    this.accumulators = measures.map(accumulatorOf);
    this.perInput = new Array<number>(inputs).fill(0);
  }

  get size(): number {
    return this.rows.size;
  }

  /** How many rows of an input it has. */
  rowsOf(input: number): number {
    return this.perInput[input] ?? 0;
  }

  /** A row that is not before any that it has. */
  add(row: WindowRow): void {
    this.rows.add(row);
    for (const input of row.inputs) this.perInput[input] = this.rowsOf(input) + 1;
    for (const accumulator of this.accumulators) accumulator.add(row);
  }

  /** Lets go of the oldest row. */
  shift(): void {
    const row = this.rows.first;
    if (row === undefined) return;
    this.rows.shift();
    for (const input of row.inputs) this.perInput[input] = this.rowsOf(input) - 1;
    for (const accumulator of this.accumulators) accumulator.remove(row);
  }

  /** Lets go of all rows. */
  clear(): void {
    this.rows.clear();
    this.perInput.fill(0);
    this.accumulators = this.measures.map(accumulatorOf);
  }

  /** The measures, when the window starts at `from` or later. */
  measured(from: bigint): readonly (number | null)[] {
    return this.accumulators.map((accumulator) => accumulator.value(this.rows, from));
  }
}
