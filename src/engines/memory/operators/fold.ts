import type { Json } from '../../../base/json.ts';
import {
  readArray,
  readBigInt,
  readBoolean,
  readNumber,
  readText,
  readValue,
  storeValue,
} from '../../../state/plain.ts';
import { orderOf } from '../../../values/compare.ts';
import { keyOf } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';

/** What is made of values one after the other. Missing values and nulls do not count, but for `Count`. */
export interface Fold {
  add(value: Value): void;
  value(): Value;
  snapshot(): Json;
  /** A fresh one takes what another of its kind kept. Throws `NotStored`. */
  restore(stored: Json): void;
}

/** Hears of every value that is kept. Throws where they become too many. */
export type Hold = (value: Value) => void;

export class Count implements Fold {
  private count = 0n;

  add(): void {
    this.count += 1n;
  }

  value(): Value {
    return this.count;
  }

  snapshot(): Json {
    return this.count.toString();
  }

  restore(stored: Json): void {
    this.count = readBigInt(stored);
  }
}

/** Kusto's rule: the sum of no values is 0; whole numbers stay whole, and begin anew beyond 64 bits. */
export class Sum implements Fold {
  private whole = 0n;
  private real = 0;
  private isWhole = true;

  add(value: Value): void {
    if (value === undefined || value === null) return;
    if (typeof value === 'bigint') this.whole = BigInt.asIntN(64, this.whole + value);
    else this.isWhole = false;
    this.real += Number(value);
  }

  value(): Value {
    return this.isWhole ? this.whole : this.real;
  }

  snapshot(): Json {
    return [this.whole.toString(), storeValue(this.real), this.isWhole];
  }

  restore(stored: Json): void {
    const [whole, real, isWhole] = readArray(stored);
    this.whole = readBigInt(whole);
    this.real = Number(readValue(real));
    this.isWhole = readBoolean(isWhole);
  }
}

/** Null without values. */
export class Mean implements Fold {
  private count = 0;
  private sum = 0;

  add(value: Value): void {
    if (value === undefined || value === null) return;
    this.count += 1;
    this.sum += Number(value);
  }

  value(): Value {
    return this.count === 0 ? null : this.sum / this.count;
  }

  snapshot(): Json {
    return [this.count, storeValue(this.sum)];
  }

  restore(stored: Json): void {
    const [count, sum] = readArray(stored);
    this.count = readNumber(count);
    this.sum = Number(readValue(sum));
  }
}

/** What is not a number is neither less nor greater than others: it is what comes out where it is among them. */
export function isNotANumber(value: Value): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

/** The first of the greatest (`sign` 1) or of the least (-1). */
export class Extreme implements Fold {
  private readonly sign: 1 | -1;
  private best: Value = null;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  add(value: Value): void {
    if (value === undefined || value === null) return;
    if (isNotANumber(this.best)) return;
    if (this.best === null || isNotANumber(value) || Math.sign(orderOf(value, this.best) ?? 0) === this.sign)
      this.best = value;
  }

  value(): Value {
    return this.best;
  }

  snapshot(): Json {
    return storeValue(this.best);
  }

  restore(stored: Json): void {
    this.best = readValue(stored);
  }
}

/** The different values, in the order in which they first came, or how many they are. */
export class Distinct implements Fold {
  private readonly most: number;
  private readonly gives: 'values' | 'count';
  private readonly hold: Hold;
  private readonly found = new Map<string, Value>();

  constructor(most: number | undefined, gives: 'values' | 'count', hold: Hold) {
    this.most = most ?? Number.POSITIVE_INFINITY;
    this.gives = gives;
    this.hold = hold;
  }

  add(value: Value): void {
    if (value === undefined || value === null || this.found.size >= this.most) return;
    const key = keyOf(value);
    // To be counted, a value need not be kept.
    if (this.found.has(key)) return;
    this.hold(value);
    this.found.set(key, this.gives === 'values' ? value : null);
  }

  value(): Value {
    return this.gives === 'values' ? [...this.found.values()] : BigInt(this.found.size);
  }

  snapshot(): Json {
    return [...this.found].map(([key, value]) => [key, storeValue(value)]);
  }

  restore(stored: Json): void {
    for (const one of readArray(stored)) {
      const [key, value] = readArray(one);
      this.found.set(readText(key), readValue(value));
    }
  }
}

/** `takes`: values, or nulls as well. */
export class Listed implements Fold {
  private readonly most: number;
  private readonly takes: 'values' | 'all';
  private readonly hold: Hold;
  private readonly found: Value[] = [];

  constructor(most: number | undefined, takes: 'values' | 'all', hold: Hold) {
    this.most = most ?? Number.POSITIVE_INFINITY;
    this.takes = takes;
    this.hold = hold;
  }

  add(value: Value): void {
    if (this.takes === 'values' && (value ?? null) === null) return;
    if (this.found.length >= this.most) return;
    this.hold(value);
    this.found.push(value ?? null);
  }

  value(): Value {
    return [...this.found];
  }

  snapshot(): Json {
    return this.found.map(storeValue);
  }

  restore(stored: Json): void {
    for (const value of readArray(stored)) this.found.push(readValue(value));
  }
}

/** Count, mean and squares of the distances from it, by Welford's method. */
export class Moments implements Fold {
  private count = 0;
  private mean = 0;
  private squares = 0;

  add(value: Value): void {
    if (value === undefined || value === null) return;
    this.count += 1;
    const before = Number(value) - this.mean;
    this.mean += before / this.count;
    this.squares += before * (Number(value) - this.mean);
  }

  value(): Value {
    return [this.count, this.mean, this.squares];
  }

  snapshot(): Json {
    return [this.count, storeValue(this.mean), storeValue(this.squares)];
  }

  restore(stored: Json): void {
    const [count, mean, squares] = readArray(stored);
    this.count = readNumber(count);
    this.mean = Number(readValue(mean));
    this.squares = Number(readValue(squares));
  }
}

/** Null without values. */
export class Bits implements Fold {
  private readonly combine: (a: bigint, b: bigint) => bigint;
  private bits: bigint | undefined;

  constructor(combine: (a: bigint, b: bigint) => bigint) {
    this.combine = combine;
  }

  add(value: Value): void {
    if (typeof value !== 'bigint') return;
    this.bits = this.bits === undefined ? value : BigInt.asIntN(64, this.combine(this.bits, value));
  }

  value(): Value {
    return this.bits ?? null;
  }

  snapshot(): Json {
    return this.bits?.toString() ?? null;
  }

  restore(stored: Json): void {
    this.bits = stored === null ? undefined : readBigInt(stored);
  }
}
