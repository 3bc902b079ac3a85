import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { FALSE, or } from '../../ir/construct.ts';
import type { Expr, WildcardPart } from '../../ir/expr.ts';
import { type FieldSearch, type LuceneField, lowerLucene, parseLucene } from '../../languages/lucene/index.ts';
import type { LocatedEntry, LocatedTable } from '../source/located.ts';
import { scalarText } from '../source/located.ts';
import type { KuerySearch } from './field-search.ts';

/** `query_string` and `multi_match`: a query over the fields that it names, or over all of them. */
export function lowerOverFields(
  kind: 'query_string' | 'multi_match',
  body: LocatedTable,
  search: KuerySearch,
): { readonly condition: Expr; readonly diagnostics: readonly Diagnostic[] } {
  const stopped = (found: Diagnostic): ReturnType<typeof lowerOverFields> => ({
    condition: FALSE,
    diagnostics: [found],
  });
  const text = body.entries.get('query')?.value;
  const given = text && scalarText(text);
  if (text === undefined || given === undefined)
    return stopped(diagnostic('elastic/bad-filter', { reason: `\`${kind}\` needs \`query\`` }, body.span));
  const unknown = [...body.entries.keys()].find((key) => !OVER_FIELDS.has(key));
  if (unknown !== undefined)
    return stopped(diagnostic('unsupported/elastic-filter', { what: `\`${unknown}\` in \`${kind}\`` }, body.span));
  const listed = body.entries.get('fields')?.value;
  const single = body.entries.get('default_field')?.value;
  const names = [...(listed?.kind === 'list' ? listed.items : []), ...(single === undefined ? [] : [single])].flatMap(
    (item) => (item.kind === 'string' && item.value !== '*' ? [starsOf(item.value.replace(/\^[\d.]+$/, ''))] : []),
  );
  const fields: readonly LuceneField[] = names.length === 0 ? [null] : names;
  if (kind === 'multi_match') {
    const isPhrase = textOf(body.entries.get('type')) === 'phrase';
    const found = fields.map((field) => search.text(field, given, isPhrase, text.span));
    return { condition: or(found, body.span), diagnostics: [] };
  }
  const operator = textOf(body.entries.get('default_operator'))?.toLowerCase() === 'and' ? 'and' : 'or';
  const source =
    text.kind === 'string' ? text.source() : { name: body.span.source, text: given, span: () => text.span };
  const { query, diagnostics } = parseLucene(source, { operator });
  const found = fields.map((field) => lowerLucene(query, withField(search, field)));
  return { condition: or(found, body.span), diagnostics };
}

/** What `query_string` and `multi_match` may say: beside the query and its fields how it is scored, and what is usual anyway. */
const OVER_FIELDS: ReadonlySet<string> = new Set([
  ...['query', 'fields', 'default_field', 'default_operator', 'type', 'lenient', 'boost', 'tie_breaker'],
  ...['analyze_wildcard', 'allow_leading_wildcard', 'rewrite', 'auto_generate_synonyms_phrase_query'],
]);

/** The search, with a field for what names none. */
function withField(search: KuerySearch, field: LuceneField): FieldSearch {
  return {
    text: (own, text, phrase, span) => search.text(own ?? field, text, phrase, span),
    words: (own, words, span) => search.words(own ?? field, words, span),
    wildcard: (own, parts, span) => search.wildcard(own ?? field, parts, span),
    regex: (own, source, span) => search.regex(own ?? field, source, span),
    range: (own, range, span) => search.range(own ?? field, range, span),
  };
}

function starsOf(name: string): readonly WildcardPart[] {
  const pieces = name.split(/(\*)/).filter((piece) => piece !== '');
  return pieces.map((piece): WildcardPart => (piece === '*' ? { any: 'many' } : { text: piece }));
}

function textOf(entry: LocatedEntry | undefined): string | undefined {
  return entry?.value.kind === 'string' ? entry.value.value : undefined;
}
