import type { Expr } from '../../../ir/expr.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';
import type { Typed } from './typed.ts';

/**
 * `exact`: true, false, and NULL where it is unknown. `filter`: true where it is true; whatever else it is, it is not, as where rows
 * are kept for which a condition is true.
 */
export type Mode = 'exact' | 'filter';

/**
 * Expressions over the rows of one place of a plan, put into SQL: what each gives is undefined where SQL cannot say it exactly, with
 * the reason told to `refuse`.
 */
export interface Pushing {
  value(expr: Expr): Typed | undefined;
  truth(expr: Expr, mode: Mode): SqlExpr | undefined;
  refuse(reason: string): undefined;
}

/** What rows have. */
export interface RowNames {
  /** A column that an operator has made. */
  column(name: string): Typed | undefined;
  /** A value at the top of the record; `absent` where no record has it. */
  own(name: string): Typed | 'absent' | undefined;
  /** A value of the record, converted as a table's columns are (`convert.…`), where that is done already. */
  converted(fn: string, name: string): Typed | undefined;
}

/** What all of them give; undefined where one gives nothing. */
export function allOf<T, R>(items: readonly T[], of: (item: T) => R | undefined): readonly R[] | undefined {
  const found: R[] = [];
  for (const item of items) {
    const one = of(item);
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}
