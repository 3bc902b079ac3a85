import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** Elastic's kuery: its text, what it means for fields of each type, and what is suspicious in it. */
export interface KueryCodes {
  'kuery/expected': { expected: string; found: string };
  'kuery/unterminated-string': Record<never, never>;
  'kuery/bad-escape': { escape: string };
  'kuery/too-deep': { limit: number };
  'kuery/too-large': { limit: number };
  'kuery/refused-by-kibana': { what: string; meaning: string };
  'kuery/bad-value': { field: string; type: string; value: string };
  'kuery/wildcard-on-type': { field: string; type: string };
  'kuery/not-nested': { field: string; type: string };
  'kuery/outside-nested': { field: string; path: string };
  'kuery/null-value': { field: string };
  'kuery/quoted-wildcard': { value: string };
  'kuery/split-wildcard': { value: string; type: string };
  'kuery/missing-colon': { field: string; text: string };
  'kuery/eql-query': Record<never, never>;
  'kuery/capital-keyword': Record<never, never>;
  'kuery/number-as-date': { field: string; value: string };
  'kuery/mixed-types': { field: string; types: readonly string[] };
  'kuery/unknown-field': { field: string; suggestions: readonly string[] };
}

export const kueryCodes: Entries<KueryCodes> = {
  'kuery/expected': error((p) => `expected ${p.expected}, found ${p.found}`),
  'kuery/unterminated-string': error(
    () => 'this quote is never closed',
    () => 'inside quotes, write a quote as \\"',
  ),
  'kuery/bad-escape': error(
    (p) => `\`${p.escape}\` is no escape`,
    () => 'write \\\\ for a backslash, or put the value in quotes',
  ),
  'kuery/too-deep': error((p) => `nested more than ${p.limit} levels deep`),
  'kuery/too-large': error(
    (p) =>
      `values are searched in all fields that fit: this makes more than ${p.limit.toLocaleString('en-US')} conditions`,
    () => 'name the fields; Elasticsearch refuses a search with too many clauses, too',
  ),
  'kuery/refused-by-kibana': warning((p) => `Kibana does not accept ${p.what}; it is read as ${p.meaning}`),
  'kuery/bad-value': error(
    (p) => `\`${p.value}\` is no value of the ${p.type} field \`${p.field}\``,
    () => 'Elasticsearch refuses the search',
  ),
  'kuery/wildcard-on-type': error(
    (p) => `a wildcard cannot be searched in \`${p.field}\`, which is of type ${p.type}`,
    () => 'Elasticsearch takes wildcards on keyword, text and wildcard fields only',
  ),
  'kuery/not-nested': error(
    (p) => `\`${p.field}\` is of type ${p.type}, not nested`,
    (p) => `write \`${p.field}.name: value\` instead of braces`,
  ),
  'kuery/outside-nested': warning(
    (p) => `\`${p.field}\` lies inside the nested field \`${p.path}\` and is not found from outside`,
    (p) => `write \`${p.path}:{ … }\``,
  ),
  'kuery/null-value': warning(
    (p) => `Elasticsearch refuses the value null; it is read as \`not ${p.field}:*\``,
    () => 'put null in quotes for the text',
  ),
  'kuery/quoted-wildcard': warning(
    (p) => `\`*\` inside quotes is a plain asterisk: only the very text ${JSON.stringify(p.value)} fits`,
    () => 'take the quotes off to search with a wildcard',
  ),
  'kuery/split-wildcard': warning(
    (p) =>
      `on a ${p.type} field Kibana splits a wildcard value at its spaces: any one part of \`${p.value}\` is enough`,
  ),
  'kuery/missing-colon': warning(
    (p) => `\`${p.text}\` is searched as text in all fields: there is no colon behind \`${p.field}\``,
    (p) => `write \`${p.field}: …\``,
  ),
  'kuery/eql-query': warning(
    () => 'this reads like EQL, and the rule says that it is kuery',
    () => 'write `type` and `language` as `eql`',
  ),
  'kuery/capital-keyword': warning(
    () => 'the tools of elastic/detection-rules refuse keywords in capitals, which Kibana takes',
    () => 'write it in lower case',
  ),
  'kuery/number-as-date': warning(
    (p) => `\`${p.value}\` is milliseconds since 1970 to the date field \`${p.field}\`, hence a moment before 1980`,
    () => 'write a date, or seconds as milliseconds',
  ),
  'kuery/mixed-types': warning(
    (p) => `\`${p.field}\` stands for fields that read the value in different ways: as ${p.types.join(', ')}`,
    () => 'where it is no value of a field, nothing is found there; name the fields that are meant',
  ),
  'kuery/unknown-field': warning(
    (p) => `ECS has no field \`${p.field}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
};
