import { describe, expect, it } from 'vitest';
import { logPath } from '../../src/cli/log-paths.ts';
import { dragoman, folder, lines } from './harness.ts';

const rule = (id: string, source: string, detection: string): string =>
  lines(`title: ${id}`, `id: ${id}`, `logsource: {${source}}`, `detection: {s: ${detection}, condition: s}`);
const django = rule('django', 'product: django, category: application', "['SuspiciousOperation']");
const okta = rule('okta', 'product: okta, service: okta', '{eventType: user.session.start}');
const failed = rule('failed', 'product: windows, service: security', '{EventID: 4625}');

const found = (out: string): readonly (readonly [string, string, number])[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ rule_id, log_type, source }) => [rule_id, log_type, source.line]);

const made = (): string =>
  folder({
    'r/django.yml': django,
    'r/okta.yml': okta,
    'r/failed.yml': failed,
    'web/app.log': lines(
      'starting',
      'ERROR django.security x',
      'Traceback (most recent call last):',
      '  SuspiciousOperation',
      'y',
    ),
    'o.ndjson': lines('{"eventType":"user.session.start"}'),
    'w.ndjson': lines('{"EventID":4625,"LogonType":3}'),
  });

describe('what is said of a path', () => {
  it('is its log source, or its log type, for that path alone', async () => {
    const root = made();
    const args = ['run', '--rules', `${root}/r`, '--format', 'ndjson', '--logs'];
    const said = [
      `product=django,category=application:${root}/web`,
      `product=okta,service=okta:${root}/o.ndjson`,
      `windows.security=${root}/w.ndjson`,
    ];
    for (const engine of ['stream', 'memory']) {
      const { code, out } = await dragoman([...args, ...said, '--engine', engine]);
      expect(code).toBe(0);
      expect(found(out)).toEqual([
        ['django', 'generic', 2],
        ['okta', 'generic', 1],
        ['failed', 'windows.security', 1],
      ]);
    }
    expect(found((await dragoman([...args, `${root}/o.ndjson`, `${root}/w.ndjson`])).out)).toEqual([]);
  });

  it('holds for query, lint and explain too', async () => {
    const root = made();
    const said = `windows.security=${root}/w.ndjson`;
    const query = ['query', '--language', 'kusto', 'SecurityEvent | where EventID == 4625 | count', '--logs', said];
    expect(JSON.parse((await dragoman([...query, '--format', 'json'])).out).rows).toEqual([[1]]);
    const { out } = await dragoman(['explain', '--rule', `${root}/r/failed.yml`, '--event', said]);
    expect(out).toContain('failed matches');
    const linted = await dragoman(['lint', `${root}/r/failed.yml`, '--logs', said]);
    expect(linted.code).toBe(0);
  });

  it('is no part of a path that exists, or that begins with a dot and a slash', () => {
    const path = 'windows.security=a.ndjson';
    expect(logPath(path)).toEqual({ path: 'a.ndjson', said: { logType: 'windows.security' } });
    expect(logPath(path, () => true)).toBe(path);
    expect(logPath(`./${path}`)).toBe(`./${path}`);
    expect(logPath('sentinel.SecurityEvent=-')).toEqual({ path: '-', said: { logType: 'sentinel.SecurityEvent' } });
    expect(logPath('notes=a.log')).toBe('notes=a.log');
    expect(logPath('product=okta')).toBe('product=okta');
  });

  it('makes a document of ECS one of the named type', async () => {
    const root = made();
    const files = folder({
      'd.ndjson': lines(
        '{"@timestamp":"2026-03-02T10:00:00Z","ecs":{"version":"8"},"okta":{"event_type":"user.session.start"}}',
      ),
    });
    const args = [
      'run',
      '--rules',
      `${root}/r/okta.yml`,
      '--format',
      'ndjson',
      '--logs',
      `okta.system=${files}/d.ndjson`,
    ];
    expect(found((await dragoman(args)).out)).toEqual([['okta', 'okta.system', 1]]);
  });

  it('must be a log type that there is, where it is nearly one', async () => {
    const root = made();
    const args = ['run', '--rules', `${root}/r`, '--logs', `windows.securty=${root}/w.ndjson`];
    const { code, err } = await dragoman(args);
    expect(code).toBe(2);
    expect(err).toContain(`did you mean windows.security=${root}/w.ndjson`);
  });
});
