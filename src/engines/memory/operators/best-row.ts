import type { Json } from '../../../base/json.ts';
import { readArray, readValue, storeValue } from '../../../state/plain.ts';
import { orderOf } from '../../../values/compare.ts';
import type { Value } from '../../../values/value.ts';
import type { Evaluate } from '../compile.ts';
import type { Row } from '../row.ts';
import type { Aggregator } from './aggregator.ts';
import { type Hold, isNotANumber } from './fold.ts';

/**
 * The columns of one row: of the first, or of the first whose first column is the greatest (`sign` 1) or the least (-1). A null
 * is neither, unless there is nothing else.
 */
export class BestRow implements Aggregator {
  private readonly columns: readonly Evaluate[];
  private readonly sign: 1 | -1 | undefined;
  private readonly hold: Hold;
  private best: readonly Value[] | undefined;

  constructor(columns: readonly Evaluate[], sign: 1 | -1 | undefined, hold: Hold) {
    this.columns = columns;
    this.sign = sign;
    this.hold = hold;
  }

  add(row: Row): void {
    const isFirst = this.best === undefined;
    if (!isFirst && !this.isBetter(row)) return;
    this.best = this.columns.map((column) => column(row));
    // Others take its place.
    if (isFirst) for (const value of this.best) this.hold(value);
  }

  values(): readonly Value[] {
    return this.best ?? this.columns.map(() => null);
  }

  snapshot(): Json {
    return this.best?.map(storeValue) ?? null;
  }

  restore(stored: Json): void {
    this.best = stored === null ? undefined : readArray(stored).map(readValue);
  }

  private isBetter(row: Row): boolean {
    const value = this.columns[0]?.(row) ?? null;
    if (this.sign === undefined || value === null) return false;
    const held = this.best?.[0] ?? null;
    if (isNotANumber(held)) return false;
    return held === null || isNotANumber(value) || Math.sign(orderOf(value, held) ?? 0) === this.sign;
  }
}
