import { cover, type Span } from '../../../base/span.ts';
import type { ArithmeticOp, ComparisonOp, EsqlExpr, EsqlSubquery } from '../ast.ts';
import { type Expressions, parsePrimary } from './primary.ts';
import type { EsqlTokens } from './tokens.ts';

const COMPARISONS: ReadonlySet<string> = new Set<ComparisonOp>(['==', '!=', '<', '<=', '>', '>=']);

/** Reads a query in brackets, from its first command on. */
export type ReadSubquery = (tokens: EsqlTokens) => EsqlSubquery;

/** Expressions, by their precedence: each method quotes its production. */
export class ExpressionParser implements Expressions {
  private readonly tokens: EsqlTokens;
  private readonly subquery: ReadSubquery;

  constructor(tokens: EsqlTokens, subquery: ReadSubquery) {
    this.tokens = tokens;
    this.subquery = subquery;
  }

  /** boolean-expression: conjunction ( `OR` conjunction )* */
  expression(): EsqlExpr {
    return this.tokens.deeper(() => this.joined('or', () => this.joined('and', () => this.negation())));
  }

  private joined(kind: 'or' | 'and', item: () => EsqlExpr): EsqlExpr {
    const first = item();
    if (!this.tokens.atWord(kind)) return first;
    const items = [first];
    while (this.tokens.acceptWord(kind) !== undefined) items.push(item());
    return { kind, items, span: cover(first.span, items.at(-1)?.span ?? first.span) };
  }

  /** negation: `NOT` negation | predicate */
  private negation(): EsqlExpr {
    const word = this.tokens.acceptWord('not');
    if (word === undefined) return this.predicate();
    const item = this.tokens.deeper(() => this.negation());
    return { kind: 'not', item, span: cover(this.tokens.spanOf(word), item.span) };
  }

  /** predicate: value ( test | comparison-operator value )* */
  private predicate(): EsqlExpr {
    let subject = this.sum();
    for (let levels = 0; !this.tokens.isTooDeep(levels); levels += 1) {
      const tested = this.test(subject);
      if (tested === undefined) return subject;
      subject = tested;
    }
    return subject;
  }

  /** test: `IS` `NOT`? `NULL` | `NOT`? `IN` … | `NOT`? ( `LIKE` | `RLIKE` ) … | `:` constant | operator value */
  private test(subject: EsqlExpr): EsqlExpr | undefined {
    const { tokens } = this;
    const sign = tokens.peek().kind;
    if (COMPARISONS.has(sign)) return this.comparison(subject, sign as ComparisonOp);
    if (tokens.accept(':') !== undefined) {
      const query = parsePrimary(tokens, this);
      return { kind: 'match', subject, query, span: cover(subject.span, query.span) };
    }
    if (tokens.acceptWord('is') !== undefined) {
      const negated = tokens.acceptWord('not') !== undefined;
      const end = tokens.takeWord('null');
      const span = cover(subject.span, tokens.spanOf(end ?? tokens.peek()));
      return { kind: 'is-null', negated, subject, span };
    }
    const isNegated = tokens.atWord('not') && isTestWord(tokens.peek(1).text);
    if (isNegated) tokens.next();
    if (tokens.acceptWord('in') !== undefined) return this.among(subject, isNegated);
    if (tokens.atWord('like', 'rlike')) return this.like(subject, isNegated);
    return undefined;
  }

  /** comparison: value ( `==` | `!=` | `<` | `<=` | `>` | `>=` ) value, which cannot be chained. */
  private comparison(left: EsqlExpr, op: ComparisonOp): EsqlExpr {
    const sign = this.tokens.next();
    const right = this.sum();
    if (left.kind === 'comparison') this.tokens.expected('`AND`, `OR` or the end of the comparison');
    const span = cover(left.span, right.span ?? this.tokens.spanOf(sign));
    return { kind: 'comparison', op, left, right, span };
  }

  /** in: value `NOT`? `IN` `(` value ( `,` value )* `)` | value `NOT`? `IN` `(` subquery `)` */
  private among(subject: EsqlExpr, negated: boolean): EsqlExpr {
    const { tokens } = this;
    const open = tokens.take('(');
    if (open === undefined) return tokens.error(subject.span);
    if (tokens.at('command')) {
      const among = this.subquery(tokens);
      const close = tokens.take(')');
      return { kind: 'in', negated, subject, among, span: this.to(subject.span, close) };
    }
    const among = [this.sum()];
    while (tokens.accept(',') !== undefined) among.push(this.sum());
    const close = tokens.take(')');
    return { kind: 'in', negated, subject, among, span: this.to(subject.span, close) };
  }

  /** like: value `NOT`? ( `LIKE` | `RLIKE` ) ( value | `(` value ( `,` value )* `)` ) */
  private like(subject: EsqlExpr, negated: boolean): EsqlExpr {
    const { tokens } = this;
    const kind = tokens.next().text.toLowerCase() === 'like' ? 'like' : 'rlike';
    if (!tokens.at('(')) {
      const pattern = this.sum();
      return { kind, negated, subject, patterns: [pattern], listed: false, span: cover(subject.span, pattern.span) };
    }
    tokens.next();
    const patterns = [this.sum()];
    while (tokens.accept(',') !== undefined) patterns.push(this.sum());
    const close = tokens.take(')');
    return { kind, negated, subject, patterns, listed: true, span: this.to(subject.span, close) };
  }

  /** sum: product ( ( `+` | `-` ) product )* */
  sum(): EsqlExpr {
    return this.chain(['+', '-'], () => this.chain(['*', '/', '%'], () => this.signed()));
  }

  private chain(ops: readonly ArithmeticOp[], item: () => EsqlExpr): EsqlExpr {
    let left = item();
    for (let levels = 0; !this.tokens.isTooDeep(levels); levels += 1) {
      const op = ops.find((one) => this.tokens.at(one));
      if (op === undefined) return left;
      this.tokens.next();
      const right = item();
      left = { kind: 'arithmetic', op, left, right, span: cover(left.span, right.span) };
    }
    return left;
  }

  /** signed: ( `+` | `-` ) signed | primary */
  private signed(): EsqlExpr {
    const op = this.tokens.at('-') ? '-' : this.tokens.at('+') ? '+' : undefined;
    if (op === undefined) return parsePrimary(this.tokens, this);
    const sign = this.tokens.spanOf(this.tokens.next());
    const item = this.tokens.deeper(() => this.signed());
    return { kind: 'sign', op, item, span: cover(sign, item.span) };
  }

  private to(start: Span, token: Parameters<EsqlTokens['spanOf']>[0] | undefined): Span {
    return token === undefined ? start : cover(start, this.tokens.spanOf(token));
  }
}

function isTestWord(word: string): boolean {
  return ['in', 'like', 'rlike'].includes(word.toLowerCase());
}
