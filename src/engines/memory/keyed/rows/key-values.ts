import type { Key } from '../../../../ir/plan/keyed.ts';
import { elementsOf } from '../../../../values/elements.ts';
import { keyOf } from '../../../../values/key.ts';
import { displayText } from '../../../../values/text-of.ts';
import type { Value } from '../../../../values/value.ts';
import { LimitReached } from '../../budget.ts';

/** Keys or values that one row may have, all combinations counted. */
const MOST_COMBINATIONS = 100_000;

/** The keys of a row, one list for each of the groups that it is in: none where it takes no part. */
export function keysOf(by: readonly Key[], values: readonly Value[]): readonly (readonly Value[])[] {
  const takesPart = (keys: readonly Value[]): boolean => {
    return keys.every((key, place) => key !== null || by[place]?.missing === 'key');
  };
  if (!values.some(Array.isArray)) {
    const keys = values.map((value) => value ?? null);
    return takesPart(keys) ? [keys] : [];
  }
  const parts = by.map(({ many }, place) => (many === 'each' ? alternatives(values[place]) : [firstOf(values[place])]));
  return combinations(parts).filter(takesPart);
}

/** The text by which keys are compared. */
export function keyText(keys: readonly Value[]): string {
  const [only] = keys;
  if (keys.length === 1 && typeof only === 'string') return `[${JSON.stringify(only)}]`;
  return JSON.stringify(keys.map((key) => (key === null || key === undefined ? null : valueText(key))));
}

/** Values are the same when they read the same: 5 and "5". */
export function valueText(value: Value): string {
  return displayText(value) ?? keyOf(value);
}

/** What a value stands for where one is wanted: itself, each element of an array once, null when there is none. */
export function alternatives(value: Value): readonly Value[] {
  if (!Array.isArray(value)) return [value ?? null];
  const found = new Map(elementsOf(value).map((element) => [valueText(element), element]));
  return found.size === 0 ? [null] : [...found.values()];
}

/** One of each, in all ways. Throws `LimitReached` where there are too many. */
export function combinations(parts: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let made: (readonly Value[])[] = [[]];
  for (const part of parts) {
    if (made.length * part.length > MOST_COMBINATIONS) throw new LimitReached('combinations', MOST_COMBINATIONS);
    made = made.flatMap((start) => part.map((value) => [...start, value]));
  }
  return made;
}

function firstOf(value: Value): Value {
  return alternatives(value)[0] ?? null;
}
