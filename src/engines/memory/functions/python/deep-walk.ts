import { isJsonObject } from '../../../../base/json.ts';
import type { Value } from '../../../../values/value.ts';

/**
 * Panther's `event.deep_walk`: follows keys as they are written, also into every item of a list on the way, and gives what is found
 * without doubles: one value alone, several as a list. What is missing on the way is the default. Missing where Python raises: what
 * is found through a list is a key of a dict, which no list or map can be.
 */
export function deepWalk(root: Value, keys: readonly string[], otherwise: Value, which: Value): Value {
  try {
    return walk(root ?? null, keys, 0, otherwise ?? null, which) ?? null;
  } catch (thrown) {
    if (thrown instanceof NoKey) return undefined;
    throw thrown;
  }
}

class NoKey extends Error {}

function walk(value: Value, keys: readonly string[], at: number, otherwise: Value, which: Value): Value {
  const key = keys[at];
  if (key === undefined) return value === null || onlyEmpty(value) ? otherwise : value;
  if (isJsonObject(value)) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    return walk(item === undefined ? otherwise : item, keys, at + 1, otherwise, which);
  }
  const found = new Map<string, Value>();
  for (const item of Array.isArray(value) ? value : []) {
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
  if (which !== 'all') return 'all';
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
  throw new NoKey();
}
