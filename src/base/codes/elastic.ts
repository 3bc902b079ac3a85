import { didYouMeanHint, type Entries, error, info, warning } from './entry.ts';

/** Elastic rule files. */
export interface ElasticCodes {
  'elastic/exceptions-not-applied': { lists: readonly string[] };
  'elastic/filter-escape': { value: string; escape: string };
  'elastic/bad-filter': { reason: string };
  'elastic/bad-schedule': { key: string; expected: string; found: string };
  'elastic/bad-exception': { reason: string };
  'elastic/missing-metadata': { key: string };
  'elastic/value-list-not-given': { list: string };
  'elastic/bad-mapping': { path: string; reason: string };
  'elastic/bad-mapping-field': { path: string; field: string; reason: string };
  'elastic/unknown-field': { field: string; suggestions: readonly string[] };
  'elastic/outside-ecs': { field: string; value: string; suggestions: readonly string[] };
  'elastic/duplicate-clause': { clause: string };
  'elastic/contradiction': { clause: string; how: 'and' | 'or' };
  'elastic/dataset-scope': { patterns: readonly string[] };
  'elastic/not-in-index': { field: string; root: string; patterns: readonly string[] };
  'elastic/maxspan-over-lookback': { maxspan: string; lookback: string };
  'elastic/look-back-gap': { every: string; lookback: string };
  'elastic/no-additional-look-back': { every: string };
  'elastic/repeated-key': { key: string };
  'elastic/malformed': { index: string; field: string; type: string; documents: number; example: string };
  'elastic/alert-cycle': { rules: readonly string[] };
  'elastic/attack-id': { id: string; parent: string };
  'elastic/bad-threat-mapping': { reason: string };
  'elastic/no-indicators': { rule: string; where: string };
  'elastic/mapping-conflict': { field: string; types: readonly string[] };
}

export const elasticCodes: Entries<ElasticCodes> = {
  'elastic/exceptions-not-applied': warning(
    (p) => `the rule's exception lists are not applied: ${p.lists.join(', ')}`,
    () =>
      'they are not in the file of the rule; export the rule with its exceptions, or events they exclude match here',
  ),
  'elastic/filter-escape': warning(
    (p) => `in a wildcard query \`${p.escape}\` stands for the character after the backslash alone`,
    () => 'write two backslashes for one',
  ),
  'elastic/bad-filter': error((p) => `Elasticsearch would refuse this filter: ${p.reason}`),
  'elastic/bad-schedule': warning(
    (p) => `\`${p.key}\` must be ${p.expected}, found \`${p.found}\`; the default is taken`,
  ),
  'elastic/bad-exception': error((p) => `Kibana would refuse this exception: ${p.reason}`),
  'elastic/missing-metadata': warning((p) => `\`${p.key}\` is missing; Kibana refuses such a rule, here it runs`),
  'elastic/bad-mapping': error(
    (p) => `cannot read the index mapping ${p.path}: ${p.reason}`,
    () => 'give what `GET index/_mapping` answers, or the fields.yml of a package',
  ),
  'elastic/bad-mapping-field': warning((p) => `index mapping ${p.path}, field \`${p.field}\`: ${p.reason}`),
  'elastic/mapping-conflict': warning(
    (p) => `the indices of the mapping disagree on \`${p.field}\` (${p.types.join(', ')}); the first counts`,
  ),
  'elastic/unknown-field': warning(
    (p) => `ECS has no field \`${p.field}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
  'elastic/outside-ecs': warning(
    (p) => `\`${p.value}\` is not among the values that ECS allows for \`${p.field}\``,
    (p) => didYouMeanHint(p.suggestions),
  ),
  'elastic/duplicate-clause': warning((p) => `\`${p.clause}\` stands here twice`),
  'elastic/contradiction': warning((p) =>
    p.how === 'and'
      ? `\`${p.clause}\` must hold and must not: nothing matches`
      : `\`${p.clause}\` may hold or not: everything matches`,
  ),
  'elastic/dataset-scope': warning(
    (p) => `events of Beats have no \`data_stream.dataset\`, so the rule finds nothing in ${p.patterns.join(', ')}`,
    () => 'ask for `event.dataset` as well, or leave these indices out',
  ),
  'elastic/not-in-index': warning(
    (p) => `\`${p.field}\` is a field of the ${p.root} integration, and no index of the rule is one of its own`,
    (p) => `the rule reads ${p.patterns.join(', ')}`,
  ),
  'elastic/maxspan-over-lookback': warning(
    (p) => `a sequence may take ${p.maxspan}, and each run looks back ${p.lookback} only: longer ones are not found`,
    () => 'let `from` look back further than maxspan',
  ),
  'elastic/look-back-gap': warning(
    (p) => `the rule runs every ${p.every} and looks back ${p.lookback}: what happens between is never looked at`,
    () => 'let `from` look back for at least the interval and the delay of the logs',
  ),
  'elastic/no-additional-look-back': info(
    (p) => `the rule looks back just ${p.every}, as long as its interval: events that arrive late are not looked at`,
    () => 'let `from` look back further, or take `timestamp_override: event.ingested`',
  ),
  'elastic/repeated-key': error(
    (p) => `\`${p.key}\` is written twice, and the rule does not say which counts`,
    () => 'leave one of them',
  ),
  'elastic/malformed': warning(
    (p) =>
      `${p.documents === 1 ? 'a document' : `${p.documents.toLocaleString('en-US')} documents`} of ${p.index} ${p.documents === 1 ? 'has' : 'have'} in \`${p.field}\` what is no ${p.type}, such as ${p.example}: nothing finds it there`,
    () =>
      'as Elasticsearch indexes it with `ignore_malformed`; give the mapping of the index that the documents are from',
  ),
  'elastic/alert-cycle': warning(
    (p) => `${p.rules.length} rules read each other's alerts: ${p.rules.join(', ')}`,
    () => 'each sees the alerts of the rules outside of this circle; ask for `kibana.alert.rule.rule_id` to break it',
  ),
  'elastic/attack-id': warning(
    (p) => `ATT&CK has no technique ${p.id}, or has retired it`,
    (p) => (p.parent === '' ? '' : `there is ${p.parent}`),
  ),
  'elastic/bad-threat-mapping': error((p) => `Kibana would refuse this mapping: ${p.reason}`),
  'elastic/no-indicators': warning(
    (p) => `${p.rule} found no indicators (${p.where}), so it matches nothing`,
    () => 'give them beside the logs: --index NAME=FILE, with a name that `threat_index` means',
  ),
  'elastic/value-list-not-given': warning(
    (p) => `the value list ${p.list} is not given, so the exception that asks for it excepts nothing`,
    (p) => `--value-list ${p.list}=FILE gives it, one value a line`,
  ),
};
