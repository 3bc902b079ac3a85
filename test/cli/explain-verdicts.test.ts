import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const rule = lines(
  'title: login',
  'id: 11111111-1111-4111-8111-111111111111',
  'status: test',
  'logsource: {product: okta, service: okta}',
  'detection: {s: {eventType: user.session.start}, condition: s}',
);
const filter = (id: string, user: string): string =>
  lines(
    `title: not ${user}`,
    `id: ${id}`,
    'logsource: {product: okta}',
    `filter: {rules: any, sel: {user: ${user}}, condition: not sel}`,
  );
const files = {
  'repo/rules/cloud/login.yml': rule,
  'repo/filters/bob.yml': filter('22222222-1111-4111-8111-111111111111', 'bob'),
  'repo/filters/eve.yml': filter('33333333-1111-4111-8111-111111111111', 'eve').replace('okta', 'aws'),
  'log.ndjson': '{"product":"okta","service":"okta","eventType":"user.session.start","user":"bob"}\n',
};

describe('explain and the filters of Sigma', () => {
  it.each([
    [['repo/rules/cloud/login.yml'], 1, true],
    [['repo'], 0, false],
    [['repo/rules/cloud/login.yml', 'repo/filters'], 0, false],
  ])('decides as a run of the same paths does: %s', async (paths, matches, isNear) => {
    const root = folder(files);
    const rules = paths.map((path) => `${root}/${path}`);
    const logs = `${root}/log.ndjson`;
    const run = await dragoman(['run', '--rules', ...rules, '--logs', logs, '--format', 'ndjson']);
    expect(run.out.split('\n').length - 1).toBe(matches);
    const { out, err } = await dragoman(['explain', '--rule', ...rules, '--event', logs, '--format', 'json']);
    expect(JSON.parse(out).matches).toBe(matches === 1);
    // The filter that changes the rule is named, the other is not.
    expect(err.match(/the filter in .*bob\.yml is not applied/g)?.length ?? 0).toBe(isNear ? 1 : 0);
    expect(err).not.toContain('eve.yml');
  });

  it('looks for filters in the whole of a repository', async () => {
    const { 'repo/filters/bob.yml': bob, ...others } = files;
    const root = folder({ ...others, 'repo/tuning/noise/bob.yml': bob });
    const explain = ['explain', '--rule', `${root}/repo/rules/cloud/login.yml`, '--event', `${root}/log.ndjson`];
    expect((await dragoman(explain)).err).toBe('');
    mkdirSync(`${root}/repo/.git`);
    expect((await dragoman(explain)).err).toMatch(/the filter in .*tuning.noise.bob\.yml is not applied/);
  });
});

it('explain says once for each rule what a run over one range does not apply', async () => {
  const scheduled = lines(
    'id: 5d2f2f2e-0000-4000-8000-000000000002',
    'name: made',
    'kind: Scheduled',
    'severity: Medium',
    'queryFrequency: 1h',
    'queryPeriod: 2h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    'query: SigninLogs',
    'version: 1.0.0',
  );
  const row = '{"TimeGenerated":"2026-11-03T13:00:00Z","Type":"SigninLogs"}\n';
  const root = folder({ 'r.yaml': scheduled, 'log.ndjson': row + row });
  const explain = ['explain', '--rule', `${root}/r.yaml`, '--event', `${root}/log.ndjson`];
  const { out } = await dragoman(explain);
  expect(out.match(/^made matches .*\n {2}not applied: every 1h, look-back 2h$/gm)?.length).toBe(1);
  const json = await dragoman([...explain, '--format', 'json']);
  const told = json.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).not_applied);
  expect(told).toEqual([['every 1h, look-back 2h'], ['every 1h, look-back 2h']]);
});

it('explain says of a rule that only serves others that it gives no matches itself', async () => {
  const correlation = lines(
    'title: twice',
    'id: 44444444-1111-4111-8111-111111111111',
    'correlation:',
    '  type: event_count',
    '  rules: [11111111-1111-4111-8111-111111111111]',
    '  group-by: [user]',
    '  timespan: 1h',
    '  condition: {gte: 2}',
  );
  const log =
    '{"product":"okta","service":"okta","eventType":"user.session.start","user":"bob","@timestamp":"2026-11-03T13:00:00Z"}\n';
  const root = folder({ 'rules/a.yml': rule, 'rules/b.yml': correlation, 'log.ndjson': log + log });
  const logs = `${root}/log.ndjson`;
  const run = await dragoman(['run', '--rules', `${root}/rules`, '--logs', logs, '--format', 'ndjson']);
  expect(
    new Set(
      run.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).rule_name),
    ),
  ).toEqual(new Set(['twice']));
  const { out } = await dragoman(['explain', '--rule', `${root}/rules`, '--event', logs]);
  expect(out.match(/^login does not match .*\n.*serves others that use it/gm)?.length).toBe(2);
  expect(out.match(/^twice matches/gm)?.length).toBe(2);
});

it('a record is of the log type that the user says, whatever it says itself, for Python and without it', async () => {
  const root = folder({
    'rules/r.yml': lines('AnalysisType: rule', 'RuleID: R', 'Filename: r.py', 'LogTypes: [My.A]', 'Severity: Low'),
    'rules/r.py': 'def rule(event):\n    return event.get("a") == "x"\n',
    'log.ndjson': '{"p_log_type":"My.B","a":"x"}\n',
  });
  const [rules, logs] = [`${root}/rules/r.yml`, `${root}/log.ndjson`];
  for (const type of ['My.A', 'My.B']) {
    const options = ['--log-type', type, '--format'];
    const run = ['run', '--rules', rules, '--logs', logs, ...options, 'ndjson'];
    const found = [await dragoman(run), await dragoman([...run, '--strict-errors'])].map(({ out }) => out !== '');
    const { out } = await dragoman(['explain', '--rule', rules, '--event', logs, ...options, 'json']);
    expect([type, ...found, JSON.parse(out).matches]).toEqual([type, ...Array(3).fill(type === 'My.A')]);
  }
});
