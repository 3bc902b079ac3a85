/**
 * Expressions of SQL, of no dialect: what each means is what its comment says, and a printer writes that in its engine's words. Names
 * and values stand here as they are; only printers quote.
 */
export type SqlExpr =
  | SqlColumn
  | SqlLiteral
  | SqlCall
  | SqlAggregate
  | SqlOperation
  | SqlJunction
  | SqlNot
  | SqlIsNull
  | SqlCase
  | SqlCast
  | SqlAmong
  | SqlLike
  | SqlRowNumber
  | SqlRecord
  | SqlMember
  | SqlVariable
  | SqlAll;

/** A column of what stands in `from`; `of`: by the name that an input has there. */
export interface SqlColumn {
  readonly kind: 'column';
  readonly name: string;
  readonly of?: string;
}

/** `long` is of 64 bits, `huge` of 128; `stamp` is a time without zone, in microseconds since 1970. */
export type SqlLiteral =
  | { readonly kind: 'literal'; readonly type: 'null' }
  | { readonly kind: 'literal'; readonly type: 'bool'; readonly value: boolean }
  | { readonly kind: 'literal'; readonly type: 'text'; readonly value: string }
  | { readonly kind: 'literal'; readonly type: 'real'; readonly value: number }
  | { readonly kind: 'literal'; readonly type: 'long' | 'huge' | 'stamp'; readonly value: bigint };

/**
 * `lower`, `length` (in code points), `contains`, `starts-with`, `ends-with`, `replace`, `concat`: of texts. `regex`: whether RE2 finds
 * the pattern. `micros`, `nanos`: of a time, since 1970. `is-nan`, `abs`: of numbers. All but `coalesce` give null for a null.
 */
export type SqlFunction =
  | 'lower'
  | 'length'
  | 'contains'
  | 'starts-with'
  | 'ends-with'
  | 'replace'
  | 'concat'
  | 'regex'
  | 'coalesce'
  | 'micros'
  | 'nanos'
  | 'is-nan'
  | 'abs';

export interface SqlCall {
  readonly kind: 'call';
  readonly fn: SqlFunction;
  readonly args: readonly SqlExpr[];
}

/**
 * `count` without an argument counts rows. `list` keeps nulls, unless the filter drops them. `arg-max` gives its first argument of the
 * row whose second is the greatest.
 */
export type SqlAggregateFunction = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'any' | 'list' | 'arg-max';

export interface SqlAggregate {
  readonly kind: 'aggregate';
  readonly fn: SqlAggregateFunction;
  readonly args: readonly SqlExpr[];
  readonly distinct?: true;
  readonly order?: readonly SqlOrder[];
  readonly filter?: SqlExpr;
}

/** `%` has the sign of its left side; `/` is of reals, `//` cuts off. */
export type SqlOperator =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | 'same'
  | 'differs';

/** `same` and `differs` compare nulls as values. */
export interface SqlOperation {
  readonly kind: 'operation';
  readonly op: SqlOperator;
  readonly left: SqlExpr;
  readonly right: SqlExpr;
}

export interface SqlJunction {
  readonly kind: 'and' | 'or';
  readonly items: readonly SqlExpr[];
}

export interface SqlNot {
  readonly kind: 'not';
  readonly item: SqlExpr;
}

export interface SqlIsNull {
  readonly kind: 'is-null';
  readonly of: SqlExpr;
}

/** Null without `otherwise`. Only the branch that is taken is computed. */
export interface SqlCase {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: SqlExpr; readonly then: SqlExpr }[];
  readonly otherwise?: SqlExpr;
}

export type SqlType = 'text' | 'long' | 'huge' | 'real' | 'stamp';

export interface SqlCast {
  readonly kind: 'cast';
  readonly of: SqlExpr;
  readonly to: SqlType;
}

export interface SqlAmong {
  readonly kind: 'among';
  readonly of: SqlExpr;
  readonly items: readonly SqlExpr[];
}

/** Texts in a row, with anything between them where a `null` stands. */
export interface SqlLike {
  readonly kind: 'like';
  readonly of: SqlExpr;
  readonly parts: readonly (string | null)[];
}

/** The row's place, from 1. */
export interface SqlRowNumber {
  readonly kind: 'row-number';
  readonly partition: readonly SqlExpr[];
  readonly order: readonly SqlOrder[];
}

/** Several values as one, never null itself, and one of them again. */
export interface SqlRecord {
  readonly kind: 'record';
  readonly members: readonly SqlNamed[];
}

export interface SqlMember {
  readonly kind: 'member';
  readonly of: SqlExpr;
  readonly name: string;
}

/** A long text that is the same for all queries: whoever runs one gives it before. */
export interface SqlVariable {
  readonly kind: 'variable';
  readonly name: SqlVariableName;
}

/** `boundary`: a class of RE2, of all that is no letter or digit to us. */
export type SqlVariableName = 'boundary';

/** Every column of what stands in `from`. */
export interface SqlAll {
  readonly kind: 'all';
}

export interface SqlNamed {
  readonly expr: SqlExpr;
  readonly as: string;
}

export interface SqlOrder {
  readonly expr: SqlExpr;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}
