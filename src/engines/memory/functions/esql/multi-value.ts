import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';

/**
 * Values as ES|QL has them: null, one value, or a list of at least two. What one value is asked for gives null where there are
 * several, and a warning.
 */

export const SEVERAL = 'java.lang.IllegalArgumentException: single-value function encountered multi-value';

/** Null, and the reason for it, for those who ask. */
export function fail(clock: Clock, reason: string): null {
  clock.failures?.add(reason);
  return null;
}

export function illegal(clock: Clock, reason: string): null {
  return fail(clock, `java.lang.IllegalArgumentException: ${reason}`);
}

export function invalid(clock: Clock, reason: string): null {
  return fail(clock, `InvalidArgumentException: ${reason}`);
}

/** The values of a column's value, none for null. */
export function valuesIn(value: Value): readonly Value[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A column's value of values. */
export function columnOf(values: readonly Value[]): Value {
  return values.length > 1 ? values : (values[0] ?? null);
}

/** A function of single values; null among them gives null. */
export function single(compute: Implementation): Implementation {
  return (args, clock) => {
    let several = false;
    for (const arg of args) {
      if (arg === null || arg === undefined) return null;
      if (Array.isArray(arg)) several = true;
    }
    return several ? fail(clock, SEVERAL) : compute(args, clock);
  };
}

/** A function of each value of its first argument; what it fails on is left out. */
export function each(compute: (value: Value, others: readonly Value[], clock: Clock) => Value): Implementation {
  return ([first, ...others], clock) => {
    if (!Array.isArray(first)) return (first ?? null) === null ? null : compute(first ?? null, others, clock);
    return columnOf(first.map((one) => compute(one, others, clock)).filter((one) => (one ?? null) !== null));
  };
}

/** A function of all values of its first argument; null without any. */
export function overAll(
  compute: (values: readonly Value[], others: readonly Value[], clock: Clock) => Value,
): Implementation {
  return ([first, ...others], clock) => {
    const values = valuesIn(first);
    return values.length === 0 ? null : compute(values, others, clock);
  };
}

export function textIn(value: Value): string {
  return typeof value === 'string' ? value : '';
}

/** Not a number where the value is none. */
export function realIn(value: Value): number {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
}

export function wholeIn(value: Value, otherwise: number): number {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : otherwise;
}
