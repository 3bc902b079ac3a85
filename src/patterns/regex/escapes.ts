import { type CodePoints, MAX_CODE_POINT, negate, union } from './code-points.ts';
import {
  DIGIT,
  HORIZONTAL_SPACE,
  NOT_NEWLINE,
  RE2_SPACE,
  SPACE,
  unicodeClass,
  VERTICAL_SPACE,
  WORD,
} from './named-class.ts';
import type { PatternCursor } from './pattern-cursor.ts';

// What follows a backslash: the cursor stands behind it, `start` is its place.

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['e', 0x1b],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
]);

/**
 * `\d \D \w \W \s \S \p{…} \P{…}`, and PCRE's `\h \H \v \V \N`. Untouched by case-insensitivity but for `\p`. PCRE's are ASCII; RE2's know
 * Unicode, as Kusto has it.
 */
export function setEscape(cursor: PatternCursor, start: number): CodePoints | undefined {
  const letter = cursor.peek();
  const lower = letter.toLowerCase();
  const of = (set: CodePoints): CodePoints => {
    cursor.pos += 1;
    return letter === lower ? set : negate(set);
  };
  const isUnicode = cursor.flavour === 're2';
  if (lower === 'd') return of(isUnicode ? unicodeSet('d') : DIGIT);
  if (lower === 'w') return of(isUnicode ? unicodeSet('w') : WORD);
  if (lower === 's') return of(isUnicode ? unicodeSet('s') : SPACE);
  if (lower === 'p') return propertyEscape(cursor, start);
  if (cursor.flavour === 're2') return undefined;
  if (lower === 'h') return of(HORIZONTAL_SPACE);
  if (lower === 'v') return of(VERTICAL_SPACE);
  if (letter === 'N' && cursor.peek(1) !== '{') {
    cursor.pos += 1;
    return NOT_NEWLINE;
  }
  return undefined;
}

const UNICODE_SETS = {
  d: { set: DIGIT, categories: ['Nd'] },
  w: { set: WORD, categories: ['L', 'M', 'Nd', 'Pc'] },
  s: { set: RE2_SPACE, categories: ['Z'] },
} as const;

const united = new Map<keyof typeof UNICODE_SETS, CodePoints>();

/** What RE2's `\d`, `\w` and `\s` stand for; made once, because nearly every pattern has one. */
function unicodeSet(letter: keyof typeof UNICODE_SETS): CodePoints {
  const known = united.get(letter);
  if (known !== undefined) return known;
  const { set, categories } = UNICODE_SETS[letter];
  const made = union([set, ...categories.map((category) => unicodeClass(category) ?? [])]);
  united.set(letter, made);
  return made;
}

function propertyEscape(cursor: PatternCursor, start: number): CodePoints {
  const found = cursor.take(/([pP])(?:\{(\^?)([^}]*)\}|([A-Za-z]))/y);
  if (found === undefined) {
    cursor.fail('\\p needs a property, as in \\p{Lu}', start);
    return [];
  }
  const name = found[3] ?? found[4] ?? '';
  const set = unicodeClass(name);
  if (set === undefined) {
    cursor.fail(`no Unicode category or script is named ${name}`, start);
    return [];
  }
  const folded = cursor.folded(set);
  return (found[1] === 'P') === (found[2] === '^') ? folded : negate(folded);
}

/**
 * Why an escape that is known cannot be run. `opened`: how many groups the whole pattern opens, which tells `\11` from an octal
 * escape.
 */
export function refusedEscape(cursor: PatternCursor, start: number, opened: number): string | undefined {
  const backReference = 'a back-reference cannot be run in linear time';
  const rest = cursor.source.slice(cursor.pos, cursor.pos + 3);
  if (/^k[<{']/.test(rest)) return backReference;
  if (/^g[<']/.test(rest)) return 'recursion into a group is not supported';
  if (/^g(?:\{|[-+]?\d)/.test(rest)) return backReference;
  const digits = /^[1-9]\d*/.exec(rest)?.[0];
  if (digits !== undefined) {
    const octal = /^[0-7]{2,3}/.test(rest);
    if (cursor.flavour === 're2' ? !octal : digits.length === 1 || Number(digits) <= opened || !octal) {
      return backReference;
    }
  }
  const letter = cursor.source[start + 1] ?? '';
  if (letter === 'R') return '\\R is atomic and cannot be run in linear time; write (?:\\r\\n|\\n|\\r)';
  if (letter === 'G') return '\\G is not supported: a search has no earlier match';
  if (letter === 'K') return '\\K is not supported';
  if (letter === 'X') return '\\X (a grapheme cluster) is not supported';
  if (letter === 'C') return '\\C (a single byte) is not supported: text has no bytes here';
  return undefined;
}

/** An escape for one code point: `\n`, `\x41`, `\x{1F600}`, `\u0041` (not RE2), octal, `\cA`, or an escaped sign. */
export function pointEscape(cursor: PatternCursor, start: number, inClass: boolean): number | undefined {
  const simple = SIMPLE_ESCAPES.get(cursor.peek());
  if (simple !== undefined && !(cursor.flavour === 're2' && cursor.peek() === 'e')) {
    cursor.pos += 1;
    return simple;
  }
  if (inClass && cursor.flavour === 'pcre' && cursor.accept('b')) return 0x08;
  if (cursor.flavour === 're2' && cursor.accept('v')) return 0x0b;
  const braced = cursor.take(/[xu]\{([0-9A-Fa-f]+)\}/y);
  if (braced !== undefined) return checked(cursor, Number.parseInt(braced[1] ?? '', 16), start);
  const hex = cursor.flavour === 're2' ? cursor.take(/x([0-9A-Fa-f]{2})/y) : cursor.take(/x([0-9A-Fa-f]{0,2})/y);
  if (hex !== undefined) return Number.parseInt(`0${hex[1] ?? ''}`, 16);
  if (cursor.flavour === 'pcre') {
    const unicode = cursor.take(/u([0-9A-Fa-f]{4})/y);
    if (unicode !== undefined) return Number.parseInt(unicode[1] ?? '', 16);
    const control = cursor.take(/c([ -~])/y);
    if (control !== undefined) return (control[1] ?? '').toUpperCase().charCodeAt(0) ^ 0x40;
    const octal = cursor.take(/o\{([0-7]+)\}/y);
    if (octal !== undefined) return checked(cursor, Number.parseInt(octal[1] ?? '', 8), start);
  }
  const octal =
    inClass && cursor.flavour === 'pcre' ? cursor.take(/[0-7]{1,3}/y) : cursor.take(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
  if (octal !== undefined) return Number.parseInt(octal[0], 8);
  if (/[A-Za-z0-9]/.test(cursor.peek())) {
    cursor.fail(`\\${cursor.peek()} is not an escape of this notation`, start);
    return undefined;
  }
  return cursor.nextPoint();
}

function checked(cursor: PatternCursor, point: number, start: number): number | undefined {
  if (point <= MAX_CODE_POINT) return point;
  cursor.fail('there is no such code point', start);
  return undefined;
}
