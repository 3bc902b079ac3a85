import { isJsonObject } from '../base/json.ts';
import { DateTime, TimeSpan, type Truth, type Value } from './value.ts';

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Compares two typed values; see `Compare` in the IR for what `nulls` means. */
export function compare(op: CompareOp, left: Value, right: Value, nulls: 'total' | 'unknown'): Truth {
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
