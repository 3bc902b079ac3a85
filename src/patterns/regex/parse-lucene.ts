import { alternation, concat, EMPTY, oneOf, type RegexNode } from './ast.ts';
import { closeOverCase } from './case-fold.ts';
import { type CodePoints, codePoints, EVERYTHING, NOTHING, negate, overlaps, rangesOf, union } from './code-points.ts';
import { DIGIT, RE2_SPACE, WORD } from './named-class.ts';
import type { ParsedRegex } from './parse.ts';
import type { RegexProblem } from './pattern-cursor.ts';

const MAX_REPEAT = 1000;
const MAX_NESTING = 200;

/**
 * Reads Lucene's notation with all its optional operators on, as Elasticsearch has them. `.` is any character, `^` and
 * `$` are themselves, `@` any string, `#` no string, `"…"` literal text; nothing captures. A quantifier with nothing before it is
 * itself. Complement `~`, numeric ranges `<1-9>` and intersections `&` that may hold a text are refused. `\d \w \s` are classes, as since Lucene 9 (LUCENE-9336).
 * Never throws.
 */
export function parseLucenePattern(source: string, ignoreCase: boolean): ParsedRegex | RegexProblem {
  return new LuceneParser(source, ignoreCase).parse();
}

class LuceneParser {
  private readonly source: string;
  private readonly ignoreCase: boolean;
  private pos = 0;
  private depth = 0;
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

  /** `a&b` is what both fit: nothing, where no text can. */
  private intersection(): RegexNode {
    let node = this.sequence(/[|)&]/);
    for (let start = this.pos; this.accept('&'); start = this.pos) {
      // Whatever stands behind the operator is a character, a bar too.
      const isBar = /[|)]/.test(this.source[this.pos] ?? 'x');
      const first = isBar ? [this.quantified(this.literal(this.nextPoint()))] : [];
      const other = concat([...first, this.sequence(/[|)&]/)]);
      if (!beginApart(node, other)) return this.fail('the intersection operator & is not supported', start);
      node = oneOf(NOTHING);
    }
    return node;
  }

  private sequence(ends: RegExp): RegexNode {
    const items: RegexNode[] = [];
    while (this.pos < this.source.length && !ends.test(this.source[this.pos] ?? '')) {
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
        return this.fail('the complement operator ~ is not supported', start);
      case '<':
        return this.fail('numeric ranges <…> are not supported', start);
      default:
        return this.literal(point);
    }
  }

  private group(start: number): RegexNode {
    if (this.depth >= MAX_NESTING) return this.fail('the pattern is nested too deeply', start);
    this.depth += 1;
    const body = this.alternatives();
    this.depth -= 1;
    return this.accept(')') ? body : this.fail('this ( is not closed', start);
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

/** With what a text can begin that fits, and whether the empty one does. */
function beginning(node: RegexNode): { readonly set: CodePoints; readonly empty: boolean } {
  switch (node.kind) {
    case 'empty':
      return { set: NOTHING, empty: true };
    case 'set':
      return { set: node.set, empty: false };
    case 'concat': {
      const sets: CodePoints[] = [];
      for (const item of node.items) {
        const { set, empty } = beginning(item);
        sets.push(set);
        if (!empty) return { set: union(sets), empty: false };
      }
      return { set: union(sets), empty: true };
    }
    case 'alternation': {
      const all = node.branches.map(beginning);
      return { set: union(all.map(({ set }) => set)), empty: all.some(({ empty }) => empty) };
    }
    case 'repeat': {
      const { set, empty } = beginning(node.body);
      return { set, empty: empty || node.min === 0 };
    }
    case 'group':
    case 'assertion':
    case 'atomic':
      return { set: EVERYTHING, empty: true };
  }
}

/** Whether no text fits both, because of how it begins. */
function beginApart(left: RegexNode, right: RegexNode): boolean {
  const [one, other] = [beginning(left), beginning(right)];
  return !(one.empty && other.empty) && !overlaps(one.set, other.set);
}
