import type { Span } from '../../base/span.ts';
import { and, FALSE, not, or, TRUE } from '../../ir/construct.ts';
import type { Expr, WildcardPart } from '../../ir/expr.ts';
import type { LuceneClauses, LuceneField, LuceneQuery, LuceneRange } from './ast.ts';

/** How values are looked for in fields, by the type of each: what kuery and query strings have in common. */
export interface FieldSearch {
  /** A word (`phrase` false) or a phrase. */
  text(field: LuceneField, text: string, phrase: boolean, span: Span): Expr;
  /** Words that stand together, unquoted. */
  words(field: LuceneField, words: readonly string[], span: Span): Expr;
  wildcard(field: LuceneField, parts: readonly WildcardPart[], span: Span): Expr;
  regex(field: LuceneField, source: string, span: Span): Expr;
  range(field: LuceneField, range: Pick<LuceneRange, 'low' | 'high'>, span: Span): Expr;
}

/** The query's meaning as a condition. What a search cannot do it reports itself. */
export function lowerLucene(query: LuceneQuery, search: FieldSearch): Expr {
  switch (query.kind) {
    case 'everything':
      return TRUE;
    case 'clauses':
      return lowerClauses(query, search);
    case 'term':
      return lowerTerm(query.parts, query.field, query.span, search);
    case 'words':
      return search.words(query.field, query.words, query.span);
    case 'phrase':
      return search.text(query.field, query.text, true, query.span);
    case 'regex':
      return search.regex(query.field, query.source, query.span);
    case 'range':
      return query.low === undefined && query.high === undefined
        ? search.wildcard(query.field, [{ any: 'many' }], query.span)
        : search.range(query.field, query, query.span);
  }
}

function lowerTerm(parts: readonly WildcardPart[], field: LuceneField, span: Span, search: FieldSearch): Expr {
  const plain = parts.every((part) => 'text' in part)
    ? parts.map((part) => ('text' in part ? part.text : '')).join('')
    : undefined;
  return plain === undefined ? search.wildcard(field, parts, span) : search.text(field, plain, false, span);
}

function lowerClauses({ clauses, span }: LuceneClauses, search: FieldSearch): Expr {
  const of = (occur: LuceneClauses['clauses'][number]['occur']): readonly Expr[] =>
    clauses.flatMap((clause) => (clause.occur === occur ? [lowerLucene(clause.query, search)] : []));
  const [required, optional, prohibited] = [of('required'), of('optional'), of('prohibited')];
  if (clauses.length === 0) return FALSE;
  // What is optional decides nothing beside what is required. Prohibitions alone are of all events, as Elasticsearch has them.
  const wanted = required.length > 0 ? required : optional.length > 0 ? [or(optional, span)] : [];
  return and([...wanted, ...prohibited.map((one) => not(one))], span);
}
