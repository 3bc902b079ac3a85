import type { Token } from '../../../base/syntax/token-stream.ts';

export type TokenKind = 'name' | 'number' | 'string' | 'op' | 'newline' | 'indent' | 'dedent' | 'end';

export interface Problem {
  readonly reason: string;
  readonly at: number;
}

export interface Lexed {
  readonly tokens: readonly Token<TokenKind>[];
  readonly problem: Problem | undefined;
}

const NAME = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y;
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|!=|->|:=|\+=|-=|\*=|\/=|%=|@=|&=|\|=|\^=|\*\*|\/\/|<<|>>|<=|>=|==|[-+*/%@&|^~<>()[\]{},:;.=!]/y;
const STRING_START = /([A-Za-z]{0,3})('''|"""|'|")/y;
const PREFIXES = new Set(['', 'r', 'u', 'b', 'f', 'br', 'rb', 'fr', 'rf']);
const TAB = 8;
/** How many levels of indentation are followed. */
const MAX_INDENTS = 100;

/** Tokens of `text[start, end)`. `bracketed`: line ends and indentation say nothing, as inside brackets. */
export function lex(text: string, start: number, end: number, bracketed: boolean): Lexed {
  return new Lexer(text, start, end, bracketed).run();
}

class Lexer {
  private readonly text: string;
  private readonly limit: number;
  private readonly bracketed: boolean;
  private at: number;
  private depth = 0;
  private readonly indents: number[] = [0];
  private readonly tokens: Token<TokenKind>[] = [];
  private problem: Problem | undefined;

  constructor(text: string, start: number, end: number, bracketed: boolean) {
    this.text = text;
    this.at = start;
    this.limit = end;
    this.bracketed = bracketed;
  }

  run(): Lexed {
    if (this.at === 0 && this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    let lineStart = !this.bracketed;
    while (this.at < this.limit && this.problem === undefined) {
      if (lineStart && this.depth === 0) {
        lineStart = false;
        if (this.indentation()) {
          lineStart = true;
          continue;
        }
        if (this.problem !== undefined || this.at >= this.limit) break;
      }
      lineStart = this.token();
    }
    if (this.problem === undefined && !this.bracketed) {
      if (this.depth > 0) this.fail('a bracket is not closed', this.limit);
      const last = this.tokens.at(-1);
      if (last !== undefined && last.kind !== 'newline' && last.kind !== 'dedent')
        this.push('newline', this.limit, this.limit);
      while (this.indents.length > 1) {
        this.indents.pop();
        this.push('dedent', this.limit, this.limit);
      }
    }
    this.push('end', this.limit, this.limit);
    return { tokens: this.tokens, problem: this.problem };
  }

  private push(kind: TokenKind, start: number, end: number): void {
    this.tokens.push({ kind, text: this.text.slice(start, end), start, end });
  }

  private fail(reason: string, at: number): void {
    this.problem ??= { reason, at };
  }

  /** Reads the indentation of a line; true where the line is blank and was skipped. */
  private indentation(): boolean {
    let width = 0;
    let at = this.at;
    for (; at < this.limit; at += 1) {
      const char = this.text[at];
      if (char === ' ') width += 1;
      else if (char === '\t') width = (Math.floor(width / TAB) + 1) * TAB;
      else if (char === '\f') width = 0;
      else break;
    }
    if (at < this.limit && this.text[at] === '#') {
      while (at < this.limit && this.text[at] !== '\n' && this.text[at] !== '\r') at += 1;
      this.at = this.afterLineEnd(at);
      return true;
    }
    if (at >= this.limit || this.text[at] === '\n' || this.text[at] === '\r') {
      this.at = this.afterLineEnd(at);
      return true;
    }
    this.at = at;
    const current = this.indents.at(-1) ?? 0;
    if (width > current) {
      if (this.indents.length > MAX_INDENTS) this.fail('the indentation is too deep', at);
      this.indents.push(width);
      this.push('indent', at, at);
    }
    while (width < (this.indents.at(-1) ?? 0)) {
      this.indents.pop();
      this.push('dedent', at, at);
    }
    if (width !== (this.indents.at(-1) ?? 0)) this.fail('the indentation fits no line above', at);
    return false;
  }

  private afterLineEnd(at: number): number {
    if (at >= this.limit) return at;
    return this.text[at] === '\r' && this.text[at + 1] === '\n' ? at + 2 : at + 1;
  }

  /** One token; true where a line ended. */
  private token(): boolean {
    const { text, at } = this;
    const char = text[at] ?? '';
    if (char === ' ' || char === '\t' || char === '\f') {
      this.at += 1;
      return false;
    }
    if (char === '\n' || char === '\r') {
      this.at = this.afterLineEnd(at);
      if (this.depth > 0 || this.bracketed) return false;
      this.push('newline', at, at);
      return true;
    }
    if (char === '#') {
      while (this.at < this.limit && text[this.at] !== '\n' && text[this.at] !== '\r') this.at += 1;
      return false;
    }
    if (char === '\\') {
      const next = text[at + 1];
      if (next === '\n' || next === '\r') this.at = this.afterLineEnd(at + 1);
      else this.fail('a backslash stands outside of a string', at);
      return false;
    }
    const string = this.sticky(STRING_START);
    if (string !== null && PREFIXES.has((string[1] ?? '').toLowerCase())) {
      this.string(string[1] ?? '', string[2] ?? '');
      return false;
    }
    const name = this.sticky(NAME);
    if (name !== null) return this.take('name', name[0]);
    const number = this.sticky(NUMBER);
    if (number !== null && number[0] !== '') return this.take('number', number[0]);
    const operator = this.sticky(OPERATOR);
    if (operator === null) {
      this.fail('a character stands where none can', at);
      return false;
    }
    if ('([{'.includes(operator[0])) this.depth += 1;
    if (')]}'.includes(operator[0])) {
      this.depth -= 1;
      if (this.depth < 0) this.fail('a bracket closes that was not opened', at);
    }
    return this.take('op', operator[0]);
  }

  private sticky(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    return found !== null && this.at + found[0].length <= this.limit ? found : null;
  }

  private take(kind: TokenKind, text: string): boolean {
    this.push(kind, this.at, this.at + text.length);
    this.at += text.length;
    return false;
  }

  private string(prefix: string, quote: string): void {
    const start = this.at;
    const end = stringEnd(this.text, start + prefix.length + quote.length, this.limit, quote, /f/i.test(prefix));
    if (end === undefined) {
      this.fail('a string is not closed', start);
      return;
    }
    this.push('string', start, end);
    this.at = end;
  }
}

/** Where a string ends whose content starts at `from`; the braces of an f-string may hold further strings. */
function stringEnd(text: string, from: number, limit: number, quote: string, format: boolean): number | undefined {
  let braces = 0;
  for (let at = from; at < limit; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (braces === 0 && text.startsWith(quote, at))
      return at + quote.length <= limit ? at + quote.length : undefined;
    else if (quote.length === 1 && braces === 0 && (char === '\n' || char === '\r')) return undefined;
    else if (format && char === '{') {
      if (braces === 0 && text[at + 1] === '{') at += 1;
      else braces += 1;
    } else if (format && char === '}' && braces > 0) braces -= 1;
    else if (braces > 0 && (char === '"' || char === "'")) {
      const inner = text.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      // Nested strings of one line: deeper nesting of formats is not followed.
      const end = stringEnd(text, at + inner.length, limit, inner, false);
      if (end === undefined) return undefined;
      at = end - 1;
    }
  }
  return undefined;
}
