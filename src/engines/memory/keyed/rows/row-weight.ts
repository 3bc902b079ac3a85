import type { StateRow } from '../../../../state/state-row.ts';
import type { Value } from '../../../../values/value.ts';
import { weightOf } from '../../../../values/weight.ts';

/** What a row takes beside its columns, with its places in what holds it. */
const ROW_WEIGHT = 256;

/** About how much memory a row takes that an operator keeps; its record is not of it. */
export function rowWeight({ columns }: StateRow): number {
  let weight = ROW_WEIGHT;
  for (const value of columns.values()) weight += weightOf(value);
  return weight;
}

/** The same of the values of a key. */
export function keysWeight(keys: readonly Value[]): number {
  return keys.reduce((sum: number, key) => sum + weightOf(key), ROW_WEIGHT);
}
