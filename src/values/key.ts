import { stringifyJson } from '../base/json.ts';
import { toJson } from './text-of.ts';
import { DateTime, TimeSpan, type Value } from './value.ts';

/** A text that two values share exactly when they are the same value of the same type: for grouping. */
export function keyOf(value: Value): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof DateTime) return `t${value.ticks}`;
  if (value instanceof TimeSpan) return `d${value.ticks}`;
  switch (typeof value) {
    case 'string':
      return `"${value}`;
    case 'number':
      return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
    case 'bigint':
      return `n${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return `j${stringifyJson(toJson(value))}`;
  }
}

/** As `keyOf`, for several values in a row. */
export function keyOfAll(values: readonly Value[]): string {
  return JSON.stringify(values.map(keyOf));
}
