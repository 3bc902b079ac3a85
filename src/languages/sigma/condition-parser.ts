import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { cover, type Span } from '../../base/span.ts';
import { MAX_DEPTH, type Token, TokenStream } from '../../base/syntax/token-stream.ts';
import type { Condition } from './ast.ts';
import { type Aggregation, parseFunctionAggregation } from './over-time/aggregation.ts';

export interface ParsedCondition {
  /** Undefined when there is nothing to build on; partial when diagnostics have errors. */
  readonly condition: Condition | undefined;
  /** What stands behind `|`, in conditions of Sigma 1. */
  readonly aggregation: Aggregation | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

type Kind = 'word' | '(' | ')' | '|' | 'end';

/** Parses one condition. Operators are read in any case. Never throws. */
export function parseCondition(source: SourceText): ParsedCondition {
  const parser = new ConditionParser(source, tokenize(source.text));
  const condition = parser.condition();
  return { condition, aggregation: parser.aggregated, diagnostics: parser.diagnostics };
}

/** A word is anything between blanks, brackets and pipes: names, operators, numbers, patterns. */
function tokenize(text: string): Token<Kind>[] {
  const tokens: Token<Kind>[] = [];
  for (const found of text.matchAll(/[()|]|[^\s()|]+/g)) {
    const word = found[0];
    const kind = word === '(' || word === ')' || word === '|' ? word : 'word';
    tokens.push({ kind, text: word, start: found.index, end: found.index + word.length });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

class ConditionParser extends TokenStream<Kind> {
  aggregated: Aggregation | undefined;
  private gaveUp = false;

  /** condition = or_expression ["|" aggregation] */
  condition(): Condition | undefined {
    let whole = this.or();
    while (!this.at('end')) {
      if (this.at('|')) {
        this.aggregation();
        break;
      }
      this.unexpected('`and`, `or` or the end');
      // Go on behind the next operator, to find what else is wrong.
      while (!this.at('end', '|') && !this.atWord('and') && !this.atWord('or')) this.next();
      if (this.at('end', '|')) continue;
      this.next();
      whole = this.or() ?? whole;
    }
    return whole;
  }

  /** or_expression = and_expression {"or" and_expression} */
  private or(): Condition | undefined {
    return this.junction('or', () => this.and());
  }

  /** and_expression = not_expression {"and" not_expression} */
  private and(): Condition | undefined {
    return this.junction('and', () => this.not());
  }

  private junction(kind: 'and' | 'or', operand: () => Condition | undefined): Condition | undefined {
    const first = operand();
    if (!this.atWord(kind)) return first;
    const items = first === undefined ? [] : [first];
    while (this.atWord(kind)) {
      this.next();
      const item = operand();
      if (item !== undefined) items.push(item);
    }
    const [start, last] = [items[0], items.at(-1)];
    if (start === undefined || last === undefined || items.length === 1) return start;
    return { kind, items, span: cover(start.span, last.span) };
  }

  /** not_expression = "not" not_expression | "(" or_expression ")" | selector | name */
  private not(): Condition | undefined {
    const first = this.peek();
    const tooDeep = (): undefined => {
      this.report(diagnostic('sigma/too-deep', { most: MAX_DEPTH }, this.spanOf(first)));
      // Nothing sensible follows: go to the end, so that the reader of the message gets only this one.
      while (!this.at('end')) this.next();
      this.gaveUp = true;
    };
    if (this.atWord('not')) {
      this.next();
      const item = this.nest(() => this.not(), tooDeep);
      return item && { kind: 'not', item, span: cover(this.spanOf(first), item.span) };
    }
    if (first.kind === '(') {
      this.next();
      const inner = this.nest(() => this.or(), tooDeep);
      if (this.accept(')') === undefined) this.unexpected('`)`');
      return inner;
    }
    if (first.kind !== 'word' || this.atWord('and') || this.atWord('or')) {
      this.unexpected('the name of a detection, `not`, `(`, or `1 of …`');
      return undefined;
    }
    return this.selectorOrName();
  }

  /** selector = ("1" | "any" | number | "all") "of" ("them" | pattern) */
  private selectorOrName(): Condition | undefined {
    const first = this.next();
    if (!this.atWord('of')) return { kind: 'reference', name: first.text, span: this.spanOf(first) };
    const of = this.next();
    const count = countOf(first.text);
    if (count === undefined) {
      const params = { expected: '`1`, `any`, `all` or a number before `of`', found: `\`${first.text}\`` };
      this.report(diagnostic('sigma/condition-syntax', params, this.spanOf(first)));
    }
    const pattern = this.peek();
    if (pattern.kind !== 'word') {
      this.unexpected('`them` or a pattern such as `selection_*`');
      return undefined;
    }
    this.next();
    if (count === undefined) return undefined;
    const name = /^them$/i.test(pattern.text) ? 'them' : pattern.text;
    const span: Span = this.source.span(first.start, Math.max(of.end, pattern.end));
    return { kind: 'selector', count, pattern: name, span };
  }

  /** aggregation = "|" ("near" or_expression | function …): of Sigma 1. */
  private aggregation(): void {
    this.next();
    const start = this.peek();
    if (!this.atWord('near')) {
      this.aggregated = parseFunctionAggregation(this.source, start.start, (found) => this.report(found));
      while (!this.at('end')) this.next();
      return;
    }
    this.next();
    const expression = this.or();
    if (!this.at('end')) this.unexpected('`and`, `or` or the end');
    while (!this.at('end')) this.next();
    if (expression === undefined) return;
    this.aggregated = { kind: 'near', expression, span: this.source.span(start.start, this.source.text.length) };
  }

  private atWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.length === word.length && token.text.toLowerCase() === word;
  }

  private unexpected(expected: string): void {
    if (this.gaveUp) return;
    const token = this.peek();
    this.report(diagnostic('sigma/condition-syntax', { expected, found: this.describe(token) }, this.spanOf(token)));
  }

  private describe(token: Token<Kind>): string {
    return token.kind === 'end' ? 'the end' : `\`${token.text}\``;
  }
}

function countOf(word: string): number | 'all' | undefined {
  const lower = word.toLowerCase();
  if (lower === 'all') return 'all';
  if (lower === 'any') return 1;
  return /^[0-9]{1,9}$/.test(word) ? Number(word) : undefined;
}
