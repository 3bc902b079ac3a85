import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { at, documents, elasticRule as rule } from './elastic-rule.ts';
import { dragoman, folder } from './harness.ts';

/** The alerts as documents, and what was said. */
async function alerts(
  files: Readonly<Record<string, string>>,
  options: (root: string) => readonly string[] = () => [],
): Promise<{
  readonly alerts: readonly Readonly<Record<string, Json>>[];
  readonly err: string;
  readonly code: number;
}> {
  const root = folder(files);
  const index = `logs-x=${root}/documents.ndjson`;
  const given = ['run', '--rules', `${root}/rule.json`, '--index', index, '--format', 'ecs-alert', ...options(root)];
  const { code, out, err } = await dragoman(given);
  const lines = out.split('\n').filter((line) => line !== '');
  return { alerts: lines.map((line) => JSON.parse(line)), err, code };
}

it('writes alerts as documents, with what the rule and its document say', async () => {
  const found = await alerts({
    'rule.json': rule({ query: 'user.name: ann', building_block_type: 'default' }),
    'documents.ndjson': documents([
      { _id: '1', '@timestamp': at(0), user: { name: 'ann' }, event: { action: 'login', kind: 'event' } },
      { _id: '2', '@timestamp': at(1), user: { name: 'bob' } },
    ]),
  });
  expect(found.code).toBe(0);
  expect(found.alerts).toEqual([
    expect.objectContaining({
      user: { name: 'ann' },
      'event.kind': 'signal',
      'kibana.alert.ancestors': [{ id: '1', type: 'event', index: 'logs-x', depth: 0 }],
      'kibana.alert.depth': 1,
      'kibana.alert.original_time': at(0),
      'kibana.alert.original_event.action': 'login',
      'kibana.alert.rule.rule_id': 'r',
      'kibana.alert.rule.name': 'A rule',
      'kibana.alert.severity': 'low',
      'kibana.alert.risk_score': 21,
      'kibana.alert.building_block_type': 'default',
      'kibana.alert.status': 'active',
    }),
  ]);
  expect(found.alerts[0]).not.toHaveProperty('_id');
});

it('reads values as the mapping of the index says', async () => {
  const mapping = {
    properties: {
      '@timestamp': { type: 'date', format: 'epoch_second' },
      port: { type: 'integer' },
      on: { type: 'boolean' },
      name: { type: 'keyword', ignore_above: 4, null_value: 'none' },
      other: { type: 'alias', path: 'name' },
      kind: { type: 'constant_keyword', value: 'x' },
      words: { type: 'text' },
      version: { type: 'version' },
    },
  };
  const time = { '@timestamp': 1709287200 };
  const list = [
    { ...time, _id: '1', port: '80', on: 'true', name: 'abcde', words: 'One two', version: '1.10.0' },
    { ...time, _id: '2', port: 81, on: false, name: null, words: 'two three', version: '1.9' },
    { ...time, _id: '3', port: 'many', name: 'abc' },
  ];
  const idsOf = async (query: string): Promise<Json> => {
    const files = {
      'rule.json': rule({ query }),
      'documents.ndjson': documents(list),
      'mapping.json': JSON.stringify(mapping),
    };
    const found = await alerts(files, (root) => ['--index-mapping', `logs-x=${root}/mapping.json`]);
    expect(found.alerts.every((alert) => alert['kibana.alert.original_time'] === '2024-03-01T10:00:00.000Z')).toBe(
      true,
    );
    return found.alerts.flatMap((alert) => {
      const ancestors = alert['kibana.alert.ancestors'];
      return Array.isArray(ancestors) ? ancestors.map((one: JsonObject) => one['id'] ?? null) : [];
    });
  };
  expect(await idsOf('port >= 80')).toEqual(['1', '2']);
  expect(await idsOf('on: true')).toEqual(['1']);
  expect(await idsOf('name: *')).toEqual(['2', '3']);
  expect(await idsOf('other: none')).toEqual(['2']);
  expect(await idsOf('kind: x')).toEqual(['1', '2', '3']);
  expect(await idsOf('words: ONE')).toEqual(['1']);
  expect(await idsOf('version > 1.9.5')).toEqual(['1']);
});

it('makes one run at each time, and no second alert for what an earlier one found', async () => {
  const files = {
    'rule.json': rule({ from: 'now-10m', timestamp_override: 'event.ingested', max_signals: 2 }),
    'documents.ndjson': documents([
      { _id: '1', '@timestamp': at(1) },
      { _id: '2', '@timestamp': at(2), event: { ingested: at(12) } },
      { _id: '3', '@timestamp': at(13) },
      { _id: '4', '@timestamp': at(14) },
      { _id: '5' },
    ]),
  };
  const seen = async (...times: readonly number[]): Promise<readonly Json[]> => {
    const found = await alerts(files, () => ['--at', ...times.map(at)]);
    return found.alerts.map((alert) => [alert['@timestamp'] ?? null, alert['kibana.alert.original_time'] ?? null]);
  };
  expect(await seen(5)).toEqual([[at(5), at(1)]]);
  expect(await seen(5, 12)).toEqual([
    [at(5), at(1)],
    [at(12), at(2)],
  ]);
  expect(await seen(14)).toEqual([
    [at(14), at(2)],
    [at(14), at(13)],
  ]);
  const { err } = await alerts(files, () => ['--manual', `${at(0)}..${at(20)}`]);
  expect(err).toContain('max alerts (max_signals of 2), and 2 matches are left out');
  expect(err).toContain('1 record has no time that a rule looks at');
});

it('applies exceptions and value lists that stand beside the rules', async () => {
  const files = {
    'rule.json': rule({}),
    'documents.ndjson': documents(
      ['10.0.0.1', '10.0.0.7', '10.1.0.1', '192.168.0.1'].map((ip, minute) => ({
        '@timestamp': at(minute),
        source: { ip },
      })),
    ),
    'exceptions.ndjson': [
      { entries: [{ field: 'source.ip', operator: 'included', type: 'match', value: '192.168.0.1' }] },
      { entries: [{ field: 'source.ip', operator: 'included', type: 'list', list: { id: 'nets', type: 'ip_range' } }] },
    ]
      .map((one) => JSON.stringify(one))
      .join('\n'),
    'nets.txt': '10.0.0.0/30\n10.1.0.0-10.1.0.9\n',
  };
  const beside = (root: string): readonly string[] => [
    ...['--exceptions', `${root}/exceptions.ndjson`, '--value-list', `nets=${root}/nets.txt`],
  ];
  const found = await alerts(files, beside);
  expect(found.alerts.map((alert) => alert['source'])).toEqual([{ ip: '10.0.0.7' }]);
});

it('counts what suppression leaves out', async () => {
  const files = {
    'rule.json': rule({ alert_suppression: { group_by: ['user.name'], missing_fields_strategy: 'suppress' } }),
    'documents.ndjson': documents([
      { '@timestamp': at(0), user: { name: 'ann' } },
      { '@timestamp': at(1) },
      { '@timestamp': at(2), user: { name: 'ann' } },
      { '@timestamp': at(3) },
      { '@timestamp': at(4), user: { name: 'ann' } },
    ]),
  };
  const found = await alerts(files);
  const told = found.alerts.map((alert) =>
    ['terms', 'start', 'end', 'docs_count'].map((part) => alert[`kibana.alert.suppression.${part}`]),
  );
  expect(told).toEqual([
    [[{ field: 'user.name', value: 'ann' }], at(0), at(4), 2],
    [[{ field: 'user.name', value: null }], at(1), at(3), 1],
  ]);
});

it.each([
  [['--at', 'soon'], '--at soon is not a time'],
  [['--manual', '2024-01-01'], '--manual 2024-01-01 is not a stretch of time'],
  [['--value-list', 'file'], '--value-list file has no name'],
  [['--schedule', '--at', at(0)], '--schedule makes its own runs'],
])('%j is refused', async (options, message) => {
  const root = folder({ 'rule.json': rule({}), 'documents.ndjson': '{}' });
  const index = `logs-x=${root}/documents.ndjson`;
  const { code, err } = await dragoman(['run', '--rules', `${root}/rule.json`, '--index', index, ...options]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

it('files that cannot be read are said, and the rest runs', async () => {
  const root = folder({
    'rule.json': rule({}),
    'documents.ndjson': documents([{ '@timestamp': at(0) }]),
    'm.json': '[',
  });
  const given = ['run', '--rules', `${root}/rule.json`, '--index', `logs-x=${root}/documents.ndjson`];
  const options = ['--index-mapping', `${root}/m.json`, '--exceptions', `${root}/none.json`, '--format', 'ecs-alert'];
  const { code, out, err } = await dragoman([...given, ...options]);
  expect(code).toBe(3);
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(err).toContain('cannot read the index mapping');
  expect(err).toContain('none.json');
});
