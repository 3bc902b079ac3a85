import type { Window } from '../../../ir/plan/plan.ts';
import type { WindowColumn } from '../../../ir/plan/relational.ts';
import { keyOfAll } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import type { Budget } from '../budget.ts';
import { compileExpr } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { compileAggregate } from './aggregator.ts';
import { KeepingRows } from './keeping-rows.ts';
import { compileSort } from './order.ts';

/** Of the rows of a partition, in their order: the column's values. */
type ColumnOf = (rows: readonly Row[]) => readonly Value[];

export class Windowing extends KeepingRows {
  private readonly partitionOf: (row: Row) => string;
  private readonly sorted: <R extends Row>(rows: readonly R[]) => R[];
  private readonly columns: readonly { readonly name: string; readonly of: ColumnOf }[];
  private readonly budget: Budget | undefined;

  constructor({ partition, order, columns }: Window, clock: Clock) {
    super();
    const keys = partition.map((expr) => compileExpr(expr, clock));
    this.partitionOf = (row) => keyOfAll(keys.map((key) => key(row)));
    this.budget = clock.budget;
    this.sorted = compileSort(order, clock);
    this.columns = columns.map((column) => ({ name: column.name, of: compileColumn(column, clock) }));
  }

  push(row: Row): void {
    this.budget?.keep(row);
    this.kept.push(row);
  }

  *rows(): Generator<Row> {
    // Rows of their own: the same row may have come twice.
    const all = this.kept.map((row) => ({ ...row, columns: new Map(row.columns) }));
    const partitions = new Map<string, (typeof all)[number][]>();
    for (const row of all) {
      const key = this.partitionOf(row);
      const same = partitions.get(key);
      if (same === undefined) partitions.set(key, [row]);
      else same.push(row);
    }
    for (const partition of partitions.values()) {
      const rows = this.sorted(partition);
      const made = this.columns.map(({ name, of }) => ({ name, values: of(rows) }));
      for (const [at, { columns }] of rows.entries()) {
        for (const { name, values } of made) columns.set(name, values[at]);
      }
    }
    yield* all;
  }
}

function compileColumn(column: WindowColumn, clock: Clock): ColumnOf {
  switch (column.fn) {
    case 'row-number':
      return (rows) => rows.map((_, at) => BigInt(at + 1));
    case 'rank':
    case 'dense-rank': {
      const of = column.of.map((expr) => compileExpr(expr, clock));
      return (rows) =>
        ranks(
          rows.map((row) => keyOfAll(of.map((one) => one(row)))),
          column.fn === 'dense-rank',
        );
    }
    case 'lag':
    case 'lead': {
      const of = compileExpr(column.of, clock);
      const otherwise = compileExpr(column.otherwise, clock);
      const offset = column.fn === 'lag' ? -column.by : column.by;
      return (rows) =>
        rows.map((row, at) => {
          const other = rows[at + offset];
          return other === undefined ? otherwise(row) : of(other);
        });
    }
    case 'aggregate': {
      const { before, after, aggregate } = column;
      const make = compileAggregate({ names: [column.name], ...aggregate }, clock);
      return (rows) => {
        const to = (at: number): number => (after === null ? rows.length : Math.max(0, at + after + 1));
        let growing = make();
        let added = 0;
        return rows.map((_, at) => {
          // Where no row leaves again, one aggregator goes on.
          if (before !== null) {
            growing = make();
            added = Math.max(0, at - before);
          }
          for (const row of rows.slice(added, to(at))) growing.add(row);
          added = Math.max(added, to(at));
          return growing.values()[0];
        });
      };
    }
  }
}

function ranks(keys: readonly string[], dense: boolean): Value[] {
  let rank = 0n;
  return keys.map((key, at) => {
    if (at === 0 || key !== keys[at - 1]) rank = dense ? rank + 1n : BigInt(at + 1);
    return rank;
  });
}
