import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { SourceText } from '../../../base/source-text.ts';
import { MAX_DEPTH, type Token, TokenStream } from '../../../base/syntax/token-stream.ts';
import type { Formula } from './definition.ts';
import type { Report } from './shapes.ts';

type Kind = 'word' | '(' | ')' | 'other' | 'end';

/**
 * An expression over named conditions: `a and not (b or c)`. Each name must be used, and be there. Undefined when
 * something is wrong, which is reported.
 */
export function parseExpression<C>(
  source: SourceText,
  conditions: ReadonlyMap<string, C>,
  report: Report,
): Formula<C> | undefined {
  const parser = new ExpressionParser(source, tokenize(source.text), conditions);
  const formula = parser.whole();
  for (const name of conditions.keys()) {
    if (!parser.used.has(name)) {
      parser.report(diagnostic('pipeline/unused-condition', { name }, source.span(0, source.text.length)));
    }
  }
  for (const found of parser.diagnostics) report(found);
  return parser.diagnostics.length > 0 ? undefined : formula;
}

function tokenize(text: string): Token<Kind>[] {
  const tokens: Token<Kind>[] = [];
  for (const found of text.matchAll(/[()]|[\w-]+|\S/g)) {
    const word = found[0];
    const kind = word === '(' || word === ')' ? word : /^[\w-]+$/.test(word) ? 'word' : 'other';
    tokens.push({ kind, text: word, start: found.index, end: found.index + word.length });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

class ExpressionParser<C> extends TokenStream<Kind> {
  readonly used = new Set<string>();
  private readonly conditions: ReadonlyMap<string, C>;

  constructor(source: SourceText, tokens: readonly Token<Kind>[], conditions: ReadonlyMap<string, C>) {
    super(source, tokens);
    this.conditions = conditions;
  }

  /** expression = or_expression */
  whole(): Formula<C> | undefined {
    const formula = this.or();
    if (!this.at('end')) this.unexpected('`and`, `or` or the end');
    return formula;
  }

  /** or_expression = and_expression {"or" and_expression} */
  private or(): Formula<C> | undefined {
    return this.junction('or', () => this.and());
  }

  /** and_expression = not_expression {"and" not_expression} */
  private and(): Formula<C> | undefined {
    return this.junction('and', () => this.not());
  }

  private junction(kind: 'and' | 'or', operand: () => Formula<C> | undefined): Formula<C> | undefined {
    const items = [operand()];
    while (this.peek().text === kind) {
      this.next();
      items.push(operand());
    }
    const sound = items.filter((item) => item !== undefined);
    const [first] = sound;
    return sound.length > 1 ? { kind, items: sound } : first;
  }

  /** not_expression = "not" not_expression | "(" or_expression ")" | name */
  private not(): Formula<C> | undefined {
    const token = this.peek();
    const tooDeep = (): undefined => {
      this.report(diagnostic('pipeline/too-deep', { most: MAX_DEPTH }, this.spanOf(token)));
      return undefined;
    };
    if (token.text === 'not') {
      this.next();
      const item = this.nest(() => this.not(), tooDeep);
      return item && { kind: 'not', item };
    }
    if (token.kind === '(') {
      this.next();
      const inner = this.nest(() => this.or(), tooDeep);
      if (this.accept(')') === undefined) this.unexpected('`)`');
      return inner;
    }
    if (token.kind !== 'word' || token.text === 'and' || token.text === 'or') {
      this.unexpected('the name of a condition, `not` or `(`');
      return undefined;
    }
    this.next();
    this.used.add(token.text);
    const condition = this.conditions.get(token.text);
    if (condition !== undefined) return { kind: 'condition', condition };
    const near = didYouMean(token.text, this.conditions.keys());
    this.report(diagnostic('pipeline/undefined-condition', { name: token.text, near }, this.spanOf(token)));
    return undefined;
  }

  private unexpected(expected: string): void {
    if (this.diagnostics.length > 0) return;
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end' : `\`${token.text}\``;
    this.report(diagnostic('pipeline/expression', { expected, found }, this.spanOf(token)));
  }
}
