import { alternation, concat, EMPTY, oneOf, type RegexNode, type RegexSet } from './ast.ts';
import { characterClass } from './classes.ts';
import { EVERYTHING, negate, union } from './code-points.ts';
import { pointEscape, refusedEscape, setEscape } from './escapes.ts';
import { NOT_NEWLINE } from './named-class.ts';
import { type Flags, type Flavour, PatternCursor, type PatternFlags, type RegexProblem } from './pattern-cursor.ts';

export interface ParsedRegex {
  readonly ok: true;
  readonly node: RegexNode;
  readonly groupCount: number;
}

/** RE2's own limits, kept for every flavour so that a pattern does not depend on the engine it lands on. */
const MAX_REPEAT = 1000;
const MAX_GROUPS = 1000;
/** Nested groups; every pass over the tree recurses, so this bounds them all. */
const MAX_NESTING = 200;
/** Counts on counts, as in a{2}{3}{4}. */
const MAX_STACKED_COUNTS = 4;

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
export function parsePattern(source: string, flavour: Flavour, flags: PatternFlags): ParsedRegex | RegexProblem {
  const cursor = new PatternCursor(source, flavour, { ...flags, extended: false, swapGreed: false });
  return new PatternParser(cursor).parse();
}

class PatternParser {
  private readonly cursor: PatternCursor;
  private depth = 0;
  private groupCount = 0;
  private readonly names = new Set<string>();
  /** How many groups the whole source opens, to tell `\11` from an octal escape. */
  private readonly opened: number;

  constructor(cursor: PatternCursor) {
    this.cursor = cursor;
    this.opened = cursor.source.split('(').length - 1;
  }

  parse(): ParsedRegex | RegexProblem {
    const node = this.alternatives();
    if (!this.cursor.atEnd) this.fail('this ) closes nothing', this.cursor.pos);
    return this.cursor.problem ?? { ok: true, node, groupCount: this.groupCount };
  }

  private fail(reason: string, at: number): RegexNode {
    this.cursor.fail(reason, at);
    return EMPTY;
  }

  private literal(point: number): RegexNode {
    return oneOf(this.cursor.folded([point, point]));
  }

  /** alternatives = sequence { "|" sequence }; inline flags last to the end of the enclosing group. */
  private alternatives(): RegexNode {
    const branches = [this.sequence()];
    while (this.cursor.accept('|')) branches.push(this.sequence());
    return alternation(branches);
  }

  /** sequence = { atom [ quantifier ] } */
  private sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      this.skipExtended();
      const next = this.cursor.peek();
      if (next === '' || next === '|' || next === ')') return concat(items);
      const start = this.cursor.pos;
      const excluded = this.notAhead();
      if (excluded !== undefined) {
        items.push(excluded);
        continue;
      }
      const atom = this.atom();
      if (atom !== undefined) items.push(this.quantified(atom, start));
    }
  }

  /**
   * A look-ahead that denies one character, and the character behind it: one of a set, without those that are denied. Undefined, and
   * nothing is read, where something else stands there.
   */
  private notAhead(): RegexNode | undefined {
    const start = this.cursor.pos;
    if (!this.cursor.accept('(?!')) return undefined;
    const denied = this.alternatives();
    const sets = denied.kind === 'alternation' ? denied.branches : [denied];
    if (this.cursor.accept(')') && sets.every(isSet)) {
      const after = this.cursor.pos;
      const atom = this.atom();
      const isOne = atom !== undefined && isSet(atom) && !/[*+?{]/.test(this.cursor.peek());
      if (isOne) return oneOf(negate(union([negate(atom.set), ...sets.map(({ set }) => set)])));
      this.cursor.pos = after;
    }
    this.cursor.pos = start;
    return undefined;
  }

  private skipExtended(): void {
    if (this.cursor.flags.extended) this.cursor.take(/(?:[ \t\n\v\f\r]|#[^\n]*)*/y);
  }

  /** One atom; `undefined` for what stands for nothing and takes no quantifier: comments, flags, `\E`, `\Q\E`. */
  private atom(): RegexNode | undefined {
    const start = this.cursor.pos;
    switch (this.cursor.peek()) {
      case '(':
        return this.group();
      case '[':
        return oneOf(characterClass(this.cursor));
      case '\\':
        return this.escape();
      case '.':
        this.cursor.pos += 1;
        return oneOf(this.cursor.flags.dotAll ? EVERYTHING : NOT_NEWLINE);
      case '^':
        this.cursor.pos += 1;
        if (!this.cursor.flags.multiLine) return { kind: 'assertion', what: 'text-start' };
        return { kind: 'assertion', what: this.cursor.flavour === 'pcre' ? 'inner-line-start' : 'line-start' };
      case '$':
        this.cursor.pos += 1;
        if (this.cursor.flags.multiLine) return { kind: 'assertion', what: 'line-end' };
        return { kind: 'assertion', what: this.cursor.flavour === 'pcre' ? 'final-end' : 'text-end' };
      case '*':
      case '+':
      case '?':
        return this.fail('there is nothing before this quantifier to repeat', start);
      case '{':
        if (this.cursor.take(/\{\d+(?:,\d*)?\}/y) !== undefined) {
          return this.fail('there is nothing before this quantifier to repeat', start);
        }
        this.cursor.pos += 1;
        return this.literal(0x7b);
      default:
        return this.literal(this.cursor.nextPoint());
    }
  }

  /** quantifier = ( "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ) [ "?" | "+" ] */
  private quantified(atom: RegexNode, atomStart: number): RegexNode {
    let node = atom;
    for (let rounds = 0; ; rounds += 1) {
      this.skipExtended();
      const start = this.cursor.pos;
      const found = this.cursor.take(/[*+?]|\{(\d+)(?:(,)(\d*))?\}/y);
      if (found === undefined) return node;
      const counted = found[1] !== undefined;
      // PCRE reads a{2}{3} as (?:a{2}){3}; anything else after a quantifier is an error in both.
      if (rounds > 0 && (!counted || this.cursor.flavour === 're2')) {
        return this.fail('a quantifier cannot follow another', start);
      }
      if (rounds >= MAX_STACKED_COUNTS) return this.fail('the pattern is nested too deeply', start);
      const [min, max] = countsOf(found);
      if (min > MAX_REPEAT || (max !== undefined && max > MAX_REPEAT)) {
        return this.fail(`a part may be repeated at most ${MAX_REPEAT} times`, start);
      }
      if (max !== undefined && min > max) return this.fail('the repeat counts are in the wrong order', start);
      const lazy = this.cursor.accept('?');
      const greedy = lazy === this.cursor.flags.swapGreed;
      const repeat: RegexNode = { kind: 'repeat', body: node, min, max, greedy };
      if (!lazy && this.cursor.flavour === 'pcre' && this.cursor.accept('+')) {
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
    const start = this.cursor.pos;
    this.cursor.pos += 1;
    if (this.cursor.peek() === '*' && /[A-Za-z:]/.test(this.cursor.peek(1))) {
      return this.fail('backtracking verbs such as (*SKIP) are not supported', start);
    }
    if (this.cursor.peek() !== '?') return this.capture(start);
    for (const [mark, name] of LOOKAROUNDS) {
      if (this.cursor.accept(mark)) return this.fail(`a ${name} cannot be run in linear time`, start);
    }
    if (this.cursor.take(/\?#[^)]*\)/y) !== undefined) return undefined;
    if (this.cursor.accept('?>')) return this.atomicGroup(start);
    const named = this.cursor.take(/\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y);
    if (named !== undefined) {
      const name = named[1] ?? named[2] ?? '';
      if (this.names.has(name)) return this.fail(`two groups are named ${name}`, start);
      this.names.add(name);
      return this.capture(start);
    }
    const flags = this.cursor.take(/\?(?!R\))(\^?)([A-Za-z]*)(?:(-)([A-Za-z]*))?([:)])/y);
    if (flags !== undefined) return this.flagGroup(start, flags);
    return this.fail(reasonForSpecialGroup(this.cursor.source.slice(this.cursor.pos, this.cursor.pos + 4)), start);
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
  private groupBody(start: number, flags: Flags = this.cursor.flags): RegexNode {
    if (this.depth >= MAX_NESTING) return this.fail('the pattern is nested too deeply', start);
    const outer = this.cursor.flags;
    this.cursor.flags = flags;
    this.depth += 1;
    const body = this.alternatives();
    this.depth -= 1;
    this.cursor.flags = outer;
    if (!this.cursor.accept(')')) return this.fail('this ( is not closed', start);
    return body;
  }

  /** `(?i-s)` to the end of the enclosing group, `(?i-s:…)` for this one. */
  private flagGroup(start: number, found: RegExpExecArray): RegexNode | undefined {
    const [, reset, on = '', minus, off = '', end] = found;
    if (minus !== undefined && reset !== '') return this.fail('(?^ takes no - flags', start);
    let flags = this.cursor.flags;
    if (reset !== '') flags = { ...flags, ignoreCase: false, multiLine: false, dotAll: false, extended: false };
    for (const [letters, value] of [[on, true] as const, [off, false] as const]) {
      for (const letter of letters) {
        const changed = withFlag(flags, letter, value, this.cursor.flavour);
        if (changed === undefined) return this.fail(`the flag ${letter} is not supported`, start);
        flags = changed;
      }
    }
    if (end === ':') return this.groupBody(start, flags);
    this.cursor.flags = flags;
    return undefined;
  }

  private escape(): RegexNode | undefined {
    const start = this.cursor.pos;
    this.cursor.pos += 1;
    if (this.cursor.atEnd) return this.fail('a backslash ends the pattern', start);
    if (this.cursor.accept('Q')) return this.quoted();
    if (this.cursor.accept('E')) return undefined;
    const assertion = this.assertionEscape();
    if (assertion !== undefined) return assertion;
    const set = setEscape(this.cursor, start);
    if (set !== undefined) return oneOf(set);
    const refusal = refusedEscape(this.cursor, start, this.opened);
    if (refusal !== undefined) return this.fail(refusal, start);
    const point = pointEscape(this.cursor, start, false);
    return point === undefined ? EMPTY : this.literal(point);
  }

  /** `\Q…\E`: literal to `\E` or the end. A quantifier after it takes the last character only. */
  private quoted(): RegexNode | undefined {
    const items = this.cursor.quotedPoints().map((point) => this.literal(point));
    const last = items.pop();
    return last === undefined ? undefined : concat([...items, this.quantified(last, this.cursor.pos)]);
  }

  private assertionEscape(): RegexNode | undefined {
    if (this.cursor.accept('b')) return { kind: 'assertion', what: 'word-boundary' };
    if (this.cursor.accept('B')) return { kind: 'assertion', what: 'not-word-boundary' };
    if (this.cursor.accept('A')) return { kind: 'assertion', what: 'text-start' };
    if (this.cursor.accept('z')) return { kind: 'assertion', what: 'text-end' };
    if (this.cursor.flavour === 'pcre' && this.cursor.accept('Z')) return { kind: 'assertion', what: 'final-end' };
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

function withFlag(flags: Flags, letter: string, value: boolean, flavour: Flavour): Flags | undefined {
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

function isSet(node: RegexNode): node is RegexSet {
  return node.kind === 'set';
}
