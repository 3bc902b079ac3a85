import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Token } from '../../base/syntax/token-stream.ts';

export type KustoTokenKind =
  /** An identifier or a word operator; `value` is the name. */
  | 'name'
  | 'long'
  | 'real'
  /** `1h`, `2.5d`, `100ms`. */
  | 'timespan'
  /** A string of any form; `value` is its text. */
  | 'string'
  /** `datetime(…)`, `guid(…)`, `int(…)`: the type is in `type`, the text between the parentheses in `value`. */
  | 'typed'
  /** An operator or a bracket; `!has`, `in~` and their like too. */
  | 'symbol'
  | 'bad'
  | 'end';

export interface KustoToken extends Token<KustoTokenKind> {
  readonly value: string;
  readonly type?: string;
}

/** Types whose name and parentheses make a literal: a call of that name must not look like one. */
export const LITERAL_TYPES: ReadonlySet<string> = new Set([
  'datetime',
  'date',
  'time',
  'timespan',
  'guid',
  'bool',
  'boolean',
  'int',
  'long',
  'real',
  'double',
  'decimal',
]);

const TIME_UNIT =
  /^(?:d|days?|h|hours?|hrs?|m|minutes?|min|s|seconds?|sec|ms|milli(?:s|sec|seconds?)?|micro(?:s|sec|seconds?)?|nano(?:s|sec|seconds?)?|ticks?)(?![A-Za-z0-9_])/;

const SYMBOLS = ['==', '!=', '<>', '=~', '!~', '<=', '>=', '=>', '..', '<|'];
const SINGLE = '|()[]{},;:.=<>+-*/%!?';

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '"': '"',
  "'": "'",
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

/** Splits Kusto text into tokens. Comments and white space are left out. Never throws. */
export function lexKusto(source: SourceText): {
  readonly tokens: readonly KustoToken[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const lexer = new Lexer(source);
  lexer.run();
  return { tokens: lexer.tokens, diagnostics: lexer.diagnostics };
}

class Lexer {
  readonly tokens: KustoToken[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private readonly source: SourceText;
  private readonly text: string;
  private at = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.text = source.text;
  }

  run(): void {
    const text = this.text;
    while (this.at < text.length) {
      const char = text.charAt(this.at);
      if (/\s|\u200b/.test(char)) this.at += 1;
      else if (text.startsWith('//', this.at)) this.skipComment();
      else if (/[A-Za-z_$]/.test(char)) this.word();
      else if (/[0-9]/.test(char)) this.number();
      else if (char === '"' || char === "'" || char === '@' || this.atFence()) this.string(this.at);
      else this.symbol();
    }
    this.push('end', text.length, text.length, '');
  }

  private push(kind: KustoTokenKind, start: number, end: number, value: string, type?: string): void {
    const token = { kind, text: this.text.slice(start, end), start, end, value };
    this.tokens.push(type === undefined ? token : { ...token, type });
  }

  private skipComment(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  private atFence(at = this.at): boolean {
    return this.text.startsWith('```', at) || this.text.startsWith('~~~', at);
  }

  private word(): void {
    const start = this.at;
    const found = this.match(/[A-Za-z_$][A-Za-z0-9_]*/y, start) ?? this.text.charAt(start);
    const end = start + found.length;
    const next = this.text.charAt(end);
    if (/^h$/i.test(found) && (next === '"' || next === "'" || next === '@' || this.atFence(end))) {
      // An obfuscated string: Kusto hides its text in traces, the value is the same.
      this.at = end;
      this.string(start);
      return;
    }
    this.at = end;
    if (found === 'in' && next === '~' && this.text.charAt(end + 1) !== '~') {
      this.at = end + 1;
      this.push('symbol', start, this.at, `${found}~`);
      return;
    }
    if (LITERAL_TYPES.has(found) && this.typed(start, found)) return;
    this.push('name', start, end, found);
  }

  /** `type '(' text ')'`; a quoted text may hold parentheses. */
  private typed(start: number, type: string): boolean {
    const opened = this.match(/[ \t]*\(/y, this.at);
    if (opened === undefined) return false;
    const from = this.at + opened.length;
    const body =
      this.match(/\s*(?:@?"[^"\n]*"|@?'[^'\n]*')\s*(?=\))/y, from) ?? this.match(/[^()"'|;\n]*(?=\))/y, from);
    if (body === undefined) return false;
    this.at = from + body.length + 1;
    this.push(
      'typed',
      start,
      this.at,
      body
        .trim()
        .replace(/^@?(["'])(.*)\1$/, '$2')
        .trim(),
      type,
    );
    return true;
  }

  private number(): void {
    const start = this.at;
    const hex = this.match(/0[xX][0-9a-fA-F]+(?![A-Za-z0-9_])/y, start);
    if (hex !== undefined) {
      this.at += hex.length;
      this.push('long', start, this.at, BigInt(hex).toString());
      return;
    }
    const digits =
      this.match(/[0-9]+(?:\.[0-9]+|\.(?![.A-Za-z_[]))?(?:[eE][+-]?[0-9]+(?![A-Za-z0-9_]))?/y, start) ?? '0';
    const after = start + digits.length;
    const unit = TIME_UNIT.exec(this.text.slice(after, after + 16))?.[0];
    if (unit !== undefined) {
      this.at = after + unit.length;
      this.push('timespan', start, this.at, `${digits} ${unit}`);
      return;
    }
    const tail = this.match(/[A-Za-z0-9_]+/y, after);
    if (tail !== undefined && /^[0-9]+$/.test(digits)) {
      // Names may begin with digits.
      this.at = after + tail.length;
      this.push('name', start, this.at, digits + tail);
      return;
    }
    this.at = after;
    this.push(/^[0-9]+$/.test(digits) ? 'long' : 'real', start, after, digits);
  }

  /** A string whose prefix, if it has one, starts at `start`; the cursor is at the quote, the `@` or the fence. */
  private string(start: number): void {
    if (this.atFence()) {
      const fence = this.text.slice(this.at, this.at + 3);
      const from = this.at + 3;
      const close = this.text.indexOf(fence, from);
      if (close === -1) this.unterminated(start, this.text.length, this.text.slice(from));
      else {
        this.at = close + 3;
        this.push('string', start, this.at, this.text.slice(from, close));
      }
      return;
    }
    const verbatim = this.text.charAt(this.at) === '@';
    if (verbatim) this.at += 1;
    const quote = this.text.charAt(this.at);
    if (quote !== '"' && quote !== "'") {
      this.bad(start, this.at);
      return;
    }
    this.at += 1;
    if (verbatim) this.verbatim(start, quote);
    else this.escaped(start, quote);
  }

  private verbatim(start: number, quote: string): void {
    let value = '';
    for (;;) {
      const close = this.text.indexOf(quote, this.at);
      if (close === -1) {
        const end = this.lineEnd(this.at);
        this.unterminated(start, end, value + this.text.slice(this.at, end));
        return;
      }
      value += this.text.slice(this.at, close);
      this.at = close + 1;
      if (this.text.charAt(this.at) !== quote) break;
      value += quote;
      this.at += 1;
    }
    this.push('string', start, this.at, value);
  }

  private escaped(start: number, quote: string): void {
    const parts: string[] = [];
    for (;;) {
      const plain = this.match(quote === '"' ? /[^"\\\r\n]+/y : /[^'\\\r\n]+/y, this.at);
      if (plain !== undefined) {
        parts.push(plain);
        this.at += plain.length;
      }
      const char = this.text.charAt(this.at);
      if (char === quote) break;
      if (char !== '\\') {
        this.unterminated(start, this.at, parts.join(''));
        return;
      }
      parts.push(this.escape());
    }
    this.at += 1;
    this.push('string', start, this.at, parts.join(''));
  }

  private escape(): string {
    const from = this.at;
    const coded = this.match(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2})/y, from);
    if (coded !== undefined) {
      const code = Number.parseInt(coded.slice(2), 16);
      if (code <= 0x10ffff) {
        this.at += coded.length;
        return String.fromCodePoint(code);
      }
    }
    const letter = this.text.charAt(from + 1);
    const known = ESCAPES[letter];
    this.at = Math.min(from + 2, this.text.length);
    if (known !== undefined) return known;
    this.diagnostics.push(
      diagnostic('kusto/bad-escape', { escape: `\\${letter.trim()}` }, this.source.span(from, this.at)),
    );
    return letter === '\n' || letter === '\r' ? '' : letter;
  }

  private unterminated(start: number, end: number, value: string): void {
    this.at = Math.max(end, start + 1);
    this.diagnostics.push(diagnostic('kusto/unterminated-string', {}, this.source.span(start, this.at)));
    this.push('string', start, this.at, value);
  }

  private symbol(): void {
    const start = this.at;
    const negated = this.match(/![a-z_]+~?/y, start);
    if (negated !== undefined) {
      this.at += negated.length;
      this.push('symbol', start, this.at, negated);
      return;
    }
    const two = this.text.slice(start, start + 2);
    const char = this.text.charAt(start);
    if (SYMBOLS.includes(two)) this.at += 2;
    else if (SINGLE.includes(char)) this.at += 1;
    else {
      this.bad(start, start + 1);
      return;
    }
    this.push('symbol', start, this.at, this.text.slice(start, this.at));
  }

  private bad(start: number, end: number): void {
    this.at = Math.max(end, start + 1);
    // A surrogate pair is one character to the reader.
    if (/^[\ud800-\udbff][\udc00-\udfff]/.test(this.text.slice(start, start + 2))) this.at = start + 2;
    const character = this.text.slice(start, this.at);
    this.diagnostics.push(diagnostic('kusto/bad-character', { character }, this.source.span(start, this.at)));
    this.push('bad', start, this.at, character);
  }

  private lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end === -1 ? this.text.length : end;
  }

  private match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0];
  }
}
