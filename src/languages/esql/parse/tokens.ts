import { GuardedTokens } from '../../../base/syntax/guarded-tokens.ts';
import type { EsqlExpr } from '../ast.ts';
import type { EsqlToken, EsqlTokenKind } from '../lexer.ts';

/** What all parts of the parser stand on. */
export class EsqlTokens extends GuardedTokens<EsqlTokenKind, EsqlToken, EsqlExpr> {
  protected readonly language = 'esql';
  /** As deep as Elasticsearch reads expressions. */
  protected override readonly mostLevels = 300;

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
}
