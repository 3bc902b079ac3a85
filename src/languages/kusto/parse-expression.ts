import { diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { cover, type Span } from '../../base/span.ts';
import { TokenStream } from '../../base/syntax/token-stream.ts';
import type { Argument, Expression, Name, Statement, TypeName } from './ast.ts';
import { type KustoToken, type KustoTokenKind, lexKusto } from './lexer.ts';
import { readDynamic, readTimespan, readTyped } from './literals.ts';
import { TEXT_OPERATORS } from './text-operators.ts';
import { typeNamed } from './types.ts';

/** A chain of operators longer than this is refused: later steps walk its tree recursively. */
const LONGEST_CHAIN = 250;

const LIST_OPERATORS = new Set(['in', '!in', 'in~', '!in~', 'has_any', 'has_all', '!has_any', '!has_all']);
const COMPARISONS = new Set(['<', '<=', '>', '>=']);
/** Operators that begin a pipe instead of following one. */
const SOURCE_WORDS = new Set([
  'union',
  'print',
  'range',
  'datatable',
  'externaldata',
  'external_data',
  'search',
  'find',
  'evaluate',
]);

/** The expressions of Kusto. Pipes and statements, which expressions may hold, are in the class that extends this one. */
export abstract class ExpressionParser {
  readonly stream: TokenStream<KustoTokenKind, KustoToken>;
  private readonly source: SourceText;
  private lastEnd = 0;
  /** One report for one place: what follows from an error is not told again. */
  private lastReported = -1;

  constructor(source: SourceText) {
    this.source = source;
    const { tokens, diagnostics } = lexKusto(source);
    this.stream = new TokenStream<KustoTokenKind, KustoToken>(source, tokens);
    for (const found of diagnostics) this.stream.report(found);
  }

  /** `expression ('|' operator)*` */
  abstract pipe(): Expression;
  /** An operator at the start of a pipe. */
  abstract sourceOperator(): Expression;
  abstract block(): readonly Statement[];

  // ---- tokens

  protected next(): KustoToken {
    const token = this.stream.next();
    this.lastEnd = token.end;
    return token;
  }

  protected atSymbol(...symbols: readonly string[]): boolean {
    const token = this.stream.peek();
    return token.kind === 'symbol' && symbols.includes(token.text);
  }

  protected atWord(...words: readonly string[]): boolean {
    const token = this.stream.peek();
    return token.kind === 'name' && words.includes(token.value);
  }

  protected accept(symbol: string): KustoToken | undefined {
    return this.atSymbol(symbol) ? this.next() : undefined;
  }

  protected acceptWord(word: string): KustoToken | undefined {
    return this.atWord(word) ? this.next() : undefined;
  }

  protected here(): Span {
    return this.stream.spanOf(this.stream.peek());
  }

  /** From the start of a token or node to the last token taken. */
  protected since(start: number): Span {
    return this.source.span(start, Math.max(start, this.lastEnd));
  }

  protected expected(what: string): void {
    const token = this.stream.peek();
    // The lexer has already told what is wrong with a bad token.
    if (token.kind === 'bad' || token.start === this.lastReported) return;
    this.lastReported = token.start;
    const found = token.kind === 'end' ? 'the end of the query' : `\`${shorten(token.text)}\``;
    this.stream.report(diagnostic('kusto/expected', { expected: what, found }, this.here()));
  }

  protected expect(symbol: string): boolean {
    if (this.accept(symbol) !== undefined) return true;
    this.expected(`\`${symbol}\``);
    return false;
  }

  // ---- names

  /** Whether the next tokens can be a name: a word, or `['any text']`. */
  protected atName(): boolean {
    if (this.stream.at('name')) return true;
    if (this.stream.at('typed')) return false;
    return this.atSymbol('[') && this.stream.peek(1).kind === 'string' && this.stream.peek(2).text === ']';
  }

  protected name(): Name | undefined {
    const start = this.stream.peek().start;
    if (this.stream.at('name')) {
      const text = this.next().value;
      return { text, span: this.since(start) };
    }
    if (!this.atName()) return undefined;
    this.next();
    const text = this.next().value;
    this.next();
    return { text, span: this.since(start) };
  }

  protected nameOrReport(what: string): Name {
    const name = this.name();
    if (name !== undefined) return name;
    this.expected(what);
    return { text: '', span: this.here() };
  }

  protected typeName(): TypeName {
    const start = this.stream.peek().start;
    if (!this.stream.at('name')) {
      this.expected('a type');
      return { text: '', type: undefined, span: this.here() };
    }
    const text = this.next().value;
    const type = typeNamed(text);
    const span = this.since(start);
    if (type === undefined) this.stream.report(diagnostic('kusto/unknown-type', { name: text }, span));
    return { text, type, span };
  }

  // ---- expressions, loosest first

  /** `expression := conjunction ('or' conjunction)*` */
  expression(): Expression {
    return this.stream.nest(
      () => this.logic('or', () => this.logic('and', () => this.equality())),
      () => this.tooDeep(),
    );
  }

  protected tooDeep(): Expression {
    const span = this.here();
    this.stream.report(diagnostic('kusto/too-deep', {}, span));
    // Out to the end of the statement, so that one report is enough.
    while (!this.stream.at('end') && !this.atSymbol(';')) this.next();
    return { kind: 'bad', span };
  }

  private logic(operator: 'and' | 'or', item: () => Expression): Expression {
    const first = item();
    if (!this.atWord(operator)) return first;
    const items = [first];
    while (this.acceptWord(operator) !== undefined) items.push(item());
    return { kind: 'logic', operator, items, span: around(items) };
  }

  /** `equality := relation [('==' | '!=' | '<>') relation | list-operator '(' list ')' | ['!']'between' '(' a '..' b ')']` */
  private equality(): Expression {
    const left = this.relation();
    const token = this.stream.peek();
    if (this.atSymbol('==', '!=', '<>')) {
      const operatorSpan = this.stream.spanOf(this.next());
      const right = this.relation();
      const operator = token.text === '<>' ? '!=' : token.text;
      return { kind: 'binary', operator, operatorSpan, left, right, span: cover(left.span, right.span) };
    }
    if (LIST_OPERATORS.has(token.text)) {
      const operatorSpan = this.stream.spanOf(this.next());
      const items = this.list();
      const span = cover(left.span, this.since(token.start));
      return { kind: 'list', operator: token.value, operatorSpan, subject: left, items, span };
    }
    if (token.text === 'between' || token.text === '!between') return this.between(left);
    return left;
  }

  private list(): readonly Expression[] {
    if (!this.atSymbol('(')) {
      this.expected('`(` and a list of values');
      return [this.sign()];
    }
    this.next();
    const items: Expression[] = [];
    while (!this.atSymbol(')') && !this.atEnd()) {
      items.push(this.pipe());
      if (this.accept(',') === undefined) break;
    }
    this.closing(')');
    return items;
  }

  private between(subject: Expression): Expression {
    const token = this.next();
    const negated = token.text.startsWith('!');
    this.expect('(');
    const low = this.expression();
    this.expect('..');
    const high = this.expression();
    this.closing(')');
    return { kind: 'between', subject, negated, low, high, span: cover(subject.span, this.since(token.start)) };
  }

  /** `relation := sum [('<' | '<=' | '>' | '>=') sum]` */
  private relation(): Expression {
    const left = this.sum();
    const token = this.stream.peek();
    if (token.kind !== 'symbol' || !COMPARISONS.has(token.text)) return left;
    const operatorSpan = this.stream.spanOf(this.next());
    const right = this.sum();
    return { kind: 'binary', operator: token.text, operatorSpan, left, right, span: cover(left.span, right.span) };
  }

  /** `sum := product (('+' | '-') product)*` */
  private sum(): Expression {
    return this.chain(['+', '-'], () => this.product());
  }

  /** `product := text-test (('*' | '/' | '%') text-test)*` */
  private product(): Expression {
    return this.chain(['*', '/', '%'], () => this.textTest());
  }

  private chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (let length = 0; this.atSymbol(...operators); length += 1) {
      if (length > LONGEST_CHAIN) return this.tooDeep();
      const token = this.next();
      const right = operand();
      left = {
        kind: 'binary',
        operator: token.text,
        operatorSpan: this.stream.spanOf(token),
        left,
        right,
        span: cover(left.span, right.span),
      };
    }
    return left;
  }

  /** `text-test := signed [text-operator signed]`; `matches regex` is one operator. */
  private textTest(): Expression {
    const left = this.atSymbol('*') ? this.star() : this.sign();
    const token = this.stream.peek();
    let operator = token.text;
    if (token.kind === 'name' && token.value === 'matches' && this.stream.peek(1).text === 'regex') {
      operator = 'matches regex';
    }
    if ((token.kind !== 'symbol' && token.kind !== 'name') || !TEXT_OPERATORS.has(operator)) return left;
    this.next();
    if (operator === 'matches regex') this.next();
    const operatorSpan = this.since(token.start);
    const right = this.sign();
    return { kind: 'binary', operator, operatorSpan, left, right, span: cover(left.span, right.span) };
  }

  protected star(): Expression {
    const token = this.next();
    return { kind: 'star', pattern: '*', span: this.stream.spanOf(token) };
  }

  private sign(): Expression {
    if (!this.atSymbol('+', '-')) return this.path();
    return this.stream.nest(
      () => {
        const token = this.next();
        const operand = this.sign();
        const operator = token.text === '-' ? '-' : '+';
        return { kind: 'unary', operator, operand, span: cover(this.stream.spanOf(token), operand.span) };
      },
      () => this.tooDeep(),
    );
  }

  /** `path := primary ('.' name | '[' expression ']')*` */
  private path(): Expression {
    const start = this.stream.peek().start;
    let target = this.primary();
    for (let length = 0; this.atSymbol('.', '['); length += 1) {
      if (length > LONGEST_CHAIN) return this.tooDeep();
      // A dot before a bracket means nothing: `TargetResources.[0]`.
      if (this.accept('.') !== undefined && !this.atSymbol('[')) {
        if (
          this.stream.at('name') &&
          this.stream.peek(1).text === '(' &&
          this.stream.peek(1).start === this.stream.peek().end
        ) {
          // `cluster('x').database('y').Table`: the call's place is all that matters.
          const call = this.primary();
          target = { ...call, span: this.since(start) };
          continue;
        }
        const name = this.nameOrReport('a member name');
        if (name.text === '') return { kind: 'bad', span: this.since(start) };
        target = { kind: 'member', target, name, span: this.since(start) };
        continue;
      }
      this.next();
      const index = this.expression();
      this.closing(']');
      target = { kind: 'index', target, index, span: this.since(start) };
    }
    return target;
  }

  private primary(): Expression {
    const token = this.stream.peek();
    const start = token.start;
    switch (token.kind) {
      case 'long':
      case 'real':
        this.next();
        return {
          kind: 'literal',
          type: token.kind,
          value: token.kind === 'long' ? token.value : Number(token.value),
          span: this.since(start),
        };
      case 'timespan':
        this.next();
        return { kind: 'literal', type: 'timespan', value: readTimespan(token.value) ?? null, span: this.since(start) };
      case 'string': {
        // Strings in a row are one string.
        let value = '';
        while (this.stream.at('string')) value += this.next().value;
        return { kind: 'literal', type: 'string', value, span: this.since(start) };
      }
      case 'typed': {
        this.next();
        const span = this.since(start);
        const literal = readTyped(token.type ?? '', token.value);
        if (literal !== undefined) return { kind: 'literal', ...literal, span };
        this.stream.report(
          diagnostic('kusto/bad-literal', { type: token.type ?? '', text: shorten(token.value) }, span),
        );
        return { kind: 'bad', span };
      }
      case 'name':
        return this.word();
      case 'symbol':
        if (token.text === '(') return this.parenthesis();
        if (this.atName()) {
          const name = this.nameOrReport('a name');
          return { kind: 'name', name: name.text, span: name.span };
        }
        break;
      case 'bad':
      case 'end':
        break;
    }
    this.expected('an expression');
    return this.skipped();
  }

  /** A bad expression that takes at most one token: never one that closes or separates something. */
  private skipped(): Expression {
    const span = this.here();
    if (!this.stream.at('end') && !this.atSymbol(')', ']', '}', ',', ';', '|')) this.next();
    return { kind: 'bad', span };
  }

  private parenthesis(): Expression {
    this.next();
    const inner = this.pipe();
    this.closing(')');
    return inner;
  }

  /** A name, a call, a word literal, or an operator that begins a pipe. */
  private word(): Expression {
    const token = this.stream.peek();
    const following = this.stream.peek(1);
    const calls = following.kind === 'symbol' && following.text === '(';
    if (SOURCE_WORDS.has(token.value) && this.beginsPipe(token.value)) return this.sourceOperator();
    if (token.value === 'dynamic' && calls) return this.dynamic();
    if (token.value === 'typeof' && calls) return this.typeof();
    if (!calls && /^(?:true|false)$/i.test(token.value)) {
      this.next();
      return { kind: 'literal', type: 'bool', value: /^t/i.test(token.value), span: this.stream.spanOf(token) };
    }
    const name = this.nameOrReport('a name');
    if (calls) return this.call(name);
    return { kind: 'name', name: name.text, span: name.span };
  }

  /** Whether the word begins an operator here; as a column or function name it stands before other things. */
  private beginsPipe(word: string): boolean {
    const following = this.stream.peek(1);
    if (following.kind === 'end') return word === 'print';
    if (word === 'datatable' || word === 'externaldata' || word === 'external_data') return following.text === '(';
    if (word === 'range') return following.kind === 'name' && this.stream.peek(2).text === 'from';
    if (word === 'search' && following.text === 'in') return true;
    if (word === 'evaluate') return following.kind === 'name';
    if (following.kind === 'symbol')
      return (
        following.text === '(' ||
        following.text === '*' ||
        following.text === '[' ||
        (word === 'print' && following.text === '-')
      );
    return (
      following.kind !== 'bad' &&
      !TEXT_OPERATORS.has(following.text) &&
      !['and', 'or', 'in', 'between'].includes(following.text)
    );
  }

  private call(name: Name): Expression {
    this.next();
    const args: Argument[] = [];
    while (!this.atSymbol(')') && !this.atEnd()) {
      args.push(this.argument());
      if (this.accept(',') === undefined) break;
    }
    this.closing(')');
    return { kind: 'call', name, args, span: cover(name.span, this.since(this.stream.peek().start)) };
  }

  private argument(): Argument {
    const start = this.stream.peek().start;
    let name: Name | undefined;
    if (this.stream.at('name') && this.stream.peek(1).text === '=') {
      name = this.name();
      this.next();
    }
    const value = this.atSymbol('*') && [',', ')'].includes(this.stream.peek(1).text) ? this.star() : this.pipe();
    return { name, value, span: this.since(start) };
  }

  private typeof(): Expression {
    const start = this.next().start;
    this.next();
    const type = this.typeName();
    this.closing(')');
    return { kind: 'typeof', type, span: this.since(start) };
  }

  private dynamic(): Expression {
    const start = this.next().start;
    this.next();
    const json = readDynamic(this.stream, (what) => this.expected(what));
    this.lastEnd = this.stream.peek().start;
    this.closing(')');
    const span = this.since(start);
    return json === undefined ? { kind: 'bad', span } : { kind: 'literal', type: 'dynamic', value: json, span };
  }

  // ---- recovery

  protected atEnd(): boolean {
    return this.stream.at('end') || this.atSymbol(';');
  }

  /**
   * Takes the closing bracket; without it, reports and goes on to it over what is left inside, but never past the
   * statement or the pipe.
   */
  protected closing(symbol: ')' | ']' | '}'): void {
    if (this.accept(symbol) !== undefined) return;
    this.expected(`\`${symbol}\``);
    let depth = 0;
    while (!this.atEnd() && !(depth === 0 && this.atSymbol('|'))) {
      if (this.atSymbol('(', '[', '{')) depth += 1;
      if (this.atSymbol(')', ']', '}')) {
        if (depth === 0) {
          this.accept(symbol);
          return;
        }
        depth -= 1;
      }
      this.next();
    }
  }
}

function around(items: readonly Expression[]): Span {
  return items.map((item) => item.span).reduce(cover);
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
