import type { Expr } from './expr.ts';
import type { SchemaName, ValueType } from './types.ts';

/**
 * Plans: pipelines over records and rows. `source`, `where`, `extend` and `project` are row-local: each row is decided
 * by itself, and it still knows the record it came from.
 */
export type Plan =
  | Source
  | Records
  | Never
  | Rows
  | Input
  | Where
  | Extend
  | Project
  | Summarize
  | Distinct
  | Order
  | Limit
  | Union;

/**
 * All events of a schema (Kusto: of one table). `scope` narrows to the log sources the rule is about, in fields that the
 * view provides (`logsource.product`, `_index`, `p_log_type`); null when the rule names none. Replaced by `bind`.
 */
export interface Source {
  readonly kind: 'source';
  readonly schema: SchemaName;
  readonly table?: string;
  readonly scope: Expr | null;
}

/** After `bind`: all records of one log type. */
export interface Records {
  readonly kind: 'records';
  readonly logType: string;
}

/** No rows at all: the plan cannot match. */
export interface Never {
  readonly kind: 'never';
}

/** Rows written in the query itself (`print`, `datatable`): literals, row by row. */
export interface Rows {
  readonly kind: 'rows';
  readonly columns: readonly ColumnType[];
  readonly rows: readonly (readonly Expr[])[];
}

/** Rows that are handed in when the plan runs: what a row-local part before it gave, or a table read from a file. */
export interface Input {
  readonly kind: 'input';
  readonly name: string;
  readonly columns: readonly ColumnType[];
}

export interface ColumnType {
  readonly name: string;
  readonly type: ValueType;
}

export interface NamedExpr {
  readonly name: string;
  readonly expr: Expr;
}

export interface Where {
  readonly kind: 'where';
  readonly input: Plan;
  readonly predicate: Expr;
}

/** Adds or replaces columns. Each expression sees the input's columns only, not its neighbours. */
export interface Extend {
  readonly kind: 'extend';
  readonly input: Plan;
  readonly columns: readonly NamedExpr[];
}

/** Keeps exactly these columns, in this order. */
export interface Project {
  readonly kind: 'project';
  readonly input: Plan;
  readonly columns: readonly NamedExpr[];
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
  | 'take-any'
  | 'arg-max'
  | 'arg-min';

/** `names` are the columns it makes: one, but for `arg-max` and `arg-min`, which give their first argument's and the others'. */
export interface Aggregate {
  readonly names: readonly string[];
  readonly fn: AggregateName;
  readonly args: readonly Expr[];
}

export interface Summarize {
  readonly kind: 'summarize';
  readonly input: Plan;
  readonly by: readonly NamedExpr[];
  readonly aggregates: readonly Aggregate[];
}

/** Rows with the same values in every column, once. */
export interface Distinct {
  readonly kind: 'distinct';
  readonly input: Plan;
}

export interface Order {
  readonly kind: 'order';
  readonly input: Plan;
  readonly keys: readonly {
    readonly expr: Expr;
    readonly direction: 'asc' | 'desc';
    readonly nulls: 'first' | 'last';
  }[];
}

export interface Limit {
  readonly kind: 'limit';
  readonly input: Plan;
  readonly count: number;
}

/** The rows of all inputs, one input after the other; columns that an input lacks are null there. */
export interface Union {
  readonly kind: 'union';
  readonly inputs: readonly Plan[];
}
