import { type Entries, error, warning } from './entry.ts';

/** Elastic rule files. */
export interface ElasticCodes {
  'elastic/exceptions-not-applied': { lists: readonly string[] };
  'elastic/filter-escape': { value: string; escape: string };
  'elastic/bad-filter': { reason: string };
  'elastic/missing-metadata': { key: string };
}

export const elasticCodes: Entries<ElasticCodes> = {
  'elastic/exceptions-not-applied': warning(
    (p) => `the rule's exception lists are not applied: ${p.lists.join(', ')}`,
    () => 'they are kept in Kibana, not in the rule; events they exclude will match here',
  ),
  'elastic/filter-escape': warning(
    (p) => `in a wildcard query \`${p.escape}\` stands for the character after the backslash alone`,
    () => 'write two backslashes for one',
  ),
  'elastic/bad-filter': error((p) => `Elasticsearch would refuse this filter: ${p.reason}`),
  'elastic/missing-metadata': warning((p) => `\`${p.key}\` is missing; Kibana refuses such a rule, here it runs`),
};
