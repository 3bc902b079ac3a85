import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { cover, type Span } from '../../base/span.ts';
import { MAX_DEPTH, TokenStream } from '../../base/syntax/token-stream.ts';
import type { KueryError, KueryField, KueryQuery, KueryRangeOp, KueryTerm, KueryValue } from './ast.ts';
import { type KueryToken, type KueryTokenKind, lexKuery } from './lexer.ts';

export interface KueryParse {
  /** The whole query; parts that could not be read are `error` nodes. */
  readonly ast: KueryQuery;
  /** Errors and warnings, by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where `and`, `or` and `not` are written with capitals: Kibana takes them so, the tools of elastic/detection-rules do not. */
  readonly capitals: readonly Span[];
}

/** Parses a query. Never throws; goes on after an error, so that all errors are found at once. */
export function parseKuery(source: SourceText): KueryParse {
  const { tokens, diagnostics } = lexKuery(source);
  const parser = new Parser(new TokenStream<KueryTokenKind, KueryToken>(source, tokens));
  const ast = parser.query();
  const found = [...diagnostics, ...parser.diagnostics].sort((a, b) => startOf(a) - startOf(b));
  const capitals = tokens.filter(isCapital).map(({ start, end }) => source.span(start, end));
  return { ast, diagnostics: found, capitals };
}

function isCapital({ kind, text }: KueryToken): boolean {
  return (kind === 'and' || kind === 'or' || kind === 'not') && text !== kind;
}

function startOf(found: Diagnostic): number {
  return found.labels[0]?.span.start ?? 0;
}

class Parser {
  private readonly tokens: TokenStream<KueryTokenKind, KueryToken>;
  /** After too deep nesting nothing more is said: every open bracket would be reported as not closed. */
  private gaveUp = false;
  /** One complaint a place: what is expected there changes as the parser leaves its brackets. */
  private reportedAt = -1;

  constructor(tokens: TokenStream<KueryTokenKind, KueryToken>) {
    this.tokens = tokens;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.tokens.diagnostics;
  }

  /** query: or-query? */
  query(): KueryQuery {
    const whole = this.tokens.source.span(0, this.tokens.source.text.length);
    if (this.tokens.at('end')) return { kind: 'everything', span: whole };
    const read = [this.orQuery()];
    while (!this.tokens.at('end')) {
      this.expected('`and`, `or` or the end');
      this.skipToKeyword();
      if (this.tokens.at('end')) break;
      this.tokens.next();
      read.push(this.orQuery());
    }
    const [only] = read;
    return read.length === 1 && only !== undefined ? only : { kind: 'or', items: read, span: whole };
  }

  /** or-query: and-query ( `or` and-query )* */
  private orQuery(): KueryQuery {
    return this.joined('or', () => this.joined('and', () => this.notQuery()));
  }

  private joined(keyword: 'and' | 'or', operand: () => KueryQuery): KueryQuery {
    const first = operand();
    if (!this.tokens.at(keyword)) return first;
    const items = [first];
    while (this.tokens.accept(keyword) !== undefined) items.push(operand());
    return { kind: keyword, items, span: cover(first.span, items.at(-1)?.span ?? first.span) };
  }

  /** not-query: `not`? sub-query */
  private notQuery(): KueryQuery {
    const nots = this.nots();
    if (nots.length > MAX_DEPTH) {
      this.tokens.report(
        diagnostic('kuery/too-deep', { limit: MAX_DEPTH }, this.spanOf(nots[0] ?? this.tokens.peek())),
      );
      nots.length = 1;
    }
    let query = this.subQuery();
    for (const token of nots.reverse())
      query = { kind: 'not', item: query, span: cover(this.spanOf(token), query.span) };
    return query;
  }

  /** Kibana takes one `not`; the rule repository's own parser takes any number, and the meaning is plain. */
  private nots(): KueryToken[] {
    const nots: KueryToken[] = [];
    for (let not = this.tokens.accept('not'); not !== undefined; not = this.tokens.accept('not')) nots.push(not);
    const second = nots[1];
    if (second !== undefined) {
      const params = { what: '`not` after `not`', meaning: 'the opposite of the opposite' };
      this.tokens.report(diagnostic('kuery/refused-by-kibana', params, this.spanOf(second)));
    }
    return nots;
  }

  /** sub-query: `(` or-query `)` | field `:` `{` or-query `}` | field range-operator term | field `:` values | term */
  private subQuery(): KueryQuery {
    if (this.tokens.at('(')) {
      return this.bracketed(
        ')',
        () => this.orQuery(),
        (query) => query,
      );
    }
    if (!this.tokens.at('word', 'string')) return this.missing('`(`, `not`, a field name or a value');
    const first = this.tokens.next();
    const colon = this.tokens.accept(':');
    if (colon !== undefined) {
      const field = this.fieldOf(first);
      if (!this.tokens.at('{')) {
        const value = this.fieldValue();
        return { kind: 'is', field, value, span: cover(field.span, value.span) };
      }
      return this.bracketed(
        '}',
        () => this.orQuery(),
        (query, span) => ({
          kind: 'nested',
          path: field,
          query,
          span: cover(field.span, span),
        }),
      );
    }
    const operator = this.tokens.accept('range');
    if (operator !== undefined) return this.range(first, operator);
    const value = this.termOf(first);
    return { kind: 'free-text', value, span: value.span };
  }

  private range(first: KueryToken, operator: KueryToken): KueryQuery {
    const field = this.fieldOf(first);
    if (!this.tokens.at('word', 'string')) return this.missing('a value');
    const value = this.termOf(this.tokens.next());
    return { kind: 'range', field, op: rangeOp(operator.text), value, span: cover(field.span, value.span) };
  }

  /** values: `(` or-values `)` | term. Kibana takes a `not` only inside the brackets. */
  private fieldValue(): KueryValue {
    const not = this.tokens.peek();
    if (not.kind === 'not') {
      const params = { what: '`not` before a value without brackets', meaning: 'if the value stood in brackets' };
      this.tokens.report(diagnostic('kuery/refused-by-kibana', params, this.spanOf(not)));
    }
    return this.notValues('`(`, `{` or a value');
  }

  /** or-values: and-values ( `or` and-values )* */
  private orValues(): KueryValue {
    return this.joinedValues('or', () => this.joinedValues('and', () => this.notValues('`(`, `not` or a value')));
  }

  private joinedValues(keyword: 'and' | 'or', operand: () => KueryValue): KueryValue {
    const first = operand();
    if (!this.tokens.at(keyword)) return first;
    const items = [first];
    while (this.tokens.accept(keyword) !== undefined) items.push(operand());
    return { kind: keyword, items, span: cover(first.span, items.at(-1)?.span ?? first.span) };
  }

  /** not-values: `not`? values */
  private notValues(expected: string): KueryValue {
    const nots = this.nots();
    let value = this.values(expected);
    for (const token of nots.reverse())
      value = { kind: 'not', item: value, span: cover(this.spanOf(token), value.span) };
    return value;
  }

  private values(expected: string): KueryValue {
    if (this.tokens.at('(')) {
      return this.bracketed(
        ')',
        () => this.orValues(),
        (value) => value,
      );
    }
    if (!this.tokens.at('word', 'string')) return this.missing(expected);
    return this.termOf(this.tokens.next());
  }

  /** Takes the opening bracket at the cursor, what is inside, and the closing one. */
  private bracketed<T, R>(close: ')' | '}', inside: () => T, made: (inner: T, span: Span) => R): R | KueryError {
    const open = this.tokens.next();
    const span = this.spanOf(open);
    return this.tokens.nest<R | KueryError>(
      () => {
        const inner = inside();
        const end = this.tokens.accept(close);
        if (end === undefined) {
          this.expected(`\`and\`, \`or\` or \`${close}\``, [{ span, text: 'opened here' }]);
          this.skipToClosing(close);
        }
        return made(inner, end === undefined ? span : cover(span, this.spanOf(end)));
      },
      () => {
        this.tokens.report(diagnostic('kuery/too-deep', { limit: MAX_DEPTH }, span));
        this.gaveUp = true;
        while (!this.tokens.at('end')) this.tokens.next();
        return { kind: 'error', span };
      },
    );
  }

  /** Reports what is missing at the cursor, and passes over what stands there instead. */
  private missing(expected: string): KueryError {
    this.expected(expected);
    const token = this.tokens.peek();
    while (!this.tokens.at('and', 'or', '(', ')', '{', '}', 'end')) this.tokens.next();
    return { kind: 'error', span: this.spanOf(token) };
  }

  private expected(expected: string, context: readonly { span: Span; text: string }[] = []): void {
    const token = this.tokens.peek();
    if (this.gaveUp || token.start === this.reportedAt) return;
    this.reportedAt = token.start;
    const found = token.kind === 'end' ? 'the end' : `\`${shortened(token.text)}\``;
    const hints = token.kind === ':' ? ['is `and` or `or` missing before the field?'] : [];
    this.tokens.report(diagnostic('kuery/expected', { expected, found }, this.spanOf(token), { context, hints }));
  }

  /** After something that cannot stand where it does: on to the next `and` or `or` outside brackets. */
  private skipToKeyword(): void {
    let depth = 0;
    while (!this.tokens.at('end')) {
      if (depth === 0 && this.tokens.at('and', 'or')) return;
      if (this.tokens.at('(', '{')) depth += 1;
      if (this.tokens.at(')', '}') && depth > 0) depth -= 1;
      this.tokens.next();
    }
  }

  /** On to the bracket that closes the one that is open, and past it; a keyword at its level is left for those outside. */
  private skipToClosing(close: ')' | '}'): void {
    let depth = 0;
    while (!this.tokens.at('end')) {
      if (depth === 0 && this.tokens.accept(close) !== undefined) return;
      if (depth === 0 && this.tokens.at(')', '}')) return;
      if (this.tokens.at('(', '{')) depth += 1;
      if (this.tokens.at(')', '}')) depth -= 1;
      this.tokens.next();
    }
  }

  private fieldOf(token: KueryToken): KueryField {
    return { kind: 'field', parts: token.parts, quoted: token.kind === 'string', span: this.spanOf(token) };
  }

  private termOf(token: KueryToken): KueryTerm {
    const span = this.spanOf(token);
    const quoted = token.kind === 'string';
    if (!quoted && token.parts.some((part) => 'any' in part)) return { kind: 'wildcard', parts: token.parts, span };
    const text = token.parts.map((part) => ('text' in part ? part.text : '')).join('');
    if (!quoted && (text === 'true' || text === 'false')) return { kind: 'constant', value: text === 'true', span };
    if (!quoted && text === 'null') return { kind: 'constant', value: null, span };
    return { kind: 'text', text, quoted, span };
  }

  private spanOf(token: KueryToken): Span {
    return this.tokens.spanOf(token);
  }
}

function rangeOp(text: string): KueryRangeOp {
  return text === '<' || text === '<=' || text === '>' ? text : '>=';
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
