import type { Assignment, ColumnDeclaration, Expression, Name, Option } from './ast.ts';
import { ExpressionParser } from './parse-expression.ts';

/** What several operators have in common: lists of columns, options, names with stars. */
export abstract class ParameterizedReader extends ExpressionParser {
  /** `assignments := assignment (',' assignment)*` */
  protected assignments(): readonly Assignment[] {
    const found: Assignment[] = [];
    do found.push(this.assignment());
    while (this.accept(',') !== undefined);
    return found;
  }

  /** `assignment := [name '=' | '(' name, … ')' '='] expression | '*'` */
  private assignment(): Assignment {
    const start = this.stream.peek().start;
    const names = this.assigned();
    const star =
      this.atSymbol('*') &&
      (this.stream.peek(1).kind === 'end' || [',', '|', ')', ';', 'by'].includes(this.stream.peek(1).text));
    const value: Expression = star ? this.star() : this.expression();
    return { names, value, span: this.since(start) };
  }

  protected assigned(): readonly Name[] {
    const mark = this.stream.mark();
    if (this.atSymbol('(')) {
      const names: Name[] = [];
      this.next();
      do {
        const name = this.name();
        if (name !== undefined) names.push(name);
      } while (this.accept(',') !== undefined);
      if (names.length > 0 && this.accept(')') !== undefined && this.accept('=') !== undefined) return names;
      this.stream.rewind(mark);
      return [];
    }
    const name = this.name();
    if (name !== undefined && this.accept('=') !== undefined) return [name];
    this.stream.rewind(mark);
    return [];
  }

  protected patterns(): readonly Name[] {
    const found: Name[] = [];
    do found.push(this.pattern());
    while (this.accept(',') !== undefined);
    return found;
  }

  /** A column name, or one with stars in it. */
  protected pattern(): Name {
    return this.wildcard() ?? this.nameOrReport('a column name');
  }

  /** Words and stars without white space between them; undefined when there is no star. */
  protected wildcard(): Name | undefined {
    let ahead = 0;
    let end = this.stream.peek().start;
    let stars = 0;
    for (;;) {
      const token = this.stream.peek(ahead);
      if (token.start !== end) break;
      if (token.text === '*') stars += 1;
      else if (token.kind !== 'name' && token.kind !== 'long') break;
      end = token.end;
      ahead += 1;
    }
    if (stars === 0) return undefined;
    const start = this.stream.peek().start;
    let text = '';
    for (let index = 0; index < ahead; index += 1) text += this.next().text;
    return { text, span: this.since(start) };
  }

  /** `name ':' type, …` */
  protected columnDeclarations(): readonly ColumnDeclaration[] {
    const found: ColumnDeclaration[] = [];
    while (!this.atSymbol(')') && !this.atEnd()) {
      const start = this.stream.peek().start;
      const name = this.nameOrReport('a column name');
      this.expect(':');
      found.push({ name, type: this.typeName(), span: this.since(start) });
      if (this.accept(',') === undefined) break;
    }
    return found;
  }

  /** `name '=' value …`, as after `union`. */
  protected options(): readonly Option[] {
    const found: Option[] = [];
    while (this.stream.at('name') && (this.stream.peek(1).text === '=' || this.atHint())) {
      const start = this.stream.peek().start;
      const name = this.nameOrReport('an option');
      while (this.accept('.') !== undefined) this.name();
      this.expect('=');
      const value = this.optionValue();
      found.push({ name, value, span: this.since(start) });
      this.accept(',');
    }
    return found;
  }

  private optionValue(): Expression {
    const token = this.stream.peek();
    const span = this.here();
    if (token.kind === 'name' || token.kind === 'string' || token.kind === 'long') {
      this.next();
      if (token.kind === 'name') return { kind: 'name', name: token.value, span };
      return { kind: 'literal', type: token.kind, value: token.value, span };
    }
    this.expected('a value');
    return { kind: 'bad', span };
  }

  private atHint(): boolean {
    return this.atWord('hint') && this.stream.peek(1).text === '.';
  }

  /** `hint.strategy = shuffle`: advice to the service, without a meaning of its own. */
  protected skipHints(): void {
    if (this.atHint()) this.options();
  }

  /** Whether the pipe goes on or ends here. */
  protected atEndOfOperator(): boolean {
    return this.atEnd() || this.atSymbol('|', ')', '}', ']', ',');
  }

  /** Over the rest of an operator, brackets and all. */
  protected skipOperator(): void {
    let depth = 0;
    while (!this.stream.at('end')) {
      if (depth === 0 && this.atSymbol('|', ')', '}', ']', ';')) return;
      // An unclosed bracket must not swallow the statements after it.
      if (this.atSymbol(';') && this.stream.peek(1).value === 'let') return;
      if (this.atSymbol('(', '[', '{')) depth += 1;
      if (this.atSymbol(')', ']', '}')) depth -= 1;
      this.next();
    }
  }
}
