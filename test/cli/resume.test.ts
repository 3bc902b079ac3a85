import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtCli } from './built.ts';
import { folder, lines } from './harness.ts';

const library = join(builtCli(), '..', '..', 'index.js');

const sysmon = (at: number): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    UtcTime: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
    Image: at % 97 === 0 ? 'C:\\Windows\\CMD.exe' : 'C:\\Windows\\explorer.exe',
    User: `u${at % 5}`,
    CommandLine: 'x'.repeat(300),
  });
const ROWS = 24_000;
const log = (from: number, to: number): string =>
  lines(...Array.from({ length: to - from }, (_, at) => sysmon(from + at)));

const FILES = {
  'rules/sigma.yml': lines(
    'title: tool',
    'name: tool',
    'logsource: {product: windows, category: process_creation}',
    "detection: {sel: {Image|endswith: '\\cmd.exe'}, condition: sel}",
    '---',
    'title: again',
    'correlation: {type: event_count, rules: [tool], group-by: [User], timespan: 30m, condition: {gte: 3}, generate: true}',
  ),
  'rules/counted.yaml': lines(
    'id: counted',
    'name: counted',
    'kind: Scheduled',
    'severity: Low',
    'query: |',
    '  DeviceProcessEvents',
    '  | where FolderPath =~ @"C:\\Windows\\CMD.exe"',
    '  | summarize n = count(), last = max(Timestamp) by AccountName',
  ),
  'whole/log.ndjson': log(0, ROWS),
  'first/log.ndjson': log(0, ROWS / 3),
  'then/log.ndjson': log(ROWS / 3, ROWS),
};

interface Ran {
  readonly matches: readonly string[];
  readonly records: readonly (readonly [string, number])[];
  readonly said: readonly string[];
}

/** Reads some logs with two threads, in a process of its own. */
function run(root: string, logs: string, from: string | undefined, to: string | undefined): Ran {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    const { createSession, loadRules, readLogs } = await import(${JSON.stringify(library)});
    const { rules } = await loadRules([${JSON.stringify(join(root, 'rules'))}]);
    const session = createSession(rules, { workers: 2 });
    const [from, to] = ${JSON.stringify([from ?? null, to ?? null])};
    const said = from === null ? [] : session.restore(JSON.parse(readFileSync(from, 'utf8')));
    const found = [];
    for await (const { events } of readLogs([${JSON.stringify(join(root, logs))}], { scanner: session.scanner })) {
      found.push(...await session.process(events));
    }
    if (to === null) found.push(...await session.advance('end'));
    else writeFileSync(to, JSON.stringify(session.snapshot({ read: ${JSON.stringify(logs)} })));
    await session.close();
    const matches = found.map(({ rule, time, fields, alert }) => JSON.stringify([rule.name, time, String(fields?.n), String(fields?.count), alert?.count]));
    console.log(JSON.stringify({ matches, records: [...session.recordsByType], said: said.map(({ message }) => message) }));
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

it('a run that ends and goes on in a new process gives what one process gives', () => {
  const root = folder(FILES);
  const checkpoint = join(root, 'checkpoint.json');
  const whole = run(root, 'whole', undefined, undefined);
  const first = run(root, 'first', undefined, checkpoint);
  const then = run(root, 'then', checkpoint, undefined);
  expect(then.said).toEqual([]);
  expect([...first.matches, ...then.matches]).toEqual(whole.matches);
  expect(then.records).toEqual(whole.records);
  expect(JSON.parse(readFileSync(checkpoint, 'utf8')).positions).toEqual({ read: 'first' });
  const names = new Set(whole.matches.map((match) => JSON.parse(match)[0]));
  expect([...names].sort()).toEqual(['again', 'counted', 'tool']);
}, 300_000);
