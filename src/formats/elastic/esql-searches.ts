import type { Diagnostic } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { TRUE } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { EsqlSearches, Searched } from '../../languages/esql/index.ts';
import { type KueryQuery, lowerKuery, parseKuery } from '../../languages/kuery/index.ts';
import { lowerLucene, parseLucene } from '../../languages/lucene/index.ts';
import { KuerySearch } from './field-search.ts';
import { ignoringCase } from './ignoring-case.ts';
import { wildcardParts } from './scope.ts';

/** `KQL("…")` and `QSTR("…")` inside of ES|QL. */
export const esqlSearches: EsqlSearches = {
  kuery: (text, schema, { ignoresCase, defaultField }) => {
    const { ast: parsed, diagnostics } = parseKuery(sourceText('KQL', text));
    const ast = defaultField === undefined ? parsed : inField(parsed, defaultField);
    const refused = reasonIn(diagnostics);
    if (refused !== undefined) return refused;
    const lowered = lowerKuery(ast, schema);
    if (!lowered.ok) return reasonIn(lowered.diagnostics) ?? { reason: 'it cannot be read' };
    return { condition: withoutPlaces(ignoresCase ? ignoringCase(lowered.value) : lowered.value) };
  },
  queryString: (text, schema) => {
    if (text.trim() === '') return { condition: TRUE };
    const { query, diagnostics } = parseLucene(sourceText('QSTR', text));
    const search = new KuerySearch(schema);
    const condition = lowerLucene(query, search);
    return reasonIn([...diagnostics, ...search.diagnostics]) ?? { condition: withoutPlaces(condition) };
  },
};

/** The search, whose values without a field are looked for in one, or in those that a pattern names. */
function inField(query: KueryQuery, name: string): KueryQuery {
  switch (query.kind) {
    case 'and':
    case 'or':
      return { ...query, items: query.items.map((item) => inField(item, name)) };
    case 'not':
      return { ...query, item: inField(query.item, name) };
    case 'free-text': {
      const { value, span } = query;
      return { kind: 'is', field: { kind: 'field', parts: wildcardParts(name), quoted: false, span }, value, span };
    }
    case 'everything':
    case 'is':
    case 'range':
    case 'nested':
    case 'error':
      return query;
  }
}

function reasonIn(diagnostics: readonly Diagnostic[]): Searched | undefined {
  const found = diagnostics.find(({ severity }) => severity === 'error');
  return found && { reason: found.message };
}

/** The places are those of the text in quotes, not of the query around it. */
function withoutPlaces(condition: Expr): Expr {
  const made: Expr = JSON.parse(JSON.stringify(condition, (key, value) => (key === 'span' ? undefined : value)));
  return made;
}
