import { join } from 'node:path';
import { expect, it } from 'vitest';
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
