import type { Expr } from '../expr.ts';
import type { Aggregate, NamedExpr, SortKey } from './column.ts';
import type { Ticks } from './keyed.ts';

/** Operators over rows together, whatever their times. `P`: a plan. */

/**
 * - `inner`: the pairs. `inner-unique` (Kusto's default): of the left rows with the same keys the first alone.
 * - `left`, `right`, `full`: also the rows of that side, or of both, that are in no pair, with nulls beside them.
 * - `left-semi`, `right-semi`: the rows of that side that are in a pair, once each; `left-anti`, `right-anti`: those that are not.
 * - `cross`: the pairs of every row with every row, without keys.
 * - `left-nest`: every left row, once and as it is, with its pairs in a list (a group join, a nest join).
 */
export type JoinFlavour =
  | 'inner'
  | 'inner-unique'
  | 'left'
  | 'right'
  | 'full'
  | 'left-semi'
  | 'left-anti'
  | 'right-semi'
  | 'right-anti'
  | 'cross'
  | 'left-nest';

/** The side whose rows a join gives as they are: it is a filter, or adds a column to them. Else it makes rows of its own. */
export function keptSide(flavour: JoinFlavour): 'left' | 'right' | undefined {
  switch (flavour) {
    case 'left-semi':
    case 'left-anti':
    case 'left-nest':
      return 'left';
    case 'right-semi':
    case 'right-anti':
      return 'right';
    case 'inner':
    case 'inner-unique':
    case 'left':
    case 'right':
    case 'full':
    case 'cross':
      return undefined;
  }
}

/**
 * Rows of two inputs side by side, where their keys are equal (the same value of the same type; numbers by their value), the
 * residual is true and the times are near each other.
 *
 * A semi or anti join is a filter: it gives the rows of its side as they are. The others make rows of `columns`, which stand
 * for no record. Pairs come in the order of the left rows, and of the right rows for each; right rows without a pair last.
 */
export interface JoinOf<P> {
  readonly kind: 'join';
  readonly left: P;
  readonly right: P;
  readonly on: readonly JoinKey[];
  readonly flavour: JoinFlavour;
  /** For `left-nest`: the column for the list, whose elements are maps of `columns`; it is empty where a row is in no pair. */
  readonly into?: string;
  /** Whether nulls among the keys are equal to each other (Kusto), or to nothing (SQL). */
  readonly nulls: 'equal' | 'differ';
  /** What a row that comes out has, and what `residual` reads; each is of a row of its side. */
  readonly columns: readonly JoinColumn[];
  /** Over `columns`: rows for which it is not true are no pair. */
  readonly residual?: Expr;
  readonly within?: JoinTimes;
}

export interface JoinKey {
  readonly left: Expr;
  readonly right: Expr;
  /** `any`: of lists any element may be equal to any of the other side's; an empty list is equal to nothing. Absent: a list is a value. */
  readonly elements?: 'any';
}

export interface JoinColumn extends NamedExpr {
  readonly side: 'left' | 'right';
}

/** The right row happened from `least` to `most` after the left row (before it, where negative). A row without a time is in no pair. */
export interface JoinTimes {
  readonly left: Expr;
  readonly right: Expr;
  readonly least: Ticks;
  readonly most: Ticks;
}

/**
 * A plan for each group of rows (Kusto `partition`), or for each row (`mv-apply`, over a body that unnests it): the rows that
 * it gives, one group after the other, in the order of their first rows.
 */
export interface ApplyTo<P> {
  readonly kind: 'apply';
  readonly input: P;
  /** Rows with the same values make a group; null: every row is one. */
  readonly by: readonly Expr[] | null;
  /** Reads the group as the `input` of the name `group`. */
  readonly body: P;
  readonly group: string;
  /** Of the group's first row: columns that each row has that the body gives, instead of any that it gives by that name. */
  readonly keep: readonly NamedExpr[];
}

/** Columns that tell of a row among others (SQL window functions, Kusto `row_number`, `prev`, `row_cumsum`). Rows stay in their order. */
export interface WindowOver<P> {
  readonly kind: 'window';
  readonly input: P;
  /** Rows with the same values are among each other; none: all rows. */
  readonly partition: readonly Expr[];
  /** How rows are ordered for these columns: equal ones, and all where there is no key, as they come. */
  readonly order: readonly SortKey[];
  /** Each sees the input's columns only. */
  readonly columns: readonly WindowColumn[];
}

export type WindowColumn = { readonly name: string } /** The row's place, from 1. */ & (
  | { readonly fn: 'row-number' }
  /** The place of the first of the rows in a row that have the same `of` (`rank`), or how many different ones there were (`dense-rank`). */
  | { readonly fn: 'rank' | 'dense-rank'; readonly of: readonly Expr[] }
  /** The value in the row so many places before or after; `otherwise`, of the row itself, where there is none. */
  | { readonly fn: 'lag' | 'lead'; readonly of: Expr; readonly by: number; readonly otherwise: Expr }
  /** An aggregate of the rows from so many before to so many after the row; null: all there are on that side. */
  | {
      readonly fn: 'aggregate';
      readonly aggregate: Omit<Aggregate, 'names'>;
      readonly before: number | null;
      readonly after: number | null;
    }
);

/**
 * Aggregates of bins along an axis, as arrays, a row for each group (Kusto `make-series`). A bin goes from its start up to the
 * next one's. Rows outside of `from` and `to`, and those without a value on the axis, are not looked at.
 */
export interface SeriesOf<P> {
  readonly kind: 'series';
  readonly input: P;
  readonly axis: SeriesAxis;
  readonly by: readonly NamedExpr[];
  readonly aggregates: readonly SeriesAggregate[];
  /** Whether no rows still give a series without keys, which needs `from` and `to`. */
  readonly whenEmpty: 'none' | 'one';
}

/** Starts of bins; `from`, `to` (which belongs to no bin) and `step` are of no row. */
export interface SeriesAxis {
  /** The column of the starts of bins. */
  readonly name: string;
  readonly expr: Expr;
  /** Null: the first bin in which the series has a row, where bins are multiples of the step. */
  readonly from: Expr | null;
  /** Null: after the last bin in which the series has a row. */
  readonly to: Expr | null;
  readonly step: Expr;
}

export interface SeriesAggregate extends Aggregate {
  /** What stands for a bin without rows. */
  readonly fill: Expr;
}

/** How many bins a series has at the most, Kusto's own limit; what lies behind is left out. */
export const MOST_BINS = 1_048_576;

/**
 * Rows in their order, step by step (Kusto `scan`): each row is held against each step, the last one first. A row fits a step where
 * its condition holds with what the step before remembers, which goes over to it; else with what the step itself remembers. Of a
 * partition, one after the other.
 */
export interface ScanOf<P> {
  readonly kind: 'scan';
  readonly input: P;
  readonly partition: readonly Expr[];
  readonly order: readonly SortKey[];
  /** Columns that steps set, and what they are before. */
  readonly declares: readonly NamedExpr[];
  /** Each reads the row, the declared columns and, by the names of `reads`, what steps remember. */
  readonly steps: readonly ScanStep[];
  readonly reads: readonly ScanRead[];
  /** A column for the number of the sequence that a row is of, from 0. */
  readonly matchId?: string;
}

export interface ScanStep {
  readonly name: string;
  readonly condition: Expr;
  readonly assigns: readonly NamedExpr[];
  /** Of the rows that fit it: all, the last one of several together, or none. */
  readonly output: 'all' | 'last' | 'none';
}

/** A column of the row that fitted a step last. */
export interface ScanRead {
  readonly name: string;
  readonly step: string;
  readonly column: string;
}
