import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call, FALSE, literalOf, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlCall, EsqlExpr } from '../../ast.ts';
import { argumentsOf } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { searched } from '../expressions/match.ts';
import { type Typed, textOfConstant } from '../expressions/typed.ts';

/** `KQL("…")` and `QSTR("…")`: a search of the index's fields in another language. */
export function searchText(expr: EsqlCall, language: 'kuery' | 'query-string', inner: Inner): Typed {
  const { span, name } = expr;
  const args = argumentsOf(expr, ['string', 'any?'], inner);
  const [first, options] = args ?? [];
  if (first === undefined) return inner.failed(span);
  const query = inner.typed(first);
  const written = textOfConstant(query);
  const made = (condition: Expr): Typed => ({ expr: condition, type: 'boolean', span });
  if (written === undefined) {
    inner.report(diagnostic('esql/not-constant', { what: `the query of \`${name.text}\`` }, query.span));
    return made(FALSE);
  }
  if (inner.place.searches !== true || !inner.scope.searchable) {
    inner.report(diagnostic('esql/misplaced-search', { name: name.text }, span));
    return made(FALSE);
  }
  const known = optionsOf(options);
  const unread = [...known.keys()].find((key) => !TEXT_OPTIONS[language].has(key));
  if (unread !== undefined) {
    inner.report(
      diagnostic('unsupported/esql', { what: `the option \`${unread}\` of ${name.text.toUpperCase()}` }, span),
    );
    return made(FALSE);
  }
  const { searches, indices } = inner.context;
  const schema = inner.scope.open?.schema ?? indices.schema;
  const defaultField = known.get('default_field');
  const found =
    language === 'kuery'
      ? searches.kuery(written, schema, {
          ignoresCase: known.get('case_insensitive') === true,
          defaultField: typeof defaultField === 'string' ? defaultField : undefined,
        })
      : searches.queryString(written, schema);
  if ('condition' in found) return made(found.condition);
  inner.report(diagnostic('esql/bad-search', { reason: found.reason }, query.span));
  return made(FALSE);
}

/** Options that are read, and those that change nothing of what is found. */
const TEXT_OPTIONS: Readonly<Record<'kuery' | 'query-string', ReadonlySet<string>>> = {
  kuery: new Set(['boost', 'case_insensitive', 'default_field']),
  'query-string': new Set(['boost']),
};

function optionsOf(options: EsqlExpr | undefined): ReadonlyMap<string, unknown> {
  if (options?.kind !== 'map') return new Map();
  return new Map(
    options.entries.map(
      ({ key, value }) =>
        [key.value, 'value' in value ? value.value : 'text' in value ? value.text : undefined] as const,
    ),
  );
}

/** Options of MATCH that change nothing of what is found, but for `fuzziness`, which is read. */
const MATCH_OPTIONS: ReadonlySet<string> = new Set(['boost', 'fuzziness', 'lenient', 'max_expansions']);

/** `fuzziness`: so many changed characters are still the same; `AUTO` by the length of the text. */
function nearTo(subject: Typed, query: Typed, fuzziness: unknown, span: Span, inner: Inner): Typed {
  const written = textOfConstant(query);
  const isKeyword = subject.field !== undefined && (subject.type === 'keyword' || subject.type === 'unknown');
  if (written === undefined || !isKeyword) {
    inner.report(diagnostic('unsupported/esql', { what: 'fuzziness of what is no keyword' }, span));
    return inner.failed(span);
  }
  const byLength = written.length < 3 ? 0 : written.length < 6 ? 1 : 2;
  const edits = fuzziness === 'AUTO' || fuzziness === 'auto' ? byLength : Number(fuzziness);
  if (!(edits >= 0 && edits <= 2)) {
    const params = { what: '`fuzziness`', expected: '0, 1, 2 or "AUTO"', found: `\`${String(fuzziness)}\`` };
    inner.report(diagnostic('esql/wrong-type', params, span));
  }
  const value = coerced(subject, 'keyword', inner.context).expr;
  const made = call('esql.near', [value, text(written), literalOf(edits)], span);
  return { expr: made, type: 'boolean', span };
}

export function searchField(expr: EsqlCall, mode: 'any' | 'phrase', inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any', 'any?'], inner);
  const [field, query, options] = args ?? [];
  if (field === undefined || query === undefined) return inner.failed(span);
  const known = optionsOf(options);
  const unread = [...known.keys()].find((key) => !MATCH_OPTIONS.has(key));
  if (unread !== undefined) {
    inner.report(diagnostic('unsupported/esql', { what: `the option \`${unread}\` of MATCH` }, span));
    return inner.failed(span);
  }
  const subject = inner.typed(field.kind === 'cast' ? field.item : field);
  const fuzziness = known.get('fuzziness');
  if (fuzziness !== undefined) return nearTo(subject, inner.typed(query), fuzziness, span, inner);
  return searched(subject, inner.typed(query), mode, span, inner);
}
