import type { Diagnostic } from '../../base/diagnostic.ts';
import { TRUE } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Schema } from '../../ir/view.ts';
import { lintKuery, lowerKuery, parseKuery } from '../../languages/kuery/index.ts';
import { lowerLucene, parseLucene } from '../../languages/lucene/index.ts';
import type { LocatedText } from '../source/located.ts';
import { KuerySearch } from './field-search.ts';
import { type LintedQuery, lintedKuery, looksLikeEql } from './lint.ts';

/** What the text of a query comes to. */
export interface ReadQuery {
  /** Undefined where there is an error among the diagnostics. */
  readonly condition: Expr | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What is suspicious in it; worked out when asked for. */
  readonly lint: () => readonly Diagnostic[];
  /** Undefined where lint knows nothing of the query's fields. */
  readonly linted?: LintedQuery;
}

/** Reads a query that a rule's file holds in a string of its own. */
export function readQuery(query: LocatedText, language: 'kuery' | 'lucene', schema: Schema): ReadQuery {
  return language === 'kuery' ? readKuery(query, schema) : readLucene(query, schema);
}

function readLucene(query: LocatedText, schema: Schema): ReadQuery {
  const source = query.source();
  // Kibana takes an empty query for every event.
  if (source.text.trim() === '') return { condition: TRUE, diagnostics: [], lint: () => [] };
  const { query: tree, diagnostics } = parseLucene(source);
  const search = new KuerySearch(schema);
  const condition = lowerLucene(tree, search);
  const found = [...diagnostics, ...search.diagnostics];
  const failed = found.some(({ severity }) => severity === 'error');
  return { condition: failed ? undefined : condition, diagnostics: found, lint: () => [] };
}

function readKuery(query: LocatedText, schema: Schema): ReadQuery {
  const parsed = parseKuery(query.source());
  const { ast, diagnostics } = parsed;
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    return { condition: undefined, diagnostics: [...diagnostics, ...looksLikeEql(query)], lint: () => [] };
  }
  const lowered = lowerKuery(ast, schema);
  return {
    condition: lowered.ok ? lowered.value : undefined,
    diagnostics: [...diagnostics, ...lowered.diagnostics],
    lint: () => [...lintKuery(parsed, schema).map((found) => escapeFixes(found, query)), ...looksLikeEql(query)],
    linted: lintedKuery(ast),
  };
}

/** Fixes are given in kuery; the file has the query inside a string of its own. */
function escapeFixes(found: Diagnostic, query: LocatedText): Diagnostic {
  const fixes = found.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, text: query.escape(edit.text) })),
  }));
  return { ...found, fixes };
}
