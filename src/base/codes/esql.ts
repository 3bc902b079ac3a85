import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** Elastic's ES|QL: its text, its names and its types. */
export interface EsqlCodes {
  'esql/expected': { expected: string; found: string };
  'esql/bad-character': { character: string };
  'esql/unterminated': { quote: string };
  'esql/bad-escape': { escape: string };
  'esql/too-deep': { limit: number };
  'esql/too-many-commands': { limit: number };
  'esql/too-long': { limit: number; found: number };
  'esql/unknown-command': { name: string; suggestions: readonly string[] };
  /** `meant`: what else the name may have been meant as. */
  'esql/unknown-column': { name: string; suggestions: readonly string[]; meant?: 'function' | 'text' };
  'esql/unknown-function': { name: string; suggestions: readonly string[] };
  'esql/unknown-index': { name: string; suggestions: readonly string[] };
  'esql/not-one-column': { found: string };
  'esql/not-given': { name: string; option: string };
  'esql/unknown-type': { name: string; suggestions: readonly string[] };
  'esql/unknown-metadata': { name: string };
  'esql/unknown-parameter': { name: string };
  'esql/bad-parameter': { name: string; reason: 'constant' | 'no-name' };
  'esql/mixed-parameters': Record<never, never>;
  'esql/bad-setting': { name: string; reason: string };
  'esql/argument-count': { name: string; expected: string; found: number };
  'esql/wrong-type': { what: string; expected: string; found: string };
  'esql/types-apart': { what: string; left: string; right: string };
  'esql/bad-value': { value: string; type: string };
  'esql/never-found': { value: string; type: string };
  'esql/not-constant': { what: string };
  'esql/not-a-condition': { found: string };
  'esql/misplaced-aggregate': { name: string; where: string };
  'esql/not-aggregated': { name: string };
  'esql/nested-aggregate': { name: string };
  'esql/misplaced-search': { name: string };
  'esql/bad-regex': { reason: string };
  'esql/bad-pattern': { command: string; reason: string };
  'esql/bad-search': { reason: string };
  'esql/misplaced-command': { name: string; reason: string };
  'esql/bad-limit': { found: string };
  'esql/shadowed': { name: string; by: string };
  'esql/not-like-null': { field: string };
  'esql/glob-as-regex': { pattern: string };
  'esql/alerts-on-nothing': Record<never, never>;
  'esql/low-limit': { limit: number; most: number };
  'esql/no-identity': { how: 'names' | 'keeps' };
  'esql/evaluation': { text: string; outcome: string };
  'esql/evaluation-reason': { text: string };
}

export const esqlCodes: Entries<EsqlCodes> = {
  'esql/expected': error(
    (p) => `expected ${p.expected}, found ${p.found}`,
    (p) => (p.found === '`=`' ? 'values are compared with `==`' : ''),
  ),
  'esql/bad-character': error(
    (p) => `\`${p.character}\` has no meaning here`,
    (p) => (p.character === "'" ? 'a text stands in double quotes: "…"' : ''),
  ),
  'esql/unterminated': error((p) => `this \`${p.quote}\` is never closed`),
  'esql/bad-escape': error(
    (p) => `\`${p.escape}\` is not a valid escape`,
    () => 'write \\\\ for a backslash, or put the text between three quotes, where none is an escape',
  ),
  'esql/too-deep': error((p) => `nested more than ${p.limit} levels deep`),
  'esql/too-many-commands': error((p) => `a query may have at most ${p.limit} commands behind its first`),
  'esql/too-long': error((p) => `a query may have at most ${p.limit} characters, found ${p.found}`),
  'esql/unknown-command': error(
    (p) => `ES|QL has no command \`${p.name}\``,
    (p) =>
      didYouMeanHint(p.suggestions) || 'a query begins with FROM or ROW, and each further command stands behind a `|`',
  ),
  'esql/unknown-column': error(
    (p) => `unknown column \`${p.name}\``,
    (p) => {
      if (p.meant === 'function') return `a function is called with brackets: \`${p.name.toUpperCase()}(…)\``;
      return didYouMeanHint(p.suggestions) || (p.meant === 'text' ? `a text stands in quotes: "${p.name}"` : '');
    },
  ),
  'esql/unknown-function': error(
    (p) => `ES|QL has no function \`${p.name}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
  'esql/unknown-index': error(
    (p) => `unknown index \`${p.name}\``,
    (p) => didYouMeanHint(p.suggestions) || 'give its documents with --index NAME=FILE or --table NAME=FILE',
  ),
  'esql/unknown-type': error(
    (p) => `ES|QL has no type \`${p.name}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
  'esql/not-one-column': error(
    (p) => `a subquery behind IN gives one column, this one gives ${p.found}`,
    () => 'end it with KEEP and the column',
  ),
  'esql/not-given': warning(
    (p) => `the rows of the table \`${p.name}\` are not given: the query cannot run without them`,
    (p) => `give them with ${p.option}`,
  ),
  'esql/unknown-metadata': error((p) => `Elasticsearch has no metadata field \`${p.name}\``),
  'esql/unknown-parameter': error(
    (p) => `the parameter \`?${p.name}\` has no value`,
    (p) => `give it with --param ${p.name}=VALUE`,
  ),
  'esql/bad-parameter': error(
    (p) =>
      `the parameter \`${p.name}\` stands for ${p.reason === 'constant' ? 'a constant' : 'no text'}, a name is needed here`,
    (p) => (p.reason === 'constant' ? `write it as \`??${p.name}\`` : 'give it a text'),
  ),
  'esql/mixed-parameters': error(
    () => 'a parameter without a name stands beside others that have one',
    () => 'give all of them names, or none',
  ),
  'esql/bad-setting': error((p) => `\`${p.name}\` cannot be set so: ${p.reason}`),
  'esql/argument-count': error((p) => `\`${p.name}\` takes ${p.expected}, found ${p.found}`),
  'esql/wrong-type': error(
    (p) => `${p.what} must be ${p.expected}, found ${p.found}`,
    (p) => (p.expected === 'a number' && /keyword|text/.test(p.found) ? 'convert it: `TO_LONG(…)`, `…::double`' : ''),
  ),
  'esql/types-apart': error(
    (p) => `${p.what}: ${p.left} and ${p.right} do not go together`,
    () => 'convert one side: `TO_STRING(…)`, `…::long`',
  ),
  'esql/bad-value': error((p) => `\`${p.value}\` is not a value of the type ${p.type}`),
  'esql/never-found': warning(
    (p) => `\`${p.value}\` is not a value of the type ${p.type}: it is found in no document`,
    () => 'Elasticsearch does not refuse such a search',
  ),
  'esql/not-constant': error((p) => `${p.what} must be a constant`),
  'esql/not-a-condition': error((p) => `a condition must be of type boolean, this is ${p.found}`),
  'esql/misplaced-aggregate': error(
    (p) => `the aggregate \`${p.name}\` is not allowed in ${p.where}`,
    () => 'aggregates belong to STATS and INLINE STATS',
  ),
  'esql/not-aggregated': error(
    (p) => `\`${p.name}\` is neither inside an aggregate nor one of the columns behind BY`,
    () => 'put it into an aggregate, such as `VALUES(…)`, or name it behind BY',
  ),
  'esql/nested-aggregate': error((p) => `the aggregate \`${p.name}\` stands inside another one`),
  'esql/misplaced-search': error(
    (p) => `\`${p.name}\` searches an index: it is allowed only in WHERE, on fields of the index`,
    () => 'move it before commands that make rows of their own, such as STATS and LIMIT',
  ),
  'esql/bad-regex': error((p) => `this regular expression does not run: ${p.reason}`),
  'esql/bad-pattern': error((p) => `this ${p.command} pattern is not valid: ${p.reason}`),
  'esql/bad-search': error((p) => `the search is not valid: ${p.reason}`),
  'esql/misplaced-command': error((p) => `\`${p.name}\` is not allowed here: ${p.reason}`),
  'esql/bad-limit': error((p) => `a limit is a whole number from 0, not ${p.found}`),
  'esql/shadowed': warning((p) => `Field '${p.name}' shadowed by field at line ${p.by}`),
  'esql/not-like-null': warning(
    (p) => `events without \`${p.field}\` are dropped here: NOT of an unknown result is unknown`,
    (p) => `write \`${p.field} IS NULL OR NOT …\` where they should stay`,
  ),
  'esql/glob-as-regex': warning(
    (p) =>
      `\`*\` repeats the character before it in a regular expression, and ${JSON.stringify(p.pattern)} reads like a wildcard`,
    () => 'use LIKE, or write `.*` for any characters',
  ),
  'esql/alerts-on-nothing': warning(
    () => 'STATS without BY gives a row even where there is no event: the rule alerts on no data',
    () => 'add BY, or a WHERE on the counts behind it',
  ),
  'esql/low-limit': warning(
    (p) => `LIMIT ${p.limit} is below the ${p.most} alerts that a run may make: rows beyond it are never looked at`,
    () => 'leave LIMIT out, or lower `max_signals`',
  ),
  'esql/no-identity': warning(
    (p) =>
      p.how === 'names'
        ? 'the query has no `_id`: an event that two runs see makes two alerts in Kibana'
        : 'the columns that are kept have no `_id`: an event that two runs see makes two alerts in Kibana',
    (p) => (p.how === 'names' ? 'write `METADATA _id, _index, _version` behind the indices' : 'keep `_id` as well'),
  ),
  'esql/evaluation': warning(
    (p) => `evaluation of [${p.text}] failed, treating result as ${p.outcome}. Only first 20 failures recorded.`,
  ),
  'esql/evaluation-reason': warning((p) => p.text),
};
