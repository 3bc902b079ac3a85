import { diagnostic } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import { TokenStream } from '../../../base/syntax/token-stream.ts';
import type { BadExpression, Expression, Operator, Statement } from '../ast/index.ts';
import { type KustoToken, type KustoTokenKind, lexKusto } from '../lexer.ts';

/** A chain of operators longer than this is refused: later steps walk its tree recursively. */
export const LONGEST_CHAIN = 250;

/** The parts of the grammar lead to one another: what brackets, operators and functions may hold. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  /** What binds tighter than a comparison. */
  readonly operand: (cursor: Cursor) => Expression;
  readonly pipe: (cursor: Cursor) => Expression;
  /** An operator at the start of a pipe. */
  readonly source: (cursor: Cursor) => Expression;
  /** A pipe that begins with an operator: its input comes from elsewhere. */
  readonly operators: (cursor: Cursor) => readonly Operator[];
  readonly block: (cursor: Cursor) => readonly Statement[];
}

/** A cursor over Kusto's tokens: takes them, reports what is missing, and finds its way behind what it cannot read. */
export class Cursor extends TokenStream<KustoTokenKind, KustoToken> {
  readonly grammar: Grammar;
  /** Where the last token that was taken ends. */
  private taken = 0;
  /** One report for one place: what follows from an error is not told again. */
  private lastReported = -1;

  constructor(source: SourceText, grammar: Grammar) {
    const { tokens, diagnostics } = lexKusto(source);
    super(source, tokens);
    this.grammar = grammar;
    for (const found of diagnostics) this.report(found);
  }

  override next(): KustoToken {
    const token = super.next();
    this.taken = token.end;
    return token;
  }

  sees(...symbols: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && symbols.includes(token.text);
  }

  seesWord(...words: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'name' && words.includes(token.value);
  }

  take(symbol: string): boolean {
    if (!this.sees(symbol)) return false;
    this.next();
    return true;
  }

  takeWord(word: string): boolean {
    if (!this.seesWord(word)) return false;
    this.next();
    return true;
  }

  here(): Span {
    return this.spanOf(this.peek());
  }

  /** From the start of a token or node to the last token taken. */
  since(start: number): Span {
    return this.source.span(start, Math.max(start, this.taken));
  }

  /** The text from an offset to the last token taken. */
  textSince(start: number): string {
    return this.source.text.slice(start, Math.max(start, this.taken)).trim();
  }

  expected(what: string): void {
    const token = this.peek();
    // The lexer has already told what is wrong with a bad token.
    if (token.kind === 'bad' || token.start === this.lastReported) return;
    this.lastReported = token.start;
    const found = token.kind === 'end' ? 'the end of the query' : `\`${shorten(token.text)}\``;
    this.report(diagnostic('kusto/expected', { expected: what, found }, this.here()));
  }

  expect(symbol: string): boolean {
    if (this.take(symbol)) return true;
    this.expected(`\`${symbol}\``);
    return false;
  }

  expectWord(word: string): boolean {
    if (this.takeWord(word)) return true;
    this.expected(`\`${word}\``);
    return false;
  }

  /** `item (',' item)*` */
  list<T>(item: () => T): readonly T[] {
    const found = [item()];
    while (this.take(',')) found.push(item());
    return found;
  }

  /** `open [item (',' item)*] close` */
  bracketed<T>(open: '(' | '[', item: () => T, ends: 'in an item' | 'as it likes' = 'as it likes'): readonly T[] {
    const close = open === '(' ? ')' : ']';
    const found: T[] = [];
    if (!this.expect(open)) return found;
    while (!this.sees(close) && !this.atEnd()) {
      found.push(item());
      if (!this.take(',')) break;
      if (ends === 'in an item' && this.sees(close)) this.expected('an expression');
    }
    this.closing(close);
    return found;
  }

  tooDeep(): BadExpression {
    const span = this.here();
    this.report(diagnostic('kusto/too-deep', {}, span));
    // Out to the end of the statement, so that one report is enough.
    while (!this.at('end') && !this.sees(';')) this.next();
    return { kind: 'bad', span };
  }

  atEnd(): boolean {
    return this.at('end') || this.sees(';');
  }

  /** Whether the pipe goes on or ends here. */
  atEndOfOperator(): boolean {
    return this.atEnd() || this.sees('|', ')', '}', ']', ',');
  }

  /** Over the rest of an operator, brackets and all. */
  skipOperator(): void {
    let depth = 0;
    while (!this.at('end')) {
      if (depth === 0 && this.sees('|', ')', '}', ']', ';')) return;
      // An unclosed bracket must not swallow the statements after it.
      if (this.sees(';') && this.peek(1).value === 'let') return;
      if (this.sees('(', '[', '{')) depth += 1;
      if (this.sees(')', ']', '}')) depth -= 1;
      this.next();
    }
  }

  /**
   * Takes the closing bracket; without it, reports and goes on to it over what is left inside, but never past the
   * statement or the pipe.
   */
  closing(symbol: ')' | ']' | '}'): void {
    if (this.take(symbol)) return;
    this.expected(`\`${symbol}\``);
    let depth = 0;
    while (!this.atEnd() && !(depth === 0 && this.sees('|'))) {
      if (this.sees('(', '[', '{')) depth += 1;
      if (this.sees(')', ']', '}')) {
        if (depth === 0) {
          this.take(symbol);
          return;
        }
        depth -= 1;
      }
      this.next();
    }
  }
}

/** The first line of a text, for messages. */
export function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
