import type { Json } from '../../../base/json.ts';
import { MAX_DIGITS, parseStrictly } from './strict-json.ts';

/** For each big number the whole text is searched. */
const MOST_PATCHED = 8;
const QUOTE = 0x22;
const COLON = 0x3a;

/** What `JSON.parse` gives, before anyone else has seen it. */
type Parsed = null | boolean | number | bigint | string | Parsed[] | { [key: string]: Parsed };

/**
 * Parses JSON as `JSON.parse` does, except that whole numbers which a double cannot hold arrive as `bigint`. The text's nesting
 * must have been checked. Throws `SyntaxError`.
 *
 * Such numbers are put in afterwards where it is plain which members they are. Else they are handed to `JSON.parse` as
 * strings that begin with a NUL, and made numbers afterwards. A text for which that might not be the same (it has such strings itself,
 * or the number stands where none may) is left to `parseStrictly`.
 */
export function parseExactJson(text: string): Json {
  if (text.includes('\\u0000')) return parseStrictly(text);
  const likely = likelyNumbers(text);
  if (likely !== undefined) {
    const patched = parsePatched(text, likely);
    if (patched !== undefined) return patched;
    try {
      return parseMarked(text, likely);
    } catch {
      // One of them stands in a string, where the mark's backslash ends up outside of it: that is never JSON.
    }
  }
  const numbers = bigNumbers(text);
  return numbers === undefined ? parseStrictly(text) : parseMarked(text, numbers);
}

/** For a text whose big numbers are members under keys that stand once in it; else undefined. */
function parsePatched(text: string, numbers: readonly Range[]): Json | undefined {
  // A key could be spelled in two ways.
  if (numbers.length > MOST_PATCHED || text.includes('\\u')) return undefined;
  const keys: string[] = [];
  for (const { start } of numbers) {
    const close = start - 2;
    if (text.charCodeAt(start - 1) !== COLON || text.charCodeAt(close) !== QUOTE) return undefined;
    const open = text.lastIndexOf('"', close - 1);
    const quoted = text.slice(open, close + 1);
    // So could one with a solidus.
    if (open === -1 || /[\\/]/.test(quoted)) return undefined;
    if (text.indexOf(quoted) !== open || text.includes(quoted, close)) return undefined;
    keys.push(quoted.slice(1, -1));
  }
  const parsed: Parsed = JSON.parse(text);
  for (const [index, { start, end }] of numbers.entries()) {
    const key = keys[index] ?? '';
    const digits = text.slice(start, end);
    const holder = holderOf(parsed, key);
    // It stands in a string, or in what an equal key has replaced.
    if (holder?.[key] !== Number(digits)) return undefined;
    holder[key] = BigInt(digits);
  }
  return parsed;
}

/** The object in which there is a key that no other has. */
function holderOf(value: Parsed, key: string): { [key: string]: Parsed } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && Object.hasOwn(value, key)) return value;
  for (const inner of Object.values(value)) {
    const found = holderOf(inner, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseMarked(text: string, numbers: readonly Range[]): Json {
  let marked = '';
  let from = 0;
  for (const { start, end } of numbers) {
    marked += `${text.slice(from, start)}"\\u0000${text.slice(start, end)}"`;
    from = end;
  }
  const parsed: Parsed = JSON.parse(marked + text.slice(from));
  return from === 0 ? parsed : new Restorer(numbers.length).restored(parsed);
}

/** What looks like a big number, in a string or not; undefined where the text needs a closer look. */
function likelyNumbers(text: string): readonly Range[] | undefined {
  const found: Range[] = [];
  for (let run = longRun(text, 0); run !== undefined; run = longRun(text, run.end)) {
    const number = wholeNumber(text, run.start, run.end);
    if (number === undefined) return undefined;
    if (number !== 'small') found.push(number);
  }
  return found;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The whole numbers outside of strings that a double cannot hold; undefined where the text needs a closer look. */
function bigNumbers(text: string): readonly Range[] | undefined {
  const found: Range[] = [];
  let at = 0;
  let backslash = text.indexOf('\\');
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    for (; at < end; at += 1) {
      if (!isDigit(text.charCodeAt(at))) continue;
      const first = at;
      while (isDigit(text.charCodeAt(at + 1))) at += 1;
      const number = at - first < 15 ? 'small' : wholeNumber(text, first, at + 1);
      if (number === undefined) return undefined;
      if (number !== 'small') found.push(number);
    }
    if (quote === -1) break;
    at = quote + 1;
    for (;;) {
      const close = text.indexOf('"', at);
      if (close === -1) return undefined;
      if (backslash !== -1 && backslash < at) backslash = text.indexOf('\\', at);
      if (backslash === -1 || backslash > close) {
        at = close + 1;
        break;
      }
      at = backslash + 2;
    }
  }
  return found;
}

/** The number whose digits are at `first` to `end`; `small` where a double does, undefined where it cannot be told. */
function wholeNumber(text: string, first: number, end: number): Range | 'small' | undefined {
  const start = text.charCodeAt(first - 1) === 0x2d ? first - 1 : first;
  const digits = text.slice(start, end);
  if (!startsNumber(text, first) || !endsNumber(text, end)) return 'small';
  if (end - first > MAX_DIGITS || Number.isSafeInteger(Number(digits))) return 'small';
  const isPlain = text.charCodeAt(first) !== 0x30 && (start === first || startsNumber(text, start));
  return isPlain && !isKey(text, end) ? { start, end } : undefined;
}

/** Whether a colon follows. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === 0x3a;
}

/** Makes marked strings numbers again, until it has found all there are. */
class Restorer {
  private left: number;

  constructor(numbers: number) {
    this.left = numbers;
  }

  restored(value: Parsed): Parsed {
    if (typeof value === 'string') {
      if (value.charCodeAt(0) !== 0) return value;
      this.left -= 1;
      return BigInt(value.slice(1));
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) if (mayChange(element)) value[index] = this.restored(element);
      return value;
    }
    for (const key in value) {
      if (this.left === 0) return value;
      const member = value[key];
      if (member !== undefined && mayChange(member)) value[key] = this.restored(member);
    }
    return value;
  }
}

function mayChange(value: Parsed): boolean {
  return typeof value === 'string' ? value.charCodeAt(0) === 0 : typeof value === 'object' && value !== null;
}

/**
 * Whether the text holds, outside of words, a run of 16 digits or more that may be a whole number: the only texts for which
 * `parseExactJson` and `JSON.parse` can differ. Looks at every 16th character only, so it costs next to nothing.
 */
export function mayHoldBigNumber(text: string): boolean {
  for (let run = longRun(text, 0); run !== undefined; run = longRun(text, run.end)) {
    if (startsNumber(text, run.start) && endsNumber(text, run.end)) return true;
  }
  return false;
}

/** The next run of 16 digits or more that begins at `from` or later. */
function longRun(text: string, from: number): Range | undefined {
  const { length } = text;
  for (let at = from + 15; at < length; at += 16) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (start > from && isDigit(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < length && isDigit(text.charCodeAt(end))) end += 1;
    if (end - start >= 16) return { start, end };
    at = Math.max(at, end - 1);
  }
  return undefined;
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}

/** Start of text, blank, `:` `,` `[`, or a minus. */
function startsNumber(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  return before <= 0x20 || before === 0x3a || before === 0x2c || before === 0x5b || before === 0x2d;
}

/** End of text, blank, `,` `]` `}`. */
function endsNumber(text: string, at: number): boolean {
  if (at === text.length) return true;
  const after = text.charCodeAt(at);
  return after <= 0x20 || after === 0x2c || after === 0x5d || after === 0x7d;
}
