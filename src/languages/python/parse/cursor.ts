import type { SourceText } from '../../../base/source-text.ts';
import { type Token, TokenStream } from '../../../base/syntax/token-stream.ts';
import type { Constant, Expression } from '../ast.ts';
import type { Problem, TokenKind } from './lexer.ts';

const KEYWORDS: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** How many operators of one kind may stand in a row: each makes the tree one level deeper. */
export const MAX_CHAIN = 400;

/** What brackets, calls, lambdas and strings may hold: the parts of the grammar lead to one another. */
export interface Grammar {
  readonly expression: Parse;
  readonly expressions: Parse;
  readonly named: Parse;
  readonly starred: Parse;
  readonly disjunction: Parse;
  /** What binds tighter than a comparison. */
  readonly operand: Parse;
  readonly targets: Parse;
  readonly yielded: Parse;
}

type Parse = (cursor: Cursor) => Expression;

/**
 * A cursor over Python's tokens. The first problem ends the parse: the cursor goes to the end of the input, where every
 * loop of the parser stops, and the module is opaque.
 */
export class Cursor extends TokenStream<TokenKind> {
  readonly grammar: Grammar;
  problem: Problem | undefined;
  private readonly last: number;
  /** Where the last token that was taken ends. */
  taken = 0;

  constructor(source: SourceText, tokens: readonly Token<TokenKind>[], grammar: Grammar) {
    super(source, tokens);
    this.grammar = grammar;
    this.last = tokens.length - 1;
  }

  fail(reason: string, at: number = this.peek().start): void {
    this.problem ??= { reason, at };
    this.rewind(this.last);
  }

  get ended(): boolean {
    return this.peek().kind === 'end';
  }

  take(): Token<TokenKind> {
    const token = this.next();
    this.taken = token.end;
    return token;
  }

  /** Whether an operator or a keyword comes next. */
  sees(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'op' || (token.kind === 'name' && isWord(text)));
  }

  eat(text: string): boolean {
    if (!this.sees(text)) return false;
    this.take();
    return true;
  }

  expect(text: string): void {
    if (!this.eat(text)) this.fail(`\`${text}\` is missing`);
  }

  identifier(): string {
    const token = this.peek();
    if (token.kind !== 'name' || KEYWORDS.has(token.text)) {
      this.fail('a name is missing');
      return '';
    }
    return this.take().text.normalize('NFKC');
  }

  get atIdentifier(): boolean {
    const token = this.peek();
    return token.kind === 'name' && !KEYWORDS.has(token.text);
  }

  /** What stands where nothing could be read. */
  nothing(): Constant {
    const { start } = this.peek();
    return { kind: 'Constant', type: 'none', value: null, start, end: start };
  }
}

function isWord(text: string): boolean {
  return /^\w+$/.test(text);
}
