import { types } from 'node:util';
import type { JsonObject } from '../base/json.ts';

/** Says what a record is, by keys at its top and what is below them. */
type Ask<T> = (event: JsonObject) => T | undefined;

/**
 * The first of several answers to what a record is, given without asking those who cannot have one: who finds nothing in a record
 * without keys finds nothing in any that has none of the keys that were looked at there. Most records have few keys, and new sets of
 * them cost by every look.
 */
export function firstAnswer<T>(all: readonly Ask<T>[]): Ask<T> {
  const byKey = new Map<string, number[]>();
  const always: number[] = [];
  for (const [at, ask] of all.entries()) {
    const keys = keysAsked(ask);
    if (keys === undefined) always.push(at);
    for (const key of keys ?? []) byKey.set(key, [...(byKey.get(key) ?? []), at]);
  }
  return (event) => {
    // Who records what is looked at is to see every look.
    if (types.isProxy(event)) return first(all, event);
    const may = new Uint8Array(all.length);
    for (const at of always) may[at] = 1;
    for (const key of Object.keys(event)) for (const at of byKey.get(key) ?? NOBODY) may[at] = 1;
    for (let at = may.indexOf(1); at !== -1; at = may.indexOf(1, at + 1)) {
      const found = all[at]?.(event);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

const NOBODY: readonly number[] = [];

function first<T>(all: readonly Ask<T>[], event: JsonObject): T | undefined {
  for (const ask of all) {
    const found = ask(event);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The keys that are looked at in a record without any; undefined where that does not decide. */
function keysAsked<T>(ask: Ask<T>): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  let looksAtAll = false;
  const note = (key: string | symbol): void => {
    if (typeof key === 'string') keys.add(key);
    else looksAtAll = true;
  };
  const empty: JsonObject = new Proxy<JsonObject>(
    {},
    {
      get: (target, key) => {
        note(key);
        return Reflect.get(target, key);
      },
      has: (target, key) => {
        note(key);
        return Reflect.has(target, key);
      },
      getOwnPropertyDescriptor: (target, key) => {
        note(key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      ownKeys: (target) => {
        looksAtAll = true;
        return Reflect.ownKeys(target);
      },
    },
  );
  const found = ask(empty);
  return found !== undefined || looksAtAll ? undefined : keys;
}
