import { didYouMeanHint, type Entries, error, warning } from './entry.ts';

/** What is wrong with Panther's rule files. */
export interface PantherCodes {
  'panther/analysis-type': { type: string; near: readonly string[] };
  'panther/unknown-key': { key: string; near: readonly string[] };
  'panther/severity': { severity: string };
  'panther/missing-file': { file: string };
  'panther/file-outside': { file: string };
  'panther/method-without-file': { method: string };
  'panther/data-model-path': { path: string; reason: string };
  'panther/attack-id': { text: string };
  'panther/match-expression': { reason: string };
  'panther/unknown-match-key': { key: string; near: readonly string[] };
  'panther/condition': { condition: string; near: readonly string[] };
  'panther/condition-value': { condition: string; expected: string };
  'panther/key-path': { path: string; reason: string };
  'panther/both-logics': object;
  'panther/title-template': { reason: string };
  'panther/base-missing': { base: string };
  'panther/base-type': { base: string; reason: string };
  'panther/derived-key': { key: string };
  'panther/correlation': { reason: string };
  'panther/unknown-member': { member: string; near: readonly string[] };
  'panther/unknown-reference': { id: string; near: readonly string[] };
  'panther/test-time': { text: string };
  'panther/test-failed': { rule: string; test: string; expected: boolean; found: boolean };
  'panther/test-expectation': { rule: string; test: string; what: string; expected: string; found: string };
  'panther/correlation-cycle': { path: readonly string[] };
  'panther/missing-member': { rule: string; member: string };
  'panther/lookup-data': { file: string; reason: string };
}

export const pantherCodes: Entries<PantherCodes> = {
  'panther/analysis-type': error(
    (p) => `\`${p.type}\` is no AnalysisType`,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/unknown-key': warning(
    (p) => `rules have no key \`${p.key}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/severity': error(
    (p) => `\`${p.severity}\` is no severity`,
    () => 'one of Info, Low, Medium, High, Critical',
  ),
  'panther/missing-file': error(
    (p) => `there is no file \`${p.file}\` beside this one`,
    () => '`Filename` is the Python file, relative to the folder of the YAML file',
  ),
  'panther/file-outside': error(
    (p) => `\`${p.file}\` is outside of the repository, and is not read`,
    () =>
      'a `Filename` stays in the repository of its rule, or without one in the folder that is named on the command line',
  ),
  'panther/method-without-file': error(
    (p) => `the mapping names method \`${p.method}\`, and the data model has no \`Filename\``,
  ),
  'panther/data-model-path': error(
    (p) => `\`${p.path}\` is not a valid path: ${p.reason}`,
    () =>
      'paths are JSONPath as `jsonpath_ng.ext` reads it: `user.name`, `$.params[0].value`, `$.params[?(@.key == "role")].value`',
  ),
  'panther/attack-id': warning(
    (p) => `\`${p.text}\` is no ATT&CK tactic and technique`,
    () => 'write `TA0006:T1040`',
  ),
  'panther/match-expression': error((p) => `this match expression cannot be: ${p.reason}`),
  'panther/unknown-match-key': error(
    (p) => `match expressions have no key \`${p.key}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/condition': error(
    (p) => `\`${p.condition}\` is no condition`,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/condition-value': error((p) => `\`${p.condition}\` takes ${p.expected}`),
  'panther/key-path': error(
    (p) => `\`${p.path}\` is no path: ${p.reason}`,
    () => 'write `a.b[0].c`, or `a[*].b` for every element of a list',
  ),
  'panther/both-logics': error(
    () => 'the rule has both `Filename` and `Detection`',
    () => 'a rule is Python or match expressions',
  ),
  'panther/title-template': error(
    (p) => `the title is wrong: ${p.reason}`,
    () => 'a value stands in braces: `{a.b}`',
  ),
  'panther/base-missing': error(
    (p) => `there is no detection \`${p.base}\` in this repository`,
    () => '`BaseDetection` is the RuleID of a rule in the same repository',
  ),
  'panther/base-type': error((p) => `\`${p.base}\` cannot be a base: ${p.reason}`),
  'panther/derived-key': error(
    (p) => `a derived rule takes \`${p.key}\` from its base`,
    () => 'leave it out: only metadata, filters and tests can be replaced',
  ),
  'panther/correlation': error((p) => `this correlation cannot be: ${p.reason}`),
  'panther/unknown-member': error(
    (p) => `the correlation has no member \`${p.member}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/unknown-reference': warning(
    (p) => `nothing in this repository is called \`${p.id}\``,
    (p) => didYouMeanHint(p.near),
  ),
  'panther/test-time': error(
    (p) => `\`${p.text}\` is no time`,
    () => 'a number of minutes, or a time such as `2024-06-01T10:00:00Z`',
  ),
  'panther/test-failed': error((p) => `test \`${p.test}\` of rule ${p.rule}: expected ${p.expected}, got ${p.found}`),
  'panther/test-expectation': error(
    (p) => `test \`${p.test}\` of rule ${p.rule}: expected ${p.what} ${p.expected}, got ${p.found}`,
  ),
  'panther/correlation-cycle': error((p) => `the correlation is over its own matches: ${p.path.join(' > ')}`),
  'panther/missing-member': warning(
    (p) => `correlation rule ${p.rule} waits for matches of ${p.member}, which is not among the rules that run`,
    () => 'name the folder of that rule too, or the whole repository',
  ),
  'panther/lookup-data': warning((p) => `the lookup table has no rows: ${p.file}: ${p.reason}`),
};
