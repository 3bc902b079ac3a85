import type { Analyzer } from '../../ir/expr.ts';

const TOKEN = /[\p{L}\p{N}\p{M}_]+(?:[.'’][\p{L}\p{N}\p{M}_]+)*/gu;

/**
 * Tokens as Elasticsearch's standard analyzer gives them, lower-cased: runs of letters, digits and `_`, with a single `.`
 * or apostrophe kept between two letters or two digits (Unicode word boundaries, UAX 29).
 */
export function tokens(text: string, analyzer?: Analyzer): string[] {
  if (analyzer === 'script') return (text.match(/[A-Za-z0-9_-]+/g) ?? []).map((token) => token.toLowerCase());
  const found: string[] = [];
  for (const [run] of text.matchAll(TOKEN)) {
    // UAX 29 keeps the mark only between letters, or between digits.
    for (const piece of run.split(/(?<=\p{N})[.'’](?=\p{L})|(?<=\p{L})[.](?=\p{N})|(?<=\p{L})['’](?=\p{N})/u)) {
      found.push(piece.toLowerCase());
    }
  }
  return found;
}

/** `any`: one token of the query is in the value. `phrase`: all of them, in a row. A query without tokens fits nothing. */
export function compileAnalysed(
  query: string,
  mode: 'any' | 'phrase',
  analyzer?: Analyzer,
): (value: string) => boolean {
  const wanted = tokens(query, analyzer);
  if (wanted.length === 0) return () => false;
  if (mode === 'any') {
    const set = new Set(wanted);
    return (value) => tokens(value, analyzer).some((token) => set.has(token));
  }
  return (value) => {
    const have = tokens(value, analyzer);
    for (let at = 0; at + wanted.length <= have.length; at += 1) {
      if (wanted.every((token, index) => have[at + index] === token)) return true;
    }
    return false;
  };
}
