import type { SourceText } from '../../base/source-text.ts';
import type { Token } from '../../base/syntax/token-stream.ts';

export type JsonPathTokenKind =
  | 'name'
  | 'quoted'
  | 'named operator'
  | 'bool'
  | 'number'
  | 'float'
  | 'compare'
  /** The mark before a place that a list is sorted by; a comma between two of them is part of it. */
  | 'sort'
  | '..'
  | '&&'
  | '||'
  | (typeof LITERALS)[number]
  | 'end';

export interface JsonPathToken extends Token<JsonPathTokenKind> {
  /** Of names, quoted names and named operators: what they say. */
  readonly value: string;
}

const LITERALS = ['*', '.', '[', ']', '(', ')', '$', ',', ':', '|', '&', '?', '@', '+', '-', '!'] as const;

/** In the order in which they are tried. */
const TOKENS: readonly (readonly [JsonPathTokenKind, RegExp])[] = [
  ['bool', /(?:true|false)(?![a-zA-Z0-9_@-])/y],
  ['sort', /,?\s*[/\\]/y],
  ['name', /@?[a-zA-Z_][a-zA-Z0-9_@-]*/y],
  ['float', /-?\d+\.\d+/y],
  ['number', /-?\d+/y],
  ['compare', /=~|==?|<=|>=|!=|<|>/y],
  ['..', /\.\./y],
  ['||', /\|\|/y],
  ['&&', /&&/y],
];
const QUOTES: ReadonlyMap<string, JsonPathTokenKind> = new Map([
  ["'", 'quoted'],
  ['"', 'quoted'],
  ['`', 'named operator'],
]);

/** Why a path cannot be read, and where. */
export interface JsonPathProblem {
  readonly reason: string;
  readonly at: number;
}

/** Cuts a path into tokens, the last of them the end. */
export function lexJsonPath({ text }: SourceText): readonly JsonPathToken[] | JsonPathProblem {
  const tokens: JsonPathToken[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/[ \t\n]/.test(character)) {
      at += 1;
      continue;
    }
    const quote = QUOTES.get(character);
    const token = quote === undefined ? tokenAt(text, at) : quotedAt(text, at, quote);
    if (token === undefined) {
      const reason = quote === undefined ? `\`${character}\` has no place there` : 'a quote is not closed';
      return { reason, at };
    }
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', value: '', start: text.length, end: text.length });
  return tokens;
}

function tokenAt(text: string, start: number): JsonPathToken | undefined {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, value: found, start, end: start + found.length };
  }
  const literal = LITERALS.find((each) => each === text[start]);
  return literal && { kind: literal, text: literal, value: literal, start, end: start + 1 };
}

/** A backslash stands before any character that is meant as it is. */
function quotedAt(text: string, start: number, kind: JsonPathTokenKind): JsonPathToken | undefined {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === text[start]) return { kind, text: text.slice(start, at + 1), value, start, end: at + 1 };
    if (text[at] === '\\') at += 1;
    value += text[at] ?? '';
  }
  return undefined;
}
