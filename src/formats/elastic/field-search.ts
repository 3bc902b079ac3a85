import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { FALSE, match, or } from '../../ir/construct.ts';
import type { Expr, WildcardPart } from '../../ir/expr.ts';
import type { Schema } from '../../ir/view.ts';
import { type KueryQuery, type KueryTerm, lowerKuery, Searches, targetOf } from '../../languages/kuery/index.ts';
import type { FieldSearch, LuceneField } from '../../languages/lucene/index.ts';
import { networksBetween } from '../../patterns/address.ts';
import { compileRegex } from '../../patterns/regex/index.ts';

type Bound = Parameters<FieldSearch['range']>[1]['low'];
type Field = (KueryQuery & { kind: 'is' })['field'];

/** Looks for values of query strings as kuery does: a field's type says what a value means in it. */
export class KuerySearch implements FieldSearch {
  readonly diagnostics: Diagnostic[] = [];
  private readonly schema: Schema;
  /** Of the whole query. */
  private readonly searches = new Searches();
  private isTooLarge = false;

  constructor(schema: Schema) {
    this.schema = schema;
  }

  text(field: LuceneField, text: string, phrase: boolean, span: Span): Expr {
    return this.is(field, { kind: 'text', text, quoted: phrase, span }, span);
  }

  /** A keyword is the whole of them, a text has any; each other type takes them one by one. */
  words(field: LuceneField, words: readonly string[], span: Span): Expr {
    const name = plainName(field);
    const { family } = name === undefined ? { family: 'unknown' } : targetOf(name, span, this.schema, undefined);
    const isTogether =
      field === null || family === 'text' || family === 'keyword' || family === 'whole' || family === 'unknown';
    if (isTogether) return this.text(field, words.join(' '), false, span);
    return or(
      words.map((word) => this.text(field, word, false, span)),
      span,
    );
  }

  wildcard(field: LuceneField, parts: readonly WildcardPart[], span: Span): Expr {
    return this.is(field, { kind: 'wildcard', parts, span }, span);
  }

  regex(field: LuceneField, source: string, span: Span): Expr {
    const name = plainName(field);
    if (name === undefined) return this.unsupported('a regular expression without a field', span);
    const target = targetOf(name, span, this.schema, undefined);
    if (target.family === 'text')
      return this.unsupported(`a regular expression on the ${target.type} field ${name}`, span);
    const pattern = { kind: 'regex', source, flavour: 'lucene', flags: '', anchored: true } as const;
    const compiled = compileRegex(source, { flavour: 'lucene', ignoreCase: false, anchored: true, flags: '' });
    if (!compiled.ok) {
      this.diagnostics.push(diagnostic('lucene/bad-regex', { reason: compiled.reason }, span));
      return FALSE;
    }
    return match(target.subject, pattern, { collation: target.collation, span });
  }

  range(field: LuceneField, { low, high }: Parameters<FieldSearch['range']>[1], span: Span): Expr {
    if (field === null) return this.unsupported('a range without a field', span);
    const bound = (op: '<' | '>', of: typeof low): Expr | undefined => {
      if (of === undefined) return undefined;
      const value: KueryTerm = { kind: 'text', text: of.text, quoted: true, span };
      return this.lower({ kind: 'range', field: fieldOf(field, span), op: of.inclusive ? `${op}=` : op, value, span });
    };
    const [from, to] = [bound('>', low), bound('<', high)];
    if (from === undefined || to === undefined) return from ?? to ?? FALSE;
    return (
      bothOf(from, to) ?? this.addresses(field, low, high, span) ?? this.unsupported('a range with these bounds', span)
    );
  }

  /** Undefined where the field is not one of addresses. */
  private addresses(field: LuceneField, low: Bound, high: Bound, span: Span): Expr | undefined {
    const name = plainName(field);
    if (name === undefined || low === undefined || high === undefined) return undefined;
    const target = targetOf(name, span, this.schema, undefined);
    const networks = target.family === 'ip' ? networksBetween(low, high) : undefined;
    return (
      networks &&
      or(
        networks.map((network) => match(target.subject, { kind: 'cidr', network }, { span })),
        span,
      )
    );
  }

  private is(field: LuceneField, value: KueryTerm, span: Span): Expr {
    if (field === null) return this.lower({ kind: 'free-text', value, span });
    return this.lower({ kind: 'is', field: fieldOf(field, span), value, span });
  }

  private lower(query: KueryQuery): Expr {
    const lowered = lowerKuery(query, this.schema, this.searches);
    // That it is too large is told once.
    const told = lowered.diagnostics.filter(({ code }) => code !== 'kuery/too-large' || !this.isTooLarge);
    this.diagnostics.push(...told);
    if (told.some(({ code }) => code === 'kuery/too-large')) this.isTooLarge = true;
    return lowered.ok ? lowered.value : FALSE;
  }

  private unsupported(what: string, span: Span): Expr {
    this.diagnostics.push(diagnostic('unsupported/lucene', { what }, span));
    return FALSE;
  }
}

/** Of several values of a field the same one has to lie within both bounds. Undefined where that cannot be said. */
function bothOf(low: Expr, high: Expr): Expr | undefined {
  if (low.kind === 'match' && high.kind === 'match' && low.pattern.kind === 'range' && high.pattern.kind === 'range') {
    return { ...low, pattern: { ...low.pattern, ...high.pattern } };
  }
  if (low.kind === 'call' && high.kind === 'call') return { ...low, args: [...low.args, ...high.args.slice(1)] };
  return undefined;
}

function fieldOf(parts: readonly WildcardPart[], span: Span): Field {
  return { kind: 'field', parts, quoted: plainName(parts) !== undefined, span };
}

function plainName(field: LuceneField): string | undefined {
  const [only] = field ?? [];
  return field?.length === 1 && only !== undefined && 'text' in only ? only.text : undefined;
}
