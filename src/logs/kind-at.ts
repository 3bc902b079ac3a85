import { isJsonObject, type JsonObject } from '../base/json.ts';

type JsonKind = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'map';

/**
 * What kind of value stands at a key, undefined where there is none. Recognition asks so wherever the value itself does not matter:
 * a reader of lines keeps apart what recognition was given of them, and there are far fewer kinds than values.
 */
export function kindAt(event: JsonObject, key: string): JsonKind | undefined {
  // Most records lack most keys that are asked for.
  if (!Object.hasOwn(event, key)) return undefined;
  const value = Object.getOwnPropertyDescriptor(event, key)?.value;
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'list' : 'map';
    default:
      return undefined;
  }
}

/** The map at a key, undefined where something else stands there. */
export function mapAt(event: JsonObject, key: string): JsonObject | undefined {
  if (kindAt(event, key) !== 'map') return undefined;
  const value = event[key];
  return isJsonObject(value) ? value : undefined;
}

/** Whether something stands at the end of a path whose steps are maps, or at a key that spells it with dots. */
export function isAt(event: JsonObject, ...path: readonly [string, string]): boolean {
  const [first, second] = path;
  if (kindAt(event, path.join('.')) !== undefined) return true;
  const inner = mapAt(event, first);
  return inner !== undefined && kindAt(inner, second) !== undefined;
}
