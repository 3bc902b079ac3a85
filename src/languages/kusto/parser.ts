import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { SourceText } from '../../base/source-text.ts';
import { cover } from '../../base/span.ts';
import type {
  ColumnDeclaration,
  Expression,
  FunctionDeclaration,
  KustoQuery,
  LetStatement,
  Operator,
  Parameter,
  Statement,
} from './ast.ts';
import { OperatorParser } from './parse-operator.ts';

/** A pipe longer than this is refused: the plan of each operator holds that of the one before it. */
const MOST_OPERATORS = 250;

/**
 * Reads a Kusto query. Never throws; each error is reported, and reading goes on with the next operator or statement.
 */
export function parseKusto(source: SourceText): {
  readonly ast: KustoQuery;
  readonly diagnostics: readonly Diagnostic[];
} {
  const parser = new Parser(source);
  const statements = parser.query();
  return { ast: { source, statements }, diagnostics: parser.stream.diagnostics };
}

class Parser extends OperatorParser {
  /** `query := statement (';' statement)* [';']` */
  query(): readonly Statement[] {
    const statements: Statement[] = [];
    while (!this.stream.at('end')) {
      if (this.accept(';') !== undefined) continue;
      const before = this.stream.mark();
      statements.push(this.statement());
      this.endStatement();
      if (this.stream.mark() === before) this.next();
    }
    return statements;
  }

  /** `block := '{' [statement (';' statement)* [';']] '}'` */
  block(): readonly Statement[] {
    const statements: Statement[] = [];
    if (!this.expect('{')) return statements;
    while (!this.stream.at('end') && !this.atSymbol('}')) {
      if (this.accept(';') !== undefined) continue;
      const before = this.stream.mark();
      statements.push(this.statement());
      this.endStatement();
      if (this.stream.mark() === before) this.next();
    }
    this.expect('}');
    return statements;
  }

  private statement(): Statement {
    const start = this.stream.peek().start;
    if (this.atLet()) return this.let();
    if (this.atWord('set', 'declare', 'alias', 'restrict', 'pattern') && this.stream.peek(1).kind === 'name') {
      const word = this.next().value;
      while (!this.atEnd() && !this.atSymbol('}')) this.next();
      return { kind: 'set', word, span: this.since(start) };
    }
    const value = this.pipe();
    if (value.kind === 'bad') return { kind: 'bad-statement', span: value.span };
    return { kind: 'expression', value, span: value.span };
  }

  /** After a statement comes `;` or the end; without it, what is left of the statement is skipped. */
  private endStatement(): void {
    if (this.atEnd() || this.atSymbol('}')) return;
    this.expected('`;` or `|`');
    let depth = 0;
    while (!this.atEnd()) {
      if (depth === 0 && (this.atSymbol('}') || this.atLet())) return;
      if (this.atSymbol('{', '(', '[')) depth += 1;
      if (this.atSymbol('}', ')', ']') && depth > 0) depth -= 1;
      this.next();
    }
  }

  private atLet(): boolean {
    return this.atWord('let') && (this.stream.peek(1).kind === 'name' || this.stream.peek(1).text === '[');
  }

  /** `let := 'let' name '=' (['view'] '(' parameters ')' block | pipe)` */
  private let(): LetStatement {
    const start = this.next().start;
    const name = this.nameOrReport('a name');
    this.expect('=');
    const value = this.atFunction() ? this.function() : this.pipe();
    return { kind: 'let', name, value, span: this.since(start) };
  }

  private atFunction(): boolean {
    const open = this.atWord('view') ? 1 : 0;
    if (this.stream.peek(open).text !== '(') return false;
    const inside = this.stream.peek(open + 1);
    const after = this.stream.peek(open + 2);
    if (inside.text === ')') return after.text === '{';
    return inside.kind === 'name' && after.kind === 'symbol' && after.text === ':';
  }

  private function(): FunctionDeclaration {
    const start = this.stream.peek().start;
    const view = this.acceptWord('view') !== undefined;
    this.next();
    const parameters: Parameter[] = [];
    while (!this.atSymbol(')') && !this.atEnd()) {
      parameters.push(this.parameter());
      if (this.accept(',') === undefined) break;
    }
    this.closing(')');
    const body = this.stream.nest(
      () => this.block(),
      () => {
        this.tooDeep();
        return [];
      },
    );
    return { kind: 'function', view, parameters, body, span: this.since(start) };
  }

  /** `parameter := name ':' (type ['=' literal] | '(' '*' ')' | '(' columns ')')` */
  private parameter(): Parameter {
    const start = this.stream.peek().start;
    const name = this.nameOrReport('a parameter name');
    this.expect(':');
    if (this.accept('(') !== undefined) {
      let columns: readonly ColumnDeclaration[] | null = null;
      if (this.accept('*') === undefined) columns = this.columnDeclarations();
      this.closing(')');
      return { name, type: columns, value: undefined, span: this.since(start) };
    }
    const type = this.typeName();
    const value = this.accept('=') === undefined ? undefined : this.expression();
    return { name, type, value, span: this.since(start) };
  }

  /** `pipe := expression ('|' operator)*` */
  pipe(): Expression {
    return this.stream.nest(
      () => {
        const source = this.expression();
        if (!this.atSymbol('|')) return source;
        const operators: Operator[] = [];
        while (this.accept('|') !== undefined) {
          if (operators.length >= MOST_OPERATORS) return this.tooDeep();
          operators.push(this.operator());
          this.endOperator();
        }
        return { kind: 'pipe', source, operators, span: cover(source.span, this.since(source.span.start)) };
      },
      () => this.tooDeep(),
    );
  }

  sourceOperator(): Expression {
    const operator = this.operator();
    return { kind: 'source', operator, span: operator.span };
  }

  /** After an operator comes `|` or whatever ends the pipe; anything else is reported and skipped. */
  private endOperator(): void {
    if (this.atEndOfOperator() || this.atLet()) return;
    this.expected('`|` or the end of the operator');
    this.skipOperator();
  }

  protected unknownOperator(name: string, candidates: Iterable<string>, at: { start: number }): void {
    const near = didYouMean(name, candidates);
    this.stream.report(diagnostic('kusto/unknown-operator', { name, near }, this.since(at.start)));
  }
}
