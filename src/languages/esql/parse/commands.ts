import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { cover, type Span } from '../../../base/span.ts';
import type {
  EsqlAggregate,
  EsqlCommand,
  EsqlExpr,
  EsqlField,
  EsqlName,
  EsqlOrder,
  EsqlPipeline,
  EsqlRenaming,
  EsqlSource,
  EsqlString,
  EsqlSubquery,
} from '../ast.ts';
import { COMMAND_NAMES } from '../commands.ts';
import type { EsqlToken } from '../lexer.ts';
import { ExpressionParser } from './expression.ts';
import { parseIndex, parseName, parsePattern } from './names.ts';
import { parseMap } from './primary.ts';
import type { EsqlTokens } from './tokens.ts';

/** Commands, one method for each kind of argument list. */
export class Commands {
  private readonly tokens: EsqlTokens;
  private readonly expressions: ExpressionParser;

  constructor(tokens: EsqlTokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, () => this.inBrackets(() => this.subquery()));
  }

  /** pipeline: command ( `|` command )* */
  pipeline(): EsqlPipeline {
    const start = this.tokens.spanOf(this.tokens.peek());
    const commands: EsqlCommand[] = [];
    do {
      commands.push(this.command());
      this.skipRest();
    } while (this.tokens.accept('|') !== undefined);
    return { commands, span: cover(start, commands.at(-1)?.span ?? start) };
  }

  /** subquery: pipeline, in brackets that whoever calls reads */
  private subquery(): EsqlSubquery {
    const pipeline = this.pipeline();
    return { kind: 'subquery', pipeline, span: pipeline.span };
  }

  /** Goes on behind what could not be read, at the next command. */
  private skipRest(): void {
    const { tokens } = this;
    if (tokens.at('|', 'end', ';')) return;
    if (tokens.at(')') && this.depth > 0) return;
    tokens.expected('`|` or the end of the query');
    for (let depth = 0; !tokens.at('end'); tokens.next()) {
      if (depth === 0 && (tokens.at('|', ';') || (tokens.at(')') && this.depth > 0))) return;
      if (tokens.at('(')) depth += 1;
      if (tokens.at(')')) depth -= 1;
    }
  }

  /** How many brackets with queries in them are open. */
  private depth = 0;

  private inBrackets<T>(read: () => T): T {
    this.depth += 1;
    try {
      return read();
    } finally {
      this.depth -= 1;
    }
  }

  /** command: the word of a command and what it takes */
  private command(): EsqlCommand {
    const word = this.tokens.accept('command');
    if (word === undefined) return this.unknown();
    const start = this.tokens.spanOf(word);
    const read = this.arguments(word, start);
    return { ...read, span: cover(start, read.span) };
  }

  private unknown(): EsqlCommand {
    const token = this.tokens.peek();
    const span = this.tokens.spanOf(token);
    if (token.kind === 'word') {
      const suggestions = didYouMean(token.text.toUpperCase(), COMMAND_NAMES);
      this.tokens.report(diagnostic('esql/unknown-command', { name: token.text, suggestions }, span));
      while (!this.tokens.at('|', 'end', ';') && !(this.tokens.at(')') && this.depth > 0)) this.tokens.next();
    } else this.tokens.expected('a command');
    return { kind: 'error', span };
  }

  private arguments(word: EsqlToken, span: Span): EsqlCommand {
    const { tokens, expressions } = this;
    switch (word.value) {
      case 'FROM':
      case 'TS':
        return this.from(word.value === 'FROM' ? 'from' : 'ts', span);
      case 'ROW':
        return this.fields('row', span);
      case 'SHOW': {
        const info = tokens.takeWord('info');
        return { kind: 'show', span: info === undefined ? span : tokens.spanOf(info) };
      }
      case 'WHERE': {
        const condition = expressions.expression();
        return { kind: 'where', condition, span: condition.span };
      }
      case 'EVAL':
        return this.fields('eval', span);
      case 'KEEP':
      case 'DROP': {
        const names = this.list(() => this.pattern());
        return { kind: word.value === 'KEEP' ? 'keep' : 'drop', names, span: spanOfAll(names, span) };
      }
      case 'RENAME': {
        const renamings = this.list(() => this.renaming());
        return { kind: 'rename', renamings, span: spanOfAll(renamings, span) };
      }
      case 'SORT': {
        const orders = this.list(() => this.order());
        return { kind: 'sort', orders, span: spanOfAll(orders, span) };
      }
      case 'LIMIT': {
        const count = expressions.sum();
        const by = tokens.acceptWord('by') === undefined ? [] : this.list(() => expressions.expression());
        return { kind: 'limit', count, by, span: spanOfAll([count, ...by], span) };
      }
      case 'STATS':
        return this.stats('stats', span);
      case 'INLINE STATS':
      case 'INLINESTATS':
        return this.stats('inline-stats', span);
      case 'MV_EXPAND': {
        const name = this.pattern();
        return name === undefined ? { kind: 'error', span } : { kind: 'mv-expand', name, span: name.span };
      }
      case 'GROK': {
        const subject = expressions.sum();
        const patterns = this.list(() => this.string());
        return { kind: 'grok', subject, patterns, span: spanOfAll([subject, ...patterns], span) };
      }
      case 'DISSECT':
        return this.dissect(span);
      case 'ENRICH':
        return this.enrich(span);
      case 'LOOKUP JOIN':
      case 'LEFT JOIN':
      case 'RIGHT JOIN':
      case 'FULL JOIN':
        return this.join(word.value, span);
      case 'FORK':
        return this.fork(span);
      case 'SAMPLE': {
        const probability = expressions.sum();
        return { kind: 'sample', probability, span: probability.span };
      }
      case 'CHANGE_POINT':
        return this.changePoint(span);
      case 'COMPLETION':
        return this.completion(span);
      case 'URI_PARTS':
      case 'REGISTERED_DOMAIN':
      case 'USER_AGENT':
      case 'IP_LOCATION':
        return this.parts(word.value, span);
      default:
        return this.other(word.value, span);
    }
  }

  /** from: source ( `,` source )* ( `METADATA` name ( `,` name )* )? */
  private from(kind: 'from' | 'ts', span: Span): EsqlCommand {
    const sources = this.list(() => this.source());
    const metadata = this.tokens.acceptWord('metadata') === undefined ? [] : this.list(() => this.name());
    return { kind, sources, metadata, span: spanOfAll([...sources, ...metadata], span) };
  }

  /** source: index-pattern | `(` pipeline `)` */
  private source(): EsqlSource | undefined {
    if (this.tokens.accept('(') === undefined) return parseIndex(this.tokens);
    return this.inBrackets(() => {
      const query = this.tokens.nest(
        () => this.subquery(),
        () => undefined,
      );
      if (query === undefined) this.tokens.giveUp();
      this.tokens.take(')');
      return query;
    });
  }

  private fields(kind: 'row' | 'eval', span: Span): EsqlCommand {
    const fields = this.list(() => this.field());
    return { kind, fields, span: spanOfAll(fields, span) };
  }

  /** field: ( name `=` )? boolean-expression */
  private field(): EsqlField {
    const name = this.assigned();
    const value = this.expressions.expression();
    return { name, value, span: name === null ? value.span : cover(name.span, value.span) };
  }

  /** The name before a `=`; null, and nothing is read, where there is none. */
  private assigned(): EsqlName | null {
    const mark = this.tokens.mark();
    const complaints = this.tokens.diagnostics.length;
    const name = parseName(this.tokens);
    if (name !== undefined && this.tokens.accept('=') !== undefined) return name;
    this.tokens.diagnostics.length = complaints;
    this.tokens.rewind(mark);
    return null;
  }

  /** stats: ( aggregate ( `,` aggregate )* )? ( `BY` field ( `,` field )* )? */
  private stats(kind: 'stats' | 'inline-stats', span: Span): EsqlCommand {
    const aggregates = this.tokens.atWord('by') ? [] : this.list(() => this.aggregate());
    const by = this.tokens.acceptWord('by') === undefined ? [] : this.list(() => this.field());
    return { kind, aggregates, by, span: spanOfAll([...aggregates, ...by], span) };
  }

  /** aggregate: field ( `WHERE` boolean-expression )? */
  private aggregate(): EsqlAggregate {
    const field = this.field();
    if (this.tokens.acceptWord('where') === undefined) return { ...field, where: null };
    const where = this.expressions.expression();
    return { ...field, where, span: cover(field.span, where.span) };
  }

  /** renaming: pattern `AS` pattern | pattern `=` pattern */
  private renaming(): EsqlRenaming | undefined {
    const first = this.pattern();
    const isAs = this.tokens.acceptWord('as') !== undefined;
    if (!isAs && this.tokens.accept('=') === undefined) this.tokens.expected('`AS`');
    const second = this.pattern();
    if (first === undefined || second === undefined) return undefined;
    const span = cover(first.span, second.span);
    return isAs ? { from: first, to: second, span } : { from: second, to: first, span };
  }

  /** order: boolean-expression ( `ASC` | `DESC` )? ( `NULLS` ( `FIRST` | `LAST` ) )? */
  private order(): EsqlOrder {
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

  /** dissect: value string ( name `=` constant )* */
  private dissect(span: Span): EsqlCommand {
    const subject = this.expressions.sum();
    const pattern = this.string() ?? { kind: 'string', value: '', span };
    const options: EsqlField[] = [];
    while (this.tokens.at('word')) {
      const name = this.name() ?? null;
      if (name === null || this.tokens.take('=') === undefined) break;
      const value = this.expressions.sum();
      options.push({ name, value, span: cover(name.span, value.span) });
      if (this.tokens.accept(',') === undefined) break;
    }
    return { kind: 'dissect', subject, pattern, options, span: spanOfAll([pattern, ...options], span) };
  }

  /** enrich: policy ( `ON` pattern )? ( `WITH` ( pattern `=` )? pattern ( `,` … )* )? */
  private enrich(span: Span): EsqlCommand {
    const policy = parseIndex(this.tokens) ?? { kind: 'index', text: '', span };
    const on = this.tokens.acceptWord('on') === undefined ? null : (this.pattern() ?? null);
    const fields = this.tokens.acceptWord('with') === undefined ? [] : this.list(() => this.enriched());
    return { kind: 'enrich', policy, on, fields, span: spanOfAll([policy, ...(on ? [on] : []), ...fields], span) };
  }

  private enriched(): { name: EsqlName | null; field: EsqlName; span: Span } | undefined {
    const first = this.pattern();
    if (first === undefined) return undefined;
    const second = this.tokens.accept('=') === undefined ? undefined : this.pattern();
    if (second === undefined) return { name: null, field: first, span: first.span };
    return { name: first, field: second, span: cover(first.span, second.span) };
  }

  /** join: `LOOKUP` `JOIN` index-pattern `ON` boolean-expression ( `,` boolean-expression )* */
  private join(word: string, span: Span): EsqlCommand {
    const type =
      word === 'LEFT JOIN' ? 'left' : word === 'RIGHT JOIN' ? 'right' : word === 'FULL JOIN' ? 'full' : 'lookup';
    const target = parseIndex(this.tokens) ?? { kind: 'index', text: '', span };
    const on = this.tokens.takeWord('on') === undefined ? [] : this.list(() => this.expressions.expression());
    return { kind: 'join', type, target, on, span: spanOfAll([target, ...on], span) };
  }

  /** fork: ( `(` pipeline `)` )+ */
  private fork(span: Span): EsqlCommand {
    const branches: EsqlPipeline[] = [];
    while (this.tokens.accept('(') !== undefined) {
      this.inBrackets(() => {
        const branch = this.tokens.nest(
          () => this.pipeline(),
          () => undefined,
        );
        if (branch === undefined) this.tokens.giveUp();
        else branches.push(branch);
        this.tokens.take(')');
      });
    }
    if (branches.length === 0) this.tokens.expected('`(` and a branch');
    return { kind: 'fork', branches, span: spanOfAll(branches, span) };
  }

  /** change-point: name ( `ON` name )? ( `AS` name `,` name )? ( `BY` expression ( `,` expression )* )? */
  private changePoint(span: Span): EsqlCommand {
    const value = this.name();
    if (value === undefined) return { kind: 'error', span };
    const key = this.tokens.acceptWord('on') === undefined ? null : (this.name() ?? null);
    let type: EsqlName | null = null;
    let pvalue: EsqlName | null = null;
    if (this.tokens.acceptWord('as') !== undefined) {
      type = this.name() ?? null;
      this.tokens.take(',');
      pvalue = this.name() ?? null;
    }
    const by = this.tokens.acceptWord('by') === undefined ? [] : this.list(() => this.expressions.expression());
    const last = by.at(-1) ?? pvalue ?? key ?? value;
    return { kind: 'change-point', value, key, type, pvalue, by, span: cover(span, last.span) };
  }

  /** completion: ( name `=` )? primary ( `WITH` map )? */
  private completion(span: Span): EsqlCommand {
    const target = this.assigned();
    const prompt = this.expressions.sum();
    const options = this.tokens.acceptWord('with') === undefined ? null : parseMap(this.tokens, this.expressions);
    return {
      kind: 'completion',
      target,
      prompt,
      options,
      span: spanOfAll([prompt, ...(options ? [options] : [])], span),
    };
  }

  /** parts: name `=` expression ( `WITH` map )? */
  private parts(command: 'URI_PARTS' | 'REGISTERED_DOMAIN' | 'USER_AGENT' | 'IP_LOCATION', span: Span): EsqlCommand {
    const prefix = this.name();
    this.tokens.take('=');
    const value = this.expressions.expression();
    const options = this.tokens.acceptWord('with') === undefined ? null : parseMap(this.tokens, this.expressions);
    if (prefix === undefined) return { kind: 'error', span };
    return {
      kind: 'parts',
      command,
      prefix,
      value,
      options,
      span: spanOfAll([value, ...(options ? [options] : [])], span),
    };
  }

  private other(name: string, span: Span): EsqlCommand {
    const words: string[] = [];
    let end = span;
    while (!this.tokens.at('|', 'end', ';') && !(this.tokens.at(')') && this.depth > 0)) {
      const token = this.tokens.next();
      words.push(token.text);
      end = this.tokens.spanOf(token);
    }
    return { kind: 'other', name, text: words.join(' '), span: cover(span, end) };
  }

  private list<T>(item: () => T | undefined): readonly T[] {
    const items: T[] = [];
    do {
      const one = item();
      if (one !== undefined) items.push(one);
    } while (this.tokens.accept(',') !== undefined);
    return items;
  }

  private name(): EsqlName | undefined {
    const name = parseName(this.tokens);
    if (name === undefined) this.tokens.expected('a name');
    return name;
  }

  private pattern(): EsqlName | undefined {
    const name = parsePattern(this.tokens);
    if (name === undefined) this.tokens.expected('a column');
    return name;
  }

  private string(): EsqlString | undefined {
    const token = this.tokens.accept('string');
    if (token === undefined) {
      this.tokens.expected('a text in quotes');
      return undefined;
    }
    return { kind: 'string', value: token.value, span: this.tokens.spanOf(token) };
  }

  /** setting: `SET` name `=` expression `;` */
  setting(): { readonly name: EsqlName; readonly value: EsqlExpr; readonly span: Span } | undefined {
    const word = this.tokens.next();
    const name = this.name();
    this.tokens.take('=');
    const value = this.expressions.sum();
    if (this.tokens.take(';') === undefined) {
      while (!this.tokens.at('end', 'command')) this.tokens.next();
    }
    return name && { name, value, span: cover(this.tokens.spanOf(word), value.span) };
  }
}

function spanOfAll(nodes: readonly { readonly span: Span }[], otherwise: Span): Span {
  const [first, last] = [nodes[0], nodes.at(-1)];
  return first === undefined || last === undefined ? otherwise : cover(first.span, last.span);
}
