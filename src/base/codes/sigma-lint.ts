import { didYouMeanHint, type Entries, info, warning } from './entry.ts';

/** What is suspicious in Sigma rules that load, and what their repositories agree on. */
export interface SigmaLintCodes {
  // Conditions
  'sigma/all-of-them': Record<string, never>;
  'sigma/them-of-one': Record<string, never>;
  'sigma/selector-of-one': { pattern: string };
  'sigma/selector-without-asterisk': { pattern: string };
  // Modifiers and values
  'sigma/all-without-contains': { field: string };
  'sigma/offset-without-contains': { field: string };
  'sigma/windash-with-all': { field: string };
  'sigma/repeated-modifier': { modifier: string };
  'sigma/double-wildcard': Record<string, never>;
  'sigma/number-as-string': { value: string };
  'sigma/control-character': { character: string };
  'sigma/escaped-wildcard': { character: string };
  'sigma/wildcard-instead-of-modifier': { modifier: string };
  'sigma/duplicate-value': { value: string; field: string };
  'sigma/list-of-one': { field: string };
  'sigma/unsorted-values': { field: string };
  'sigma/hash-value': { value: string; reason: string };
  'sigma/localized-user': { field: string; value: string };
  'sigma/regex-group': { group: string };
  'sigma/source-eventlog': Record<string, never>;
  // Metadata
  'sigma/missing-metadata': { key: string };
  'sigma/no-id': Record<string, never>;
  'sigma/id-format': { id: string };
  'sigma/related-id': { id: string };
  'sigma/title-length': { length: number; most: number };
  'sigma/title-start': { word: string };
  'sigma/title-end': Record<string, never>;
  'sigma/title-case': { word: string };
  'sigma/trademark': { name: string };
  'sigma/short-description': { least: number };
  'sigma/link-in-description': { word: string };
  'sigma/modified-before-date': { date: string; modified: string };
  'sigma/modified-without-date': Record<string, never>;
  'sigma/modified-as-date': Record<string, never>;
  'sigma/false-positive-word': { word: string };
  'sigma/false-positive-typo': { word: string };
  'sigma/false-positive-case': { word: string };
  'sigma/branch-link': { link: string };
  'sigma/attack-link': { link: string };
  'sigma/duplicate-reference': { reference: string };
  'sigma/retired-status': { status: string };
  'sigma/early-status': { status: string; days: number };
  'sigma/misspelt-key': { key: string; near: readonly string[] };
  'sigma/unknown-key': { key: string };
  'sigma/fields-key': Record<string, never>;
  'sigma/regression-path': { path: string };
  'sigma/simulation': { reason: string };
  // Tags
  'sigma/tag-format': { tag: string };
  'sigma/tag-namespace': { namespace: string; near: readonly string[] };
  'sigma/attack-tag': { tag: string; near: readonly string[] };
  'sigma/d3fend-tag': { tag: string };
  'sigma/tag-pattern': { tag: string; expected: string };
  'sigma/tlp-tag': { tag: string };
  'sigma/tlp-version': { tag: string };
  'sigma/tlp-not-clear': { tag: string };
  'sigma/duplicate-tag': { tag: string };
  'sigma/tags-of-one-kind': { namespace: string };
  'sigma/technique-without-tactic': { techniques: readonly string[]; tactic: string };
  'sigma/folder-tag': { tag: string };
  // Log sources and fields
  'sigma/logsource-key': { key: string };
  'sigma/unknown-logsource': { logsource: string };
  'sigma/specific-logsource': { eventId: string; category: string };
  'sigma/sysmon-without-event-id': Record<string, never>;
  'sigma/redundant-field': { field: string; category: string };
  'sigma/redundant-provider': { provider: string; category: string };
  'sigma/space-in-field': { field: string };
  'sigma/field-case': { field: string; right: string };
  'sigma/unknown-field': { field: string; logsource: string; near: readonly string[] };
  // Files and rule sets
  'sigma/file-name': { name: string };
  'sigma/file-name-length': { length: number };
  'sigma/file-name-prefix': { name: string; prefix: string };
  'sigma/duplicate-file-name': { name: string; other: string };
  'sigma/duplicate-title': { title: string; other: string };
  'sigma/duplicate-logic': { title: string; other: string };
  // Correlations
  'sigma/correlation-rules': Record<string, never>;
  'sigma/correlation-group-by': { type: string };
  // What a rule can never find
  'sigma/never-seen': { field: string; value: string; reason: string };
  'sigma/implied': { narrow: string; wide: string };
  'sigma/contradiction': { first: string; second: string };
}

export const sigmaLintCodes: Entries<SigmaLintCodes> = {
  'sigma/all-of-them': info(
    () => '`all of them` takes in every detection that is added later',
    () => 'name them: `all of selection_*`',
  ),
  'sigma/them-of-one': info(
    () => '`them` stands for a single detection',
    () => 'name the detection',
  ),
  'sigma/selector-of-one': info((p) => `\`${p.pattern}\` fits a single detection`),
  'sigma/selector-without-asterisk': warning(
    (p) => `\`${p.pattern}\` has no \`*\`, so it names one detection`,
    () => 'name the detection without `of`, or write a pattern such as `selection_*`',
  ),
  'sigma/all-without-contains': warning(
    (p) => `\`${p.field}\` cannot be equal to all of several values`,
    () => 'write `contains|all`',
  ),
  'sigma/offset-without-contains': warning(
    (p) => `a field that is only Base64 does not hold an offset form by itself (\`${p.field}\`)`,
    () => 'write `base64offset|contains`',
  ),
  'sigma/windash-with-all': info(
    (p) =>
      `engines differ in what \`windash\` with \`all\` means (\`${p.field}\`): here any spelling of each value counts`,
  ),
  'sigma/repeated-modifier': warning((p) => `\`${p.modifier}\` stands twice`),
  'sigma/double-wildcard': info(() => '`**` means no more than `*`'),
  'sigma/number-as-string': info((p) => `\`${p.value}\` is a number in quotes`),
  'sigma/control-character': warning(
    (p) => `the value holds a control character (${p.character})`,
    () => 'in double quotes a backslash starts an escape: use single quotes, or write `\\\\`',
  ),
  'sigma/escaped-wildcard': info(
    (p) => `\`\\${p.character}\` is a plain \`${p.character}\`, no wildcard`,
    () => 'write `\\\\` for a backslash before a wildcard',
  ),
  'sigma/wildcard-instead-of-modifier': info((p) => `the wildcards say what \`${p.modifier}\` says`),
  'sigma/duplicate-value': warning((p) => `${p.value} stands twice under \`${p.field}\``),
  'sigma/list-of-one': info((p) => `the list under \`${p.field}\` has a single value`),
  'sigma/unsorted-values': info((p) => `the values under \`${p.field}\` are not in alphabetical order`),
  'sigma/hash-value': warning(
    (p) => `${p.value} is no hash that \`Hashes\` holds: ${p.reason}`,
    () => '`Hashes` holds pairs such as `MD5=…`, `SHA1=…`, `SHA256=…` and `IMPHASH=…`',
  ),
  'sigma/localized-user': warning(
    (p) => `\`${p.value}\` is the name of an account in one language of Windows only`,
    (p) => `write \`${p.field}|contains: [AUTHORI, AUTORI]\`, or compare the account's SID`,
  ),
  'sigma/regex-group': warning((p) => `many engines lack \`${p.group}\``),
  'sigma/source-eventlog': info(() => '`Source: Eventlog` holds for every event of an event log'),
  'sigma/missing-metadata': info((p) => `the rule has no \`${p.key}\``),
  'sigma/no-id': info(
    () => 'the rule has no `id`',
    () => 'a UUID (version 4) lets others refer to it',
  ),
  'sigma/id-format': info((p) => `\`${p.id}\` is no UUID of version 4`),
  'sigma/related-id': info((p) => `\`${p.id}\` is no UUID of version 4, so it names no rule`),
  'sigma/title-length': info((p) => `the title has ${p.length} characters; SigmaHQ allows ${p.most}`),
  'sigma/title-start': info((p) => `the title starts with \`${p.word}\`, as every rule's could`),
  'sigma/title-end': info(() => 'the title ends with a full stop'),
  'sigma/title-case': info((p) => `\`${p.word}\` in the title has no capital`),
  'sigma/trademark': info((p) => `the title names a trademark: ${p.name}`),
  'sigma/short-description': info((p) => `the description has fewer than ${p.least} characters`),
  'sigma/link-in-description': info(
    (p) => `the description holds \`${p.word}\`; \`references\` is the place for sources`,
  ),
  'sigma/modified-before-date': warning((p) => `modified on ${p.modified}, before it was made on ${p.date}`),
  'sigma/modified-without-date': info(() => '`modified` without a `date`'),
  'sigma/modified-as-date': info(() => '`modified` is the same as `date`'),
  'sigma/false-positive-word': info((p) => `\`${p.word}\` names no false positive that a reader could tell`),
  'sigma/false-positive-typo': info((p) => `\`${p.word}\` is misspelt`),
  'sigma/false-positive-case': info((p) => `\`${p.word}\` starts without a capital`),
  'sigma/branch-link': info(
    (p) => `${p.link} points to a branch, which moves`,
    () => 'link to the commit (`y` on the page gives it)',
  ),
  'sigma/attack-link': info(
    (p) => `${p.link} says what a tag says`,
    () => 'use a tag such as `attack.t1053.003`',
  ),
  'sigma/duplicate-reference': info((p) => `${p.reference} is listed twice`),
  'sigma/retired-status': info((p) => `the rule is marked \`${p.status}\``),
  'sigma/early-status': info((p) => `\`${p.status}\` for a rule that is ${p.days} days old`),
  'sigma/misspelt-key': warning(
    (p) => `\`${p.key}\` is no key of a rule`,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/unknown-key': info((p) => `\`${p.key}\` is no key of the specification`),
  'sigma/fields-key': info(() => 'SigmaHQ no longer uses `fields`'),
  'sigma/regression-path': info((p) => `\`${p.path}\` is no path to an info.yml below regression_data`),
  'sigma/simulation': info((p) => `\`simulation\`: ${p.reason}`),
  'sigma/tag-format': warning(
    (p) => `the tag \`${p.tag}\` is not written \`namespace.name\` in small letters, digits, \`-\` and \`_\``,
  ),
  'sigma/tag-namespace': info(
    (p) => `there is no tag namespace \`${p.namespace}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/attack-tag': warning(
    (p) => `ATT&CK (of May 2026) has no \`${p.tag}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/d3fend-tag': warning((p) => `\`${p.tag}\` is not written as D3FEND's names are`),
  'sigma/tag-pattern': warning((p) => `the tag \`${p.tag}\` should read like ${p.expected}`),
  'sigma/tlp-tag': warning((p) => `there is no traffic light \`${p.tag}\``),
  'sigma/tlp-version': info(
    (p) => `\`${p.tag}\` is of version 1 of the Traffic Light Protocol`,
    () => 'version 2 says `tlp.clear`',
  ),
  'sigma/tlp-not-clear': info((p) => `\`${p.tag}\`: SigmaHQ publishes \`tlp.clear\` only`),
  'sigma/duplicate-tag': info((p) => `the tag \`${p.tag}\` is listed twice`),
  'sigma/tags-of-one-kind': warning((p) => `a rule has one \`${p.namespace}\` tag`),
  'sigma/technique-without-tactic': info(
    (p) =>
      `${p.techniques.join(', ')} ${p.techniques.length === 1 ? 'serves' : 'serve'} \`${p.tactic}\`, which is not tagged`,
  ),
  'sigma/folder-tag': info((p) => `rules of this folder have the tag \`${p.tag}\``),
  'sigma/logsource-key': warning((p) => `a log source has no \`${p.key}\``),
  'sigma/unknown-logsource': info((p) => `no rule of SigmaHQ has this log source alone: ${p.logsource}`),
  'sigma/specific-logsource': warning(
    (p) => `event ${p.eventId} is one source of \`category: ${p.category}\`; a rule on that finds the others too`,
  ),
  'sigma/sysmon-without-event-id': warning(
    () => 'a rule on all of Sysmon without an `EventID` compares events of every kind',
  ),
  'sigma/redundant-field': info((p) => `\`category: ${p.category}\` decides \`${p.field}\` already`),
  'sigma/redundant-provider': info((p) => `\`category: ${p.category}\` decides that the provider is ${p.provider}`),
  'sigma/space-in-field': warning((p) => `the field name \`${p.field}\` has a space`),
  'sigma/field-case': warning((p) => `the field is called \`${p.right}\`, and names are compared with their case`),
  'sigma/unknown-field': info(
    (p) => `\`${p.field}\` is no field of ${p.logsource}`,
    (p) => didYouMeanHint(p.near),
  ),
  'sigma/file-name': info((p) => `\`${p.name}\` is not made of small letters, digits and underscores`),
  'sigma/file-name-length': info((p) => `the file's name has ${p.length} characters; SigmaHQ allows 10 to 90`),
  'sigma/file-name-prefix': info((p) => `\`${p.name}\` does not start with \`${p.prefix}\``),
  'sigma/duplicate-file-name': info((p) => `\`${p.name}\` is also the name of ${p.other}`),
  'sigma/duplicate-title': info((p) => `${p.other} has the title "${p.title}" too`),
  'sigma/duplicate-logic': warning((p) => `the rule finds exactly what "${p.title}" (${p.other}) finds`),
  'sigma/correlation-rules': warning(() => 'a temporal correlation needs at least two rules'),
  'sigma/correlation-group-by': info((p) => `a \`${p.type}\` without \`group-by\` counts unrelated events together`),
  'sigma/never-seen': warning((p) => `\`${p.field}\` never holds ${p.value}: ${p.reason}`),
  'sigma/implied': info((p) => `${p.narrow} changes nothing: ${p.wide} finds all that it finds`),
  'sigma/contradiction': warning((p) => `never both: ${p.first} and ${p.second}`),
};
