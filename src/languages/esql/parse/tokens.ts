import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import { MAX_DEPTH, TokenStream } from '../../../base/syntax/token-stream.ts';
import type { EsqlError, EsqlExpr } from '../ast.ts';
import type { EsqlToken, EsqlTokenKind } from '../lexer.ts';

/** What all parts of the parser stand on: the tokens, and how a mistake is reported once. */
export class EsqlTokens extends TokenStream<EsqlTokenKind, EsqlToken> {
  /** One complaint a place, and none after too deep nesting: every open bracket would be one. */
  private complainedAt = -1;
  private gaveUp = false;

  override report(found: Diagnostic): void {
    if (!this.gaveUp) super.report(found);
  }

  /** Complains of the next token. */
  expected(expected: string): void {
    const token = this.peek();
    if (token.start === this.complainedAt) return;
    this.complainedAt = token.start;
    const found = token.kind === 'end' ? 'the end' : `\`${token.text}\``;
    this.report(diagnostic('esql/expected', { expected, found }, this.spanOf(token)));
  }

  /** Takes a token of this kind, or complains. */
  take(kind: EsqlTokenKind): EsqlToken | undefined {
    const token = this.accept(kind);
    if (token === undefined) this.expected(`\`${kind}\``);
    return token;
  }

  /** Whether the next token is one of these words, which are in lower case here. */
  atWord(...words: readonly string[]): boolean {
    const { kind, text } = this.peek();
    return kind === 'word' && words.includes(text.toLowerCase());
  }

  acceptWord(word: string): EsqlToken | undefined {
    return this.atWord(word) ? this.next() : undefined;
  }

  takeWord(word: string): EsqlToken | undefined {
    const token = this.acceptWord(word);
    if (token === undefined) this.expected(`\`${word.toUpperCase()}\``);
    return token;
  }

  error(span: Span = this.spanOf(this.peek())): EsqlError {
    return { kind: 'error', span };
  }

  /** Runs `inner` one level deeper. */
  deeper(inner: () => EsqlExpr): EsqlExpr {
    return this.nest(inner, () => this.giveUp());
  }

  /** Whether so many operators, each inside the other, are too many; then nothing more is read. */
  isTooDeep(levels: number): boolean {
    if (levels > MAX_DEPTH) this.giveUp();
    return levels > MAX_DEPTH;
  }

  giveUp(): EsqlError {
    const error = this.error();
    this.report(diagnostic('esql/too-deep', { limit: MAX_DEPTH }, error.span));
    this.gaveUp = true;
    while (!this.at('end')) this.next();
    return error;
  }
}
