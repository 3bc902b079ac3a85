import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** Elastic's EQL: its text, and what its names and values are in an index. */
export interface EqlCodes {
  'eql/expected': { expected: string; found: string };
  'eql/bad-character': { character: string };
  'eql/unterminated': { quote: string };
  'eql/bad-escape': { escape: string };
  'eql/single-quotes': Record<never, never>;
  'eql/too-deep': { limit: number };
  'eql/refused': { what: string };
  'eql/bad-pipe': { name: string };
  'eql/bad-maxspan': { found: string };
  'eql/bad-runs': { most: number; found: string };
  'eql/by-after-with': Record<never, never>;
  'eql/key-count': { expected: number; found: number };
  'eql/key-not-a-field': Record<never, never>;
  'eql/key-types': { first: string; firstType: string; other: string; otherType: string };
  'eql/too-few-steps': { what: string; least: number; found: number };
  'eql/only-missing': Record<never, never>;
  'eql/missing-needs-maxspan': Record<never, never>;
  'eql/sample-without-keys': Record<never, never>;
  'eql/unknown-field': { field: string; suggestions: readonly string[] };
  'eql/unknown-function': { name: string; suggestions: readonly string[] };
  'eql/no-case-form': { name: string };
  'eql/argument-count': { name: string; expected: string; found: number };
  'eql/wrong-type': { what: string; expected: string; found: string };
  'eql/no-exact-values': { field: string; type: string };
  'eql/not-a-condition': { found: string };
  'eql/not-constant': { what: string };
  'eql/field-to-field': Record<never, never>;
  'eql/bad-value': { value: string; field: string; type: string };
  'eql/bad-regex': { reason: string };
  'eql/bad-network': { value: string };
  'eql/literal-wildcard': { value: string; op: string };
  'eql/glob-as-regex': { pattern: string };
}

export const eqlCodes: Entries<EqlCodes> = {
  'eql/expected': error((p) => `expected ${p.expected}, found ${p.found}`),
  'eql/bad-character': error((p) => `\`${p.character}\` has no meaning here`),
  'eql/unterminated': error((p) => `this \`${p.quote}\` is never closed`),
  'eql/bad-escape': error(
    (p) => `\`${p.escape}\` is not a valid escape`,
    () => 'write \\\\ for a backslash, or put the text between three quotes, where none is an escape',
  ),
  'eql/single-quotes': error(
    () => 'Elasticsearch does not take texts in single quotes',
    () => 'use double quotes',
  ),
  'eql/too-deep': error((p) => `nested more than ${p.limit} levels deep`),
  'eql/refused': error((p) => `Elasticsearch does not accept ${p.what}`),
  'eql/bad-pipe': error(
    (p) => `Elasticsearch does not accept the pipe \`${p.name}\``,
    () => '`head` and `tail` are the pipes there are',
  ),
  'eql/bad-maxspan': error(
    (p) => `\`${p.found}\` is not a valid maxspan`,
    () => 'write a whole number above 0 and one of the units ms, s, m, h and d',
  ),
  'eql/bad-runs': error((p) => `a step can be repeated 1 to ${p.most} times, not ${p.found}`),
  'eql/by-after-with': error(() => '`by` stands before `with`'),
  'eql/key-count': error(
    (p) => `this step has ${p.found} join keys of its own, the first one ${p.expected}`,
    () => 'all steps need as many',
  ),
  'eql/key-not-a-field': error(() => 'a join key is the name of a field'),
  'eql/key-types': error(
    (p) => `the join key \`${p.other}\` is of type ${p.otherType} and \`${p.first}\` of type ${p.firstType}`,
    () => 'their values are never the same for Elasticsearch',
  ),
  'eql/too-few-steps': error((p) => `a ${p.what} needs at least ${p.least} steps, this one has ${p.found}`),
  'eql/only-missing': error(() => 'a sequence needs at least one step whose event is there'),
  'eql/missing-needs-maxspan': error(
    () => 'a sequence with a missing event needs a maxspan',
    () => 'write `with maxspan=…` behind the join keys',
  ),
  'eql/sample-without-keys': error(
    () => 'a sample needs a join key',
    () => 'write `sample by field`',
  ),
  'eql/unknown-field': error(
    (p) => `the mapping has no field \`${p.field}\``,
    (p) => didYouMeanHint(p.suggestions) || `write \`?${p.field}\` for a field that may be missing`,
  ),
  'eql/unknown-function': error(
    (p) => `EQL has no function \`${p.name}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
  'eql/no-case-form': error((p) => `the function \`${p.name}\` has no form with \`~\``),
  'eql/argument-count': error((p) => `\`${p.name}\` takes ${p.expected}, found ${p.found}`),
  'eql/wrong-type': error((p) => `${p.what} must be ${p.expected}, found ${p.found}`),
  'eql/no-exact-values': error(
    (p) => `\`${p.field}\` is of type ${p.type}, which holds no exact values`,
    () => 'EQL compares exact values: the field needs a keyword sub-field in the mapping',
  ),
  'eql/not-a-condition': error((p) => `a condition must be true or false, this is ${p.found}`),
  'eql/not-constant': error((p) => `${p.what} must be a constant`),
  'eql/field-to-field': error(
    () => 'Elasticsearch does not compare fields with each other',
    () => 'one side has to be a constant',
  ),
  'eql/bad-value': error((p) => `\`${p.value}\` is not a value of the ${p.type} field \`${p.field}\``),
  'eql/bad-regex': error(
    (p) => `this regular expression does not run: ${p.reason}`,
    () => 'Lucene fits the whole text, and has no anchors, no look-around and no groups with a question mark',
  ),
  'eql/bad-network': error(
    (p) => `\`${p.value}\` is not a network`,
    () => 'write an address, a slash and the number of bits: 10.0.0.0/8',
  ),
  'eql/literal-wildcard': warning(
    (p) => `\`${p.op}\` takes \`*\` for a plain asterisk: only the very text ${JSON.stringify(p.value)} fits`,
    () => 'use `like` or `:` to search with a wildcard',
  ),
  'eql/glob-as-regex': warning(
    (p) =>
      `\`*\` repeats the character before it in a regular expression, and ${JSON.stringify(p.pattern)} reads like a wildcard`,
    () => 'use `like`, or write `.*` for any characters',
  ),
};
