import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { Looks } from '../../../logs/recognition-looks.ts';

/** What a function wanted to know of the value at a path: what kind of value it is, how a text begins, or all of it. */
export type Asked = 'kind' | 'start' | 'value';

/** What a function read of a record. */
export interface Reads {
  /** By paths, joined by NUL. */
  readonly paths: Map<string, { readonly path: readonly string[]; asked: Asked }>;
  /** Whether it asked which names stand at top level. */
  names: boolean;
  /** Whether something was read that paths cannot say: inside of an array, or the list of an inner map's keys. */
  beyond: boolean;
}

/** In place of all names that do not matter, and of what follows such as do. */
const OTHER = '\0';

/**
 * A record that notes what is read of it. What does not matter of values and names by `looks` is replaced by something of the
 * same kind: whoever reads it must not care.
 */
export function recorded(event: JsonObject, looks: Looks): { event: JsonObject; reads: Reads } {
  const reads: Reads = { paths: new Map(), names: false, beyond: false };
  return { event: wrap(event, [], looks, reads), reads };
}

function wrap(object: JsonObject, above: readonly string[], looks: Looks, reads: Reads): JsonObject {
  const isTop = above.length === 0;
  return new Proxy(object, {
    get(target, key) {
      if (typeof key === 'symbol') {
        reads.beyond = true;
        return Reflect.get(target, key);
      }
      const path = [...above, key];
      const value = Object.hasOwn(target, key) ? target[key] : undefined;
      const asked = isTop ? lookAt(key, looks) : 'value';
      note(reads, path, asked);
      if (value === undefined) return Reflect.get(target, key);
      if (isJsonObject(value)) return wrap(value, path, looks, reads);
      if (Array.isArray(value)) return wrapArray(value, reads);
      return likeOf(value, asked, looks.startLength);
    },
    has(target, key) {
      if (typeof key === 'symbol') reads.beyond = true;
      else note(reads, [...above, key], 'kind');
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === 'symbol') reads.beyond = true;
      else note(reads, [...above, key], 'kind');
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      const names = Reflect.ownKeys(target);
      if (!isTop) {
        reads.beyond = true;
        return names;
      }
      reads.names = true;
      return [...new Set(names.map((name) => (typeof name === 'string' ? nameLike(name, looks.names) : OTHER)))];
    },
    getPrototypeOf(target) {
      return Reflect.getPrototypeOf(target);
    },
  });
}

/** Names that go on behind a dot are alike, whichever name that matters stands before it; and so are all that do not matter. */
function nameLike(name: string, names: ReadonlySet<string>): string {
  if (names.has(name)) return name;
  const [below = ''] = names;
  const dot = name.indexOf('.');
  return dot !== -1 && names.has(name.slice(0, dot)) ? `${below}.${OTHER}` : OTHER;
}

function lookAt(key: string, looks: Looks): Asked {
  if (looks.kindOnly.has(key)) return 'kind';
  return looks.startOnly.has(key) ? 'start' : 'value';
}

function wrapArray(array: readonly Json[], reads: Reads): readonly Json[] {
  return new Proxy(array, {
    get(target, key) {
      reads.beyond = true;
      return Reflect.get(target, key);
    },
    has(target, key) {
      reads.beyond = true;
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      reads.beyond = true;
      return Reflect.ownKeys(target);
    },
  });
}

function note(reads: Reads, path: readonly string[], asked: Asked): void {
  const key = path.join('\0');
  const known = reads.paths.get(key);
  if (known === undefined) reads.paths.set(key, { path, asked });
  else if (known.asked === 'kind' || asked === 'value') known.asked = asked;
}

function likeOf(value: Json, asked: Asked, startLength: number): Json {
  if (asked === 'value') return value;
  switch (typeof value) {
    case 'string':
      return asked === 'start' ? value.slice(0, startLength) : 'x';
    case 'number':
    case 'bigint':
      return 7;
    default:
      return value;
  }
}
