import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import type { LoadContext } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };

/** What lint and loading find: each code with the text that it points at. */
function findings(keys: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const base = { rule_id: 'r', name: 'r', description: 'd', severity: 'low', risk_score: 1, index: ['logs-*'] };
  const text = JSON.stringify({ ...base, type: 'query', language: 'kuery', query: '*:*', ...keys });
  const [outcome] = elasticFormat.load({ path: 'r.json', source: sourceText('r.json', text) }, context) ?? [];
  if (outcome === undefined) throw new Error('no rule');
  const found = [...outcome.diagnostics, ...(outcome.status === 'loaded' ? outcome.lint() : [])];
  return found.map((one) => {
    const span = primarySpan(one);
    return [one.code, text.slice(span?.start, span?.end)];
  });
}

const kuery = (query: string, keys: Readonly<Record<string, unknown>> = {}) => findings({ query, ...keys });
const eql = (query: string, keys: Readonly<Record<string, unknown>> = {}) => {
  return findings({ type: 'eql', language: 'eql', query, ...keys });
};

describe('kuery', () => {
  test.each([
    ['event.outcome: succes', 'elastic/outside-ecs', 'succes'],
    ['event.outcome: (Success or success)', 'elastic/outside-ecs', 'Success'],
    ['event.action failed', 'kuery/missing-colon', 'event.action failed'],
    ['event.category: process and process.name cmd.exe', 'kuery/missing-colon', 'process.name cmd.exe'],
    ['user.name: a and user.name: a', 'elastic/duplicate-clause', 'user.name: a'],
    ['user.name: (a or b or a)', 'elastic/duplicate-clause', 'a'],
    ['user.name: a and not user.name: a', 'elastic/contradiction', 'not user.name: a'],
    ['not user.name: a or user.name: a', 'elastic/contradiction', 'user.name: a'],
  ])('%s', (query, code, text) => {
    expect(kuery(query)).toEqual([[code, text]]);
  });

  test.each([
    'event.outcome: (success or failure)',
    'event.category: (network or network_traffic)',
    'event.action: succes',
    'event.outcome: s*',
    '"event.action failed"',
    'failed login',
    'event.action: failed login',
    'user.name: a and user.name: b',
    'user.name: a and not user.name: b',
    '(user.name: a and host.name: b) or (user.name: a and host.name: c)',
    'not user.name: a and not user.name: b',
  ])('nothing is found in %s', (query) => {
    expect(kuery(query)).toEqual([]);
  });

  test('a query of EQL is told, whether it can be read or not', () => {
    expect(kuery('any where true').map(([code]) => code)).toEqual(['kuery/eql-query']);
    expect(kuery('process where process.name == "cmd.exe"').map(([code]) => code)).toContain('kuery/eql-query');
    expect(kuery('sequence by host.id [any where true] [any where true]').map(([code]) => code)).toContain(
      'kuery/eql-query',
    );
    for (const query of ['message: nobody knows where', 'lost where found', 'sequence', 'event.sequence: 5']) {
      expect(kuery(query).map(([code]) => code)).not.toContain('kuery/eql-query');
    }
  });
});

describe('EQL', () => {
  test.each([
    ['any where process.name == "cmd*"', 'eql/literal-wildcard', '\\"cmd*\\"'],
    ['any where process.name in ("a", "b*.exe")', 'eql/literal-wildcard', '\\"b*.exe\\"'],
    ['any where process.name regex "*.exe"', undefined, undefined],
    ['any where process.name regex~ "cmd*"', 'eql/glob-as-regex', '\\"cmd*\\"'],
    ['any where event.outcome == "succes"', 'elastic/outside-ecs', '\\"succes\\"'],
    ['proces where true', 'elastic/outside-ecs', 'proces'],
    ['any where process.nam == "x"', 'elastic/unknown-field', 'process.nam'],
    ['any where process.name : ("a", "A")', 'elastic/duplicate-clause', '\\"A\\"'],
    ['any where user.id == "1" and user.id == "1"', 'elastic/duplicate-clause', 'user.id == \\"1\\"'],
    ['any where user.id == "1" and user.id != "1"', 'elastic/contradiction', 'user.id != \\"1\\"'],
    ['any where user.id in ("1") or user.id not in ("1")', 'elastic/contradiction', 'user.id not in (\\"1\\")'],
  ])('%s', (query, code, text) => {
    const found = eql(query);
    if (code === undefined) expect(found.map(([one]) => one)).not.toContain('eql/literal-wildcard');
    else expect(found).toEqual([[code, text]]);
  });

  test.each([
    'any where process.name like "cmd*"',
    'any where process.name : "cmd*"',
    'any where process.args == "*"',
    'any where url.query == "a?b"',
    'any where process.name regex "cmd.*"',
    'any where process.name regex "(a|b)*"',
    'any where process.name regex "[0-9]*x"',
    'any where event.action == "succes"',
    'any where ?process.nam == "x"',
    'any where process.name like ("a", "A")',
    'any where user.id == "1" and user.id == "2"',
    'process where event.type in ("start", "process_started")',
  ])('nothing is found in %s', (query) => {
    expect(eql(query)).toEqual([]);
  });

  test('a maxspan longer than a run looks back', () => {
    const query = 'sequence by host.id with maxspan=1h [any where true] [any where true]';
    expect(eql(query, { from: 'now-9m' })).toEqual([['elastic/maxspan-over-lookback', '1h']]);
    expect(eql(query, { from: 'now-61m' })).toEqual([]);
    expect(eql('sequence by host.id [any where true] [any where true]', { from: 'now-9m' })).toEqual([]);
  });
});

describe('when a rule runs', () => {
  test.each([
    [{ from: 'now-9m', interval: '10m' }, ['elastic/look-back-gap', '"now-9m"']],
    [{ from: 'now-10m', to: 'now-2m', interval: '10m' }, ['elastic/look-back-gap', '"now-10m"']],
    [{ from: 'now-5m', interval: '5m' }, ['elastic/no-additional-look-back', '"now-5m"']],
  ])('%j', (keys, expected) => {
    expect(findings(keys)).toEqual([expected]);
  });

  test.each([
    {},
    { from: 'now-9m', interval: '5m' },
    { from: 'now-7m', to: 'now-2m', interval: '5m' },
    { from: 'now-5m', interval: '5m', timestamp_override: 'event.ingested' },
    { interval: '5m' },
  ])('nothing is found in %j', (keys) => {
    expect(findings(keys)).toEqual([]);
  });
});

describe('indices', () => {
  test('a rule that asks for the data stream finds nothing of Beats', () => {
    const index = ['filebeat-*', 'logs-okta.system-*'];
    expect(kuery('data_stream.dataset: okta.system', { index })).toEqual([
      ['elastic/dataset-scope', 'data_stream.dataset'],
    ]);
    expect(eql('any where data_stream.dataset == "okta.system"', { index }).map(([code]) => code)).toEqual([
      'elastic/dataset-scope',
    ]);
    expect(kuery('event.dataset: okta.system or data_stream.dataset: okta.system', { index })).toEqual([]);
    expect(kuery('not data_stream.dataset: okta.system', { index })).toEqual([]);
    expect(kuery('data_stream.dataset: okta.system', { index: ['logs-okta*'] })).toEqual([]);
  });

  test.each([
    [['logs-azure.activitylogs-*'], true],
    [['auditbeat-*', 'logs-endpoint.events.*'], true],
    [['logs-aws.cloudtrail-*'], false],
    [['logs-aws*'], false],
    [['logs-*'], false],
    [['filebeat-*'], false],
    [['my-own-trail'], false],
    [['.alerts-security.*'], false],
    [[], false],
  ])('a field of one integration in %j', (index, isFound) => {
    const found = kuery('aws.cloudtrail.user_identity.type: Root', { index });
    expect(found).toEqual(isFound ? [['elastic/not-in-index', 'aws.cloudtrail.user_identity.type']] : []);
  });
});
