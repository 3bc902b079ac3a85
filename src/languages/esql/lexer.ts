import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { endOfComment } from '../../base/syntax/comments.ts';
import type { Token } from '../../base/syntax/token-stream.ts';
import { commandAt, type Mode } from './commands.ts';

/** Longer ones first: the first that fits is taken. */
const SIGNS = [
  '::',
  '==',
  '!=',
  '<=',
  '>=',
  '<',
  '>',
  '=',
  ':',
  '+',
  '-',
  '*',
  '/',
  '%',
  '.',
  ',',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '|',
  ';',
] as const;

export type EsqlTokenKind =
  | (typeof SIGNS)[number]
  /** The words that begin a command: `value` is their canonical spelling, `INLINE STATS`. */
  | 'command'
  /** A plain word: an identifier or, in any case, a keyword. */
  | 'word'
  /** A part of a name with `*`, where patterns are read. */
  | 'pattern'
  /** `` `name` `` */
  | 'quoted'
  | 'string'
  | 'integer'
  | 'decimal'
  /** An index pattern, where sources are read. */
  | 'source'
  /** `?name`, `??name` */
  | 'parameter'
  | 'end';

export interface EsqlToken extends Token<EsqlTokenKind> {
  /** What is meant: of strings and quoted names without quotes and escapes, of commands their canonical spelling, of parameters the name. */
  readonly value: string;
}

const SPACE = /(?:[ \t\r\n]|\/\/[^\r\n]*)+/y;
const WORD = /(?:[A-Za-z][A-Za-z0-9_]*|[_@][A-Za-z0-9_]+)/y;
const PATTERN = /[A-Za-z0-9_@*]+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const QUOTED = /`(?:[^`]|``)*`/y;
const SOURCE = /(?:[^:"=|,[\]/()\s]|\/(?![/*]))+/y;
const PARAMETER = /\?\??(?:[A-Za-z_][A-Za-z0-9_]*|\d+)?/y;
const PLAIN_IN_STRING = /[^"\\\r\n]+/y;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** Cuts a query into tokens. The word of a command says how what follows it is read. */
export function lexEsql(source: SourceText): { tokens: readonly EsqlToken[]; diagnostics: readonly Diagnostic[] } {
  return new Lexer(source).run();
}

class Lexer {
  private readonly source: SourceText;
  private readonly text: string;
  private readonly tokens: EsqlToken[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private at = 0;
  private mode: Mode = 'command';
  /** How many parameters had no name. */
  private nameless = 0;
  /** The words that end the mode of a source. */
  private ends: ReadonlyMap<string, Mode> = new Map();
  /** What goes on behind each closing bracket. */
  private readonly outer: { readonly mode: Mode; readonly ends: ReadonlyMap<string, Mode> }[] = [];

  constructor(source: SourceText) {
    this.source = source;
    this.text = source.text;
  }

  run(): { tokens: readonly EsqlToken[]; diagnostics: readonly Diagnostic[] } {
    for (this.skip(); this.at < this.text.length; this.skip()) this.token();
    this.push('end', this.text.length);
    return { tokens: this.tokens, diagnostics: this.diagnostics };
  }

  private token(): void {
    if (this.mode === 'command' && this.command()) return;
    if (this.text.startsWith('"""', this.at)) this.rawString();
    else if (this.text[this.at] === '"') this.string();
    else if (this.text[this.at] === '`') this.quoted();
    else if (this.mode === 'source' && this.sourceRun()) return;
    else if (this.text[this.at] === '?') this.parameter();
    else this.plain();
  }

  private plain(): void {
    const inPattern = this.mode === 'pattern' ? this.end(PATTERN) : undefined;
    const word = this.end(WORD);
    const number = this.end(NUMBER);
    if (inPattern !== undefined) this.patternPart(inPattern);
    else if (word !== undefined) this.push('word', word, this.text.slice(this.at, word));
    else if (number !== undefined) {
      this.push(/^\d+$/.test(this.text.slice(this.at, number)) ? 'integer' : 'decimal', number);
    } else this.sign();
  }

  /** The word of a command, and how its arguments are read. */
  private command(): boolean {
    if (this.text[this.at] === '(') {
      this.open();
      return true;
    }
    const found = commandAt(this.text, this.at);
    this.mode = found?.mode ?? 'expression';
    this.ends = found?.ends ?? new Map();
    if (found === undefined) return false;
    this.push('command', found.end, found.name);
    return true;
  }

  private sourceRun(): boolean {
    const end = this.end(SOURCE);
    if (end === undefined) return false;
    const next = this.ends.get(this.text.slice(this.at, end).toLowerCase());
    if (next === undefined) this.push('source', end, this.text.slice(this.at, end));
    else {
      this.push('word', end, this.text.slice(this.at, end));
      this.mode = next;
    }
    return true;
  }

  private patternPart(end: number): void {
    const part = this.text.slice(this.at, end);
    this.push(part.includes('*') || /^\d/.test(part) ? 'pattern' : 'word', end, part);
  }

  /** `?` without a name stands for the next value. */
  private parameter(): void {
    const end = this.end(PARAMETER) ?? this.at + 1;
    const name = this.text.slice(this.at, end).replace(/^\?+/, '');
    if (name === '') this.nameless += 1;
    this.push('parameter', end, name === '' ? String(this.nameless) : name);
  }

  private sign(): void {
    const sign = SIGNS.find((one) => this.text.startsWith(one, this.at));
    if (sign === undefined) this.unknown();
    else if (sign === '(') this.open();
    else this.behind(sign);
  }

  private behind(sign: (typeof SIGNS)[number]): void {
    this.push(sign, this.at + sign.length);
    if (sign === '|' || sign === ';') this.mode = 'command';
    if (sign === ')') {
      const before = this.outer.pop();
      this.mode = before?.mode ?? this.mode;
      this.ends = before?.ends ?? this.ends;
    }
  }

  /** `(`: behind it may stand a query, or a branch of one. */
  private open(): void {
    const isAfterIn = this.tokens.at(-1)?.text.toLowerCase() === 'in' && /\(\s*from\s/iy.test(this.text.slice(this.at));
    const begins = this.mode === 'source' || this.mode === 'fork' || this.mode === 'command' || isAfterIn;
    this.outer.push({ mode: this.mode, ends: this.ends });
    this.push('(', this.at + 1);
    if (begins) this.mode = 'command';
  }

  private unknown(): void {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0);
    const end = this.at + character.length;
    this.diagnostics.push(diagnostic('esql/bad-character', { character }, this.source.span(this.at, end)));
    this.at = end;
  }

  /** quoted-identifier: `` ` `` ( any other character | ` `` ` )* `` ` `` */
  private quoted(): void {
    const end = this.end(QUOTED);
    if (end === undefined) this.unterminated('quoted', '`', this.text.length, this.text.slice(this.at + 1));
    else this.push('quoted', end, this.text.slice(this.at + 1, end - 1).replaceAll('``', '`'));
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
      if (next === '\\') {
        const letter = this.text[at + 1] ?? '';
        const escaped = ESCAPES.get(letter);
        if (escaped === undefined) {
          const span = this.source.span(at, Math.min(at + 2, this.text.length));
          this.diagnostics.push(diagnostic('esql/bad-escape', { escape: `\\${letter}` }, span));
        }
        value += escaped ?? letter;
        at = Math.min(at + 2, this.text.length);
      } else {
        PLAIN_IN_STRING.lastIndex = at;
        const end = PLAIN_IN_STRING.test(this.text) ? PLAIN_IN_STRING.lastIndex : at + 1;
        value += this.text.slice(at, end);
        at = end;
      }
    }
    this.push('string', at + 1, value);
  }

  /** raw-string: `"""` any text without line ends `"""`, where up to two quotes before the last three belong to the text. */
  private rawString(): void {
    const close = this.text.indexOf('"""', this.at + 3);
    const lineEnd = /[\r\n]/.exec(this.text.slice(this.at, close === -1 ? undefined : close));
    if (close === -1 || lineEnd !== null) {
      const end = lineEnd === null ? this.text.length : this.at + lineEnd.index;
      this.unterminated('string', '"""', end, this.text.slice(this.at + 3, end));
      return;
    }
    let end = close + 3;
    while (end < close + 5 && this.text[end] === '"') end += 1;
    this.push('string', end, this.text.slice(this.at + 3, end - 3));
  }

  private unterminated(kind: EsqlTokenKind, quote: string, end: number, value: string): void {
    this.diagnostics.push(diagnostic('esql/unterminated', { quote }, this.source.span(this.at, end)));
    this.push(kind, Math.max(end, this.at + 1), value);
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
      const span = this.source.span(this.at, this.text.length);
      this.diagnostics.push(diagnostic('esql/unterminated', { quote: '/*' }, span));
    }
    this.at = end ?? this.text.length;
  }

  private push(kind: EsqlTokenKind, end: number, value = ''): void {
    this.tokens.push({ kind, text: this.text.slice(this.at, end), start: this.at, end, value });
    this.at = end;
  }

  private end(pattern: RegExp): number | undefined {
    pattern.lastIndex = this.at;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }
}
