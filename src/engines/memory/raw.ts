import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Way } from '../../ir/expr.ts';
import type { Value } from '../../values/value.ts';

/** Reads one path; what is found in several elements of an array is given as an array. Undefined: the path does not exist. */
export function readPath(root: Value, path: readonly string[], way: Way, from = 0): Value {
  let value = root;
  for (let at = from; at < path.length; at += 1) {
    if (Array.isArray(value)) {
      if (way.arrays === 'strict') return undefined;
      const found = value.flatMap((element: Value) => {
        const inner = readPath(element, path, way, at);
        return inner === undefined ? [] : inner;
      });
      return found.length === 0 ? undefined : found;
    }
    const step = path[at];
    if (!isJsonObject(value) || step === undefined) return undefined;
    if (Object.hasOwn(value, step)) value = value[step];
    else if (way.keys === 'ignore-case') {
      const spelled = foldedKey(value, step);
      if (spelled === undefined) return undefined;
      value = value[spelled];
    } else return undefined;
  }
  return value;
}

/**
 * The first key of a map that is the same in lower case. Rules ask for many keys that are not there: most are told apart by
 * their lengths, which costs less than a table of the keys of every map.
 */
export function foldedKey(map: JsonObject, key: string): string | undefined {
  const wanted = key.toLowerCase();
  const { length } = wanted;
  for (const name in map) {
    // Of all letters only one grows when it is made small.
    if (name.length > length || (name.length < length && !name.includes('\u0130'))) continue;
    if (name.toLowerCase() === wanted && Object.hasOwn(map, name)) return name;
  }
  return undefined;
}

/** The value at the first path that exists. */
export function readFirst(root: Value, paths: readonly (readonly string[])[], way: Way): Value {
  for (const path of paths) {
    const value = readPath(root, path, way);
    if (value !== undefined) return value;
  }
  return undefined;
}

interface Leaf {
  /** The dotted name of the leaf's field; arrays add nothing to it. */
  readonly name: string;
  readonly value: Value;
}

/** Every scalar inside a value, nulls left out. Iterative, because records may be nested very deeply. */
export function leavesOf(root: Value): Leaf[] {
  const found: Leaf[] = [];
  const open: Leaf[] = [{ name: '', value: root }];
  for (let leaf = open.pop(); leaf !== undefined; leaf = open.pop()) {
    const { name, value } = leaf;
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) {
      for (let at = value.length - 1; at >= 0; at -= 1) open.push({ name, value: value[at] });
    } else if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value).reverse()) {
        open.push({ name: name === '' ? key : `${name}.${key}`, value: member });
      }
    } else {
      found.push(leaf);
    }
  }
  return found;
}
