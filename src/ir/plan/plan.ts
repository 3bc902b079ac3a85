import type { Expr } from '../expr.ts';
import type { PythonProgram } from '../rule/python.ts';
import type { RuleRef } from '../rule/rule-ref.ts';
import type { SchemaName } from '../types.ts';
import type { Aggregate, AggregateName, ColumnType, NamedExpr, SortKey, UnnestColumn } from './column.ts';
import type { Emit, Key, Link, SummaryColumns, Ticks, TimeWindow, WindowMeasure } from './keyed.ts';
import type { ApplyTo, JoinOf, ScanOf, SeriesOf, WindowOver } from './relational.ts';

export type { Aggregate, AggregateName, ColumnType, NamedExpr, SortKey, UnnestColumn };

/**
 * Plans: pipelines over records and rows. Some operators are row-local (see `row-path.ts`): each row is decided by itself,
 * and it still knows the record it came from.
 */
export type Plan =
  | Source
  | Records
  | Never
  | Rows
  | Input
  | Table
  | Shared
  | Where
  | Extend
  | Project
  | Unnest
  | Unpack
  | Ask
  | Summarize
  | Distinct
  | Order
  | Limit
  | Union
  | Join
  | Apply
  | Window
  | Series
  | Scan
  | Matches
  | Keyed;

/**
 * All events of a schema (Kusto: of one table). `scope` narrows to the log sources the rule is about, in fields that the
 * view provides (`logsource.product`, `_index`, `p_log_type`); null when the rule names none. Replaced by `bind`.
 */
export interface Source {
  readonly kind: 'source';
  readonly schema: SchemaName;
  readonly table?: string;
  readonly scope: Expr | null;
  /** A run of a schedule sees all of these records, whenever they happened (Elastic's indicators). Absent: those of its window. */
  readonly seen?: 'always';
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

/** Rows that are handed in when the plan runs: what a row-local part before it gave, or the group that `apply` is at. */
export interface Input {
  readonly kind: 'input';
  readonly name: string;
  readonly columns: readonly ColumnType[];
}

/** A named table that is no log: a watchlist, a lookup table, a list of indicators. Whoever runs the plan has its rows. */
export interface Table {
  readonly kind: 'table';
  readonly name: string;
  readonly columns: readonly ColumnType[];
  /** How the user gives its rows, where that is not done: a run cannot go on without them. */
  readonly missing?: string;
}

/** The rows of one of the query's shared plans (see `query.ts`), with those of its columns that are read here. */
export interface Shared {
  readonly kind: 'shared';
  readonly name: string;
  readonly columns: readonly ColumnType[];
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

/**
 * A row for each element of an array (Kusto `mv-expand`, ES|QL `MV_EXPAND`, SQL `UNNEST`), with the other columns as they
 * were. A value that is no array is its only element, null too; a missing one is null. Several columns go side by side: the
 * longest says how many rows there are, and the others are null where they have ended.
 */
export interface Unnest {
  readonly kind: 'unnest';
  readonly input: Plan;
  /** Each sees the input's columns only. */
  readonly columns: readonly UnnestColumn[];
  /** A column for the place of the element, from 0; null where there is no element. */
  readonly index?: string;
  /** What a row becomes whose arrays have no element: nothing, or one row with nulls. */
  readonly whenEmpty: 'drop' | 'null';
  /** At most so many rows for each. */
  readonly most?: number;
}

/**
 * The members of a bag as columns of their own (Kusto `bag_unpack`): which columns there are is known from the rows alone. A name
 * that the row has already is a member's only where `clash` says so.
 */
export interface Unpack {
  readonly kind: 'unpack';
  readonly input: Plan;
  readonly bag: Expr;
  /** What stands before each member's name. */
  readonly prefix: string;
  /** Members that are left out. */
  readonly without: readonly string[];
  /** Columns that are left out: that of the bag. */
  readonly drops: readonly string[];
  readonly clash: 'column' | 'member';
}

/**
 * The rows that Python lets pass, each with what its functions say of the match. The engine of that name is asked in batches, by
 * messages of text; what is known of the program without Python narrows the rows that it is asked of (`engines/python/tiers.ts`).
 */
export interface Ask {
  readonly kind: 'ask';
  readonly input: Plan;
  readonly program: PythonProgram;
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
  readonly keys: readonly SortKey[];
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

export type Join = JoinOf<Plan>;
export type Apply = ApplyTo<Plan>;
export type Window = WindowOver<Plan>;
export type Series = SeriesOf<Plan>;
export type Scan = ScanOf<Plan>;

/**
 * The matches of another rule as rows; nothing of that rule is copied. A row is the record that the match stands for (its last
 * one, where it stands for several), with the columns that the rule makes.
 */
export interface Matches {
  readonly kind: 'matches';
  readonly rule: RuleRef;
  /** What the fields of the records are those of. */
  readonly schema: SchemaName;
  /** The columns that the rule makes; any other name is a field of the record. */
  readonly columns: readonly ColumnType[];
  /**
   * `told`: the matches that the rule gives. `all`: where the rule is a threshold that tells what lasts once, every window
   * that holds.
   */
  readonly which: 'told' | 'all';
}

/** Operators that remember rows by key over time. */
export type Keyed = Threshold | FirstSeen | Sequence;

/** Rows that take part in an operator over keys and time. */
export interface KeyedInput {
  /** What the rows are called in matches: the rule that they are of. */
  readonly name: string;
  readonly plan: Plan;
  /** When a row happened; matches of such an operator bear their time themselves. A row without one takes the latest before it. */
  readonly time: Expr;
  /** One for each of the operator's `by`. */
  readonly keys: readonly Expr[];
  /** What is kept of a row: all that the operator's expressions and output read of it. */
  readonly keep: readonly NamedExpr[];
  /** What orders rows of one time before the order of reading; nulls are last. All inputs of an operator have it, or none. */
  readonly tie?: Expr;
}

/**
 * Rows that are judged together because they have the same keys and are near each other in time: Sigma correlations and their
 * legacy aggregations, Elastic's threshold rules. Rows that stand for one record count once, with the values of the first input
 * that has it; for `inputs`, `in-order` and `rows of …` the record is one of each of them.
 *
 * A match is a row of the keys, the measures and the `summary` columns.
 */
export interface Threshold {
  readonly kind: 'threshold';
  /** Their names differ. */
  readonly inputs: readonly KeyedInput[];
  readonly by: readonly Key[];
  readonly window: TimeWindow;
  readonly measures: readonly WindowMeasure[];
  /** Over the measures by their names, and the number of an input's rows as `rows of <input>`; see `rowsOf`. */
  readonly having: Expr;
  readonly emit: Emit;
  readonly summary: SummaryColumns;
}

/**
 * Rows whose keys were not seen in the time of `history` before them (null: ever): Elastic's new terms. A match is the row, with the
 * keys and what is kept of it.
 */
export interface FirstSeen {
  readonly kind: 'first-seen';
  readonly input: KeyedInput;
  readonly by: readonly Key[];
  readonly history: Ticks | null;
}

/** A step of a sequence. */
export interface Step extends Omit<KeyedInput, 'keys'> {
  /** One for each of the sequence's `by`; null: its rows agree with any value. */
  readonly keys: readonly (Expr | null)[];
  /** How many rows it has at the least and at the most (null: any number). At least 0: the step is absent. */
  readonly count: { readonly atLeast: number; readonly atMost: number | null };
}

/**
 * Steps that happened with the same keys: EQL's sequences and samples, Panther's correlations. A match is a row of the keys and
 * the `summary` columns.
 */
export interface Sequence {
  readonly kind: 'sequence';
  readonly steps: readonly Step[];
  readonly by: readonly Key[];
  readonly order: StepOrder;
  readonly emit: Emit;
  readonly summary: SummaryColumns;
}

/** `within`: from the first row to the last one, both ends included; null: any time. */
export type StepOrder =
  /**
   * One after the other, in the order of their times and, at one time, of reading: EQL's sequences. Of sequences that wait for the
   * same step the one that came there last goes on, and those before it are given up. A sequence whose next row comes after
   * `within` is given up, and so is one in the midst of which `until` happens. A step that wants several rows is as many steps.
   * An absent step is looked for between the steps around it. Absent steps at the ends keep a sequence from matching when it and
   * they are `within` together; where both ends have some, both must be there.
   */
  | { readonly kind: 'strict'; readonly within: Ticks | null; readonly until: KeyedInput | null }
  /**
   * In any order: for each time at which a step that is not absent has a row, the window that begins there, judged when it is
   * over; windows of one key that match do not overlap. Rows of an absent step count as far as `within` before the last and
   * after the first row of the others.
   */
  | { readonly kind: 'any'; readonly within: Ticks | null }
  /**
   * As the links say: one row for each step that is not absent, so that all links hold; of several, the earliest for each step.
   * What counts of a step are the rows that could stand in the place of the one that does, of an absent one those that its
   * links reach from the others. Matches that agree on the same values do not overlap.
   */
  | { readonly kind: 'linked'; readonly within: Ticks | null; readonly links: readonly Link[] }
  /**
   * One row of each step, all of different records, in any order and at any time: for each key so many, of the rows that were
   * read first. EQL's samples.
   */
  | { readonly kind: 'sample'; readonly most: number };

/** The column by which `having` reads how many rows of an input a window has. */
export function rowsOf(input: string): string {
  return `rows of ${input}`;
}

/** The field, of any schema, that is when the record happened: `bind` makes it the log type's time. */
export const EVENT_TIME = '(event time)';
