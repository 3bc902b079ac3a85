import type { Diagnostic } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { TRUE } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { EsqlSearches, Searched } from '../../languages/esql/index.ts';
import { lowerKuery, parseKuery } from '../../languages/kuery/index.ts';
import { lowerLucene, parseLucene } from '../../languages/lucene/index.ts';
import { KuerySearch } from './field-search.ts';
import { ignoringCase } from './ignoring-case.ts';

/** `KQL("…")` and `QSTR("…")` inside of ES|QL. */
export const esqlSearches: EsqlSearches = {
  kuery: (text, schema, caseInsensitive) => {
    const { ast, diagnostics } = parseKuery(sourceText('KQL', text));
    const refused = reasonIn(diagnostics);
    if (refused !== undefined) return refused;
    const lowered = lowerKuery(ast, schema);
    if (!lowered.ok) return reasonIn(lowered.diagnostics) ?? { reason: 'it cannot be read' };
    return { condition: withoutPlaces(caseInsensitive ? ignoringCase(lowered.value) : lowered.value) };
  },
  queryString: (text, schema) => {
    if (text.trim() === '') return { condition: TRUE };
    const { query, diagnostics } = parseLucene(sourceText('QSTR', text));
    const search = new KuerySearch(schema);
    const condition = lowerLucene(query, search);
    return reasonIn([...diagnostics, ...search.diagnostics]) ?? { condition: withoutPlaces(condition) };
  },
};

function reasonIn(diagnostics: readonly Diagnostic[]): Searched | undefined {
  const found = diagnostics.find(({ severity }) => severity === 'error');
  return found && { reason: found.message };
}

/** The places are those of the text in quotes, not of the query around it. */
function withoutPlaces(condition: Expr): Expr {
  const made: Expr = JSON.parse(JSON.stringify(condition, (key, value) => (key === 'span' ? undefined : value)));
  return made;
}
