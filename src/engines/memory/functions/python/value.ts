import { isJsonObject } from '../../../../base/json.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';

export function isText(value: Value): value is string {
  return typeof value === 'string';
}

/** The names of a value's Python type: `true` is an int as well, and what is missing is None. */
export function typeNames(value: Value): readonly string[] {
  switch (typeof value) {
    case 'string':
      return ['str'];
    case 'boolean':
      return ['bool'];
    case 'bigint':
      return ['int'];
    case 'number':
      // What JSON spells with an exponent, or a fraction, is a float.
      return [Number.isInteger(value) && Math.abs(value) < 1e21 ? 'int' : 'float'];
    default:
      if (value === undefined) return ['missing', 'none'];
      if (value === null) return ['null', 'none'];
      if (Array.isArray(value)) return ['list'];
      return isJsonObject(value) ? ['dict'] : [];
  }
}

/** A number, a truth value as one; undefined for what is none. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'bigint' ? Number(value) : undefined;
}

export function truthy(value: Value): boolean {
  if (value === undefined || value === null) return false;
  const number = numberOf(value);
  if (number !== undefined) return number !== 0;
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return value.length > 0;
  return !isJsonObject(value) || Object.keys(value).length > 0;
}

export function sameValue(left: Value, right: Value): boolean {
  const a = left ?? null;
  const b = right ?? null;
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return a === b;
  const first = exact(a);
  const second = exact(b);
  if (first !== undefined || second !== undefined)
    return first !== undefined && second !== undefined && !(first < second) && !(first > second);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item: Value, at) => sameValue(item, b[at]));
  }
  if (a instanceof DateTime || a instanceof TimeSpan || !isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

function exact(value: Value): number | bigint | undefined {
  return typeof value === 'bigint' ? value : numberOf(value);
}

/** Python's order of two values; undefined where there is none. Texts are ordered by code points. */
export function lessThan(a: Value, b: Value, orEqual: boolean): boolean | undefined {
  const first = exact(a ?? null);
  const second = exact(b ?? null);
  if (first !== undefined && second !== undefined) return orEqual ? first <= second : first < second;
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  if (a === b) return orEqual;
  const left = [...a];
  const right = [...b];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return left.length < right.length;
}

export function addValues(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  const first = exact(a ?? null);
  const second = exact(b ?? null);
  if (first === undefined || second === undefined) return undefined;
  const whole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isInteger(value);
  const sum = Number(first) + Number(second);
  if (whole(first) && whole(second) && !Number.isSafeInteger(sum)) return BigInt(first) + BigInt(second);
  return sum;
}
