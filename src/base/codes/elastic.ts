import { type Entries, error, warning } from './entry.ts';

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
