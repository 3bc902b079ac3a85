import type { Json, JsonObject } from '../../../base/json.ts';
import {
  isMapping,
  itemsOf,
  type Key,
  keyOf,
  PyDict,
  PyList,
  plain,
  raise,
  soughtKey,
  truth,
  type Value,
} from './value.ts';

/** One step of the event's maps: a key as it is written, else the first that is the same in lower case. */
export function childOf(map: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : foldedChild(map, key);
}

/** Rules ask for many keys that are not there: most are told apart by their lengths. */
function foldedChild(map: JsonObject, key: string): Json | undefined {
  const wanted = key.toLowerCase();
  const { length } = wanted;
  for (const name in map) {
    // Of all letters only one grows when it is made small.
    if (name.length > length || (name.length < length && !name.includes('\u0130'))) continue;
    if (name.toLowerCase() === wanted && Object.hasOwn(map, name)) return map[name];
  }
  return undefined;
}

/** `get` of anything that is a mapping; undefined where there is no such key. */
export function lookUp(map: JsonObject | PyDict, key: Value): Value | undefined {
  if (map instanceof PyDict) return map.entries.get(soughtKey(key));
  if (typeof key === 'string') return childOf(map, key);
  keyOf(key);
  // It is looked for in any case, which only texts have; nothing is looked for in an empty map.
  return truth(map) ? raise('AttributeError') : undefined;
}

/** What is missing on the way is the default, in which the next key is looked for. */
export function deepGet(start: Value, keys: readonly Value[], otherwise: Value): Value {
  let value = start;
  for (const key of keys) {
    const found = isMapping(value) ? lookUp(value, key) : undefined;
    value = found === undefined ? otherwise : found;
  }
  return value === null ? otherwise : value;
}

/** `PantherEvent.deep_walk`: by the exact names, through what is plain. */
export function deepWalk(start: JsonObject, keys: readonly Value[], otherwise: Value, which: Value): Value {
  const found = walk(start, keys, otherwise, which);
  return found === otherwise ? found : plain(found);
}

function walk(value: Value, keys: readonly Value[], otherwise: Value, which: Value): Value {
  const [key = null, ...rest] = keys;
  if (keys.length === 0) return value === null || onlyEmpty(value) ? otherwise : value;
  if (isMapping(value)) {
    const item = exactly(value, key);
    return walk(item === undefined ? otherwise : item, rest, otherwise, which);
  }
  const found = new Set<Key>();
  for (const item of itemsOf(value) ?? []) {
    const reached = walk(item, keys, otherwise, which);
    if (reached === null) continue;
    // What cannot be a key raises.
    for (const part of itemsOf(reached) ?? [reached]) found.add(keyOf(part));
  }
  const values = [...found];
  if (values.length === 0) return otherwise;
  if (which === 'first') return values[0] ?? null;
  if (which === 'last') return values.at(-1) ?? null;
  if (which !== 'all') return 'all';
  return values.length === 1 ? (values[0] ?? null) : new PyList(values);
}

/** A null that is there stays null. */
function exactly(map: JsonObject | PyDict, key: Value): Value | undefined {
  if (map instanceof PyDict) return map.entries.get(soughtKey(key));
  const name = keyOf(key);
  return typeof name === 'string' && Object.hasOwn(map, name) ? map[name] : undefined;
}

function onlyEmpty(value: Value): boolean {
  return itemsOf(value)?.every(onlyEmpty) ?? false;
}
