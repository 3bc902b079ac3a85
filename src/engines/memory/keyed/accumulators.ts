import type { WindowMeasure } from '../../../ir/plan/keyed.ts';
import { isNumberText } from '../../../values/number-text.ts';
import type { Value } from '../../../values/value.ts';
import { alternatives, combinations, valueText } from './rows/key-values.ts';
import type { Accumulator, Window, WindowRow } from './rows/window-row.ts';
import { LongestChain } from './sequence/chain.ts';

export function accumulatorOf(measure: WindowMeasure): Accumulator {
  switch (measure.fn) {
    case 'count':
      return { add: () => undefined, remove: () => undefined, value: ({ size }) => size };
    case 'count-distinct':
      return new DistinctValues(measure.of);
    case 'sum':
    case 'avg':
      return new Sum(measure.of, measure.fn === 'avg');
    case 'min':
    case 'max':
      return new Extreme(measure.of, measure.fn === 'min' ? -1 : 1);
    case 'percentile':
      return new Percentile(measure.of, measure.percent);
    case 'inputs':
      return new Inputs();
    case 'in-order':
      return new LongestChain(measure.inputs);
  }
}

class DistinctValues implements Accumulator {
  private readonly of: readonly string[];
  private readonly rows = new Map<string, number>();

  constructor(of: readonly string[]) {
    this.of = of;
  }

  add(row: WindowRow): void {
    for (const text of this.texts(row)) this.rows.set(text, (this.rows.get(text) ?? 0) + 1);
  }

  remove(row: WindowRow): void {
    for (const text of this.texts(row)) {
      const left = (this.rows.get(text) ?? 0) - 1;
      if (left > 0) this.rows.set(text, left);
      else this.rows.delete(text);
    }
  }

  value(): number {
    return this.rows.size;
  }

  private texts({ row }: WindowRow): ReadonlySet<string> {
    const values = combinations(this.of.map((name) => alternatives(row.columns.get(name))));
    return new Set(values.flatMap((one) => (one.includes(null) ? [] : [JSON.stringify(one.map(valueText))])));
  }
}

class Sum implements Accumulator {
  private readonly of: string;
  private readonly isMean: boolean;
  private count = 0;
  /** The sum of those numbers that can be taken away again exactly: sums of fractions would drift as rows go. */
  private exact = 0;
  private inexact = 0;

  constructor(of: string, isMean: boolean) {
    this.of = of;
    this.isMean = isMean;
  }

  add(row: WindowRow): void {
    this.change(row, 1);
  }

  remove(row: WindowRow): void {
    this.change(row, -1);
  }

  value(window: Window): number | null {
    if (this.count === 0) return null;
    const sum =
      this.inexact === 0
        ? this.exact
        : window
            .all()
            .flatMap((row) => numbersOf(row, this.of))
            .reduce((a, b) => a + b, 0);
    return this.isMean ? sum / this.count : sum;
  }

  private change(row: WindowRow, sign: 1 | -1): void {
    for (const number of numbersOf(row, this.of)) {
      this.count += sign;
      if (isExact(number)) this.exact += sign * number;
      else this.inexact += sign;
    }
  }
}

class Extreme implements Accumulator {
  private readonly of: string;
  private readonly sign: 1 | -1;
  /** Rows that may yet be the window's extreme: none later is nearer to it. */
  private readonly candidates: { readonly row: WindowRow; readonly value: number }[] = [];

  constructor(of: string, sign: 1 | -1) {
    this.of = of;
    this.sign = sign;
  }

  add(row: WindowRow): void {
    const { sign, candidates } = this;
    const numbers = numbersOf(row, this.of);
    const [first] = numbers;
    if (first === undefined) return;
    const value = numbers.reduce((a, b) => (sign * b > sign * a ? b : a), first);
    for (
      let last = candidates.at(-1);
      last !== undefined && sign * last.value <= sign * value;
      last = candidates.at(-1)
    ) {
      candidates.pop();
    }
    candidates.push({ row, value });
  }

  remove(row: WindowRow): void {
    if (this.candidates[0]?.row === row) this.candidates.shift();
  }

  value(): number | null {
    return this.candidates[0]?.value ?? null;
  }
}

class Percentile implements Accumulator {
  private readonly of: string;
  private readonly percent: number;

  constructor(of: string, percent: number) {
    this.of = of;
    this.percent = percent;
  }

  add(): void {}

  remove(): void {}

  value(window: Window): number | null {
    const sorted = window
      .all()
      .flatMap((row) => numbersOf(row, this.of))
      .sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const place = (this.percent / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    const high = sorted[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  }
}

class Inputs implements Accumulator {
  private readonly rows = new Map<number, number>();

  add({ inputs }: WindowRow): void {
    for (const input of inputs) this.rows.set(input, (this.rows.get(input) ?? 0) + 1);
  }

  remove({ inputs }: WindowRow): void {
    for (const input of inputs) this.rows.set(input, (this.rows.get(input) ?? 0) - 1);
  }

  value(): number {
    return [...this.rows.values()].filter((rows) => rows > 0).length;
  }
}

function numbersOf({ row }: WindowRow, of: string): readonly number[] {
  return alternatives(row.columns.get(of)).flatMap(numberOf);
}

/** A number, or a text of one. */
function numberOf(value: Value): readonly number[] {
  if (typeof value === 'number' || typeof value === 'bigint') return [Number(value)];
  if (typeof value !== 'string' || !isNumberText(value.trim())) return [];
  const number = Number(value);
  return Number.isFinite(number) ? [number] : [];
}

/** Sums of such numbers are exact for as many as a window can hold. */
function isExact(number: number): boolean {
  return Number.isInteger(number) && Math.abs(number) <= 2 ** 31;
}
