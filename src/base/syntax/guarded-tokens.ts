import { type Diagnostic, diagnostic } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import { type Token, TokenStream } from './token-stream.ts';

/** Where a tree has a gap, because the text there was wrong. */
export interface ErrorNode {
  readonly kind: 'error';
  readonly span: Span;
}

/** Tokens whose mistakes are reported once. The last kind of token is `end`. */
export abstract class GuardedTokens<K extends string, T extends Token<K>, Node> extends TokenStream<K, T> {
  /** One complaint a place, and none after too deep nesting: every open bracket would be one. */
  private complainedAt = -1;
  private gaveUp = false;
  /** Whose codes are told. */
  protected abstract readonly language: 'eql' | 'esql';

  override report(found: Diagnostic): void {
    if (!this.gaveUp) super.report(found);
  }

  /** Complains of the next token. */
  expected(expected: string): void {
    const token = this.peek();
    if (token.start === this.complainedAt) return;
    this.complainedAt = token.start;
    const found = token.kind === 'end' ? 'the end' : `\`${token.text}\``;
    this.report(diagnostic(`${this.language}/expected`, { expected, found }, this.spanOf(token)));
  }

  /** Takes a token of this kind, or complains. */
  take(kind: K): T | undefined {
    const token = this.accept(kind);
    if (token === undefined) this.expected(`\`${kind}\``);
    return token;
  }

  error(span: Span = this.spanOf(this.peek())): ErrorNode {
    return { kind: 'error', span };
  }

  /** Runs `inner` one level deeper. */
  deeper(inner: () => Node): Node | ErrorNode {
    return this.nest<Node | ErrorNode>(inner, () => this.giveUp());
  }

  /** Whether so many operators, each inside the other, are too many; then nothing more is read. */
  isTooDeep(levels: number): boolean {
    if (levels > this.mostLevels) this.giveUp();
    return levels > this.mostLevels;
  }

  giveUp(): ErrorNode {
    const error = this.error();
    return this.giveUpFor(diagnostic(`${this.language}/too-deep`, { limit: this.mostLevels }, error.span));
  }

  /** Nothing more is read, and of all that is left only this is said. */
  giveUpFor(found: Diagnostic): ErrorNode {
    const error = this.error();
    this.report(found);
    this.gaveUp = true;
    while (this.peek().kind !== 'end') this.next();
    return error;
  }
}
