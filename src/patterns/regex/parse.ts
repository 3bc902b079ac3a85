import { alternation, concat, EMPTY, oneOf, type RegexNode } from './ast.ts';
import { closeOverCase } from './case-fold.ts';
import { type CodePoints, codePoints, EVERYTHING, MAX_CODE_POINT, negate, union } from './code-points.ts';
import {
  DIGIT,
  HORIZONTAL_SPACE,
  NOT_NEWLINE,
  posixClass,
  RE2_SPACE,
  SPACE,
  unicodeClass,
  VERTICAL_SPACE,
  WORD,
} from './named-class.ts';

export interface ParsedRegex {
  readonly ok: true;
  readonly node: RegexNode;
  readonly groupCount: number;
}

export interface RegexProblem {
  readonly ok: false;
  readonly reason: string;
  /** Offset in the source, UTF-16 units. */
  readonly at: number;
}

export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

interface Flags extends PatternFlags {
  readonly extended: boolean;
  readonly swapGreed: boolean;
}

/** RE2's own limits, kept for every flavour so that a pattern does not depend on the engine it lands on. */
const MAX_REPEAT = 1000;
const MAX_GROUPS = 1000;
/** Nested groups; every pass over the tree recurses, so this bounds them all. */
const MAX_NESTING = 200;
/** Counts on counts, as in a{2}{3}{4}. */
const MAX_STACKED_COUNTS = 4;

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['e', 0x1b],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
]);

const LOOKAROUNDS: readonly (readonly [string, string])[] = [
  ['?=', 'look-ahead'],
  ['?!', 'negative look-ahead'],
  ['?<=', 'look-behind'],
  ['?<!', 'negative look-behind'],
];

/**
 * Reads the PCRE and RE2 notations. Never throws; the first problem ends the parse.
 * Where the two differ, `flavour` decides: `$`, multi-line `^`, `\s`, `\v`, `\Z`, `\h`, possessive repeats, `\u`.
 */
export function parsePattern(source: string, flavour: 'pcre' | 're2', flags: PatternFlags): ParsedRegex | RegexProblem {
  return new PatternParser(source, flavour, { ...flags, extended: false, swapGreed: false }).parse();
}

class PatternParser {
  private readonly source: string;
  private readonly flavour: 'pcre' | 're2';
  private flags: Flags;
  private pos = 0;
  private depth = 0;
  private groupCount = 0;
  private readonly names = new Set<string>();
  private problem: RegexProblem | undefined;
  /** How many groups the whole source opens, to tell `\11` from an octal escape. */
  private readonly opened: number;

  constructor(source: string, flavour: 'pcre' | 're2', flags: Flags) {
    this.source = source;
    this.flavour = flavour;
    this.flags = flags;
    this.opened = source.split('(').length - 1;
  }

  parse(): ParsedRegex | RegexProblem {
    const node = this.alternatives();
    if (this.pos < this.source.length) this.fail('this ) closes nothing', this.pos);
    return this.problem ?? { ok: true, node, groupCount: this.groupCount };
  }

  /** Notes the first problem and goes to the end, so that every loop ends. */
  private fail(reason: string, at: number): RegexNode {
    this.problem ??= { ok: false, reason, at };
    this.pos = this.source.length;
    return EMPTY;
  }

  private peek(): string {
    return this.source[this.pos] ?? '';
  }

  private accept(text: string): boolean {
    if (!this.source.startsWith(text, this.pos)) return false;
    this.pos += text.length;
    return true;
  }

  /** Takes what the sticky expression finds here. */
  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.pos;
    const found = pattern.exec(this.source);
    if (found === null) return undefined;
    this.pos += found[0].length;
    return found;
  }

  private nextPoint(): number {
    const point = this.source.codePointAt(this.pos) ?? 0;
    this.pos += point > 0xffff ? 2 : 1;
    return point;
  }

  private literal(point: number): RegexNode {
    const set: CodePoints = [point, point];
    return oneOf(this.flags.ignoreCase ? closeOverCase(set) : set);
  }

  /** alternatives = sequence { "|" sequence }; inline flags last to the end of the enclosing group. */
  private alternatives(): RegexNode {
    const branches = [this.sequence()];
    while (this.accept('|')) branches.push(this.sequence());
    return alternation(branches);
  }

  /** sequence = { atom [ quantifier ] } */
  private sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      this.skipExtended();
      const next = this.peek();
      if (next === '' || next === '|' || next === ')') return concat(items);
      const start = this.pos;
      const atom = this.atom();
      if (atom !== undefined) items.push(this.quantified(atom, start));
    }
  }

  private skipExtended(): void {
    if (this.flags.extended) this.take(/(?:[ \t\n\v\f\r]|#[^\n]*)*/y);
  }

  /** One atom; `undefined` for what stands for nothing and takes no quantifier: comments, flags, `\E`, `\Q\E`. */
  private atom(): RegexNode | undefined {
    const start = this.pos;
    switch (this.peek()) {
      case '(':
        return this.group();
      case '[':
        return oneOf(this.characterClass());
      case '\\':
        return this.escape();
      case '.':
        this.pos += 1;
        return oneOf(this.flags.dotAll ? EVERYTHING : NOT_NEWLINE);
      case '^':
        this.pos += 1;
        if (!this.flags.multiLine) return { kind: 'assertion', what: 'text-start' };
        return { kind: 'assertion', what: this.flavour === 'pcre' ? 'inner-line-start' : 'line-start' };
      case '$':
        this.pos += 1;
        if (this.flags.multiLine) return { kind: 'assertion', what: 'line-end' };
        return { kind: 'assertion', what: this.flavour === 'pcre' ? 'final-end' : 'text-end' };
      case '*':
      case '+':
      case '?':
        return this.fail('there is nothing before this quantifier to repeat', start);
      case '{':
        if (this.take(/\{\d+(?:,\d*)?\}/y) !== undefined) {
          return this.fail('there is nothing before this quantifier to repeat', start);
        }
        this.pos += 1;
        return this.literal(0x7b);
      default:
        return this.literal(this.nextPoint());
    }
  }

  /** quantifier = ( "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ) [ "?" | "+" ] */
  private quantified(atom: RegexNode, atomStart: number): RegexNode {
    let node = atom;
    for (let rounds = 0; ; rounds += 1) {
      this.skipExtended();
      const start = this.pos;
      const found = this.take(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y);
      if (found === undefined) return node;
      const counted = found[1] !== undefined;
      // PCRE reads a{2}{3} as (?:a{2}){3}; anything else after a quantifier is an error in both.
      if (rounds > 0 && (!counted || this.flavour === 're2')) {
        return this.fail('a quantifier cannot follow another', start);
      }
      if (rounds >= MAX_STACKED_COUNTS) return this.fail('the pattern is nested too deeply', start);
      const [min, max] = countsOf(found);
      if (min > MAX_REPEAT || (max !== undefined && max > MAX_REPEAT)) {
        return this.fail(`a part may be repeated at most ${MAX_REPEAT} times`, start);
      }
      if (max !== undefined && min > max) return this.fail('the repeat counts are in the wrong order', start);
      const lazy = this.accept('?');
      const greedy = lazy === this.flags.swapGreed;
      const repeat: RegexNode = { kind: 'repeat', body: node, min, max, greedy };
      if (!lazy && this.flavour === 'pcre' && this.accept('+')) {
        node = {
          kind: 'atomic',
          body: { ...repeat, greedy: true },
          construct: 'a possessive quantifier',
          at: atomStart,
        };
      } else node = repeat;
    }
  }

  private group(): RegexNode | undefined {
    const start = this.pos;
    this.pos += 1;
    if (this.peek() === '*' && /[A-Za-z:]/.test(this.source[this.pos + 1] ?? '')) {
      return this.fail('backtracking verbs such as (*SKIP) are not supported', start);
    }
    if (this.peek() !== '?') return this.capture(start);
    for (const [mark, name] of LOOKAROUNDS) {
      if (this.accept(mark)) return this.fail(`a ${name} cannot be run in linear time`, start);
    }
    if (this.take(/\?#[^)]*\)/y) !== undefined) return undefined;
    if (this.accept('?>')) return this.atomicGroup(start);
    const named = this.take(/\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y);
    if (named !== undefined) {
      const name = named[1] ?? named[2] ?? '';
      if (this.names.has(name)) return this.fail(`two groups are named ${name}`, start);
      this.names.add(name);
      return this.capture(start);
    }
    const flags = this.take(/\?(?!R\))(\^?)([A-Za-z]*)(?:(-)([A-Za-z]*))?([:)])/y);
    if (flags !== undefined) return this.flagGroup(start, flags);
    return this.fail(reasonForSpecialGroup(this.source.slice(this.pos, this.pos + 4)), start);
  }

  private capture(start: number): RegexNode {
    this.groupCount += 1;
    if (this.groupCount > MAX_GROUPS) return this.fail(`a pattern may have at most ${MAX_GROUPS} groups`, start);
    const index = this.groupCount;
    return { kind: 'group', index, body: this.groupBody(start) };
  }

  private atomicGroup(start: number): RegexNode {
    return { kind: 'atomic', body: this.groupBody(start), construct: 'an atomic group', at: start };
  }

  /** What follows the group's opening, and its closing bracket; flags set inside end there. */
  private groupBody(start: number, flags: Flags = this.flags): RegexNode {
    if (this.depth >= MAX_NESTING) return this.fail('the pattern is nested too deeply', start);
    const outer = this.flags;
    this.flags = flags;
    this.depth += 1;
    const body = this.alternatives();
    this.depth -= 1;
    this.flags = outer;
    if (!this.accept(')')) return this.fail('this ( is not closed', start);
    return body;
  }

  /** `(?i-s)` to the end of the enclosing group, `(?i-s:…)` for this one. */
  private flagGroup(start: number, found: RegExpExecArray): RegexNode | undefined {
    const [, reset, on = '', minus, off = '', end] = found;
    if (minus !== undefined && reset !== '') return this.fail('(?^ takes no - flags', start);
    let flags = this.flags;
    if (reset !== '') flags = { ...flags, ignoreCase: false, multiLine: false, dotAll: false, extended: false };
    for (const [letters, value] of [[on, true] as const, [off, false] as const]) {
      for (const letter of letters) {
        const changed = withFlag(flags, letter, value, this.flavour);
        if (changed === undefined) return this.fail(`the flag ${letter} is not supported`, start);
        flags = changed;
      }
    }
    if (end === ':') return this.groupBody(start, flags);
    this.flags = flags;
    return undefined;
  }

  private escape(): RegexNode | undefined {
    const start = this.pos;
    this.pos += 1;
    if (this.pos >= this.source.length) return this.fail('a backslash ends the pattern', start);
    if (this.accept('Q')) return this.quoted();
    if (this.accept('E')) return undefined;
    const assertion = this.assertionEscape();
    if (assertion !== undefined) return assertion;
    const set = this.setEscape(start);
    if (set !== undefined) return oneOf(set);
    const refusal = this.refusedEscape(start);
    if (refusal !== undefined) return this.fail(refusal, start);
    const point = this.pointEscape(start, false);
    return point === undefined ? EMPTY : this.literal(point);
  }

  /** `\Q…\E`: literal to `\E` or the end. A quantifier after it takes the last character only. */
  private quoted(): RegexNode | undefined {
    const close = this.source.indexOf('\\E', this.pos);
    const end = close < 0 ? this.source.length : close;
    const items: RegexNode[] = [];
    let last: RegexNode | undefined;
    while (this.pos < end) {
      if (last !== undefined) items.push(last);
      last = this.literal(this.nextPoint());
    }
    if (close >= 0) this.pos = close + 2;
    if (last === undefined) return undefined;
    return concat([...items, this.quantified(last, this.pos)]);
  }

  private assertionEscape(): RegexNode | undefined {
    if (this.accept('b')) return { kind: 'assertion', what: 'word-boundary' };
    if (this.accept('B')) return { kind: 'assertion', what: 'not-word-boundary' };
    if (this.accept('A')) return { kind: 'assertion', what: 'text-start' };
    if (this.accept('z')) return { kind: 'assertion', what: 'text-end' };
    if (this.flavour === 'pcre' && this.accept('Z')) return { kind: 'assertion', what: 'final-end' };
    return undefined;
  }

  /** `\d \D \w \W \s \S \p{…} \P{…}`, and PCRE's `\h \H \v \V \N`. ASCII, and untouched by case-insensitivity but for `\p`. */
  private setEscape(start: number): CodePoints | undefined {
    const letter = this.peek();
    const lower = letter.toLowerCase();
    const of = (set: CodePoints): CodePoints => {
      this.pos += 1;
      return letter === lower ? set : negate(set);
    };
    if (lower === 'd') return of(DIGIT);
    if (lower === 'w') return of(WORD);
    if (lower === 's') return of(this.flavour === 're2' ? RE2_SPACE : SPACE);
    if (lower === 'p') return this.propertyEscape(start);
    if (this.flavour === 're2') return undefined;
    if (lower === 'h') return of(HORIZONTAL_SPACE);
    if (lower === 'v') return of(VERTICAL_SPACE);
    if (letter === 'N' && this.source[this.pos + 1] !== '{') {
      this.pos += 1;
      return NOT_NEWLINE;
    }
    return undefined;
  }

  private propertyEscape(start: number): CodePoints {
    const found = this.take(/([pP])(?:\{(\^?)([^}]*)\}|([A-Za-z]))/y);
    if (found === undefined) {
      this.fail('\\p needs a property, as in \\p{Lu}', start);
      return [];
    }
    const name = found[3] ?? found[4] ?? '';
    const set = unicodeClass(name);
    if (set === undefined) {
      this.fail(`no Unicode category or script is named ${name}`, start);
      return [];
    }
    const folded = this.flags.ignoreCase ? closeOverCase(set) : set;
    return (found[1] === 'P') === (found[2] === '^') ? folded : negate(folded);
  }

  /** Why an escape that is known cannot be run. */
  private refusedEscape(start: number): string | undefined {
    const backReference = 'a back-reference cannot be run in linear time';
    const rest = this.source.slice(this.pos, this.pos + 3);
    if (/^k[<{']/.test(rest)) return backReference;
    if (/^g[<']/.test(rest)) return 'recursion into a group is not supported';
    if (/^g(?:\{|[-+]?\d)/.test(rest)) return backReference;
    const digits = /^[1-9]\d*/.exec(rest)?.[0];
    if (digits !== undefined) {
      const octal = /^[0-7]{2,3}/.test(rest);
      if (this.flavour === 're2' ? !octal : digits.length === 1 || Number(digits) <= this.opened || !octal) {
        return backReference;
      }
    }
    const letter = this.source[start + 1] ?? '';
    if (letter === 'R') return '\\R is atomic and cannot be run in linear time; write (?:\\r\\n|\\n|\\r)';
    if (letter === 'G') return '\\G is not supported: a search has no earlier match';
    if (letter === 'K') return '\\K is not supported';
    if (letter === 'X') return '\\X (a grapheme cluster) is not supported';
    if (letter === 'C') return '\\C (a single byte) is not supported: text has no bytes here';
    return undefined;
  }

  /** An escape for one code point: `\n`, `\x41`, `\x{1F600}`, `\u0041` (not RE2), octal, `\cA`, or an escaped sign. */
  private pointEscape(start: number, inClass: boolean): number | undefined {
    const simple = SIMPLE_ESCAPES.get(this.peek());
    if (simple !== undefined && !(this.flavour === 're2' && this.peek() === 'e')) {
      this.pos += 1;
      return simple;
    }
    if (inClass && this.flavour === 'pcre' && this.accept('b')) return 0x08;
    if (this.flavour === 're2' && this.accept('v')) return 0x0b;
    const braced = this.take(/[xu]\{([0-9A-Fa-f]+)\}/y);
    if (braced !== undefined) return this.checked(Number.parseInt(braced[1] ?? '', 16), start);
    const hex = this.flavour === 're2' ? this.take(/x([0-9A-Fa-f]{2})/y) : this.take(/x([0-9A-Fa-f]{0,2})/y);
    if (hex !== undefined) return Number.parseInt(`0${hex[1] ?? ''}`, 16);
    if (this.flavour === 'pcre') {
      const unicode = this.take(/u([0-9A-Fa-f]{4})/y);
      if (unicode !== undefined) return Number.parseInt(unicode[1] ?? '', 16);
      const control = this.take(/c([ -~])/y);
      if (control !== undefined) return (control[1] ?? '').toUpperCase().charCodeAt(0) ^ 0x40;
      const octal = this.take(/o\{([0-7]+)\}/y);
      if (octal !== undefined) return this.checked(Number.parseInt(octal[1] ?? '', 8), start);
    }
    const octal =
      inClass && this.flavour === 'pcre' ? this.take(/[0-7]{1,3}/y) : this.take(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal !== undefined) return Number.parseInt(octal[0], 8);
    if (/[A-Za-z0-9]/.test(this.peek())) {
      this.fail(`\\${this.peek()} is not an escape of this notation`, start);
      return undefined;
    }
    return this.nextPoint();
  }

  private checked(point: number, start: number): number | undefined {
    if (point <= MAX_CODE_POINT) return point;
    this.fail('there is no such code point', start);
    return undefined;
  }

  /** class = "[" [ "^" ] item { item } "]"; a "]" that comes first is itself. */
  private characterClass(): CodePoints {
    const start = this.pos;
    this.pos += 1;
    const negated = this.accept('^');
    const sets: CodePoints[] = [];
    const foldable: [number, number][] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.pos >= this.source.length) {
        this.fail('this [ is not closed', start);
        return [];
      }
      const itemStart = this.pos;
      const item = this.classItem();
      if (item === undefined) continue;
      if (typeof item !== 'number') {
        sets.push(item);
        continue;
      }
      const to = this.rangeEnd(itemStart);
      if (to === undefined) foldable.push([item, item]);
      else if (to < item) {
        this.fail('this range is in the wrong order', itemStart);
        return [];
      } else foldable.push([item, to]);
    }
    this.pos += 1;
    const set = union([this.folded(foldable), ...sets]);
    return negated ? negate(set) : set;
  }

  private folded(ranges: readonly [number, number][]): CodePoints {
    const set = codePoints(ranges);
    return this.flags.ignoreCase ? closeOverCase(set) : set;
  }

  /** A code point, a set (`\d`, `[:alpha:]`), or nothing (`\E`). */
  private classItem(): number | CodePoints | undefined {
    const start = this.pos;
    const posix = this.take(/\[:(\^?)([a-z]+):\]/y);
    if (posix !== undefined) {
      const set = posixClass(posix[2] ?? '');
      if (set === undefined) {
        this.fail(`no class is named [:${posix[2] ?? ''}:]`, start);
        return undefined;
      }
      const folded = this.flags.ignoreCase ? closeOverCase(set) : set;
      return posix[1] === '^' ? negate(folded) : folded;
    }
    if (this.take(/\[[.=]/y) !== undefined) {
      this.fail('POSIX collating elements are not supported', start);
      return undefined;
    }
    if (this.peek() !== '\\') return this.nextPoint();
    this.pos += 1;
    if (this.pos >= this.source.length) {
      this.fail('a backslash ends the pattern', start);
      return undefined;
    }
    if (this.accept('Q')) return this.quotedInClass();
    if (this.accept('E')) return undefined;
    if (this.flavour === 'pcre' && /[NRX]/.test(this.peek())) {
      this.fail(`\\${this.peek()} cannot stand in a class`, start);
      return undefined;
    }
    return this.setEscape(start) ?? this.pointEscape(start, true);
  }

  private quotedInClass(): CodePoints {
    const close = this.source.indexOf('\\E', this.pos);
    const end = close < 0 ? this.source.length : close;
    const ranges: [number, number][] = [];
    while (this.pos < end) {
      const point = this.nextPoint();
      ranges.push([point, point]);
    }
    if (close >= 0) this.pos = close + 2;
    return this.folded(ranges);
  }

  /** The code point after a `-` that makes a range; without one the `-` is left for the next item. */
  private rangeEnd(itemStart: number): number | undefined {
    const mark = this.pos;
    if (!this.accept('-')) return undefined;
    if (this.peek() === ']' || this.peek() === '') {
      this.pos = mark;
      return undefined;
    }
    const end = this.classItem();
    if (typeof end === 'number') return end;
    if (this.problem === undefined && this.flavour === 're2')
      this.fail('a range needs a character at each end', itemStart);
    // PCRE reads the hyphen before a class such as \d as itself.
    if (this.problem === undefined) this.pos = mark;
    return undefined;
  }
}

function countsOf(found: RegExpExecArray): readonly [number, number | undefined] {
  const [whole, low, comma, high] = found;
  if (low === undefined) return [whole === '+' ? 1 : 0, whole === '?' ? 1 : undefined];
  const min = Number(low);
  if (comma === undefined) return [min, min];
  return [min, high === undefined || high === '' ? undefined : Number(high)];
}

function withFlag(flags: Flags, letter: string, value: boolean, flavour: 'pcre' | 're2'): Flags | undefined {
  if (letter === 'i') return { ...flags, ignoreCase: value };
  if (letter === 'm') return { ...flags, multiLine: value };
  if (letter === 's') return { ...flags, dotAll: value };
  if (letter === 'U') return { ...flags, swapGreed: value };
  if (letter === 'x' && flavour === 'pcre') return { ...flags, extended: value };
  return undefined;
}

function reasonForSpecialGroup(text: string): string {
  if (text.startsWith('?|')) return 'a branch-reset group is not supported';
  if (text.startsWith('?(')) return 'a conditional group cannot be run in linear time';
  if (text.startsWith('?P=')) return 'a back-reference cannot be run in linear time';
  if (text.startsWith('?C')) return 'callouts are not supported';
  if (/^\?(?:[R&]|P>|[-+]?\d)/.test(text)) return 'recursion into a group is not supported';
  if (/^\?(?:P?<|')/.test(text)) return 'this group name is not valid';
  return 'this kind of group is not known';
}
