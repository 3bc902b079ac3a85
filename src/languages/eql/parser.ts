import { type Diagnostic, diagnostic, primarySpan } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import { cover } from '../../base/span.ts';
import type {
  EqlDuration,
  EqlExpr,
  EqlField,
  EqlFilter,
  EqlPipe,
  EqlQuery,
  EqlRuns,
  EqlStatement,
  EqlTerm,
} from './ast.ts';
import { isEqlTimeUnit } from './duration.ts';
import { lexEql } from './lexer.ts';
import { parseExpression } from './parse-expression.ts';
import { EqlTokens } from './parse-parts.ts';

export interface EqlParse {
  /** The whole query; parts that could not be read are `error` nodes. */
  readonly ast: EqlStatement;
  /** Errors, by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How often a step may be repeated at the most (Elasticsearch). */
const MOST_RUNS = 100;

/** Parses a query, and refuses what Elasticsearch's own parser refuses. Never throws. */
export function parseEql(source: SourceText): EqlParse {
  const { tokens, diagnostics } = lexEql(source);
  const parser = new Parser(new EqlTokens(source, tokens));
  const ast = parser.statement();
  const found = [...diagnostics, ...parser.tokens.diagnostics].sort((a, b) => startOf(a) - startOf(b));
  return { ast, diagnostics: found };
}

/** Parses an expression that stands alone. */
export function parseEqlExpression(source: SourceText): {
  readonly ast: EqlExpr;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { tokens, diagnostics } = lexEql(source);
  const stream = new EqlTokens(source, tokens);
  const ast = parseExpression(stream);
  if (!stream.at('end')) stream.expected('the end');
  return { ast, diagnostics: [...diagnostics, ...stream.diagnostics] };
}

function startOf(found: Diagnostic): number {
  return primarySpan(found)?.start ?? 0;
}

class Parser {
  readonly tokens: EqlTokens;

  constructor(tokens: EqlTokens) {
    this.tokens = tokens;
  }

  /** statement: query ( `|` pipe )* */
  statement(): EqlStatement {
    const query = this.query();
    const pipes: EqlPipe[] = [];
    while (this.tokens.accept('|') !== undefined) {
      const pipe = this.pipe();
      if (pipe !== undefined) pipes.push(pipe);
    }
    if (!this.tokens.at('end')) this.tokens.expected('`|` or the end');
    if (query.kind === 'sample' && pipes[0] !== undefined) {
      this.tokens.report(diagnostic('eql/refused', { what: 'a pipe behind a sample' }, pipes[0].span));
    }
    return { query, pipes, span: this.tokens.source.span(0, this.tokens.source.text.length) };
  }

  /** query: sequence | sample | join | filter */
  private query(): EqlQuery {
    if (this.tokens.at('sequence')) return this.sequence();
    if (this.tokens.at('sample')) return this.sample();
    if (this.tokens.at('join')) {
      const token = this.tokens.next();
      this.tokens.report(diagnostic('eql/refused', { what: '`join`' }, this.tokens.spanOf(token)));
      while (!this.tokens.at('end')) this.tokens.next();
      const span = this.tokens.spanOf(token);
      return { kind: 'event', filter: { category: null, condition: { kind: 'error', span }, span }, span };
    }
    const filter = this.filter();
    return { kind: 'event', filter, span: filter.span };
  }

  /** filter: ( `any` | name | string ) `where` expression */
  private filter(): EqlFilter {
    const start = this.tokens.peek();
    const any = this.tokens.accept('any');
    const named = any === undefined ? (this.tokens.accept('name') ?? this.tokens.accept('string')) : undefined;
    if (any === undefined && named === undefined) this.tokens.expected('`any` or an event category');
    const category = named === undefined ? null : { name: named.value, span: this.tokens.spanOf(named) };
    if (this.tokens.take('where') === undefined) {
      const error = this.tokens.error();
      this.skipTo(']', '|');
      return { category, condition: error, span: cover(this.tokens.spanOf(start), error.span) };
    }
    const condition = parseExpression(this.tokens);
    return { category, condition, span: cover(this.tokens.spanOf(start), condition.span) };
  }

  /** sequence: `sequence` ( `by` keys )? ( `with` `maxspan` `=` duration )? term+ ( `until` term )? */
  private sequence(): EqlQuery {
    const start = this.tokens.spanOf(this.tokens.next());
    const by = this.keys();
    let maxspan: EqlDuration | null = null;
    if (this.tokens.accept('with') !== undefined) {
      this.tokens.take('maxspan');
      this.tokens.take('=');
      maxspan = this.duration();
      const late = this.tokens.peek();
      if (this.keys().length > 0) {
        this.tokens.report(diagnostic('eql/by-after-with', {}, this.tokens.spanOf(late)));
      }
    }
    const terms = this.terms(by, 'sequence');
    let until: EqlTerm | null = null;
    const word = this.tokens.accept('until');
    if (word !== undefined) {
      until = this.term();
      if (until !== null) this.checkUntil(until);
    }
    const last = until ?? terms.at(-1);
    const span = cover(start, last?.span ?? start);
    const all = until === null ? terms : [...terms, until];
    this.checkKeys(all);
    const steps = terms.reduce((sum, { runs }) => sum + (runs?.count ?? 1), 0);
    if (steps < 2)
      this.tokens.report(diagnostic('eql/too-few-steps', { what: 'sequence', least: 2, found: steps }, span));
    const absent = terms.filter(({ missing }) => missing);
    if (absent.length > 0 && absent.length === terms.length) {
      this.tokens.report(diagnostic('eql/only-missing', {}, span));
    }
    if (absent[0] !== undefined && maxspan === null) {
      this.tokens.report(diagnostic('eql/missing-needs-maxspan', {}, absent[0].span));
    }
    return { kind: 'sequence', by, maxspan, terms, until, span };
  }

  /** sample: `sample` ( `by` keys )? term+ */
  private sample(): EqlQuery {
    const start = this.tokens.spanOf(this.tokens.next());
    const by = this.keys();
    const terms = this.terms(by, 'sample');
    const span = cover(start, terms.at(-1)?.span ?? start);
    this.checkKeys(terms);
    if (terms.length < 2) {
      this.tokens.report(diagnostic('eql/too-few-steps', { what: 'sample', least: 2, found: terms.length }, span));
    }
    if (by.length === 0 && terms.some((term) => term.by.length === 0)) {
      this.tokens.report(diagnostic('eql/sample-without-keys', {}, start));
    }
    for (const { missing, runs, span: at } of terms) {
      if (missing) this.tokens.report(diagnostic('eql/refused', { what: 'a missing event in a sample' }, at));
      if (runs !== null) this.tokens.report(diagnostic('eql/refused', { what: '`with runs` in a sample' }, runs.span));
    }
    return { kind: 'sample', by, terms, span };
  }

  private terms(by: readonly EqlField[], what: string): readonly EqlTerm[] {
    const terms: EqlTerm[] = [];
    while (this.tokens.at('[', '![')) {
      const term = this.term();
      if (term === null) break;
      terms.push(term);
    }
    if (terms.length === 0) this.tokens.expected(by.length > 0 ? '`,` or `[`' : `\`[\` and a step of the ${what}`);
    return terms;
  }

  /** term: ( `[` | `![` ) filter `]` ( `fork` … )? ( `by` keys )? ( `with` `runs` `=` integer )? */
  private term(): EqlTerm | null {
    const open = this.tokens.accept('[') ?? this.tokens.accept('![');
    if (open === undefined) {
      this.tokens.expected('`[`');
      return null;
    }
    const filter = this.filter();
    const close = this.tokens.accept(']');
    if (close === undefined) {
      this.tokens.expected('`]`');
      this.skipTo(']');
      this.tokens.accept(']');
    }
    this.fork();
    const by = this.keys();
    const runs = this.runs();
    const end = runs?.span ?? by.at(-1)?.span ?? (close === undefined ? filter.span : this.tokens.spanOf(close));
    const span = cover(this.tokens.spanOf(open), end);
    return { missing: open.kind === '![', filter, by, runs, span };
  }

  /** fork: `fork` ( `=` ( `true` | `false` ) )?, which Elasticsearch refuses. */
  private fork(): void {
    const fork = this.tokens.accept('fork');
    if (fork === undefined) return;
    this.tokens.report(diagnostic('eql/refused', { what: '`fork`' }, this.tokens.spanOf(fork)));
    if (this.tokens.at('=', '==')) this.tokens.next();
    if (this.tokens.at('true', 'false')) this.tokens.next();
  }

  /** runs: `with` `runs` `=` integer */
  private runs(): EqlRuns | null {
    const start = this.tokens.accept('with');
    if (start === undefined) return null;
    const option = this.tokens.accept('name');
    if (option?.value !== 'runs') {
      this.tokens.expected('`runs`');
      return null;
    }
    this.tokens.take('=');
    const number = this.tokens.accept('integer');
    if (number === undefined) {
      this.tokens.expected('a whole number');
      return null;
    }
    const span = cover(this.tokens.spanOf(start), this.tokens.spanOf(number));
    const count = Number(number.text);
    if (count < 1 || count > MOST_RUNS) {
      const found = number.text;
      this.tokens.report(diagnostic('eql/bad-runs', { most: MOST_RUNS, found }, this.tokens.spanOf(number)));
      return null;
    }
    return { count, span };
  }

  /** keys: `by` expression ( `,` expression )*; each has to be a field. */
  private keys(): readonly EqlField[] {
    if (this.tokens.accept('by') === undefined) return [];
    const keys: EqlField[] = [];
    do {
      const key = parseExpression(this.tokens);
      if (key.kind === 'field') keys.push(key);
      else if (key.kind !== 'error') this.tokens.report(diagnostic('eql/key-not-a-field', {}, key.span));
    } while (this.tokens.accept(',') !== undefined);
    return keys;
  }

  /** duration: integer unit */
  private duration(): EqlDuration | null {
    const number = this.tokens.accept('integer') ?? this.tokens.accept('decimal');
    if (number === undefined) {
      this.tokens.expected('a duration, such as `5m`');
      return null;
    }
    const word = this.tokens.accept('name');
    const span = cover(this.tokens.spanOf(number), this.tokens.spanOf(word ?? number));
    const unit = word?.value;
    if (unit === undefined || !isEqlTimeUnit(unit) || number.kind === 'decimal' || Number(number.text) <= 0) {
      this.tokens.report(diagnostic('eql/bad-maxspan', { found: number.text + (word?.text ?? '') }, span));
      return null;
    }
    return { count: Number(number.text), unit, span };
  }

  /** pipe: name ( expression ( `,` expression )* )?; `head` and `tail` take a whole number, all others are refused. */
  private pipe(): EqlPipe | undefined {
    const name = this.tokens.accept('name');
    if (name === undefined) {
      this.tokens.expected('`head` or `tail`');
      return undefined;
    }
    const start = this.tokens.spanOf(name);
    if (name.value !== 'head' && name.value !== 'tail') {
      this.tokens.report(diagnostic('eql/bad-pipe', { name: name.value }, start));
      this.skipTo('|');
      return undefined;
    }
    const number = this.tokens.accept('integer');
    if (number === undefined) {
      this.tokens.expected('a whole number');
      this.skipTo('|');
      return undefined;
    }
    return { kind: name.value, count: Number(number.text), span: cover(start, this.tokens.spanOf(number)) };
  }

  private checkUntil({ missing, runs, span }: EqlTerm): void {
    if (missing) this.tokens.report(diagnostic('eql/refused', { what: 'a missing event as `until`' }, span));
    if (runs !== null) this.tokens.report(diagnostic('eql/refused', { what: '`with runs` behind `until`' }, runs.span));
  }

  /** All steps have as many keys of their own. */
  private checkKeys(terms: readonly EqlTerm[]): void {
    const expected = terms[0]?.by.length ?? 0;
    for (const { by, span } of terms) {
      if (by.length === expected) continue;
      this.tokens.report(diagnostic('eql/key-count', { expected, found: by.length }, by[0]?.span ?? span));
    }
  }

  private skipTo(...kinds: readonly (']' | '|')[]): void {
    while (!this.tokens.at('end', ...kinds)) this.tokens.next();
  }
}
