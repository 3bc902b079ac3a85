import type { JsonObject } from '../../src/base/json.ts';

/** A rule of Kibana's, as it is exported, with these keys besides what every rule needs. */
export function elasticRule(keys: JsonObject): string {
  return JSON.stringify({
    rule_id: 'r',
    name: 'A rule',
    description: 'd',
    severity: 'low',
    risk_score: 21,
    type: 'query',
    language: 'kuery',
    index: ['logs-*'],
    query: '*:*',
    ...keys,
  });
}

/** Documents as NDJSON. */
export function documents(list: readonly JsonObject[]): string {
  return list.map((one) => JSON.stringify(one)).join('\n');
}

/** A minute of an hour. */
export function at(minute: number): string {
  return `2024-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
}
