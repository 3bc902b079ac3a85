import { orderOf } from '../../../values/compare.ts';
import { keyOf } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';

/** What is made of values one after the other. Missing values and nulls do not count, but for `Count`. */
export interface Fold {
  add(value: Value): void;
  value(): Value;
}

export class Count implements Fold {
  private count = 0n;

  add(): void {
    this.count += 1n;
  }

  value(): Value {
    return this.count;
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
    if (this.best === null || Math.sign(orderOf(value, this.best) ?? 0) === this.sign) this.best = value;
  }

  value(): Value {
    return this.best;
  }
}

/** The different values, in the order in which they first came, or how many they are. */
export class Distinct implements Fold {
  private readonly most: number;
  private readonly gives: 'values' | 'count';
  private readonly found = new Map<string, Value>();

  constructor(most: number | undefined, gives: 'values' | 'count') {
    this.most = most ?? Number.POSITIVE_INFINITY;
    this.gives = gives;
  }

  add(value: Value): void {
    if (value === undefined || value === null || this.found.size >= this.most) return;
    const key = keyOf(value);
    // To be counted, a value need not be kept.
    if (!this.found.has(key)) this.found.set(key, this.gives === 'values' ? value : null);
  }

  value(): Value {
    return this.gives === 'values' ? [...this.found.values()] : BigInt(this.found.size);
  }
}

export class Listed implements Fold {
  private readonly most: number;
  private readonly found: Value[] = [];

  constructor(most: number | undefined) {
    this.most = most ?? Number.POSITIVE_INFINITY;
  }

  add(value: Value): void {
    if (value !== undefined && value !== null && this.found.length < this.most) this.found.push(value);
  }

  value(): Value {
    return [...this.found];
  }
}
