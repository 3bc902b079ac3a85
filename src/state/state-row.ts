import type { Value } from '../values/value.ts';

/** Where a record was read. */
export interface RecordPlace {
  readonly file: string;
  /** The first line of the record, from 1. */
  readonly line: number;
  /** Its place inside an envelope or JSON array, from 0; absent where the line is the record. */
  readonly record?: number;
}

/** Names a record of a run: two ids are of one record exactly when their orders are the same. */
export interface RecordId {
  /** Its place among all records that were read, from 0; a run that goes on from a checkpoint counts on. */
  readonly order: number;
  readonly place: RecordPlace;
}

/**
 * What an operator keeps of a row, and what it gives: no event, no object whose identity matters, so that it can be stored.
 * `id` is undefined where the row stands for no record.
 */
export interface StateRow {
  readonly id: RecordId | undefined;
  /** When it happened, in ticks. */
  readonly at: bigint;
  readonly columns: ReadonlyMap<string, Value>;
}

/** A match of an operator: a row that stands for its last row's record, at that row's time. */
export interface MatchRow extends StateRow {
  /** The records of all its rows, where the plan asks for them. */
  readonly members?: readonly RecordId[];
  /** It shares its window with a match before it: for those who want every window that holds. */
  readonly isRepeat?: true;
}
