import type { Order, SortKey } from '../../../ir/plan/plan.ts';
import { orderOf } from '../../../values/compare.ts';
import { keyOf } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import type { Budget } from '../budget.ts';
import { compileExpr } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { KeepingRows } from './keeping-rows.ts';

/** A stable sort. */
export class Ordering extends KeepingRows {
  private readonly sorted: (rows: readonly Row[]) => Row[];
  private readonly budget: Budget | undefined;

  constructor({ keys }: Order, clock: Clock) {
    super();
    this.budget = clock.budget;
    this.sorted = compileSort(keys, clock);
  }

  push(row: Row): void {
    this.budget?.keep(row);
    this.kept.push(row);
  }

  rows(): Iterable<Row> {
    return this.sorted(this.kept);
  }
}

/** Sorts rows, equal ones as they came. Values that have no order between them go by their text. */
export function compileSort(by: readonly SortKey[], clock: Clock): <R extends Row>(rows: readonly R[]) => R[] {
  const keys = by.map(({ expr }) => compileExpr(expr, clock));
  return (rows) => {
    const keyed = rows.map((row) => ({ row, values: keys.map((key) => key(row) ?? null) }));
    keyed.sort((a, b) => compareAll(by, a.values, b.values));
    return keyed.map(({ row }) => row);
  };
}

function compareAll(by: readonly SortKey[], lefts: readonly Value[], rights: readonly Value[]): number {
  for (const [at, key] of by.entries()) {
    const found = compareKeys(key, lefts[at] ?? null, rights[at] ?? null);
    if (found !== 0) return found;
  }
  return 0;
}

function compareKeys({ direction, nulls }: SortKey, left: Value, right: Value): number {
  if (left === null || right === null) {
    if (left === right) return 0;
    return (left === null) === (nulls === 'first') ? -1 : 1;
  }
  const found = orderOf(left, right) ?? (keyOf(left) < keyOf(right) ? -1 : 1);
  return direction === 'asc' ? found : -found;
}
