import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { cover, type Span } from '../../../base/span.ts';
import type { EsqlCommand, EsqlExpr, EsqlName, EsqlPipeline, EsqlSource, EsqlSubquery } from '../ast.ts';
import { COMMAND_NAMES } from '../commands.ts';
import type { EsqlToken } from '../lexer.ts';
import { CommandParts, spanOfAll } from './command-parts.ts';
import { parseChangePoint, parseCompletion, parseDissect, parseParts } from './derived.ts';
import { ExpressionParser } from './expression.ts';
import { parseEnrich, parseJoin } from './lookups.ts';
import { parseIndex } from './names.ts';
import type { EsqlTokens } from './tokens.ts';

/** As many commands as Elasticsearch lets stand behind the first. */
const MOST_PIPES = 500;

/** Commands, one method for each kind of argument list. */
export class Commands {
  private readonly tokens: EsqlTokens;
  private readonly expressions: ExpressionParser;
  private readonly parts: CommandParts;

  constructor(tokens: EsqlTokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, () => this.inBrackets(() => this.subquery()));
    this.parts = new CommandParts(tokens, this.expressions);
  }

  /** pipeline: command ( `|` command )* */
  pipeline(): EsqlPipeline {
    const start = this.tokens.spanOf(this.tokens.peek());
    const commands: EsqlCommand[] = [];
    do {
      if (commands.length > MOST_PIPES) {
        const at = this.tokens.spanOf(this.tokens.peek());
        this.tokens.giveUpFor(diagnostic('esql/too-many-commands', { limit: MOST_PIPES }, at));
        break;
      }
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
        const names = this.parts.list(() => this.parts.pattern());
        return { kind: word.value === 'KEEP' ? 'keep' : 'drop', names, span: spanOfAll(names, span) };
      }
      case 'RENAME': {
        const renamings = this.parts.list(() => this.parts.renaming());
        return { kind: 'rename', renamings, span: spanOfAll(renamings, span) };
      }
      case 'SORT': {
        const orders = this.parts.list(() => this.parts.order());
        return { kind: 'sort', orders, span: spanOfAll(orders, span) };
      }
      case 'LIMIT': {
        const count = expressions.sum();
        const by = tokens.acceptWord('by') === undefined ? [] : this.parts.list(() => expressions.expression());
        return { kind: 'limit', count, by, span: spanOfAll([count, ...by], span) };
      }
      case 'STATS':
        return this.stats('stats', span);
      case 'INLINE STATS':
      case 'INLINESTATS':
        return this.stats('inline-stats', span);
      case 'MV_EXPAND': {
        const name = this.parts.pattern();
        return name === undefined ? { kind: 'error', span } : { kind: 'mv-expand', name, span: name.span };
      }
      case 'GROK': {
        const subject = expressions.sum();
        const patterns = this.parts.list(() => this.parts.string());
        return { kind: 'grok', subject, patterns, span: spanOfAll([subject, ...patterns], span) };
      }
      case 'DISSECT':
        return parseDissect(span, this.parts);
      case 'ENRICH':
        return parseEnrich(span, this.parts);
      case 'LOOKUP JOIN':
      case 'LEFT JOIN':
      case 'RIGHT JOIN':
      case 'FULL JOIN':
        return parseJoin(word.value, span, this.parts);
      case 'FORK':
        return this.fork(span);
      case 'SAMPLE': {
        const probability = expressions.sum();
        return { kind: 'sample', probability, span: probability.span };
      }
      case 'CHANGE_POINT':
        return parseChangePoint(span, this.parts);
      case 'COMPLETION':
        return parseCompletion(span, this.parts);
      case 'URI_PARTS':
      case 'REGISTERED_DOMAIN':
      case 'USER_AGENT':
      case 'IP_LOCATION':
        return parseParts(word.value, span, this.parts);
      default:
        return this.other(word.value, span);
    }
  }

  /** from: source ( `,` source )* ( `METADATA` name ( `,` name )* )? */
  private from(kind: 'from' | 'ts', span: Span): EsqlCommand {
    const sources = this.parts.list(() => this.source());
    const metadata = this.tokens.acceptWord('metadata') === undefined ? [] : this.parts.list(() => this.parts.name());
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
    const fields = this.parts.list(() => this.parts.field());
    return { kind, fields, span: spanOfAll(fields, span) };
  }

  /** stats: ( aggregate ( `,` aggregate )* )? ( `BY` field ( `,` field )* )? */
  private stats(kind: 'stats' | 'inline-stats', span: Span): EsqlCommand {
    const aggregates = this.tokens.atWord('by') ? [] : this.parts.list(() => this.parts.aggregate());
    const by = this.tokens.acceptWord('by') === undefined ? [] : this.parts.list(() => this.parts.field());
    return { kind, aggregates, by, span: spanOfAll([...aggregates, ...by], span) };
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

  /** setting: `SET` name `=` expression `;` */
  setting(): { readonly name: EsqlName; readonly value: EsqlExpr; readonly span: Span } | undefined {
    const word = this.tokens.next();
    const name = this.parts.name();
    this.tokens.take('=');
    const value = this.expressions.sum();
    if (this.tokens.take(';') === undefined) {
      while (!this.tokens.at('end', 'command')) this.tokens.next();
    }
    return name && { name, value, span: cover(this.tokens.spanOf(word), value.span) };
  }
}
