import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { SharedPlan } from '../../../ir/plan/query.ts';
import type { Schema } from '../../../ir/view.ts';
import type { EsqlPipeline } from '../ast.ts';
import type { State } from './state.ts';

/** What stands behind the index patterns of a query. */
export interface EsqlIndices {
  /** What the fields of log records are, where no mapping says it. */
  readonly schema: Schema;
  /** The condition on `_index` of the patterns, null for whatever there is; the fields, where all matching indices have a mapping. */
  /** The option that a table to look up in is given with; undefined where there is no way. */
  readonly tables?: string;
  readonly resolve: (patterns: readonly { readonly value: string; readonly span: Span }[]) => ResolvedIndices;
}

export interface ResolvedIndices {
  readonly scope: Expr | null;
  /** By name, with Elasticsearch's own words for their types; undefined where any name may be a field. */
  readonly fields: ReadonlyMap<string, string> | undefined;
  /** Of fields: those that are searched. */
  readonly schema: Schema;
  /** Names without a wildcard that stand for no index, where that is known. */
  readonly unknown: readonly string[];
  /** Names of the indices there are, for suggestions. */
  readonly known: readonly string[];
}

/** What a search in another language comes to. */
export type Searched = { readonly condition: Expr } | { readonly reason: string };

/** How queries in other languages inside of ES|QL are read: whoever lowers has those languages. */
export interface EsqlSearches {
  readonly kuery: (text: string, schema: Schema, options: KuerySearchOptions) => Searched;
  readonly queryString: (text: string, schema: Schema) => Searched;
}

export interface KuerySearchOptions {
  readonly ignoresCase: boolean;
  /** The field, or pattern of fields, that is looked at where the search names none; undefined for all. */
  readonly defaultField: string | undefined;
}

export interface EsqlOptions {
  readonly indices: EsqlIndices;
  readonly searches: EsqlSearches;
  /** What documents have to fulfil before the query sees them, in fields of the index. */
  readonly filter?: Expr;
  /** Whether functions that fail are to say so: queries do, rules do not. */
  readonly warns?: boolean;
}

/** What all parts of the lowering share. */
export interface Context extends EsqlOptions {
  readonly report: (found: Diagnostic) => void;
  /** The query's text from one place to another, as it is written. */
  readonly written: (span: Span) => string;
  /** Where a place stands in the query: line and column, from 1. */
  readonly place: (span: Span) => string;
  /** Lowers the pipeline of a subquery. */
  readonly pipeline: (of: EsqlPipeline) => State;
  /** What subqueries of expressions come to. */
  readonly shared: SharedPlan[];
  /** A name that no column of the query has. */
  readonly fresh: (of: string) => string;
  /** What the query sets (`SET unmapped_fields = "nullify"`). */
  readonly nullifies: boolean;
}
