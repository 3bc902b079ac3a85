import type { Expr } from '../expr.ts';
import type { ValueType } from '../types.ts';

/** What operators make columns of: parts of plans that hold no plans. */

export interface ColumnType {
  readonly name: string;
  readonly type: ValueType;
}

export interface NamedExpr {
  readonly name: string;
  readonly expr: Expr;
}

export interface UnnestColumn extends NamedExpr {
  /** What a map gives: itself, a map of each member (`entries`), or an array of its key and its value (`pairs`). */
  readonly maps: 'whole' | 'entries' | 'pairs';
}

export interface SortKey {
  readonly expr: Expr;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

export type AggregateName =
  | 'count'
  | 'count-if'
  | 'count-distinct'
  | 'count-distinct-if'
  | 'sum'
  | 'sum-if'
  | 'avg'
  | 'avg-if'
  | 'min'
  | 'min-if'
  | 'max'
  | 'max-if'
  | 'make-set'
  | 'make-set-if'
  | 'make-list'
  | 'make-list-if'
  | 'make-list-all'
  | 'moments'
  | 'moments-if'
  | 'bits-and'
  | 'bits-or'
  | 'bits-xor'
  | 'values-count'
  | 'values-different-count'
  | 'values-sum'
  | 'values-min'
  | 'values-max'
  | 'values-different'
  | 'values-all'
  | 'values-moments'
  | 'values-first'
  | 'values-last'
  | 'take-any'
  | 'arg-max'
  | 'arg-min';

/**
 * `make-list-all` keeps nulls. `moments`: how many numbers there are, their mean, and the sum of the squares of their distances from it.
 *
 * Of the `values-…` forms (ES|QL) each value of a column that holds several counts, nulls are none, and what they give is null without
 * any, but for counts. The least and greatest are in the order of a type, the second argument; `values-first` and `-last` give what a row
 * has whose second argument is the least or the greatest.
 *
 * `names` are the columns it makes: one, but for `take-any`, `arg-max` and `arg-min`, which give one for each argument.
 * `most`: how many values a set or a list takes, the first ones.
 */
export interface Aggregate {
  readonly names: readonly string[];
  readonly fn: AggregateName;
  readonly args: readonly Expr[];
  readonly most?: number;
}
