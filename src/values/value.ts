import type { JsonObject } from '../base/json.ts';

/** A moment, in ticks of 100 ns since 0001-01-01T00:00:00Z, as Kusto counts them. */
export class DateTime {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
}

/** A duration in ticks of 100 ns. */
export class TimeSpan {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
}

/**
 * What an expression gives at run time. `undefined` is a missing field, `null` a JSON null or an unknown truth value.
 * Kusto's `long` and `int` are `bigint`, its `real` is `number`; inside records whole numbers are `number` up to 2^53
 * and `bigint` beyond.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | DateTime
  | TimeSpan
  | readonly Value[]
  | JsonObject;

/** Kleene's three truth values; `null` is unknown. */
export type Truth = boolean | null;
