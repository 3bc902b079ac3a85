import type { JsonObject } from '../../../base/json.ts';

/**
 * A form that lines are written in, known by a mark in the line itself. Gives the line as a record, undefined where it is of
 * another form.
 */
export type LineForm = (line: string) => JsonObject | undefined;

/** An object of the members that have a value; what logs write for nothing (`-`, an empty text) is none. */
export function present(members: Readonly<Record<string, string | undefined>>): JsonObject {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== '' && value !== '-') found[name] = value;
  }
  return found;
}
