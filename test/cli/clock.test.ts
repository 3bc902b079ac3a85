import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dragoman, folder } from './harness.ts';

it.each([
  ['ISO text', '2026-11-03T13:00:00Z', '2026-11-03T09:00:00Z'],
  ['milliseconds since 1970', 1_793_710_800_000, 1_793_696_400_000],
])('run, explain and both ways to query take the last event for now: %s', async (_, last, before) => {
  const row = (name: string, time: string | number): object => ({
    Timestamp: time,
    DeviceName: name,
    ActionType: 'ProcessCreated',
    FileName: 'a.exe',
    ProcessCommandLine: 'a',
    InitiatingProcessFileName: 'b.exe',
  });
  const root = folder({
    'rule.kql': 'DeviceProcessEvents | where Timestamp > ago(1h) | project DeviceName',
    'rows.json': JSON.stringify([row('early', before), row('late', last)]),
  });
  const [rule, rows] = [join(root, 'rule.kql'), join(root, 'rows.json')];
  const jsonLines = (text: string): Record<string, unknown>[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const run = await dragoman(['run', '--rules', rule, '--logs', rows, '--format', 'ndjson']);
  expect(jsonLines(run.out).map(({ fields }) => fields)).toEqual([{ DeviceName: 'late' }]);
  const explain = await dragoman(['explain', '--rule', rule, '--event', rows, '--format', 'json']);
  expect(jsonLines(explain.out).map(({ matches }) => matches)).toEqual([false, true]);
  for (const from of [
    ['--table', `DeviceProcessEvents=${rows}`],
    ['--logs', rows],
  ]) {
    const found = await dragoman(['query', '--language', 'kusto', '--file', rule, ...from, '--format', 'json']);
    expect(JSON.parse(found.out).rows, from[0]).toEqual([['late']]);
  }
});
