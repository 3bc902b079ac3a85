import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { at, documents, elasticRule } from './elastic-rule.ts';
import { dragoman, folder } from './harness.ts';

/**
 * Suppression as Kibana has it, by the type of the rule. Facts from its source, `detection_engine/rule_types`: queries by
 * `query/alert_suppression/group_and_bulk_create.ts` (a bucket for missing values, or none with `doNotSuppress`), the others in memory by
 * `utils/bulk_create_suppressed_alerts_in_memory.ts` and `utils/partition_missing_fields_events.ts`, sequences by their shells
 * (`eql/wrap_sequences_factory.ts` and what the shell shares), thresholds by their own fields (`threshold/bulk_create_suppressed_threshold_alerts.ts`).
 */

/** In each of two runs two events of ann and one of nobody, all of them new to the rule. */
const EVENTS: readonly JsonObject[] = [1, 2, 3, 7, 8, 9].map((minute, place) => ({
  _id: `e${minute}`,
  '@timestamp': at(minute),
  event: { action: minute % 2 === 1 ? 'a' : 'b' },
  host: { name: 'h' },
  process: { name: `p${minute}`, pid: 4 },
  source: { ip: `10.0.0.${minute}` },
  ...(place % 3 === 2 ? {} : { user: { name: 'ann' } }),
}));

const INDICATORS: readonly JsonObject[] = [
  { _id: 'i', '@timestamp': at(0), threat: { indicator: { ip: '10.0.0.0/24' } } },
];

const TYPES: Readonly<Record<string, JsonObject>> = {
  query: {},
  'eql events': { type: 'eql', language: 'eql', query: 'any where true' },
  new_terms: {
    type: 'new_terms',
    new_terms_fields: ['process.name'],
    history_window_start: 'now-7d',
  },
  threat_match: {
    type: 'threat_match',
    threat_index: ['ti'],
    threat_query: '*:*',
    threat_mapping: [{ entries: [{ field: 'source.ip', type: 'mapping', value: 'threat.indicator.ip' }] }],
  },
};

interface Suppressed {
  /** The values of the fields that the alert is of; none where it is suppressed by nothing. */
  readonly terms: readonly Json[] | undefined;
  readonly count: Json | undefined;
}

async function suppressed(
  keys: JsonObject,
  suppression: JsonObject,
  events: readonly JsonObject[] = EVENTS,
): Promise<readonly Suppressed[]> {
  const root = folder({
    'rule.json': elasticRule({ index: ['logs'], ...keys, alert_suppression: suppression }),
    'e.log': documents(events),
    'i.log': documents(INDICATORS),
    'm.json': JSON.stringify({ properties: { source: { properties: { ip: { type: 'ip' } } } } }),
  });
  const { out } = await dragoman([
    ...['run', '--rules', `${root}/rule.json`, '--index', `logs=${root}/e.log`, `ti=${root}/i.log`],
    ...['--index-mapping', `${root}/m.json`, '--at', at(5), '--at', at(10), '--format', 'ecs-alert'],
  ]);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonObject => JSON.parse(line))
    .filter((alert) => alert['kibana.alert.building_block_type'] === undefined)
    .map((alert) => {
      const terms = alert['kibana.alert.suppression.terms'];
      return {
        terms: Array.isArray(terms) ? terms.map((term: { value?: Json }) => term.value ?? null) : undefined,
        count: alert['kibana.alert.suppression.docs_count'],
      };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const HOUR = { duration: { value: 1, unit: 'h' } };
const ALONE: Suppressed = { terms: undefined, count: undefined };
const of = (value: Json, count: number): Suppressed => ({ terms: [value], count });

describe.each(Object.entries(TYPES))('alerts of the type %s', (_, keys) => {
  const by = { group_by: ['user.name'] };

  it('are one for each value and run, also for the missing one', async () => {
    expect(await suppressed(keys, { ...by, missing_fields_strategy: 'suppress' })).toEqual([
      of('ann', 1),
      of('ann', 1),
      of(null, 0),
      of(null, 0),
    ]);
  });

  it('without the value stand alone where it is said so', async () => {
    expect(await suppressed(keys, { ...by, missing_fields_strategy: 'doNotSuppress' })).toEqual([
      of('ann', 1),
      of('ann', 1),
      ALONE,
      ALONE,
    ]);
  });

  it('go on in later runs for as long as it is said', async () => {
    expect(await suppressed(keys, { ...by, ...HOUR })).toEqual([of('ann', 3), of(null, 1)]);
    expect(await suppressed(keys, { ...by, ...HOUR, missing_fields_strategy: 'doNotSuppress' })).toEqual([
      of('ann', 3),
      ALONE,
      ALONE,
    ]);
    expect(await suppressed(keys, { ...by, duration: { value: 1, unit: 'm' } })).toEqual([
      of('ann', 1),
      of('ann', 1),
      of(null, 0),
      of(null, 0),
    ]);
  });

  it('are told apart by two and by three fields', async () => {
    expect(await suppressed(keys, { group_by: ['user.name', 'host.name'], ...HOUR })).toEqual([
      { terms: ['ann', 'h'], count: 3 },
      { terms: [null, 'h'], count: 1 },
    ]);
    expect(await suppressed(keys, { group_by: ['user.name', 'event.action', 'process.pid'], ...HOUR })).toEqual([
      { terms: ['ann', 'a', 4], count: 1 },
      { terms: ['ann', 'b', 4], count: 1 },
      { terms: [null, 'a', 4], count: 1 },
    ]);
  });
});

describe('sequences', () => {
  const keys = {
    type: 'eql',
    language: 'eql',
    query: 'sequence by host.name [any where event.action == "a"] [any where event.action == "b"]',
  };
  const pair = (minute: number, first: string | undefined, second: string | undefined): readonly JsonObject[] =>
    [first, second].map((name, place) => ({
      _id: `s${minute}-${place}`,
      '@timestamp': `2024-03-01T10:0${minute}:0${place}.000Z`,
      event: { action: place === 0 ? 'a' : 'b' },
      host: { name: `h${minute}` },
      ...(name !== undefined && { user: { name } }),
    }));
  const events = [
    ...pair(1, 'ann', 'ann'),
    ...pair(2, 'ann', 'ann'),
    ...pair(3, 'ann', 'bob'),
    ...pair(7, 'ann', 'ann'),
    ...pair(8, undefined, undefined),
  ];

  it('are suppressed by what all of their events have', async () => {
    const by = { group_by: ['user.name'] };
    expect(await suppressed(keys, by, events)).toEqual([of('ann', 0), of('ann', 1), of(null, 0), of(null, 0)]);
    expect(await suppressed(keys, { ...by, ...HOUR }, events)).toEqual([of('ann', 2), of(null, 1)]);
    expect(await suppressed(keys, { ...by, ...HOUR, missing_fields_strategy: 'doNotSuppress' }, events)).toEqual([
      of('ann', 2),
      ALONE,
      ALONE,
    ]);
  });
});

describe('thresholds', () => {
  const keys = { type: 'threshold', threshold: { field: ['user.name'], value: 1 } };

  it('are suppressed by their own fields, and for a time only', async () => {
    expect(await suppressed(keys, HOUR)).toEqual([of('ann', 1)]);
    expect(await suppressed(keys, { duration: { value: 1, unit: 'm' } })).toEqual([of('ann', 0), of('ann', 0)]);
  });
});
