import type { Measure } from '../../ir/plan.ts';
import type { RecordSource } from '../../logs/record.ts';
import type { Value } from '../../values/value.ts';
import type { Row } from './row.ts';

/** A record in a window of a group. */
export interface Entry {
  /** When it happened, in ticks. */
  readonly at: bigint;
  /** Its place among all rows that came in. */
  readonly order: number;
  /** The inputs that it is a row of. */
  readonly inputs: readonly number[];
  /** What rows of one record share. */
  readonly record: number | object;
  /** Keys of the different values it has, for `count-distinct`. */
  readonly values: readonly string[];
  /** Its numbers, for the measures of values. */
  readonly numbers: readonly number[];
  /** Where its record was read; the record itself is not kept. */
  readonly source: RecordSource | undefined;
}

/** The latest start of a chain of rows, and the record of its end. */
interface Chain {
  readonly start: bigint;
  readonly end: number | object;
}

/** How many entries leave the front of the array before it is made anew. */
const COMPACT = 1024;

/**
 * The rows of one group that its window holds, with what the measure needs kept up to date as rows come and go: no
 * measure but those of numbers looks at all rows again.
 */
export class Group {
  readonly key: string;
  readonly keys: readonly Value[];
  /** When the anchored window opened. */
  opened: bigint | undefined;
  /** The latest match. */
  matched: bigint | undefined;
  /** The last time at which it had a row. */
  latest = 0n;
  /** Its last row: of those before only what the measure needs is kept, and where they were read. */
  lastRow: Row | undefined;
  private readonly measure: Measure;
  private entries: Entry[] = [];
  private head = 0;
  private readonly perInput: number[];
  private readonly perValue = new Map<string, number>();
  private numbers = 0;
  /** The sum of the numbers, while it is exact: sums of fractions would drift as rows go. */
  private exactSum = 0;
  private inexact = 0;
  /** Rows that may yet be the window's extreme: none later is nearer to it. */
  private extremes: { readonly order: number; readonly value: number }[] = [];
  /** For each length, then each input that may end such a chain: the two latest starts whose ends differ. */
  private chains: Chain[][][] = [];

  constructor(key: string, keys: readonly Value[], measure: Measure, inputs: number) {
    this.key = key;
    this.keys = keys;
    this.measure = measure;
    this.perInput = new Array<number>(inputs).fill(0);
  }

  get size(): number {
    return this.entries.length - this.head;
  }

  get first(): Entry | undefined {
    return this.entries[this.head];
  }

  get last(): Entry | undefined {
    return this.size === 0 ? undefined : this.entries.at(-1);
  }

  /** The last rows, oldest first. */
  tail(most: number): readonly Entry[] {
    return this.entries.slice(Math.max(this.head, this.entries.length - most));
  }

  has(input: number): boolean {
    return (this.perInput[input] ?? 0) > 0;
  }

  /** Takes rows of one time, which is not before any that it has. */
  add(rows: readonly Entry[]): void {
    for (const entry of rows) {
      this.entries.push(entry);
      for (const input of entry.inputs) this.perInput[input] = (this.perInput[input] ?? 0) + 1;
      for (const value of entry.values) this.perValue.set(value, (this.perValue.get(value) ?? 0) + 1);
      this.latest = entry.at;
      this.addNumbers(entry);
    }
    if (this.measure.kind === 'ordered') this.extendChains(rows, this.measure.of);
  }

  /** Lets go of the oldest row. */
  shift(): void {
    const entry = this.entries[this.head];
    if (entry === undefined) return;
    this.head += 1;
    for (const input of entry.inputs) this.perInput[input] = (this.perInput[input] ?? 0) - 1;
    for (const value of entry.values) {
      const left = (this.perValue.get(value) ?? 0) - 1;
      if (left > 0) this.perValue.set(value, left);
      else this.perValue.delete(value);
    }
    this.numbers -= entry.numbers.length;
    for (const number of entry.numbers) {
      if (isExact(number)) this.exactSum -= number;
      else this.inexact -= 1;
    }
    if (this.extremes[0]?.order === entry.order) this.extremes.shift();
    if (this.head >= COMPACT && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }

  /** The measure of the window's rows, which start at `from` or later; null where there is nothing to measure. */
  measured(from: bigint): number | null {
    const { measure } = this;
    switch (measure.kind) {
      case 'count':
        return this.size;
      case 'count-distinct':
        return this.perValue.size;
      case 'inputs':
        return this.perInput.filter((rows) => rows > 0).length;
      case 'ordered':
        return this.longestChain(from);
      case 'sum':
        return this.numbers === 0 ? null : this.sum();
      case 'avg':
        return this.numbers === 0 ? null : this.sum() / this.numbers;
      case 'min':
      case 'max':
        return this.extremes[0]?.value ?? null;
      case 'percentile':
        return this.numbers === 0 ? null : percentile(this.allNumbers(), measure.percent);
    }
  }

  private addNumbers(entry: Entry): void {
    this.numbers += entry.numbers.length;
    for (const number of entry.numbers) {
      if (isExact(number)) this.exactSum += number;
      else this.inexact += 1;
    }
    const sign = this.measure.kind === 'min' ? -1 : 1;
    const [first, ...others] = entry.numbers;
    if (first === undefined || (this.measure.kind !== 'min' && this.measure.kind !== 'max')) return;
    const value = others.reduce((a, b) => (sign * b > sign * a ? b : a), first);
    for (let last = this.extremes.at(-1); last !== undefined && sign * last.value <= sign * value; ) {
      this.extremes.pop();
      last = this.extremes.at(-1);
    }
    this.extremes.push({ order: entry.order, value });
  }

  private sum(): number {
    if (this.inexact === 0) return this.exactSum;
    return this.allNumbers().reduce((a, b) => a + b, 0);
  }

  private allNumbers(): number[] {
    const all: number[] = [];
    for (let at = this.head; at < this.entries.length; at += 1) all.push(...(this.entries[at]?.numbers ?? []));
    return all;
  }

  /** Of all chains with a certain length and last input, the one that started latest fits into a window the longest. */
  private extendChains(rows: readonly Entry[], of: readonly number[]): void {
    const placed = rows
      .flatMap((entry) => entry.inputs.map((input) => ({ entry, place: of.indexOf(input) })))
      .filter(({ place }) => place >= 0)
      .sort((a, b) => a.place - b.place || a.entry.order - b.entry.order);
    for (const { entry, place } of placed) {
      this.offer(0, place, { start: entry.at, end: entry.record });
      for (let length = 0; length < place; length += 1) {
        let best: Chain | undefined;
        for (let before = 0; before < place; before += 1) {
          const chain = this.chains[length]?.[before]?.find((one) => one.end !== entry.record);
          if (chain !== undefined && (best === undefined || chain.start > best.start)) best = chain;
        }
        if (best !== undefined) this.offer(length + 1, place, { start: best.start, end: entry.record });
      }
    }
  }

  private offer(length: number, place: number, chain: Chain): void {
    const byPlace = this.chains[length] ?? [];
    this.chains[length] = byPlace;
    const known = byPlace[place] ?? [];
    const same = known.find((one) => one.end === chain.end);
    if (same !== undefined && same.start >= chain.start) return;
    const others = known.filter((one) => one !== same);
    byPlace[place] = [...others, chain]
      .sort((a, b) => (a.start > b.start ? -1 : a.start < b.start ? 1 : 0))
      .slice(0, 2);
  }

  private longestChain(from: bigint): number {
    for (let length = this.chains.length; length > 0; length -= 1) {
      const ends = this.chains[length - 1] ?? [];
      if (ends.some((known) => known?.[0] !== undefined && known[0].start >= from)) return length;
    }
    return 0;
  }
}

/** Sums of such numbers are exact for as many as a window can hold. */
function isExact(number: number): boolean {
  return Number.isInteger(number) && Math.abs(number) <= 2 ** 31;
}

/** With linear interpolation between the two nearest; `numbers` is not empty. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
