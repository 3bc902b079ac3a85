import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { endOfComment } from '../../base/syntax/comments.ts';
import type { Token } from '../../base/syntax/token-stream.ts';

const KEYWORDS = [
  'and',
  'any',
  'by',
  'false',
  'fork',
  'in',
  'join',
  'like',
  'maxspan',
  'not',
  'null',
  'of',
  'or',
  'regex',
  'sample',
  'sequence',
  'true',
  'until',
  'where',
  'with',
] as const;

/** Longer ones first: the first that fits is taken. */
const SIGNS = ['![', '==', '!=', '<=', '>=', '<', '>', ':', '=', '+', '-', '*', '/', '%', '.', ',', '[', ']'] as const;
const MORE_SIGNS = ['(', ')', '|', '?'] as const;

type Keyword = (typeof KEYWORDS)[number];
type Sign = (typeof SIGNS)[number] | (typeof MORE_SIGNS)[number];

export type EqlTokenKind =
  | Keyword
  | Sign
  | 'in~'
  | 'like~'
  | 'regex~'
  /** `name` */
  | 'name'
  /** `name~`: of a function that disregards case. */
  | 'name~'
  /** `` `name` `` */
  | 'quoted-name'
  | 'string'
  | 'integer'
  | 'decimal'
  | 'end';

export interface EqlToken extends Token<EqlTokenKind> {
  /** Of names and strings: what is meant, with escapes resolved. */
  readonly value: string;
}

const KEYWORD_SET: ReadonlyMap<string, Keyword> = new Map(KEYWORDS.map((word) => [word, word]));
const ALL_SIGNS: readonly Sign[] = [...SIGNS, ...MORE_SIGNS];

const SPACE = /(?:[ \t\r\n]|\/\/[^\r\n]*)+/y;
const NAME = /[A-Za-z_@][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const QUOTED_NAME = /`(?:[^`]|``)*`/y;
const PLAIN_IN_STRING = /[^"\\\r\n]+/y;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/** Cuts a query into tokens. Keywords are in lower case, as Elasticsearch wants them. */
export function lexEql(source: SourceText): { tokens: readonly EqlToken[]; diagnostics: readonly Diagnostic[] } {
  return new Lexer(source).run();
}

class Lexer {
  private readonly source: SourceText;
  private readonly text: string;
  private readonly tokens: EqlToken[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private at = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.text = source.text;
  }

  run(): { tokens: readonly EqlToken[]; diagnostics: readonly Diagnostic[] } {
    for (this.skip(); this.at < this.text.length; this.skip()) this.token();
    this.push('end', this.text.length);
    return { tokens: this.tokens, diagnostics: this.diagnostics };
  }

  private token(): void {
    const name = this.end(NAME);
    const number = this.end(NUMBER);
    const sign = ALL_SIGNS.find((one) => this.text.startsWith(one, this.at));
    if (name !== undefined) this.word(name);
    else if (number !== undefined) this.number(number);
    else if (this.text.startsWith('"""', this.at)) this.rawString();
    else if (this.text[this.at] === '"') this.string();
    else if (this.text[this.at] === "'") this.singleQuotes();
    else if (this.text[this.at] === '`') this.quotedName();
    else if (sign !== undefined) this.push(sign, this.at + sign.length);
    else this.unknown();
  }

  private unknown(): void {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    const end = this.at + character.length;
    this.complain(diagnostic('eql/bad-character', { character }, this.span(end)));
    this.at = end;
  }

  /** integer: digits; decimal: digits with a point, an exponent or both. */
  private number(end: number): void {
    this.push(/^\d+$/.test(this.text.slice(this.at, end)) ? 'integer' : 'decimal', end);
  }

  /** identifier: ( letter | `_` | `@` ) ( letter | digit | `_` )*; with `~` behind it the name of a function. */
  private word(end: number): void {
    const word = this.text.slice(this.at, end);
    const tilde = this.text[end] === '~';
    if (tilde && (word === 'in' || word === 'like' || word === 'regex')) this.push(`${word}~`, end + 1);
    else if (tilde) this.push('name~', end + 1, word);
    else this.push(KEYWORD_SET.get(word) ?? 'name', end, word);
  }

  /** quoted-identifier: `` ` `` ( any other character | ` `` ` )* `` ` `` */
  private quotedName(): void {
    const end = this.end(QUOTED_NAME);
    if (end === undefined) this.unterminated('quoted-name', '`');
    else this.push('quoted-name', end, this.text.slice(this.at + 1, end - 1).replaceAll('``', '`'));
  }

  /** string: `"` ( escape | any but `"`, `\` and line ends )* `"` */
  private string(): void {
    let value = '';
    let at = this.at + 1;
    for (let next = this.text[at]; next !== '"'; next = this.text[at]) {
      if (next === undefined || next === '\r' || next === '\n') {
        this.unterminated('string', '"', at, value);
        return;
      }
      PLAIN_IN_STRING.lastIndex = at;
      const plain = PLAIN_IN_STRING.test(this.text) ? PLAIN_IN_STRING.lastIndex : at;
      const found = plain > at ? { value: this.text.slice(at, plain), end: plain } : this.escape(at);
      value += found.value;
      at = found.end;
    }
    this.push('string', at + 1, value);
  }

  /** raw-string: `"""` any text `"""`, where up to two quotes before the last three belong to the text. */
  private rawString(): void {
    const close = this.text.indexOf('"""', this.at + 3);
    if (close === -1) {
      this.unterminated('string', '"""', this.text.length, this.text.slice(this.at + 3));
      return;
    }
    let end = close + 3;
    while (end < close + 5 && this.text[end] === '"') end += 1;
    this.push('string', end, this.text.slice(this.at + 3, end - 3));
  }

  /** escape: `\` ( b | t | n | f | r | `"` | `'` | `\` ) | `\u{` 2 to 8 hexadecimal digits `}` */
  private escape(at: number): { readonly value: string; readonly end: number } {
    const letter = this.text[at + 1] ?? '';
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) return { value: plain, end: at + 2 };
    const unicode = /^\\u\{([0-9a-fA-F]{2,8})\}/.exec(this.text.slice(at, at + 12));
    if (unicode !== null) {
      const point = Number.parseInt(unicode[1] ?? '', 16);
      const end = at + unicode[0].length;
      if (point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff))
        return { value: String.fromCodePoint(point), end };
      this.badEscape(at, end);
      return { value: '\ufffd', end };
    }
    const end = Math.min(at + 2, this.text.length);
    this.badEscape(at, end);
    return { value: this.text.slice(at + 1, end), end };
  }

  private badEscape(at: number, end: number): void {
    const params = { escape: this.text.slice(at, end) };
    this.complain(diagnostic('eql/bad-escape', params, this.source.span(at, end)));
  }

  /** Python's EQL has them, Elasticsearch's has not. */
  private singleQuotes(): void {
    const close = this.text.slice(this.at + 1).search(/['\r\n]/);
    const closed = close !== -1 && this.text[this.at + 1 + close] === "'";
    const end = close === -1 ? this.text.length : this.at + 1 + close + (closed ? 1 : 0);
    this.complain(diagnostic('eql/single-quotes', {}, this.span(end)));
    this.push('string', end, this.text.slice(this.at + 1, closed ? end - 1 : end));
  }

  private unterminated(kind: EqlTokenKind, quote: string, end = this.text.length, value = ''): void {
    this.complain(diagnostic('eql/unterminated', { quote }, this.span(end)));
    this.push(kind, end, value);
  }

  /** Spaces, `// …` and comments between `/*` and its end, which may hold others. */
  private skip(): void {
    for (;;) {
      const end = this.end(SPACE);
      if (end !== undefined) this.at = end;
      else if (this.text.startsWith('/*', this.at)) this.comment();
      else return;
    }
  }

  private comment(): void {
    const end = endOfComment(this.text, this.at);
    if (end === undefined) {
      this.complain(diagnostic('eql/unterminated', { quote: '/*' }, this.span(this.text.length)));
    }
    this.at = end ?? this.text.length;
  }

  private push(kind: EqlTokenKind, end: number, value = ''): void {
    this.tokens.push({ kind, text: this.text.slice(this.at, end), start: this.at, end, value });
    this.at = end;
  }

  private end(pattern: RegExp): number | undefined {
    pattern.lastIndex = this.at;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  private span(end: number): ReturnType<SourceText['span']> {
    return this.source.span(this.at, end);
  }

  private complain(found: Diagnostic): void {
    this.diagnostics.push(found);
  }
}
