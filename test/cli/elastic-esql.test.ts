import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { at, documents, elasticRule } from './elastic-rule.ts';
import { dragoman, folder } from './harness.ts';

/** The alerts that runs of an ES|QL rule at some times make of documents. */
async function alertsOf(
  query: string,
  of: readonly JsonObject[],
  keys: JsonObject,
  ...runs: readonly string[]
): Promise<readonly JsonObject[]> {
  const rule = elasticRule({ type: 'esql', language: 'esql', query, from: 'now-1h', interval: '1h', ...keys });
  const root = folder({ 'rule.json': rule, 'e.log': documents(of) });
  const paths = ['--rules', join(root, 'rule.json'), '--index', `logs-x=${join(root, 'e.log')}`];
  const { out } = await dragoman(['run', ...paths, '--format', 'ecs-alert', ...runs.flatMap((time) => ['--at', time])]);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JsonObject => JSON.parse(line));
}

const event = (id: string, more: JsonObject): JsonObject => ({ _id: id, '@timestamp': at(1), ...more });
const FROM = 'FROM logs-x METADATA _id, _index, _version';

describe('rows that are documents', () => {
  test('stand with the columns of the query over the fields of the event, however it writes them', async () => {
    const of = [event('a', { host: { name: 'h', os: 'linux' }, 'user.name': 'eve', n: 1 })];
    const [alert] = await alertsOf(
      `${FROM} | EVAL host.name = "other", user.name = TO_UPPER(user.name), n = null, twice = 2`,
      of,
      {},
      at(3),
    );
    expect(alert).toMatchObject({ host: { os: 'linux' }, 'host.name': 'other', 'user.name': 'EVE', n: 1, twice: 2 });
    expect(alert?.['_id']).toBeUndefined();
    expect(alert?.['host']).toEqual({ os: 'linux' });
  });

  test('are an alert for each expanded value, and none of them twice', async () => {
    const of = [event('a', { tag: ['x', 'y'] }), event('b', { tag: 'z' })];
    const alerts = await alertsOf(`${FROM} | MV_EXPAND tag`, of, {}, at(3), at(5));
    expect(alerts.map(({ tag }) => tag).sort()).toEqual(['x', 'y', 'z']);
  });

  test('are one alert where the expanded column is gone', async () => {
    const alerts = await alertsOf(
      `${FROM} | MV_EXPAND tag | DROP tag`,
      [event('a', { tag: ['x', 'y'] })],
      {},
      at(3),
      at(5),
    );
    expect(alerts).toHaveLength(1);
  });

  test('beyond the most that a run alerts on are alerts of the next run that sees them', async () => {
    const of = ['a', 'b', 'c', 'd', 'e'].map((id) => event(id, {}));
    expect(await alertsOf(FROM, of, { max_signals: 2 }, at(3))).toHaveLength(2);
    expect(await alertsOf(FROM, of, { max_signals: 2 }, at(3), at(4))).toHaveLength(4);
    expect(await alertsOf(FROM, of, { max_signals: 2 }, at(3), at(4), at(5), at(6))).toHaveLength(5);
  });
});

test('a count of all rows is an alert where there are none; one by a key is not', async () => {
  expect(await alertsOf('FROM logs-x | STATS n = COUNT(*)', [], {}, at(3))).toMatchObject([{ n: 0 }]);
  expect(await alertsOf('FROM logs-x | STATS n = COUNT(*) BY host.name', [], {}, at(3))).toEqual([]);
});

test('lint says which conditions are about fields with several values in the logs', async () => {
  const query = `${FROM} | WHERE tag == "x" AND MV_CONTAINS(tag, "y") AND name IN ("a", "b") AND other == "z"`;
  const root = folder({
    'rule.json': elasticRule({ type: 'esql', language: 'esql', query }),
    'e.log': documents([
      event('a', { tag: ['x', 'y'], name: ['a', 'c'], other: 'z' }),
      event('b', { tag: ['x', 'z'] }),
    ]),
  });
  const { out } = await dragoman(['lint', join(root, 'rule.json'), '--index', `logs-x=${join(root, 'e.log')}`]);
  expect(out).toContain('`tag` has several values in 2 records');
  expect(out).toContain('`name` has several values in 1 record');
  expect(out.match(/lint\/several-values/g)).toHaveLength(2);
});

test('lint names the sources that no log type gives records of', async () => {
  const query = 'FROM logs-azure.activitylogs-*, logs-unheard.of-*, .alerts-security.* METADATA _id';
  const root = folder({ 'rule.json': elasticRule({ type: 'esql', language: 'esql', query }) });
  const { out } = await dragoman(['lint', join(root, 'rule.json')]);
  expect(out.match(/lint\/unserved-source/g)).toHaveLength(1);
  expect(out).toContain('no log type gives records of `logs-unheard.of-*`');
});

test.each([
  ['FROM logs-x METADATA _id | WHERE NOT user.name LIKE "a*"', 'esql/not-like-null'],
  ['FROM logs-x METADATA _id | WHERE user.name RLIKE "*a"', 'esql/glob-as-regex'],
  ['FROM logs-x | STATS n = COUNT(*)', 'esql/alerts-on-nothing'],
  ['FROM logs-x METADATA _id | LIMIT 5', 'esql/low-limit'],
  ['FROM logs-x | WHERE user.name == "a"', 'esql/no-identity'],
  ['FROM logs-x METADATA _id | KEEP user.name', 'esql/no-identity'],
  ['FROM logs-x METADATA _id | WHERE user.name IS NULL OR NOT user.name LIKE "a*" | KEEP *', undefined],
])('lint of %s', async (query, code) => {
  const root = folder({ 'rule.json': elasticRule({ type: 'esql', language: 'esql', query }) });
  const { out } = await dragoman(['lint', join(root, 'rule.json')]);
  expect([...out.matchAll(/esql\/[a-z-]+/g)].map(([found]) => found)).toEqual(code === undefined ? [] : [code]);
});
