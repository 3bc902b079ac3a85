import type { Json, JsonObject } from '../../../base/json.ts';

/** An object of the members that have a value. */
export function present(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const found: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined && value !== null) found[name] = value;
  return found;
}
