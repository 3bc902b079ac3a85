import type { Json, JsonObject } from '../../../base/json.ts';
import {
  isArray,
  isMapping,
  itemsOf,
  type Key,
  keyOf,
  leave,
  PyDict,
  PyList,
  raise,
  soughtKey,
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
  return undefined;
}

export function deepGet(start: Value, keys: readonly Value[], otherwise: Value): Value {
  let value = start;
  for (const key of keys) {
    if (!isMapping(value)) return otherwise;
    value = lookUp(value, key) ?? null;
    if (value === null) return otherwise;
  }
  return value;
}

/** `PantherEvent.deep_walk`. */
export function deepWalk(start: Value, keys: readonly Value[], otherwise: Value, which: Value): Value {
  const found = walk(start, keys, otherwise, which);
  return isArray(found) ? new PyList([...found]) : found;
}

function walk(value: Value, keys: readonly Value[], otherwise: Value, which: Value): Value {
  const [key = null, ...rest] = keys;
  if (keys.length === 0) return onlyEmpty(value) ? otherwise : value;
  if (isMapping(value)) {
    const item = lookUp(value, key) ?? null;
    return item === null ? otherwise : walk(item, rest, otherwise, which);
  }
  const found = new Set<Key>();
  for (const item of itemsOf(value) ?? []) {
    const reached = walk(item, keys, otherwise, which);
    if (reached === null) continue;
    const parts = itemsOf(reached);
    if (parts === undefined) found.add(keyOf(reached));
    else for (const part of parts) found.add(keyOf(part));
  }
  if (found.size === 0) return otherwise;
  const values = [...found];
  if (which === 'first') return values[0] ?? null;
  if (which === 'last') return values.at(-1) ?? null;
  if (which !== 'all') return raise('ValueError');
  return values.length === 1 ? (values[0] ?? null) : new PyList(values);
}

function onlyEmpty(value: Value): boolean {
  return itemsOf(value)?.every(onlyEmpty) ?? false;
}

type Step = string | number | null;

/** The steps of a data model's path; null is every item of a list. */
export function stepsOf(path: string): readonly Step[] {
  let text = path.trim();
  if (text.startsWith('$')) text = text.slice(1);
  const steps: Step[] = [];
  const step = /\.?([^.[\]]+)|\[(\d+|\*|'[^']*'|"[^"]*")\]/y;
  while (step.lastIndex < text.length) {
    const found = step.exec(text);
    if (found === null) return leave('a path of a data model');
    const [, name, bracket = ''] = found;
    if (name !== undefined) steps.push(name);
    else if (bracket === '*') steps.push(null);
    else steps.push(/^\d+$/.test(bracket) ? Number(bracket) : bracket.slice(1, -1));
  }
  return steps;
}

export function follow(start: Value, steps: readonly Step[]): Value {
  let value = start;
  for (const [place, step] of steps.entries()) {
    if (typeof step === 'string') value = isMapping(value) ? (lookUp(value, step) ?? null) : null;
    else {
      const items = itemsOf(value);
      if (items === undefined) return null;
      if (step === null) {
        const rest = steps.slice(place + 1);
        for (const item of items) {
          const reached = follow(item, rest);
          if (reached !== null) return reached;
        }
        return null;
      }
      value = items[step] ?? null;
    }
    if (value === null) return null;
  }
  return value;
}
