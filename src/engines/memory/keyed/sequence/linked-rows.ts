import type { Value } from '../../../../values/value.ts';
import type { Sized } from '../rows/bounded-state.ts';
import { alternatives, valueText } from '../rows/key-values.ts';
import { compareRows, type HeldRow, TimedRows } from '../rows/timed-rows.ts';

/** A row with the values that links compare, by the names of their columns. */
export interface LinkedRow extends HeldRow {
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Value>>;
}

export function linkedRow({ row, order, record }: HeldRow): LinkedRow {
  const values = [...row.columns].map(([name, value]): [string, ReadonlyMap<string, Value>] => {
    const all = alternatives(value).filter((one) => one !== null);
    return [name, new Map(all.map((one) => [valueText(one), one]))];
  });
  return { row, order, record, values: new Map(values) };
}

/** What two rows have in common at a column of each. */
export function sharedValues(a: LinkedRow, from: string, b: LinkedRow, to: string): readonly Value[] {
  const others = b.values.get(to);
  return [...(a.values.get(from) ?? [])].flatMap(([text, value]) => (others?.has(text) ? [value] : []));
}

/** The rows of a step in the order of time, also by the values that links compare. */
export class LinkedRows implements Sized {
  private readonly rows = new TimedRows<LinkedRow>();
  private readonly byValue = new Map<string, Map<string, TimedRows<LinkedRow>>>();

  get size(): number {
    return this.rows.size;
  }

  get first(): LinkedRow | undefined {
    return this.rows.first;
  }

  get last(): LinkedRow | undefined {
    return this.rows.last;
  }

  all(): readonly LinkedRow[] {
    return this.rows.all();
  }

  firstFrom(moment: bigint): LinkedRow | undefined {
    return this.rows.firstFrom(moment);
  }

  between(from: bigint | undefined, to: bigint | undefined): readonly LinkedRow[] {
    return this.rows.between(from, to);
  }

  /** Those with any of the values at a column. */
  having(
    column: string,
    texts: Iterable<string>,
    from: bigint | undefined,
    to: bigint | undefined,
  ): readonly LinkedRow[] {
    const byText = this.byValue.get(column);
    const found = new Set([...texts].flatMap((text) => byText?.get(text)?.between(from, to) ?? []));
    return [...found].sort(compareRows);
  }

  /** A row that is not before any that it has. */
  add(row: LinkedRow): void {
    this.rows.add(row);
    for (const [column, values] of row.values) {
      const byText = this.byValue.get(column) ?? new Map<string, TimedRows<LinkedRow>>();
      this.byValue.set(column, byText);
      for (const text of values.keys()) {
        const rows = byText.get(text) ?? new TimedRows<LinkedRow>();
        byText.set(text, rows);
        rows.add(row);
      }
    }
  }

  /** Lets go of the oldest. */
  shift(): void {
    const { first } = this.rows;
    if (first === undefined) return;
    this.rows.shift();
    for (const [column, values] of first.values) {
      const byText = this.byValue.get(column);
      for (const text of values.keys()) {
        const rows = byText?.get(text);
        rows?.shift();
        if (rows?.size === 0) byText?.delete(text);
      }
    }
  }

  dropBefore(moment: bigint): void {
    for (let { first } = this.rows; first !== undefined && first.row.at < moment; first = this.rows.first) this.shift();
  }
}
