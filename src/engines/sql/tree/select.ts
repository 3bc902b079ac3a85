import type { SqlExpr, SqlNamed, SqlOrder, SqlType } from './sql-expr.ts';

/** A query of SQL. */
export interface SqlSelect {
  readonly kind: 'select';
  readonly columns: readonly SqlNamed[];
  readonly from: SqlFrom;
  /** All of them hold. */
  readonly where: readonly SqlExpr[];
  readonly groupBy?: readonly SqlExpr[];
  /** Of the rows that were selected, those for which it holds: it may be of a row number. */
  readonly qualify?: SqlExpr;
  readonly orderBy?: readonly SqlOrder[];
  readonly limit?: bigint;
}

export type SqlFrom =
  /** Rows of Parquet files, one file after the other, with their places: of the file, and of the row in it, each from 0. */
  | { readonly kind: 'parquet'; readonly paths: readonly string[]; readonly as: string }
  /** A table of the engine's, by the name of its schema if it is not the usual one. */
  | { readonly kind: 'table'; readonly schema?: string; readonly name: string; readonly as: string }
  | { readonly kind: 'query'; readonly query: SqlQuery; readonly as: string }
  | {
      readonly kind: 'join';
      readonly how: SqlJoinKind;
      readonly left: SqlFrom;
      readonly right: SqlFrom;
      readonly on: SqlExpr;
    };

/** `semi`: left rows with a partner, `anti`: those without. */
export type SqlJoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';

/** One query, or the rows of several with the same columns. */
export type SqlQuery = SqlSelect | { readonly kind: 'union'; readonly queries: readonly SqlSelect[] };

/** A column of a table that is made for a run. */
export interface SqlTableColumn {
  readonly name: string;
  readonly type: SqlType | 'bool';
}

/** The columns in which an engine tells the place of a Parquet row. */
export const FILE_PLACE = 'file_index';
export const ROW_PLACE = 'file_row_number';
