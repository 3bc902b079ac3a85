import { isJsonObject } from '../base/json.ts';
import { elementsOf } from './elements.ts';
import { DateTime, TimeSpan, type Truth, type Value } from './value.ts';

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * What a null does in a comparison. `total`: it equals nothing and differs from everything, and two nulls give null (Kusto
 * `==` and `!=`); `unknown`: any null gives null.
 */
export type Nulls = 'total' | 'unknown';

/**
 * What a side that is an array means: one of its values (EQL), each of them, no answer (`null`, as ES|QL), or the array as
 * one value (`whole`). Of both sides' values each meets each; an array without values is a null, one with a single value is
 * that value.
 */
export type Many = 'any' | 'all' | 'null' | 'whole';

/** Compares two typed values, which may be several. */
export function compare(op: CompareOp, left: Value, right: Value, nulls: Nulls, many: Many): Truth {
  if (many === 'whole' || !(Array.isArray(left) || Array.isArray(right))) return compareOne(op, left, right, nulls);
  const lefts = valuesIn(left);
  const rights = valuesIn(right);
  const [first] = lefts;
  const [second] = rights;
  if (lefts.length === 1 && rights.length === 1) return compareOne(op, first, second, nulls);
  if (many === 'null') return null;
  const decisive = many === 'any';
  let unknown = false;
  for (const one of lefts) {
    for (const other of rights) {
      const truth = compareOne(op, one, other, nulls);
      if (truth === decisive) return decisive;
      if (truth === null) unknown = true;
    }
  }
  return unknown ? null : !decisive;
}

function valuesIn(side: Value): readonly Value[] {
  if (!Array.isArray(side)) return [side];
  const values = elementsOf(side);
  return values.length === 0 ? [null] : values;
}

function compareOne(op: CompareOp, left: Value, right: Value, nulls: Nulls): Truth {
  const a = left ?? null;
  const b = right ?? null;
  if (a === null || b === null) {
    if (nulls === 'unknown' || (a === null && b === null)) return null;
    if (op === '==') return false;
    return op === '!=' ? true : null;
  }
  switch (op) {
    case '==':
      return same(a, b);
    case '!=':
      return !same(a, b);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = orderOf(a, b);
      if (order === undefined) return null;
      if (op === '<') return order < 0;
      if (op === '<=') return order <= 0;
      return op === '>' ? order > 0 : order >= 0;
    }
  }
}

/** Whether two values are the same: numbers by value whatever their type, maps and arrays member by member. */
export function same(a: Value, b: Value): boolean {
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b) && (typeof a === typeof b ? a === b : true);
  if (a instanceof DateTime) return b instanceof DateTime && a.ticks === b.ticks;
  if (a instanceof TimeSpan) return b instanceof TimeSpan && a.ticks === b.ticks;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item: Value, index) => same(item, b[index]));
  }
  if (isJsonObject(a) && isJsonObject(b) && !(b instanceof DateTime) && !(b instanceof TimeSpan)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  }
  return a === b;
}

/** Negative, zero or positive; undefined for values that have no order between them. Strings compare by code unit. */
export function orderOf(a: Value, b: Value): number | undefined {
  if (isNumeric(a) && isNumeric(b))
    return a < b ? -1 : a > b ? 1 : Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? undefined : 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if ((a instanceof DateTime && b instanceof DateTime) || (a instanceof TimeSpan && b instanceof TimeSpan)) {
    return a.ticks < b.ticks ? -1 : a.ticks > b.ticks ? 1 : 0;
  }
  return undefined;
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
