import type { Span } from '../../base/span.ts';
import type { WildcardPart } from '../../ir/expr.ts';

/** A query string of Lucene, or a part of it. */
export type LuceneQuery =
  | LuceneEverything
  | LuceneClauses
  | LuceneTerm
  | LuceneWords
  | LucenePhrase
  | LuceneRegex
  | LuceneRange;

/** An empty query, which finds nothing, is clauses without one; this finds every event. */
interface LuceneEverything {
  readonly kind: 'everything';
  readonly span: Span;
}

/**
 * What stands side by side. There is no precedence: `AND` makes the clauses at its sides required, `NOT` one prohibited, and what is
 * neither is needed only where nothing is required.
 */
export interface LuceneClauses {
  readonly kind: 'clauses';
  readonly clauses: readonly LuceneClause[];
  readonly span: Span;
}

export interface LuceneClause {
  readonly occur: 'required' | 'optional' | 'prohibited';
  readonly query: LuceneQuery;
}

/** The name of a field, maybe with wildcards; null: the fields that are searched where none is named. */
export type LuceneField = readonly WildcardPart[] | null;

/** A word, maybe with wildcards. A lone `*` asks whether the field is there. */
export interface LuceneTerm {
  readonly kind: 'term';
  readonly field: LuceneField;
  readonly parts: readonly WildcardPart[];
  readonly span: Span;
}

/** Several words without an operator between them: a field takes them together, as its type has it. */
export interface LuceneWords {
  readonly kind: 'words';
  readonly field: LuceneField;
  readonly words: readonly string[];
  readonly span: Span;
}

interface LucenePhrase {
  readonly kind: 'phrase';
  readonly field: LuceneField;
  readonly text: string;
  readonly span: Span;
}

interface LuceneRegex {
  readonly kind: 'regex';
  readonly field: LuceneField;
  readonly source: string;
  readonly span: Span;
}

/** An open end has no bound. */
export interface LuceneRange {
  readonly kind: 'range';
  readonly field: LuceneField;
  readonly low: LuceneBound | undefined;
  readonly high: LuceneBound | undefined;
  readonly span: Span;
}

interface LuceneBound {
  readonly text: string;
  readonly inclusive: boolean;
}
