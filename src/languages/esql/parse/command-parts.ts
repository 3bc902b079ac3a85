import { cover, type Span } from '../../../base/span.ts';
import type { EsqlAggregate, EsqlField, EsqlName, EsqlOrder, EsqlRenaming, EsqlString } from '../ast.ts';
import type { ExpressionParser } from './expression.ts';
import { parseName, parsePattern } from './names.ts';
import type { EsqlTokens } from './tokens.ts';

/** What the arguments of commands are made of. */
export class CommandParts {
  readonly tokens: EsqlTokens;
  readonly expressions: ExpressionParser;

  constructor(tokens: EsqlTokens, expressions: ExpressionParser) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  list<T>(item: () => T | undefined): readonly T[] {
    const items: T[] = [];
    do {
      const one = item();
      if (one !== undefined) items.push(one);
    } while (this.tokens.accept(',') !== undefined);
    return items;
  }

  name(): EsqlName | undefined {
    const name = parseName(this.tokens);
    if (name === undefined) this.tokens.expected('a name');
    return name;
  }

  pattern(): EsqlName | undefined {
    const name = parsePattern(this.tokens);
    if (name === undefined) this.tokens.expected('a column');
    return name;
  }

  string(): EsqlString | undefined {
    const token = this.tokens.accept('string');
    if (token === undefined) {
      this.tokens.expected('a text in quotes');
      return undefined;
    }
    return { kind: 'string', value: token.value, span: this.tokens.spanOf(token) };
  }

  /** field: ( name `=` )? boolean-expression */
  field(): EsqlField {
    const name = this.assigned();
    const value = this.expressions.expression();
    return { name, value, span: name === null ? value.span : cover(name.span, value.span) };
  }

  /** The name before a `=`; null, and nothing is read, where there is none. */
  assigned(): EsqlName | null {
    const mark = this.tokens.mark();
    const complaints = this.tokens.diagnostics.length;
    const name = parseName(this.tokens);
    if (name !== undefined && this.tokens.accept('=') !== undefined) return name;
    this.tokens.diagnostics.length = complaints;
    this.tokens.rewind(mark);
    return null;
  }

  /** aggregate: field ( `WHERE` boolean-expression )? */
  aggregate(): EsqlAggregate {
    const field = this.field();
    if (this.tokens.acceptWord('where') === undefined) return { ...field, where: null };
    const where = this.expressions.expression();
    return { ...field, where, span: cover(field.span, where.span) };
  }

  /** renaming: pattern `AS` pattern | pattern `=` pattern */
  renaming(): EsqlRenaming | undefined {
    const first = this.pattern();
    const isAs = this.tokens.acceptWord('as') !== undefined;
    if (!isAs && this.tokens.accept('=') === undefined) this.tokens.expected('`AS`');
    const second = this.pattern();
    if (first === undefined || second === undefined) return undefined;
    const span = cover(first.span, second.span);
    return isAs ? { from: first, to: second, span } : { from: second, to: first, span };
  }

  /** order: boolean-expression ( `ASC` | `DESC` )? ( `NULLS` ( `FIRST` | `LAST` ) )? */
  order(): EsqlOrder {
    const value = this.expressions.expression();
    const direction = this.oneOf('asc', 'desc');
    const isNulls = this.tokens.acceptWord('nulls') !== undefined;
    const nulls = isNulls ? this.oneOf('first', 'last') : null;
    if (isNulls && nulls === null) this.tokens.expected('`FIRST` or `LAST`');
    return { value, direction, nulls, span: value.span };
  }

  private oneOf<A extends string, B extends string>(one: A, other: B): A | B | null {
    if (this.tokens.acceptWord(one) !== undefined) return one;
    return this.tokens.acceptWord(other) === undefined ? null : other;
  }
}

/** From the first of some nodes to the last; `otherwise` where there are none. */
export function spanOfAll(nodes: readonly { readonly span: Span }[], otherwise: Span): Span {
  const [first, last] = [nodes[0], nodes.at(-1)];
  return first === undefined || last === undefined ? otherwise : cover(first.span, last.span);
}
