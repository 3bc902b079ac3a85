import type { Json } from '../../../base/json.ts';
import { readArray, readBigInt, readBoolean, readValue, storeValue } from '../../../state/plain.ts';
import type { Value } from '../../../values/value.ts';
import { orderOfType } from '../functions/esql/order.ts';
import { Distinct, type Fold, type Hold, Listed, Moments } from './fold.ts';

/** Folds of columns that hold several values (ES|QL): each value counts, null is none. */

export class EachValue implements Fold {
  private readonly fold: Fold;

  constructor(fold: Fold) {
    this.fold = fold;
  }

  add(value: Value): void {
    if (Array.isArray(value)) for (const one of value) this.fold.add(one);
    else if (value !== null && value !== undefined) this.fold.add(value);
  }

  value(): Value {
    return this.fold.value();
  }

  snapshot(): Json {
    return this.fold.snapshot();
  }

  restore(stored: Json): void {
    this.fold.restore(stored);
  }
}

/** What a fold gives as a list, as a column holds it: null for none, one value as itself. */
class AsColumn extends EachValue {
  override value(): Value {
    const values = super.value();
    if (!Array.isArray(values)) return values;
    return values.length > 1 ? values : (values[0] ?? null);
  }
}

export function differentValues(hold: Hold): Fold {
  return new AsColumn(new Distinct(undefined, 'values', hold));
}

export function allValues(hold: Hold): Fold {
  return new AsColumn(new Listed(undefined, 'values', hold));
}

/** How many different values there are. */
export function countOfDifferent(hold: Hold): Fold {
  return new EachValue(new Distinct(undefined, 'count', hold));
}

/** Null without values. */
export function momentsOfValues(): Fold {
  return new EachValue(new Moments());
}

/** Null without values; whole numbers beyond 64 bits give null, others are added without the errors of adding up (Neumaier). */
export class ExactSum implements Fold {
  private whole = 0n;
  private real = 0;
  private lost = 0;
  private isWhole = true;
  private isEmpty = true;

  add(value: Value): void {
    this.isEmpty = false;
    if (typeof value === 'bigint') this.whole += value;
    else this.addReal(Number(value));
  }

  private addReal(number: number): void {
    this.isWhole = false;
    const next = this.real + number;
    this.lost += Math.abs(this.real) >= Math.abs(number) ? this.real - next + number : number - next + this.real;
    this.real = next;
  }

  value(): Value {
    if (this.isEmpty) return null;
    if (!this.isWhole) return Number.isFinite(this.lost) ? this.real + this.lost : this.real;
    return this.whole === BigInt.asIntN(64, this.whole) ? this.whole : null;
  }

  snapshot(): Json {
    return [this.whole.toString(), storeValue(this.real), storeValue(this.lost), this.isWhole, this.isEmpty];
  }

  restore(stored: Json): void {
    const [whole, real, lost, isWhole, isEmpty] = readArray(stored);
    this.whole = readBigInt(whole);
    this.real = Number(readValue(real));
    this.lost = Number(readValue(lost));
    this.isWhole = readBoolean(isWhole);
    this.isEmpty = readBoolean(isEmpty);
  }
}

/** The greatest (`sign` 1) or the least (-1) in the order of a type; null without values. */
export class ExtremeOfType implements Fold {
  private readonly sign: 1 | -1;
  private readonly order: (a: Value, b: Value) => number;
  private best: Value = null;

  constructor(sign: 1 | -1, type: Value) {
    this.sign = sign;
    this.order = orderOfType(type);
  }

  add(value: Value): void {
    if (this.best === null || Math.sign(this.order(value, this.best)) === this.sign) this.best = value;
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

/** How many values there are. */
export class CountOfValues implements Fold {
  private count = 0n;

  add(value: Value): void {
    if (Array.isArray(value)) this.count += BigInt(value.length);
    else if (value !== null && value !== undefined) this.count += 1n;
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

/** A fold of a pair: a value, and what it is ranked by. The value of the first pair with the least (-1) or greatest (1) rank. */
export class RankedValue {
  private readonly sign: 1 | -1;
  private readonly order: (a: Value, b: Value) => number = orderOfType('long');
  private best: { readonly value: Value; readonly rank: Value } | undefined;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  add(value: Value, ranks: Value): void {
    const rank = this.bestOf(ranks);
    if (this.best === undefined || this.isBetter(rank, this.best.rank)) this.best = { value: value ?? null, rank };
  }

  /** Nulls are last. */
  private isBetter(rank: Value, known: Value): boolean {
    if (rank === null || known === null) return known === null && rank !== null;
    return Math.sign(this.order(rank, known)) === this.sign;
  }

  private bestOf(ranks: Value): Value {
    if (!Array.isArray(ranks)) return ranks ?? null;
    return ranks.reduce<Value>((known, rank) => (known === null || this.isBetter(rank, known) ? rank : known), null);
  }

  value(): Value {
    return this.best?.value ?? null;
  }

  snapshot(): Json {
    return this.best === undefined ? null : [storeValue(this.best.value), storeValue(this.best.rank)];
  }

  restore(stored: Json): void {
    if (stored === null) return;
    const [value, rank] = readArray(stored);
    this.best = { value: readValue(value), rank: readValue(rank) };
  }
}
