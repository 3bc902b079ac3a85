import type { JsonObject } from '../../../base/json.ts';

/**
 * A form that lines are written in, known by a mark in the line itself. Gives the line as a record, undefined where it is of
 * another form.
 */
export type LineForm = (line: string) => JsonObject | undefined;

/**
 * The longest line that is looked at for a form, in UTF-16 units. Forms are patterns, and V8 has 64 MB for what a pattern may go back
 * to: lines of some 5 million characters overflow it. JSON and events in XML are read without patterns, and may be longer.
 */
export const LONGEST_LINE: number = 2 * 1024 * 1024;

const MOST_CELLS = 1_000;

/** The cells of a line; of very many, what is left is the last one, `mark` between its parts. */
export function fewCells(cells: readonly string[], mark: string): readonly string[] {
  const last = MOST_CELLS - 1;
  return cells.length <= MOST_CELLS ? cells : [...cells.slice(0, last), cells.slice(last).join(mark)];
}

/** An object of the members that have a value; what logs write for nothing (`-`, an empty text) is none. */
export function present(members: Readonly<Record<string, string | undefined>>): JsonObject {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== '' && value !== '-') found[name] = value;
  }
  return found;
}
