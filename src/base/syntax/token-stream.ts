import type { Diagnostic } from '../diagnostic.ts';
import type { SourceText } from '../source-text.ts';
import type { Span } from '../span.ts';

/** A token of any of the languages: `text` is its source text, the offsets count into the source. */
export interface Token<K extends string> {
  readonly kind: K;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** How deep parsers follow nesting before they report it instead: far above real rules, far below the stack's end. */
export const MAX_DEPTH = 256;

/**
 * What every hand-written parser stands on: a cursor over tokens that never runs off the end (the last token must be
 * the language's end-of-input kind), a place for diagnostics, and a guard on nesting.
 */
export class TokenStream<K extends string, T extends Token<K> = Token<K>> {
  readonly source: SourceText;
  readonly diagnostics: Diagnostic[] = [];
  /** A language that is read elsewhere may have its own. */
  protected readonly mostLevels: number = MAX_DEPTH;
  private readonly tokens: readonly T[];
  private index = 0;
  private depth = 0;

  constructor(source: SourceText, tokens: readonly T[]) {
    if (tokens.length === 0) throw new Error('a token stream needs an end-of-input token');
    this.source = source;
    this.tokens = tokens;
  }

  /** The token `ahead` places on; past the end, the end-of-input token. */
  peek(ahead = 0): T {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new Error('unreachable: the stream has an end token');
    return token;
  }

  at(...kinds: readonly K[]): boolean {
    return kinds.includes(this.peek().kind);
  }

  next(): T {
    const token = this.peek();
    if (this.index < this.tokens.length - 1) this.index += 1;
    return token;
  }

  /** Takes the next token if it is of this kind. */
  accept(kind: K): T | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  /** Where the cursor stands, to come back to with `rewind`. */
  mark(): number {
    return this.index;
  }

  rewind(mark: number): void {
    this.index = mark;
  }

  report(found: Diagnostic): void {
    this.diagnostics.push(found);
  }

  spanOf(token: Token<string>): Span {
    return this.source.span(token.start, token.end);
  }

  /** Runs `inner` one level deeper; beyond `mostLevels` it is not run and `tooDeep` gives the answer. */
  nest<R>(inner: () => R, tooDeep: () => R): R {
    if (this.depth >= this.mostLevels) return tooDeep();
    this.depth += 1;
    try {
      return inner();
    } finally {
      this.depth -= 1;
    }
  }
}
