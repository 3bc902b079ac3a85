import { alternation, concat, EMPTY, oneOf, type RegexNode } from './ast.ts';
import { type Automaton, automataOf, complement, intersection } from './automaton.ts';
import { patternOfAutomaton } from './automaton-pattern.ts';
import { closeOverCase } from './case-fold.ts';
import { type CodePoints, codePoints, EVERYTHING, NOTHING, negate, rangesOf } from './code-points.ts';
import { intervalPattern } from './lucene-interval.ts';
import { DIGIT, RE2_SPACE, WORD } from './named-class.ts';
import type { ParsedRegex } from './parse.ts';
import type { RegexProblem } from './pattern-cursor.ts';

const MAX_REPEAT = 1000;
const MAX_NESTING = 200;
/** Complements and intersections, each of which is made into an automaton. */
const MAX_AUTOMATA = 20;

/**
 * Reads Lucene's notation with all its optional operators on, as Elasticsearch has them. `.` is any character, `^` and
 * `$` are themselves, `@` any string, `#` no string, `"…"` literal text; nothing captures. A quantifier with nothing before it is
 * itself, and so is the first character of a branch, whatever it is. `~a` is what `a` is not, `a&b` what is both, `<1-100>` a
 * number. `\d \w \s` are classes, as since Lucene 9 (LUCENE-9336). Never throws.
 */
export function parseLucenePattern(source: string, ignoreCase: boolean): ParsedRegex | RegexProblem {
  return new LuceneParser(source, ignoreCase).parse();
}

class LuceneParser {
  private readonly source: string;
  private readonly ignoreCase: boolean;
  private pos = 0;
  private depth = 0;
  private automata = 0;
  private problem: RegexProblem | undefined;

  constructor(source: string, ignoreCase: boolean) {
    this.source = source;
    this.ignoreCase = ignoreCase;
  }

  parse(): ParsedRegex | RegexProblem {
    const node = this.alternatives();
    if (this.pos < this.source.length) this.fail('this ) closes nothing', this.pos);
    return this.problem ?? { ok: true, node, groupCount: 0 };
  }

  private fail(reason: string, at: number): RegexNode {
    this.problem ??= { ok: false, reason, at };
    this.pos = this.source.length;
    return EMPTY;
  }

  private accept(text: string): boolean {
    if (!this.source.startsWith(text, this.pos)) return false;
    this.pos += text.length;
    return true;
  }

  private nextPoint(): number {
    const point = this.source.codePointAt(this.pos) ?? 0;
    this.pos += point > 0xffff ? 2 : 1;
    return point;
  }

  private folded(set: CodePoints): CodePoints {
    return this.ignoreCase ? closeOverCase(set) : set;
  }

  private literal(point: number): RegexNode {
    return oneOf(this.folded([point, point]));
  }

  private alternatives(): RegexNode {
    const branches = [this.intersection()];
    while (this.accept('|')) branches.push(this.intersection());
    return alternation(branches);
  }

  /** `a&b` is what both fit. */
  private intersection(): RegexNode {
    let node = this.sequence();
    for (let start = this.pos; this.accept('&'); start = this.pos) {
      const other = this.sequence();
      if (this.isExhausted(start)) return EMPTY;
      const both = automataOf([node, other]);
      const [left, right] = both ?? [];
      node = this.patternOf(left && right && intersection(left, right), start);
    }
    return node;
  }

  /** `~a`: every text that does not fit. */
  private complement(start: number): RegexNode {
    if (this.depth >= MAX_NESTING) return this.fail('the pattern is nested too deeply', start);
    this.depth += 1;
    const inner = this.atom();
    this.depth -= 1;
    if (this.isExhausted(start)) return EMPTY;
    const [automaton] = automataOf([inner]) ?? [];
    return this.patternOf(automaton && complement(automaton), start);
  }

  private isExhausted(start: number): boolean {
    this.automata += 1;
    if (this.automata > MAX_AUTOMATA)
      this.fail(`a pattern may have at most ${MAX_AUTOMATA} of the operators ~ and &`, start);
    return this.problem !== undefined;
  }

  private patternOf(automaton: Automaton | undefined, start: number): RegexNode {
    const made = automaton && patternOfAutomaton(automaton);
    return made ?? this.fail('the automaton of this complement or intersection is too large', start);
  }

  /** At least one atom: the first may be any character. */
  private sequence(): RegexNode {
    if (this.source === '') return EMPTY;
    const items = [this.quantified(this.atom())];
    while (this.pos < this.source.length && !/[|)&]/.test(this.source[this.pos] ?? '')) {
      items.push(this.quantified(this.atom()));
    }
    return concat(items);
  }

  private quantified(atom: RegexNode): RegexNode {
    let node = atom;
    for (let rounds = 0; ; rounds += 1) {
      const start = this.pos;
      let min = 0;
      let max: number | undefined;
      if (this.accept('?')) max = 1;
      else if (this.accept('+')) min = 1;
      else if (this.accept('{')) {
        const counted = /(\d+)(?:(,)(\d*))?\}/y;
        counted.lastIndex = this.pos;
        const found = counted.exec(this.source);
        if (found === null) return this.fail('a repeat count is expected', start);
        this.pos += found[0].length;
        min = Number(found[1]);
        max = found[2] === undefined ? min : found[3] === '' ? undefined : Number(found[3]);
      } else if (!this.accept('*')) return node;
      if (Math.max(min, max ?? 0) > MAX_REPEAT)
        return this.fail(`a part may be repeated at most ${MAX_REPEAT} times`, start);
      if (max !== undefined && min > max) return this.fail('the repeat counts are in the wrong order', start);
      if (rounds >= 4) return this.fail('the pattern is nested too deeply', start);
      node = { kind: 'repeat', body: node, min, max, greedy: true };
    }
  }

  private atom(): RegexNode {
    const start = this.pos;
    if (start >= this.source.length) return this.fail('something is expected here', start);
    const point = this.nextPoint();
    switch (String.fromCodePoint(point)) {
      case '(':
        return this.group(start);
      case '[':
        return this.characterClass(start);
      case '\\':
        return this.escape(start);
      case '"':
        return this.quoted(start);
      case '.':
        return oneOf(EVERYTHING);
      case '@':
        return { kind: 'repeat', body: oneOf(EVERYTHING), min: 0, max: undefined, greedy: true };
      case '#':
        return oneOf(NOTHING);
      case '~':
        return this.complement(start);
      case '<':
        return this.interval(start);
      default:
        return this.literal(point);
    }
  }

  private group(start: number): RegexNode {
    if (this.accept(')')) return EMPTY;
    if (this.depth >= MAX_NESTING) return this.fail('the pattern is nested too deeply', start);
    this.depth += 1;
    const body = this.alternatives();
    this.depth -= 1;
    return this.accept(')') ? body : this.fail('this ( is not closed', start);
  }

  private interval(start: number): RegexNode {
    const close = this.source.indexOf('>', this.pos);
    if (close < 0) return this.fail('this < is not closed', start);
    const found = intervalPattern(this.source.slice(this.pos, close));
    this.pos = close + 1;
    return found ?? this.fail('a range of whole numbers, such as <1-100>, is expected', start);
  }

  private quoted(start: number): RegexNode {
    const close = this.source.indexOf('"', this.pos);
    if (close < 0) return this.fail('this " is not closed', start);
    const items: RegexNode[] = [];
    while (this.pos < close) items.push(this.literal(this.nextPoint()));
    this.pos = close + 1;
    return concat(items);
  }

  private escape(start: number): RegexNode {
    if (this.pos >= this.source.length) return this.fail('a backslash ends the pattern', start);
    const set = this.classEscape();
    return set === undefined ? this.literal(this.nextPoint()) : oneOf(set);
  }

  private classEscape(): CodePoints | undefined {
    const letter = this.source[this.pos] ?? '';
    const sets = new Map<string, CodePoints>([
      ['d', DIGIT],
      ['w', WORD],
      ['s', RE2_SPACE],
    ]);
    const set = sets.get(letter.toLowerCase());
    if (set === undefined) return undefined;
    this.pos += 1;
    return letter === letter.toLowerCase() ? set : negate(set);
  }

  private characterClass(start: number): RegexNode {
    const negated = this.accept('^');
    const ranges: [number, number][] = [];
    const sets: CodePoints[] = [];
    for (let first = true; first || !this.accept(']'); first = false) {
      if (this.pos >= this.source.length) return this.fail('this [ is not closed', start);
      const escaped = this.accept('\\');
      const set = escaped ? this.classEscape() : undefined;
      if (set !== undefined) {
        sets.push(set);
        continue;
      }
      const itemStart = this.pos;
      const from = this.nextPoint();
      let to = from;
      if (this.source[this.pos] === '-' && this.source[this.pos + 1] !== ']') {
        this.pos += 1;
        this.accept('\\');
        to = this.nextPoint();
      }
      if (to < from) return this.fail('this range is in the wrong order', itemStart);
      ranges.push([from, to]);
    }
    const set = codePoints([...ranges, ...sets.flatMap(rangesOf)]);
    const folded = this.folded(set);
    return oneOf(negated ? negate(folded) : folded);
  }
}
