import { type CodePoints, codePoints, EVERYTHING, MAX_CODE_POINT, negate, union } from './code-points.ts';

export const DIGIT: CodePoints = [0x30, 0x39];
export const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** PCRE's `\s` and POSIX `[:space:]`: tab, line feed, vertical tab, form feed, carriage return, space. */
export const SPACE: CodePoints = [0x09, 0x0d, 0x20, 0x20];
/** RE2's `\s` has no vertical tab. */
export const RE2_SPACE: CodePoints = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];
const NEWLINE: CodePoints = [0x0a, 0x0a];
/** PCRE's `\h` and `\v`. */
export const HORIZONTAL_SPACE: CodePoints = codePoints([
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]);
export const VERTICAL_SPACE: CodePoints = [0x0a, 0x0d, 0x85, 0x85, 0x2028, 0x2029];

const POSIX: ReadonlyMap<string, CodePoints> = new Map<string, CodePoints>([
  ['alnum', [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a]],
  ['alpha', [0x41, 0x5a, 0x61, 0x7a]],
  ['ascii', [0x00, 0x7f]],
  ['blank', [0x09, 0x09, 0x20, 0x20]],
  ['cntrl', [0x00, 0x1f, 0x7f, 0x7f]],
  ['digit', DIGIT],
  ['graph', [0x21, 0x7e]],
  ['lower', [0x61, 0x7a]],
  ['print', [0x20, 0x7e]],
  ['punct', [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]],
  ['space', SPACE],
  ['upper', [0x41, 0x5a]],
  ['word', WORD],
  ['xdigit', [0x30, 0x39, 0x41, 0x46, 0x61, 0x66]],
]);

/** The class `[:name:]`, ASCII only. */
export function posixClass(name: string): CodePoints | undefined {
  return POSIX.get(name);
}

const cache = new Map<string, CodePoints | undefined>();
const CACHE_LIMIT = 200;

/**
 * The set of `\p{name}`: a general category (`L`, `Lu`), `L&`, `Any`, or a script (`Greek`), as RE2 and PCRE name them,
 * by the runtime's Unicode version; `undefined` for a name that is none.
 */
export function unicodeClass(name: string): CodePoints | undefined {
  if (name === 'Any') return EVERYTHING;
  if (name === 'L&') return union(['Lu', 'Ll', 'Lt'].map((category) => unicodeClass(category) ?? []));
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  if (!cache.has(name)) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(name, scan(/^[A-Z][a-z]?$/.test(name) ? `\\p{${name}}` : `\\p{Script=${name}}`));
  }
  return cache.get(name);
}

/** Asks V8 which code points a property has, a plane at a time. */
function scan(property: string): CodePoints | undefined {
  let pattern: RegExp;
  let single: RegExp;
  try {
    pattern = new RegExp(`${property}+`, 'gu');
    single = new RegExp(property, 'u');
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  for (const [first, last] of [[0, 0xd7ff] as const, [0xe000, 0xffff] as const, ...planes()]) {
    const text = textOf(first, last);
    const width = first > 0xffff ? 2 : 1;
    for (const found of text.matchAll(pattern)) {
      const from = first + found.index / width;
      ranges.push([from, from + found[0].length / width - 1]);
    }
  }
  if (single.test('\ud800')) ranges.push([0xd800, 0xdfff]);
  return codePoints(ranges);
}

function planes(): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (let first = 0x10000; first <= MAX_CODE_POINT; first += 0x10000) out.push([first, first + 0xffff]);
  return out;
}

const utf16 = new TextDecoder('utf-16le');

/** The code points of one plane, surrogates left out, in their order. */
function textOf(first: number, last: number): string {
  const units = new Uint8Array((last - first + 1) * (first > 0xffff ? 4 : 2));
  const bytes = new DataView(units.buffer);
  let at = 0;
  const add = (unit: number): void => {
    bytes.setUint16(at, unit, true);
    at += 2;
  };
  for (let point = first; point <= last; point += 1) {
    if (point <= 0xffff) add(point);
    else {
      add(0xd7c0 + (point >> 10));
      add(0xdc00 + (point & 0x3ff));
    }
  }
  return utf16.decode(units);
}

export const NOT_NEWLINE: CodePoints = negate(NEWLINE);
