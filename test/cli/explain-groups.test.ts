import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dragoman, folder } from './harness.ts';

const query = [
  'SigninLogs',
  '| where ResultType == "50126"',
  '| summarize Failures = count() by IPAddress',
  '| where Failures >= 3',
  '| project IPAddress',
].join('\n');

async function verdicts(
  addresses: readonly string[],
  text = query,
): Promise<{ run: number; explained: boolean[]; because: unknown[] }> {
  const rows = addresses.map((IPAddress, at) => ({
    TimeGenerated: `2026-11-03T13:0${at}:00Z`,
    ResultType: '50126',
    IPAddress,
    UserPrincipalName: 'a',
    AppDisplayName: 'b',
  }));
  const root = folder({ 'rule.kql': text, 'rows.json': JSON.stringify(rows) });
  const [rule, logs] = [join(root, 'rule.kql'), join(root, 'rows.json')];
  const options = ['--log-type', 'sentinel.SigninLogs', '--format'];
  const run = await dragoman(['run', '--rules', rule, '--logs', logs, ...options, 'ndjson']);
  const explain = await dragoman(['explain', '--rule', rule, '--event', logs, ...options, 'json']);
  const told = explain.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return {
    run: run.out.split('\n').filter((line) => line !== '').length,
    explained: told.map(({ matches }) => matches),
    because: told.map(({ because }) => because),
  };
}

it('explain counts the records of a group as the run does', async () => {
  expect(await verdicts(['1.1.1.1', '1.1.1.1'])).toEqual({
    run: 0,
    explained: [false, false],
    because: ['Failures ≥ 3, but it is 2', 'Failures ≥ 3, but it is 2'],
  });
  expect(await verdicts(['1.1.1.1', '2.2.2.2', '1.1.1.1', '1.1.1.1'])).toMatchObject({
    run: 1,
    explained: [true, false, true, true],
  });
});

it('explain follows a record through distinct rows, an order and a limit', async () => {
  const top = 'SigninLogs | distinct IPAddress | top 1 by IPAddress desc';
  expect(await verdicts(['1.1.1.1', '2.2.2.2', '2.2.2.2'], top)).toMatchObject({
    run: 1,
    explained: [false, true, true],
  });
});

it('explain says that a record is part of a series, whether or not another one is like it', async () => {
  const series = [
    'SigninLogs',
    '| make-series Users = dcount(UserPrincipalName) on TimeGenerated',
    '  in range(datetime(2026-11-03T13:00), datetime(2026-11-03T13:02), 1m) by IPAddress',
    '| where IPAddress == "1.1.1.1"',
  ].join('\n');
  expect(await verdicts(['1.1.1.1', '1.1.1.1', '2.2.2.2', '1.1.1.1'], series)).toMatchObject({
    run: 1,
    explained: [true, true, false, false],
  });
  const daily = series.replace('1m)', '1d)');
  expect(await verdicts(['1.1.1.1', '1.1.1.1'], daily)).toMatchObject({ run: 1, explained: [true, true] });
});

describe('explain of windows of rows', () => {
  const explain = async (rule: string, name: string, logs: readonly object[]): Promise<readonly string[]> => {
    const root = folder({ [name]: rule, 'log.ndjson': logs.map((event) => `${JSON.stringify(event)}\n`).join('') });
    const run = ['explain', '--rule', join(root, name), '--event', join(root, 'log.ndjson'), '--format', 'json'];
    const { out } = await dragoman(run);
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((told) => told.rule_name === 'counted')
      .map((told) => told.because ?? 'matches');
  };

  it("tells the largest window of a record's group that a Sigma correlation could count", async () => {
    const rule = [
      'title: base',
      'name: base',
      'id: 11111111-1111-4111-8111-111111111111',
      'logsource: {product: okta}',
      'detection: {s: {eventType: x}, condition: s}',
      '---',
      'title: counted',
      'id: 11111111-1111-4111-8111-111111111112',
      'correlation: {type: event_count, rules: [base], group-by: [user], timespan: 10m, condition: {gte: 3}}',
    ].join('\n');
    const event = (minute: number, user: string): object => ({
      product: 'okta',
      eventType: 'x',
      user,
      '@timestamp': new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString(),
    });
    const has = (user: string, number: number): string =>
      `number of events ≥ 3, for each user, within 600 s; its group (user "${user}") has ${number}`;
    const logs = [event(0, 'a'), event(5, 'a'), event(11, 'a'), event(40, 'a'), event(41, 'b')];
    expect(await explain(rule, 'r.yml', logs)).toEqual([
      has('a', 2),
      has('a', 2),
      has('a', 2),
      has('a', 1),
      has('b', 1),
    ]);
    expect(await explain(rule, 'r.yml', [event(0, 'a'), event(5, 'a'), event(9, 'a'), event(9, 'b')])).toEqual([
      'matches',
      'matches',
      'matches',
      has('b', 1),
    ]);
  });

  it("tells each number that a threshold rule of Elastic's asks for", async () => {
    const rule = JSON.stringify({
      rule_id: 't1',
      name: 'counted',
      description: 'd',
      type: 'threshold',
      language: 'kuery',
      query: 'event.outcome: failure',
      index: ['logs-*'],
      severity: 'low',
      risk_score: 21,
      threshold: { field: ['user.name'], value: 2, cardinality: [{ field: 'host.name', value: 2 }] },
    });
    const event = (user: string, host: string): object => ({
      '@timestamp': '2026-01-01T10:00:00Z',
      event: { outcome: 'failure' },
      user: { name: user },
      host: { name: host },
    });
    const told = await explain(rule, 'r.ndjson', [event('a', 'h'), event('a', 'h'), event('b', 'h'), event('b', 'i')]);
    expect(told.map((because) => /its group .*/.exec(because)?.[0] ?? because)).toEqual([
      expect.stringContaining('its group (user.name "a") has number of events 2, number of different va'),
      expect.stringContaining('its group (user.name "a") has number of events 2, number of different va'),
      'matches',
      'matches',
    ]);
  });
});
