import type { Expression, Name, Operator, SortKey } from './ast.ts';
import { ParameterizedReader } from './parse-parts.ts';

/** Operators that Kusto has and that are not lowered yet: each becomes `unsupported/kusto-operator`. */
const OTHER_OPERATORS: ReadonlySet<string> = new Set([
  'assert-schema',
  'evaluate',
  'execute-and-cache',
  'external_data',
  'externaldata',
  'facet',
  'find',
  'fork',
  'graph-mark-components',
  'graph-match',
  'graph-merge',
  'graph-shortest-paths',
  'graph-to-table',
  'join',
  'lookup',
  'macro-expand',
  'make-graph',
  'make-series',
  'mv-apply',
  'mv-expand',
  'mvapply',
  'mvexpand',
  'parse',
  'parse-kv',
  'parse-where',
  'partition',
  'project-by-names',
  'reduce',
  'sample',
  'sample-distinct',
  'scan',
  'search',
  'top-hitters',
  'top-nested',
]);

/** The operators of a pipe. One method for each; what comes after an operator is the pipe's business. */
export abstract class OperatorParser extends ParameterizedReader {
  protected abstract unknownOperator(name: string, candidates: Iterable<string>, at: { start: number }): void;

  private readonly readers: Readonly<Record<string, (start: number, name: Name) => Operator>> = {
    where: (start) => this.where(start),
    filter: (start) => this.where(start),
    extend: (start) => ({ kind: 'extend', columns: this.assignments(), span: this.since(start) }),
    project: (start) => ({ kind: 'project', columns: this.assignments(), span: this.since(start) }),
    'project-away': (start) => ({ kind: 'project-away', patterns: this.patterns(), span: this.since(start) }),
    'project-keep': (start) => ({ kind: 'project-keep', patterns: this.patterns(), span: this.since(start) }),
    'project-rename': (start) => this.rename(start),
    'project-reorder': (start) => this.reorder(start),
    union: (start) => this.union(start),
    sort: (start) => this.sort(start),
    order: (start) => this.sort(start),
    take: (start) => ({ kind: 'take', count: this.expression(), span: this.since(start) }),
    limit: (start) => ({ kind: 'take', count: this.expression(), span: this.since(start) }),
    top: (start) => this.top(start),
    count: (start) => this.count(start),
    distinct: (start) => ({ kind: 'distinct', columns: this.assignments(), span: this.since(start) }),
    summarize: (start) => this.summarize(start),
    print: (start) => ({
      kind: 'print',
      columns: this.atEndOfOperator() ? [] : this.assignments(),
      span: this.since(start),
    }),
    datatable: (start) => this.datatable(start),
    range: (start) => this.range(start),
    as: (start) => this.as(start),
    invoke: (start) => ({ kind: 'invoke', call: this.expression(), span: this.since(start) }),
    getschema: (start) => ({ kind: 'getschema', span: this.since(start) }),
    render: (start, name) => this.pass(start, name),
    consume: (start, name) => this.pass(start, name),
    serialize: (start, name) => this.serialize(start, name),
  };

  /** `operator := word …`; the word may have dashes. */
  operator(): Operator {
    const start = this.stream.peek().start;
    const name = this.operatorName();
    if (name === undefined) {
      this.expected('an operator');
      this.skipOperator();
      return { kind: 'bad-operator', span: this.since(start) };
    }
    const reader = Object.hasOwn(this.readers, name.text) ? this.readers[name.text] : undefined;
    if (reader !== undefined) {
      this.skipHints();
      return reader(start, name);
    }
    const known = OTHER_OPERATORS.has(name.text);
    if (!known) this.unknownOperator(name.text, [...Object.keys(this.readers), ...OTHER_OPERATORS], { start });
    this.skipOperator();
    return known ? { kind: 'other', name, span: this.since(start) } : { kind: 'bad-operator', span: this.since(start) };
  }

  private operatorName(): Name | undefined {
    if (!this.stream.at('name')) return undefined;
    const start = this.stream.peek().start;
    let last = this.next();
    let text = last.value;
    for (;;) {
      const dash = this.stream.peek();
      const word = this.stream.peek(1);
      if (dash.text !== '-' || dash.start !== last.end || word.kind !== 'name' || word.start !== dash.end) break;
      this.next();
      last = this.next();
      text += `-${last.value}`;
    }
    return { text, span: this.since(start) };
  }

  private where(start: number): Operator {
    const [name] = this.assigned();
    const predicate = this.expression();
    return { kind: 'where', name, predicate, span: this.since(start) };
  }

  /** `project-rename new = old, …` */
  private rename(start: number): Operator {
    const columns: { to: Name; from: Name }[] = [];
    do {
      const to = this.nameOrReport('a column name');
      this.expect('=');
      columns.push({ to, from: this.nameOrReport('a column name') });
    } while (this.accept(',') !== undefined);
    return { kind: 'project-rename', columns, span: this.since(start) };
  }

  private reorder(start: number): Operator {
    const columns: { pattern: Name; order: 'asc' | 'desc' | undefined }[] = [];
    do {
      columns.push({ pattern: this.pattern(), order: this.direction() });
    } while (this.accept(',') !== undefined);
    return { kind: 'project-reorder', columns, span: this.since(start) };
  }

  /** `union [option]… input, …` */
  private union(start: number): Operator {
    const options = this.options();
    const inputs: Expression[] = [];
    do inputs.push(this.unionInput());
    while (this.accept(',') !== undefined);
    return { kind: 'union', options, inputs, span: this.since(start) };
  }

  private unionInput(): Expression {
    const wildcard = this.wildcard();
    if (wildcard !== undefined) return { kind: 'star', pattern: wildcard.text, span: wildcard.span };
    return this.expression();
  }

  /** `sort by key [asc | desc] [nulls first | nulls last], …` */
  private sort(start: number): Operator {
    if (this.acceptWord('by') === undefined) this.expected('`by`');
    return { kind: 'sort', keys: this.sortKeys(), span: this.since(start) };
  }

  private sortKeys(): readonly SortKey[] {
    const keys: SortKey[] = [];
    do {
      const start = this.stream.peek().start;
      const value = this.expression();
      const direction = this.direction();
      let nulls: 'first' | 'last' | undefined;
      if (this.acceptWord('nulls') !== undefined) {
        if (this.acceptWord('first') !== undefined) nulls = 'first';
        else if (this.acceptWord('last') !== undefined) nulls = 'last';
        else this.expected('`first` or `last`');
      }
      keys.push({ value, direction, nulls, span: this.since(start) });
    } while (this.accept(',') !== undefined);
    return keys;
  }

  private direction(): 'asc' | 'desc' | undefined {
    if (this.acceptWord('asc') !== undefined) return 'asc';
    return this.acceptWord('desc') === undefined ? undefined : 'desc';
  }

  private top(start: number): Operator {
    const count = this.expression();
    if (this.acceptWord('by') === undefined) this.expected('`by`');
    return { kind: 'top', count, keys: this.sortKeys(), span: this.since(start) };
  }

  private count(start: number): Operator {
    const as = this.acceptWord('as') === undefined ? undefined : this.nameOrReport('a name');
    return { kind: 'count', as, span: this.since(start) };
  }

  /** `summarize [assignments] [by assignments]` */
  private summarize(start: number): Operator {
    const aggregates = this.atWord('by') || this.atEndOfOperator() ? [] : this.assignments();
    const by = this.acceptWord('by') === undefined ? [] : this.assignments();
    return { kind: 'summarize', aggregates, by, span: this.since(start) };
  }

  /** `datatable '(' columns ')' '[' values ']'` */
  private datatable(start: number): Operator {
    this.expect('(');
    const columns = this.columnDeclarations();
    this.closing(')');
    const values: Expression[] = [];
    if (this.expect('[')) {
      while (!this.atSymbol(']') && !this.atEnd()) {
        values.push(this.expression());
        if (this.accept(',') === undefined) break;
      }
      this.closing(']');
    }
    return { kind: 'datatable', columns, values, span: this.since(start) };
  }

  /** `range name from a to b step c` */
  private range(start: number): Operator {
    const column = this.nameOrReport('a column name');
    const part = (word: string): Expression => {
      if (this.acceptWord(word) === undefined) this.expected(`\`${word}\``);
      return this.expression();
    };
    return { kind: 'range', column, from: part('from'), to: part('to'), step: part('step'), span: this.since(start) };
  }

  private as(start: number): Operator {
    this.options();
    return { kind: 'as', name: this.nameOrReport('a name'), span: this.since(start) };
  }

  private pass(start: number, name: Name): Operator {
    this.skipOperator();
    return { kind: 'pass', name, span: this.since(start) };
  }

  /** `serialize [assignments]`: the columns are those of an `extend`. */
  private serialize(start: number, name: Name): Operator {
    if (this.atEndOfOperator()) return { kind: 'pass', name, span: this.since(start) };
    return { kind: 'extend', columns: this.assignments(), span: this.since(start) };
  }
}
