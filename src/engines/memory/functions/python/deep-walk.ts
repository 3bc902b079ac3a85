import { isJsonObject } from '../../../../base/json.ts';
import type { Value } from '../../../../values/value.ts';
import { foldedKey } from '../../raw.ts';

/**
 * Panther's `event.deep_walk`: follows keys, also into every item of a list on the way, and gives what is found without
 * doubles: one value alone, several as a list. `which`: all, first, last.
 */
export function deepWalk(root: Value, keys: readonly string[], otherwise: Value, which: Value): Value {
  return walk(root ?? null, keys, 0, otherwise ?? null, which) ?? null;
}

function walk(value: Value, keys: readonly string[], at: number, otherwise: Value, which: Value): Value {
  const key = keys[at];
  if (key === undefined) return onlyEmpty(value) ? otherwise : value;
  if (isJsonObject(value)) {
    const spelled = Object.hasOwn(value, key) ? key : foldedKey(value, key);
    const item = spelled === undefined ? undefined : value[spelled];
    return item === undefined || item === null ? otherwise : walk(item, keys, at + 1, otherwise, which);
  }
  if (!Array.isArray(value)) return otherwise;
  const found = new Map<string, Value>();
  for (const item of value) {
    const reached = walk(item, keys, at, otherwise, which);
    if (reached === undefined || reached === null) continue;
    for (const part of Array.isArray(reached) ? reached : [reached]) {
      const name = identity(part);
      if (!found.has(name)) found.set(name, part);
    }
  }
  const values = [...found.values()];
  if (values.length === 0) return otherwise;
  if (which === 'first') return values[0];
  if (which === 'last') return values.at(-1);
  return values.length === 1 ? values[0] : values;
}

function onlyEmpty(value: Value): boolean {
  return Array.isArray(value) && value.every((item: Value) => onlyEmpty(item));
}

/** What makes two values one key of a Python dict: `1`, `1.0` and `True` are the same. */
function identity(value: Value): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: Value) => identity(item)).join()}]`;
  if (!isJsonObject(value)) return '';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${identity(value[key])}`)
    .join()}}`;
}
