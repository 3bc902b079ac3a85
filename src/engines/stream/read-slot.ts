import type { JsonObject } from '../../base/json.ts';
import type { Value } from '../../values/value.ts';
import { readFirst } from '../memory/raw.ts';
import type { Slot } from './program.ts';

/** Reads a slot of a record as the memory engine reads a `raw` expression. */
export function compileSlot(slot: Slot): (event: JsonObject) => Value {
  const { paths } = slot;
  const names = paths.flatMap(([name, ...rest]) => (name !== undefined && rest.length === 0 ? [name] : []));
  // A record has no prototype's names but those it holds itself; any other name is read as it is, which is quicker.
  if (names.length !== paths.length || names.some((name) => name in Object.prototype)) {
    return (event) => readFirst(event, paths, slot);
  }
  const [only] = names;
  if (names.length === 1 && only !== undefined) return (event) => event[only];
  return (event) => {
    for (const name of names) {
      const value = event[name];
      if (value !== undefined) return value;
    }
    return undefined;
  };
}
