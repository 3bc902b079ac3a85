import type { Json } from '../../../base/json.ts';
import { mayHoldBigNumber, parseExactJson } from './exact-json.ts';
import { JsonScanner, MAX_NESTING } from './json-scanner.ts';

export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: string; readonly tooDeep: boolean };

/** Parses one JSON text: `JSON.parse`, save where whole numbers need more digits than a double has. */
export function parseJson(text: string): ParsedJson {
  if (isTooDeep(text)) return { ok: false, reason: `nested deeper than ${MAX_NESTING} levels`, tooDeep: true };
  try {
    const value: Json = mayHoldBigNumber(text) ? parseExactJson(text) : JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    return { ok: false, reason: reasonOf(error), tooDeep: false };
  }
}

/** Nesting needs two brackets a level; only texts with that many opening ones are looked at closely. */
function isTooDeep(text: string): boolean {
  if (text.length < 2 * MAX_NESTING) return false;
  let opened = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > MAX_NESTING) {
        const found = new JsonScanner().scan(text, 0);
        return found.kind === 'bad' && found.tooDeep;
      }
    }
  }
  return false;
}

/** The parser's words, without the piece of the log that it quotes. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = message.search(/,? (?:\.\.\.)?".*" is not valid JSON/s);
  return (quoted > 0 ? message.slice(0, quoted) : message).slice(0, 120);
}
