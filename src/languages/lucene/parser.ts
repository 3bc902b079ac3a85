import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import type { WildcardPart } from '../../ir/expr.ts';
import type { LuceneClause, LuceneField, LuceneQuery, LuceneRange } from './ast.ts';

export interface ParsedLucene {
  readonly query: LuceneQuery;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LuceneOptions {
  /** What stands between clauses that nothing joins; `or` is Elasticsearch's default. */
  readonly operator?: 'and' | 'or';
}

/**
 * Reads a query string as Elasticsearch's `query_string` does (Lucene, classic query parser): fields, phrases, wildcards, ranges,
 * regular expressions, groups. What Elasticsearch would refuse is an error, what it scores by (`^2`) is passed over.
 */
export function parseLucene(source: SourceText, { operator = 'or' }: LuceneOptions = {}): ParsedLucene {
  const parser = new Parser(source, operator);
  return { query: parser.all(), diagnostics: parser.diagnostics };
}

const MOST_LEVELS = 200;
/** Where a word ends. `-`, `+`, `=`, `<` and `>` are part of one, but at its start. */
const ENDS = ' \t\r\n\u3000()[]{}:"^~/';

class Parser {
  readonly diagnostics: Diagnostic[] = [];
  private readonly source: SourceText;
  private readonly text: string;
  private readonly operator: 'and' | 'or';
  private at = 0;
  private levels = 0;

  constructor(source: SourceText, operator: 'and' | 'or') {
    this.source = source;
    this.text = source.text;
    this.operator = operator;
  }

  all(): LuceneQuery {
    const found = this.clauses(null);
    if (this.at < this.text.length) this.expected('a word, a field or a group', this.at);
    return found;
  }

  private clauses(field: LuceneField): LuceneQuery {
    const start = this.at;
    const clauses: { occur: LuceneClause['occur']; readonly query: LuceneQuery }[] = [];
    for (this.skip(); this.at < this.text.length && this.text[this.at] !== ')'; this.skip()) {
      const joined = this.conjunction();
      const sign = this.sign();
      if (this.at >= this.text.length || this.text[this.at] === ')') {
        this.expected('a word, a field or a group', this.at);
        break;
      }
      const before = this.at;
      const words = joined === undefined && sign === undefined ? this.words(field) : undefined;
      const query = words ?? this.clause(field);
      if (this.at === before) break;
      const last = clauses.at(-1);
      // As Lucene adds clauses: AND reaches back to the one before it, OR does where clauses are required by default.
      if (last !== undefined && joined === 'and' && last.occur !== 'prohibited') last.occur = 'required';
      if (last !== undefined && joined === 'or' && this.operator === 'and' && last.occur === 'required') {
        last.occur = 'optional';
      }
      const isRequired =
        this.operator === 'and' ? joined !== 'or' || sign === 'required' : joined === 'and' || sign === 'required';
      clauses.push({ occur: sign === 'prohibited' ? 'prohibited' : isRequired ? 'required' : 'optional', query });
    }
    const [only] = clauses;
    if (clauses.length === 1 && only !== undefined && only.occur !== 'prohibited') return only.query;
    return { kind: 'clauses', clauses, span: this.span(start) };
  }

  /**
   * Words side by side, the last of which no operator follows; where all clauses are required each word is one. Undefined, and nothing is
   * read, where no two stand here.
   */
  private words(field: LuceneField): LuceneQuery | undefined {
    if (this.operator === 'and') return undefined;
    this.skip();
    const start = this.at;
    const words: string[] = [];
    let end = start;
    for (let word = this.plainWord(); word !== undefined; word = this.plainWord()) {
      words.push(word);
      end = this.at;
    }
    this.at = words.length > 1 ? end : start;
    return words.length > 1 ? { kind: 'words', field, words, span: this.span(start) } : undefined;
  }

  /** A word without wildcards that stands for itself; undefined where what follows makes it something else. */
  private plainWord(): string | undefined {
    this.skip();
    const start = this.at;
    const isOperator = /^(?:AND|OR|NOT|TO)(?![^\s()])|^(?:&&|\|\||[-+!])/.test(this.text.slice(start, start + 4));
    const [only, more] = (isOperator ? undefined : this.word()) ?? [];
    const end = this.at;
    this.skip();
    const isFollowed = /^(?:[:^~]|(?:AND|OR)(?![^\s()])|&&|\|\|)/.test(this.text.slice(this.at, this.at + 4));
    this.at = end;
    return more === undefined && only !== undefined && 'text' in only && !isFollowed ? only.text : undefined;
  }

  private conjunction(): 'and' | 'or' | undefined {
    if (this.takeWord('AND') || this.take('&&')) return 'and';
    return this.takeWord('OR') || this.take('||') ? 'or' : undefined;
  }

  private sign(): 'required' | 'prohibited' | undefined {
    this.skip();
    if (this.take('+')) return 'required';
    if (this.takeWord('NOT') || this.take('-') || this.take('!')) {
      this.skip();
      return 'prohibited';
    }
    return undefined;
  }

  private clause(around: LuceneField): LuceneQuery {
    const start = this.at;
    const name = this.fieldName();
    const field = name ?? around;
    this.skip();
    const next = this.text[this.at];
    if (next === '(') return this.group(field, start);
    if (next === '"') return this.phrase(field, start);
    if (next === '/') return this.regex(field, start);
    if (next === '[' || next === '{') return this.range(field, start);
    if (next === '<' || next === '>') return this.compared(field, start);
    const parts = this.word();
    if (parts === undefined) {
      this.expected('a value', this.at);
      return { kind: 'clauses', clauses: [], span: this.span(start) };
    }
    this.suffix(start);
    if (isLoneStar(parts) && name !== undefined && isLoneStar(name))
      return { kind: 'everything', span: this.span(start) };
    // `_exists_:name` is as `name:*`.
    if (field !== null && isPlain(field, '_exists_')) {
      return { kind: 'term', field: parts, parts: [{ any: 'many' }], span: this.span(start) };
    }
    return { kind: 'term', field, parts, span: this.span(start) };
  }

  /** A word with a colon behind it; without one, nothing is read. */
  private fieldName(): readonly WildcardPart[] | undefined {
    const start = this.at;
    const parts = this.word();
    this.skip();
    if (parts !== undefined && this.take(':')) return parts;
    this.at = start;
    return undefined;
  }

  private group(field: LuceneField, start: number): LuceneQuery {
    this.at += 1;
    this.levels += 1;
    if (this.levels > MOST_LEVELS) {
      this.diagnostics.push(diagnostic('lucene/too-deep', { limit: MOST_LEVELS }, this.span(start)));
      this.at = this.text.length;
      return { kind: 'clauses', clauses: [], span: this.span(start) };
    }
    const inner = this.clauses(field);
    this.levels -= 1;
    if (!this.take(')')) this.expected('`)`', this.at);
    this.suffix(start);
    return inner;
  }

  private phrase(field: LuceneField, start: number): LuceneQuery {
    let text = '';
    this.at += 1;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) {
        this.diagnostics.push(diagnostic('lucene/unterminated', { what: 'phrase' }, this.span(start)));
        break;
      }
      this.at += 1;
      if (character === '"') break;
      text += character === '\\' ? this.escaped() : character;
    }
    this.suffix(start);
    return { kind: 'phrase', field, text, span: this.span(start) };
  }

  private regex(field: LuceneField, start: number): LuceneQuery {
    let source = '';
    this.at += 1;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) {
        this.diagnostics.push(diagnostic('lucene/unterminated', { what: 'regular expression' }, this.span(start)));
        break;
      }
      this.at += 1;
      if (character === '/') break;
      if (character === '\\' && this.text[this.at] === '/') {
        source += '/';
        this.at += 1;
      } else source += character;
    }
    this.suffix(start);
    return { kind: 'regex', field, source, span: this.span(start) };
  }

  private range(field: LuceneField, start: number): LuceneQuery {
    const opens = this.text[this.at] === '[';
    this.at += 1;
    this.skip();
    const low = this.bound();
    this.skip();
    if (!this.takeWord('TO')) this.expected('TO', this.at);
    this.skip();
    const high = this.bound();
    this.skip();
    const closes = this.text[this.at] === ']';
    if (!this.take(']') && !this.take('}')) this.expected('`]` or `}`', this.at);
    this.suffix(start);
    const from = low === undefined ? undefined : { text: low, inclusive: opens };
    return this.ranged(field, from, high === undefined ? undefined : { text: high, inclusive: closes }, start);
  }

  /** `>=10` */
  private compared(field: LuceneField, start: number): LuceneQuery {
    const sign = this.text[this.at];
    this.at += 1;
    const inclusive = this.take('=');
    this.skip();
    const text = this.bound();
    if (text === undefined) this.expected('a value', this.at);
    const bound = text === undefined ? undefined : { text, inclusive };
    return sign === '>' ? this.ranged(field, bound, undefined, start) : this.ranged(field, undefined, bound, start);
  }

  private ranged(field: LuceneField, low: LuceneRange['low'], high: LuceneRange['high'], start: number): LuceneQuery {
    return { kind: 'range', field, low, high, span: this.span(start) };
  }

  /** Undefined for an open end, `*`. */
  private bound(): string | undefined {
    if (this.text[this.at] === '"') {
      const phrase = this.phrase(null, this.at);
      return phrase.kind === 'phrase' ? phrase.text : undefined;
    }
    const start = this.at;
    let text = '';
    for (; this.at < this.text.length && !' \t\r\n]})'.includes(this.text[this.at] ?? ' '); ) {
      const character = this.text[this.at] ?? '';
      this.at += 1;
      text += character === '\\' ? this.escaped() : character;
    }
    if (text === '') this.expected('a bound', start);
    return text === '*' || text === '' ? undefined : text;
  }

  private word(): readonly WildcardPart[] | undefined {
    const parts: WildcardPart[] = [];
    let pending = '';
    const flush = (): void => {
      if (pending !== '') parts.push({ text: pending });
      pending = '';
    };
    for (; this.at < this.text.length; ) {
      const character = this.text[this.at] ?? '';
      // A slash inside of a word is one of its characters.
      const isInside = character === '/' && (parts.length > 0 || pending !== '');
      if (ENDS.includes(character) && !isInside) break;
      this.at += 1;
      if (character === '\\') pending += this.escaped();
      else if (character === '*' || character === '?') {
        flush();
        parts.push({ any: character === '*' ? 'many' : 'one' });
      } else pending += character;
    }
    flush();
    return parts.length === 0 ? undefined : parts;
  }

  /** The character behind a backslash; `\u0041` is the one of that number. */
  private escaped(): string {
    const code = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 5));
    if (code !== null) {
      this.at += 5;
      return String.fromCharCode(Number.parseInt(code[1] ?? '', 16));
    }
    const character = this.text[this.at];
    if (character === undefined) {
      this.expected('a character behind the backslash', this.at);
      return '';
    }
    this.at += 1;
    return character;
  }

  /** `^2` is of scores; `~` makes a search for what is near, which nothing here does. */
  private suffix(start: number): void {
    for (;;) {
      const rest = this.text.slice(this.at);
      const boost = /^\^\d+(?:\.\d+)?/.exec(rest);
      const near = /^~(\d*(?:\.\d+)?)/.exec(rest);
      if (boost === null && near === null) return;
      this.at += (boost ?? near)?.[0].length ?? 0;
      const isExact = near !== null && near[1] !== '' && Number(near[1]) === 0;
      if (near !== null && !isExact)
        this.diagnostics.push(
          diagnostic('unsupported/lucene', { what: '`~`, a search for what is near,' }, this.span(start)),
        );
    }
  }

  private skip(): void {
    while (' \t\r\n\u3000'.includes(this.text[this.at] ?? '!')) this.at += 1;
  }

  private take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private takeWord(word: string): boolean {
    this.skip();
    const after = this.text[this.at + word.length];
    if (!this.text.startsWith(word, this.at) || (after !== undefined && !ENDS.includes(after))) return false;
    if (after === ':') return false;
    this.at += word.length;
    this.skip();
    return true;
  }

  private expected(expected: string, at: number): void {
    const found = at >= this.text.length ? 'the end' : `\`${this.text[at]}\``;
    const span = this.source.span(at, Math.min(at + 1, this.text.length));
    if (this.diagnostics.length === 0) this.diagnostics.push(diagnostic('lucene/expected', { expected, found }, span));
  }

  private span(start: number): Span {
    return this.source.span(start, this.at);
  }
}

function isLoneStar(parts: readonly WildcardPart[]): boolean {
  const [only] = parts;
  return parts.length === 1 && only !== undefined && 'any' in only && only.any === 'many';
}

function isPlain(parts: readonly WildcardPart[], name: string): boolean {
  const [only] = parts;
  return parts.length === 1 && only !== undefined && 'text' in only && only.text === name;
}
