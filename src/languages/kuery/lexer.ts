import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Token } from '../../base/syntax/token-stream.ts';
import type { WildcardPart } from '../../ir/expr.ts';

export type KueryTokenKind = 'word' | 'string' | 'and' | 'or' | 'not' | 'range' | ':' | '(' | ')' | '{' | '}' | 'end';

export interface KueryToken extends Token<KueryTokenKind> {
  /** Of `word` and `string`: the value, with escapes resolved. Never empty. */
  readonly parts: readonly WildcardPart[];
}

const SPACE = ' \t\r\n\u00a0';
/** What ends an unquoted value; `*` is special too, but only escapes know that. */
const ENDS_WORD = '():<>"{}';
const PUNCTUATION: ReadonlyMap<string, KueryTokenKind> = new Map([
  ['(', '('],
  [')', ')'],
  ['{', '{'],
  ['}', '}'],
  [':', ':'],
]);
const SPECIAL = '\\():<>"*{}';
const WHITESPACE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n'],
]);

const PLAIN_IN_WORD = /[^\\():<>"*{} \t\r\n\u00a0]+/y;
const PLAIN_IN_QUOTES = /[^"\\]+/y;

/** Where the run that a sticky pattern finds at `at` ends. */
function endOf(run: RegExp, text: string, at: number): number {
  run.lastIndex = at;
  return run.test(text) ? run.lastIndex : at;
}

/**
 * Cuts a query into tokens. An unquoted value is one token, however many words it has: it goes on to the next special
 * character, or to a keyword that stands between spaces. `and` and `or` are keywords only after a value, `not` only with
 * a space behind it, each in any case.
 */
export function lexKuery(source: SourceText): { tokens: readonly KueryToken[]; diagnostics: readonly Diagnostic[] } {
  return new Lexer(source).run();
}

class Lexer {
  private readonly source: SourceText;
  private readonly text: string;
  private readonly tokens: KueryToken[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private at = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.text = source.text;
  }

  run(): { tokens: readonly KueryToken[]; diagnostics: readonly Diagnostic[] } {
    for (;;) {
      const before = this.at;
      this.at = this.skipSpace(this.at);
      if (this.at >= this.text.length) break;
      this.token(this.at > before);
    }
    this.push('end', this.text.length, this.text.length);
    return { tokens: this.tokens, diagnostics: this.diagnostics };
  }

  private token(afterSpace: boolean): void {
    const start = this.at;
    const character = this.text[start] ?? '';
    const punctuation = PUNCTUATION.get(character);
    if (punctuation !== undefined) {
      this.push(punctuation, start, start + 1);
    } else if (character === '<' || character === '>') {
      this.push('range', start, this.text[start + 1] === '=' ? start + 2 : start + 1);
    } else if (character === '"') {
      this.quoted(start);
    } else {
      const keyword = this.keywordAt(start);
      const takesKeyword = keyword === 'not' || (keyword !== undefined && afterSpace && this.afterOperand());
      if (keyword !== undefined && takesKeyword) this.push(keyword, start, start + keyword.length);
      else this.word(start);
    }
  }

  private push(kind: KueryTokenKind, start: number, end: number, parts: readonly WildcardPart[] = []): void {
    this.tokens.push({ kind, text: this.text.slice(start, end), start, end, parts });
    this.at = end;
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.text.length && SPACE.includes(this.text[at] ?? '')) at += 1;
    return at;
  }

  /** The keyword that starts here and has a space behind it. */
  private keywordAt(at: number): 'and' | 'or' | 'not' | undefined {
    for (const keyword of ['and', 'or', 'not'] as const) {
      const end = at + keyword.length;
      if (end >= this.text.length || !SPACE.includes(this.text[end] ?? '')) continue;
      if (this.text.slice(at, end).toLowerCase() === keyword) return keyword;
    }
    return undefined;
  }

  private afterOperand(): boolean {
    const last = this.tokens.at(-1)?.kind;
    return last === 'word' || last === 'string' || last === ')' || last === '}';
  }

  /** `"` ( `\t` `\r` `\n` `\uXXXX` `\\` `\"` | any other character, a lone backslash too )* `"` */
  private quoted(start: number): void {
    let value = '';
    let at = start + 1;
    for (;;) {
      const character = this.text[at];
      if (character === undefined) {
        this.diagnostics.push(diagnostic('kuery/unterminated-string', {}, this.source.span(start, this.text.length)));
        break;
      }
      if (character === '"') {
        at += 1;
        break;
      }
      const next = this.text[at + 1];
      const found = character === '\\' ? (this.commonEscape(at) ?? this.escapedIn(at, '\\"')) : undefined;
      if (found !== undefined && next !== undefined) {
        value += found.value;
        at = found.end;
      } else {
        const plain = Math.max(at + 1, endOf(PLAIN_IN_QUOTES, this.text, at));
        value += this.text.slice(at, plain);
        at = plain;
      }
    }
    this.push('string', start, at, [{ text: value }]);
  }

  private word(start: number): void {
    const parts: WildcardPart[] = [];
    let pending = '';
    const flush = (): void => {
      if (pending !== '') parts.push({ text: pending });
      pending = '';
    };
    let at = start;
    let end = start;
    while (at < this.text.length) {
      const character = this.text[at] ?? '';
      if (ENDS_WORD.includes(character)) break;
      if (SPACE.includes(character)) {
        const next = this.skipSpace(at);
        // Spaces at the end are no part of the value; inside it they all are.
        if (next >= this.text.length || ENDS_WORD.includes(this.text[next] ?? '') || this.keywordAt(next)) break;
        pending += this.text.slice(at, next);
        at = next;
      } else if (character === '\\') {
        const found = this.wordEscape(at);
        pending += found.value;
        at = found.end;
      } else if (character === '*') {
        flush();
        const last = parts.at(-1);
        if (last === undefined || 'text' in last) parts.push({ any: 'many' });
        at += 1;
      } else {
        const next = endOf(PLAIN_IN_WORD, this.text, at);
        pending += this.text.slice(at, next);
        at = next;
      }
      end = at;
    }
    flush();
    this.push('word', start, end, parts);
  }

  private wordEscape(at: number): { value: string; end: number } {
    const keyword = this.escapedKeyword(at);
    const found = keyword ?? this.commonEscape(at) ?? this.escapedIn(at, SPECIAL);
    if (found !== undefined) return found;
    const end = Math.min(at + 2, this.text.length);
    const written = this.text.slice(at, end);
    this.diagnostics.push(diagnostic('kuery/bad-escape', { escape: written }, this.source.span(at, end)));
    return { value: '\\', end: at + 1 };
  }

  /**
   * `\and`, `\or`, `\not`. Kibana's grammar tries `\n` first and so makes a line break and `ot` of `\not`; nobody writes
   * it for that, so the word is taken where it is a whole word.
   */
  private escapedKeyword(at: number): { value: string; end: number } | undefined {
    const found = /^\\(and|or|not(?![a-z0-9_]))/i.exec(this.text.slice(at, at + 5))?.[1];
    return found === undefined ? undefined : { value: found, end: at + 1 + found.length };
  }

  /** `\t`, `\r`, `\n` and `\uXXXX`. */
  private commonEscape(at: number): { value: string; end: number } | undefined {
    const letter = this.text[at + 1] ?? '';
    const space = WHITESPACE_ESCAPES.get(letter);
    if (space !== undefined) return { value: space, end: at + 2 };
    const digits = this.text.slice(at + 2, at + 6);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
    return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 };
  }

  private escapedIn(at: number, allowed: string): { value: string; end: number } | undefined {
    const next = this.text[at + 1];
    return next !== undefined && allowed.includes(next) ? { value: next, end: at + 2 } : undefined;
  }
}
