import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';

/** What a function read of a record: for each path, joined by NUL, whether it was asked for its value or only its presence. */
export interface Reads {
  readonly paths: Map<string, { readonly path: readonly string[]; asked: 'kind' | 'value' }>;
  /** Whether something was read that paths cannot say: inside of an array, or the list of keys. */
  beyond: boolean;
}

/**
 * A record that notes what is read of it. Values at top-level keys in `kindOnly` are replaced by others of the same kind:
 * whoever reads them must not care.
 */
export function recorded(event: JsonObject, kindOnly: ReadonlySet<string>): { event: JsonObject; reads: Reads } {
  const reads: Reads = { paths: new Map(), beyond: false };
  return { event: wrap(event, [], kindOnly, reads), reads };
}

function wrap(object: JsonObject, above: readonly string[], kindOnly: ReadonlySet<string>, reads: Reads): JsonObject {
  return new Proxy(object, {
    get(target, key) {
      if (typeof key === 'symbol') {
        reads.beyond = true;
        return Reflect.get(target, key);
      }
      const path = [...above, key];
      const value = Object.hasOwn(target, key) ? target[key] : undefined;
      const onlyKind = above.length === 0 && kindOnly.has(key);
      note(reads, path, onlyKind ? 'kind' : 'value');
      if (value === undefined) return Reflect.get(target, key);
      if (isJsonObject(value)) return wrap(value, path, kindOnly, reads);
      if (Array.isArray(value)) return wrapArray(value, reads);
      return onlyKind ? likeOf(value) : value;
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
      reads.beyond = true;
      return Reflect.ownKeys(target);
    },
    getPrototypeOf(target) {
      return Reflect.getPrototypeOf(target);
    },
  });
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

function note(reads: Reads, path: readonly string[], asked: 'kind' | 'value'): void {
  const key = path.join('\0');
  const known = reads.paths.get(key);
  if (known === undefined) reads.paths.set(key, { path, asked });
  else if (asked === 'value') known.asked = 'value';
}

function likeOf(value: Json): Json {
  switch (typeof value) {
    case 'string':
      return 'x';
    case 'number':
    case 'bigint':
      return 7;
    default:
      return value;
  }
}
