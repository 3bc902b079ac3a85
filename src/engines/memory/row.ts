import type { JsonObject } from '../../base/json.ts';
import type { RecordId } from '../../state/state-row.ts';
import type { DateTime, Value } from '../../values/value.ts';
import type { Budget } from './budget.ts';

/** What expressions are evaluated on. */
export interface Row {
  /** The raw record, where the row still stands for one. */
  readonly event: JsonObject | undefined;
  /** The columns that operators have made so far. */
  readonly columns: ReadonlyMap<string, Value>;
  /** What the variables of enclosing `quantified` and `let` nodes stand for. */
  readonly variables?: ReadonlyMap<string, Value>;
  /** The record that the row stands for; steps that change a row keep it. */
  readonly id?: RecordId;
  /** When it happened (in ticks), where it is a match of an operator over keys and time. */
  readonly at?: bigint;
}

const NO_COLUMNS: ReadonlyMap<string, Value> = new Map();

/** The row that a record starts as. */
export function rowOf(event: JsonObject): Row {
  return { event, columns: NO_COLUMNS };
}

/** The row that a record of a run starts as. */
export function rowOfRecord(event: JsonObject, id: RecordId): Row {
  return { event, columns: NO_COLUMNS, id };
}

/** What an evaluation may know beyond the row. */
export interface Clock {
  /** The one time of the whole run. */
  readonly now: DateTime;
  /** The rows of the query's shared plans, by their names; absent where an expression runs without its query. */
  readonly shared?: (name: string) => readonly Row[];
  /** Told why functions fail; absent where nobody asks. */
  readonly failures?: Failures;
  /** What the rule may take; without it there is no limit. */
  readonly budget?: Budget;
}

/** Hears of functions that gave null for what they were given (ES|QL's warnings). */
export interface Failures {
  /** Why the function failed that is evaluated last. */
  add(reason: string): void;
  /** Its text, and what its result was treated as. */
  note(text: string, outcome: string): void;
}
