import { isJsonObject, type Json, type JsonObject } from '../../../../../base/json.ts';
import { regexOf } from '../scalars.ts';

/** How keys and values are told apart; without delimiters whatever is no letter or digit is one. */
interface Delimiters {
  readonly pair: string | undefined;
  readonly key: string | undefined;
  /** Opening and closing quotes, one character each. */
  readonly quotes: readonly string[];
  readonly escapes: readonly string[];
  /** Values go on to the next of the keys. */
  readonly greedy: boolean;
  readonly keys: readonly string[];
  readonly regex: string | undefined;
}

/** The keys and values in a text; the first value of a key counts. `options` is JSON, written by who lowers `parse-kv`. */
export function parsePairs(text: string, options: string): Json {
  const delimiters = read(options);
  const found = new Map<string, string>();
  for (const [key, value] of pairsIn(text, delimiters)) if (!found.has(key)) found.set(key, value);
  return Object.fromEntries(found);
}

const known = new Map<string, Delimiters>();

function read(options: string): Delimiters {
  const before = known.get(options);
  if (before !== undefined) return before;
  const given = objectIn(options);
  const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
  const texts = (value: Json | undefined): readonly string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const delimiters: Delimiters = {
    pair: text(given['pair']),
    key: text(given['key']),
    quotes: texts(given['quotes']),
    escapes: texts(given['escapes']),
    greedy: given['greedy'] === true,
    keys: texts(given['keys']),
    regex: text(given['regex']),
  };
  known.set(options, delimiters);
  return delimiters;
}

function objectIn(text: string): JsonObject {
  try {
    const json = JSON.parse(text) as Json;
    return isJsonObject(json) ? json : {};
  } catch {
    return {};
  }
}

function pairsIn(text: string, delimiters: Delimiters): Iterable<readonly [string, string]> {
  if (delimiters.regex !== undefined) return byRegex(text, delimiters.regex);
  const { pair, key } = delimiters;
  if (pair === undefined || key === undefined) return byWords(text, delimiters);
  return delimiters.greedy ? byKeys(text, key, pair, delimiters) : byDelimiters(text, key, pair, delimiters);
}

function* byRegex(text: string, pattern: string): Generator<readonly [string, string]> {
  const regex = regexOf(pattern);
  if (regex === undefined) return;
  for (let at = 0; at <= text.length; ) {
    const match = regex.groups(text, at);
    if (match === undefined) return;
    yield [(match.groups[1] ?? '').trim(), (match.groups[2] ?? '').trim()];
    at = Math.max(match.end, match.start + 1);
  }
}

/** A quoted text from a place on, its quotes and escapes taken off; undefined where no quote stands there, or none ends it. */
function quotedAt(
  text: string,
  at: number,
  { quotes, escapes }: Delimiters,
): { readonly value: string; readonly end: number } | undefined {
  const pair = quotes.find((one) => text.startsWith(one.charAt(0), at));
  if (pair === undefined) return undefined;
  const closing = pair.charAt(1) || pair.charAt(0);
  let value = '';
  for (let place = at + 1; place < text.length; place += 1) {
    const char = text.charAt(place);
    if (escapes.includes(char) && place + 1 < text.length) {
      place += 1;
      value += text.charAt(place);
    } else if (char === closing) return { value, end: place + 1 };
    else value += char;
  }
  return undefined;
}

/** A key or a value: what is quoted, or the text up to the first of some delimiters. */
function partAt(
  text: string,
  at: number,
  ends: readonly string[],
  delimiters: Delimiters,
): { readonly value: string; readonly end: number } {
  let from = at;
  // A blank may be a delimiter itself.
  while (/\s/.test(text.charAt(from)) && !ends.some((end) => text.startsWith(end, from))) from += 1;
  const quoted = quotedAt(text, from, delimiters);
  if (quoted !== undefined) return quoted;
  const places = ends.map((end) => text.indexOf(end, from)).filter((place) => place !== -1);
  const end = Math.min(text.length, ...places);
  return { value: text.slice(from, end).trim(), end };
}

function* byDelimiters(
  text: string,
  between: string,
  pair: string,
  delimiters: Delimiters,
): Generator<readonly [string, string]> {
  for (let at = 0; at < text.length; ) {
    const key = partAt(text, at, [between, pair], delimiters);
    if (!text.startsWith(between, key.end)) {
      // No value comes with it.
      const next = text.indexOf(pair, key.end);
      if (next === -1) return;
      at = next + pair.length;
      continue;
    }
    const value = partAt(text, key.end + between.length, [pair], delimiters);
    yield [key.value, value.value];
    const next = text.indexOf(pair, value.end);
    if (next === -1) return;
    at = next + pair.length;
  }
}

/** A value goes on to where the next of the wanted keys begins. */
function* byKeys(
  text: string,
  between: string,
  pair: string,
  delimiters: Delimiters,
): Generator<readonly [string, string]> {
  const starts = delimiters.keys
    .flatMap((key) => {
      const found: { readonly key: string; readonly at: number }[] = [];
      for (let at = text.indexOf(key + between); at !== -1; at = text.indexOf(key + between, at + 1)) {
        if (at === 0 || text.slice(0, at).trimEnd().endsWith(pair) || text.slice(0, at).endsWith(pair))
          found.push({ key, at });
      }
      return found;
    })
    .sort((a, b) => a.at - b.at);
  for (const [place, { key, at }] of starts.entries()) {
    const from = at + key.length + between.length;
    const to = starts[place + 1]?.at ?? text.length;
    let value = text.slice(from, to).trim();
    if (value.endsWith(pair.trim()) && pair.trim() !== '') value = value.slice(0, -pair.trim().length).trim();
    yield [key, quotedAt(value, 0, delimiters)?.value ?? value];
  }
}

/** Without delimiters: a wanted key as a whole word, and the word or the quoted text behind it. */
function* byWords(text: string, delimiters: Delimiters): Generator<readonly [string, string]> {
  const isWord = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);
  const wanted = new Set(delimiters.keys);
  for (let at = 0; at < text.length; ) {
    if (!isWord(text.charAt(at))) {
      at += 1;
      continue;
    }
    let end = at;
    while (end < text.length && isWord(text.charAt(end))) end += 1;
    const key = text.slice(at, end);
    at = end;
    if (!wanted.has(key)) continue;
    let from = end;
    let quoted: ReturnType<typeof quotedAt>;
    for (; from < text.length && !isWord(text.charAt(from)); from += 1) {
      quoted = quotedAt(text, from, delimiters);
      if (quoted !== undefined) break;
    }
    if (quoted === undefined) {
      let to = from;
      while (to < text.length && isWord(text.charAt(to))) to += 1;
      quoted = { value: text.slice(from, to), end: to };
    }
    yield [key, quoted.value];
    at = quoted.end;
  }
}
