import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const MADE = 'MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE';

function azure(time: string, caller = 'ann@example.org'): string {
  return JSON.stringify({
    time,
    operationName: MADE,
    category: 'Administrative',
    resultType: 'Success',
    resourceId: '/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/V',
    caller,
    callerIpAddress: '203.0.113.5',
  });
}

/** A Sentinel rule on addresses from which three machines or more were made. */
const sentinel = (keys: readonly string[]): string =>
  lines(
    'id: many-machines',
    'name: many machines made',
    'kind: Scheduled',
    'severity: Medium',
    ...keys,
    'query: |',
    '  AzureActivity',
    `  | where OperationNameValue =~ "${MADE}"`,
    '  | summarize Made = count() by CallerIpAddress',
    '  | where Made >= 3',
  );

/** A Sentinel rule on each machine made. */
const rowWise = (keys: readonly string[]): string =>
  lines(
    'id: machine',
    'name: machine made',
    'kind: Scheduled',
    'severity: Low',
    ...keys,
    'query: |',
    '  AzureActivity',
    `  | where OperationNameValue =~ "${MADE}"`,
  );

const threeDays = lines(azure('2026-02-01T10:00:00Z'), azure('2026-02-02T10:00:00Z'), azure('2026-02-03T10:00:00Z'));
const oneHour = lines(azure('2026-02-01T10:01:00Z'), azure('2026-02-01T10:02:00Z'), azure('2026-02-01T10:59:00Z'));

async function run(
  files: Readonly<Record<string, string>>,
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly root: string }> {
  const root = folder(files);
  const rule = Object.keys(files).find((name) => !name.startsWith('logs'));
  return { ...(await dragoman(['run', '--rules', `${root}/${rule}`, '--logs', `${root}/logs.ndjson`, ...more])), root };
}

const objects = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('triggers', () => {
  it('drop rows, counted on the line of the rule', async () => {
    const keys = ['queryFrequency: 1h', 'queryPeriod: 1h', 'triggerOperator: gt', 'triggerThreshold: 5'];
    const { code, out } = await run({ 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays });
    expect(code).toBe(0);
    expect(out).toContain(
      'many machines made  sentinel        0  1 row under the trigger of > 5; not applied: every 1h, look-back 1h',
    );
    expect(out).toContain('no matches');
    const json = JSON.parse(
      (await run({ 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays }, '--format', 'json')).out,
    );
    expect(json.summary.matches).toMatchObject([
      { rule_id: 'many-machines', matches: 0, under_threshold: 1, not_applied: ['every 1h, look-back 1h'] },
    ]);
  });

  it('let all rows pass together, and they are one alert', async () => {
    const keys = ['triggerOperator: gt', 'triggerThreshold: 2'];
    const { out } = await run({ 'r.yaml': rowWise(keys), 'logs.ndjson': threeDays }, '--format', 'ndjson');
    const matches = objects(out).map(({ alert }) => alert as { id: string; first: string; count: number });
    expect(matches.map(({ first, count }) => [first, count])).toEqual([
      ['2026-02-01T10:00:00Z', 1],
      ['2026-02-01T10:00:00Z', 2],
      ['2026-02-01T10:00:00Z', 3],
    ]);
    expect(new Set(matches.map(({ id }) => id)).size).toBe(1);
  });

  it('may ask for no rows: that there are none is the match', async () => {
    const keys = ['queryFrequency: 1d', 'triggerOperator: lt', 'triggerThreshold: 1'];
    const { out } = await run(
      { 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays.split('\n')[0] ?? '' },
      '--format',
      'ndjson',
    );
    expect(objects(out)).toMatchObject([{ rule_id: 'many-machines', event: null, fields: { rows: 0 } }]);
  });
});

describe('schedules', () => {
  const keys = ['queryFrequency: 1h', 'queryPeriod: 1h', 'triggerOperator: gt', 'triggerThreshold: 0'];

  it('are not applied by a run over one range, which says so', async () => {
    const { out, err } = await run({ 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays });
    expect(out).toContain('many machines made  sentinel        1  not applied: every 1h, look-back 1h');
    expect(err).toContain('not applied: schedules and look-backs of 1 rule');
    expect(err).toContain('hint: --schedule runs rules by their own schedules');
  });

  it('show each run its look-back only, and which matches that misses', async () => {
    const { out, err } = await run({ 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays }, '--schedule');
    expect(out).toContain('many machines made  sentinel        0  1 match of the whole range missed by its look-back');
    expect(out).toContain('no matches');
    expect(err).toContain('Found in the whole range, and missed by look-backs');
    expect(err).toContain('CallerIpAddress=203.0.113.5');
  });

  it('find what happened within one run', async () => {
    const { out } = await run({ 'r.yaml': sentinel(keys), 'logs.ndjson': oneHour }, '--schedule', '--format', 'json');
    const { matches, summary } = JSON.parse(out);
    expect(matches).toMatchObject([
      {
        fields: { CallerIpAddress: '203.0.113.5', Made: 3 },
        run: { from: '2026-02-01T10:00:00.0000000Z', to: '2026-02-01T11:00:00.0000000Z' },
      },
    ]);
    expect(summary.missed).toEqual([]);
    expect(summary.matches).toMatchObject([{ matches: 1, missed: 0 }]);
  });

  it('find a record once in each run that sees it, and the trigger asks each run', async () => {
    const often = ['queryFrequency: 1h', 'queryPeriod: 2h', 'triggerOperator: gt', 'triggerThreshold: 1'];
    const logs = lines(azure('2026-02-01T10:30:00Z'), azure('2026-02-01T11:30:00Z'), azure('2026-02-01T13:30:00Z'));
    const { out } = await run({ 'r.yaml': rowWise(often), 'logs.ndjson': logs }, '--schedule', '--format', 'json');
    const { matches, summary } = JSON.parse(out);
    expect(matches.map((one: { time: string; run: { to: string } }) => [one.time, one.run.to.slice(11, 16)])).toEqual([
      ['2026-02-01T10:30:00Z', '12:00'],
      ['2026-02-01T11:30:00Z', '12:00'],
    ]);
    // Runs at 11, 13 and 14 o'clock see one record each.
    expect(summary.matches).toMatchObject([{ matches: 2, under_threshold: 3, missed: 1 }]);
    expect(summary.missed).toMatchObject([{ time: '2026-02-01T13:30:00Z' }]);
  });

  it('of Elastic find a record once, say what falls between runs, and limit the alerts of a run', async () => {
    const rule = JSON.stringify({
      rule_id: 'e',
      name: 'E',
      description: 'd',
      severity: 'low',
      risk_score: 1,
      type: 'query',
      query: 'user.name: *',
      interval: '10m',
      from: 'now-6m',
      max_signals: 2,
    });
    const at = (time: string, name: string): string => JSON.stringify({ '@timestamp': time, user: { name } });
    const logs = lines(
      at('2026-02-01T10:02:00Z', 'between runs'),
      ...['a', 'b', 'c'].map((name) => at('2026-02-01T10:08:00Z', name)),
    );
    const { out } = await run({ 'e.json': rule, 'logs.ndjson': logs }, '--schedule', '--format', 'json');
    const { matches, summary } = JSON.parse(out);
    expect(matches.map(({ event }: { event: { user: object } }) => event.user)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(summary.matches).toMatchObject([{ matches: 2, over_max_signals: 1, missed: 1 }]);
    expect(summary.missed).toMatchObject([{ event: { user: { name: 'between runs' } } }]);
  });

  it('end with the time of the run that is given', async () => {
    const { out } = await run(
      { 'r.yaml': rowWise(keys), 'logs.ndjson': oneHour },
      ...['--schedule', '--now', '2026-02-01T10:30:00Z', '--format', 'json'],
    );
    const { matches, summary } = JSON.parse(out);
    expect(matches.map(({ run }: { run: { to: string } }) => run.to)).toEqual([
      '2026-02-01T10:30:00.0000000Z',
      '2026-02-01T10:30:00.0000000Z',
    ]);
    expect(summary.missed).toMatchObject([{ time: '2026-02-01T10:59:00Z' }]);
  });

  it('give now() its value in each run', async () => {
    const recent = lines(
      'id: recent',
      'name: recent',
      'kind: Scheduled',
      'severity: Low',
      'queryFrequency: 1h',
      'queryPeriod: 1d',
      'query: AzureActivity | where TimeGenerated > ago(90m)',
    );
    const { out } = await run({ 'r.yaml': recent, 'logs.ndjson': threeDays }, '--schedule', '--format', 'json');
    const { matches, summary } = JSON.parse(out);
    expect(new Set(matches.map(({ time }: { time: string }) => time)).size).toBe(3);
    // As one range it finds the last day's record only.
    expect(summary.missed).toEqual([]);
  });

  it('leave rules that have none to one range', async () => {
    const sigma = lines(
      'title: Made',
      'logsource: {product: azure}',
      'detection: {a: {caller: ann@example.org}, condition: a}',
      'level: low',
    );
    const { out } = await run({ 's.yml': sigma, 'logs.ndjson': threeDays }, '--schedule', '--format', 'ndjson');
    expect(objects(out).map(({ run: span }) => span)).toEqual([undefined, undefined, undefined]);
  });
});

describe('alerts', () => {
  const panther = (keys: readonly string[]): Readonly<Record<string, string>> => ({
    'r.yml': lines(
      'AnalysisType: rule',
      'RuleID: P',
      'DisplayName: machine made',
      'LogTypes: [Azure.MonitorActivity]',
      'Severity: Medium',
      ...keys,
      'Detection: [{Key: operationName, Condition: Equals, Value: MICROSOFT.COMPUTE/VIRTUALMACHINES/WRITE}]',
      'AlertTitle: "made by {caller}"',
    ),
    'logs.ndjson': lines(
      azure('2026-02-01T10:00:00Z'),
      azure('2026-02-01T10:30:00Z', 'bob'),
      azure('2026-02-01T10:40:00Z'),
      azure('2026-02-01T11:00:00Z'),
    ),
  });

  it('group matches by dedup text and period, and drop none', async () => {
    const { out } = await run(panther([]), '--format', 'ndjson');
    const matches = objects(out).map(({ alert }) => alert as { id: string; first: string; count: number });
    expect(matches.map(({ first, count }) => [first.slice(11, 16), count])).toEqual([
      ['10:00', 1],
      ['10:30', 1],
      ['10:00', 2],
      ['11:00', 1],
    ]);
    expect(new Set(matches.map(({ id }) => id)).size).toBe(3);
  });

  it('are printed one a row', async () => {
    const { out } = await run(panther([]), '--alerts', '--format', 'ndjson');
    expect(objects(out)).toMatchObject([
      {
        rule_id: 'P',
        title: 'made by ann@example.org',
        first: '2026-02-01T10:00:00Z',
        last: '2026-02-01T10:40:00Z',
        count: 2,
      },
      { title: 'made by bob', count: 1, source: { line: 2 } },
      { title: 'made by ann@example.org', first: '2026-02-01T11:00:00Z', count: 1 },
    ]);
    const table = (await run(panther([]), '--alerts')).out;
    expect(table).toContain('SEVERITY  FIRST                 LAST                  MATCHES  ALERT');
    expect(table).toMatch(/medium {4}2026-02-01T10:00:00Z {2}2026-02-01T10:40:00Z {8}2 {2}made by ann@example.org/);
    const { alerts } = JSON.parse((await run(panther([]), '--alerts', '--format', 'json')).out);
    expect(alerts.length).toBe(3);
  });

  it('need as many matches as the threshold says', async () => {
    const two = await run(panther(['Threshold: 2']), '--format', 'ndjson');
    expect(objects(two.out).map(({ time }) => time)).toEqual(['2026-02-01T10:00:00Z', '2026-02-01T10:40:00Z']);
    const ten = await run(panther(['Threshold: 10']));
    expect(ten.out).toContain('machine made  panther        0  4 matches under the threshold of 10');
  });

  it('count distinct values where a Python rule says what is unique', { tags: 'large' }, async () => {
    const rule = [
      'AnalysisType: rule',
      'RuleID: P',
      'Filename: p.py',
      'LogTypes: [Azure.MonitorActivity]',
      'Severity: Medium',
      'Threshold: 2',
    ];
    const python = lines(
      'def rule(event):',
      '    return event.get("resultType") == "Success"',
      'def title(event):',
      '    return "made"',
      'def unique(event):',
      '    return event.get("caller")',
    );
    const of = async (callers: readonly string[]): Promise<number> => {
      const logs = lines(...callers.map((caller, minute) => azure(`2026-02-01T10:0${minute}:00Z`, caller)));
      const { out } = await run({ 'p.yml': lines(...rule), 'p.py': python, 'logs.ndjson': logs }, '--format', 'ndjson');
      return objects(out).length;
    };
    expect([await of(['ann', 'ann', 'ann']), await of(['ann', 'ann', 'bob'])]).toEqual([0, 3]);
  });

  it('are what correlations of rules do not wait for', async () => {
    const correlation = lines(
      'AnalysisType: correlation_rule',
      'RuleID: C',
      'DisplayName: made at all',
      'Severity: High',
      'Detection: [{Group: [{RuleID: P}], MatchCriteria: {}}]',
    );
    const { 'r.yml': rule = '', 'logs.ndjson': logs = '' } = panther(['Threshold: 10']);
    const root = folder({ 'rules/r.yml': rule, 'rules/c.yml': correlation, 'logs.ndjson': logs });
    const { out } = await dragoman([
      'run',
      '--rules',
      `${root}/rules`,
      '--logs',
      `${root}/logs.ndjson`,
      '--format',
      'ndjson',
    ]);
    expect(new Set(objects(out).map(({ rule_id }) => rule_id))).toEqual(new Set(['C']));
  });

  it('are not made by signals', async () => {
    const { out } = await run(panther(['CreateAlert: false', 'Threshold: 10']), '--format', 'ndjson');
    expect(objects(out).map(({ alert }) => alert)).toEqual([null, null, null, null]);
    expect((await run(panther(['CreateAlert: false']), '--alerts')).out).toContain('no alerts');
  });

  it('are the same in one thread and in several, by either engine', async () => {
    const files = panther(['Threshold: 2']);
    const [first, ...others] = await Promise.all(
      [[], ['--workers', '2'], ['--engine', 'memory']].map((more) => run(files, '--format', 'ndjson', ...more)),
    );
    const ids = (ran: { readonly out: string; readonly root: string } | undefined): unknown =>
      objects(ran?.out ?? '').map(({ time, alert }) => [time, (alert as { count: number }).count]);
    for (const other of others) expect(ids(other)).toEqual(ids(first));
  });
});

describe('what an alert says', () => {
  it('is made of the columns of a Sentinel rule, also where its rows are records', async () => {
    const keys = [
      'queryPeriod: 1h',
      'alertDetailsOverride: {alertDisplayNameFormat: "{{ActivityStatusValue}} of {{OperationNameValue}}", alertSeverityColumnName: Grave}',
      'customDetails: {Address: CallerIpAddress}',
    ];
    const told = { title: `Success of ${MADE}`, severity: 'high', alert_context: { Address: '203.0.113.5' } };
    const records = rowWise(keys).replace(/$/, '  | extend Grave = "High"\n');
    const { out } = await run(
      { 'r.yaml': records, 'logs.ndjson': azure('2026-02-01T10:00:00Z') },
      '--format',
      'ndjson',
    );
    expect(objects(out)).toMatchObject([told]);
    const groups = lines(
      records.trimEnd(),
      '  | summarize n = count() by ActivityStatusValue, OperationNameValue, Grave, CallerIpAddress',
    );
    const grouped = await run({ 'r.yaml': groups, 'logs.ndjson': azure('2026-02-01T10:00:00Z') }, '--format', 'ndjson');
    expect(objects(grouped.out)).toMatchObject([told]);
  });

  it('is made of the fields of an Elastic rule, as its view gives them, and groups by them', async () => {
    const rule = JSON.stringify({
      rule_id: 'e',
      name: 'E',
      description: 'd',
      severity: 'low',
      risk_score: 10,
      type: 'query',
      query: 'azure.activitylogs.operation_name: *',
      rule_name_override: 'azure.activitylogs.operation_name',
      severity_mapping: [{ field: 'source.ip', operator: 'equals', severity: 'high', value: '203.0.113.5' }],
      alert_suppression: { group_by: ['source.ip', 'azure.activitylogs.category'], duration: { value: 30, unit: 'm' } },
    });
    const times = ['2026-02-01T10:00:00Z', '2026-02-01T10:29:00Z', '2026-02-01T10:31:00Z'];
    const { out } = await run(
      { 'e.json': rule, 'logs.ndjson': lines(...times.map((time) => azure(time))) },
      '--format',
      'ndjson',
    );
    const found = objects(out);
    expect(found[0]).toMatchObject({ title: MADE, severity: 'high', risk_score: 10 });
    expect(found.map(({ alert }) => (alert as { count: number }).count)).toEqual([1, 2, 1]);
  });
});

describe('exceptions of the same export', () => {
  const rule = {
    rule_id: 'r',
    name: 'shell started',
    description: 'd',
    severity: 'low',
    risk_score: 21,
    type: 'query',
    query: 'process.name: bash',
    exceptions_list: [
      { list_id: 'known', namespace_type: 'single' },
      { list_id: 'endpoint_list', namespace_type: 'agnostic' },
    ],
  };
  const item = {
    item_id: 'i',
    list_id: 'known',
    namespace_type: 'single',
    entries: [{ field: 'user.name', operator: 'included', type: 'match', value: 'backup' }],
  };
  const files = {
    'export.ndjson': lines(JSON.stringify(rule), JSON.stringify(item)),
    'logs.ndjson': lines(
      ...['backup', 'eve'].map((name) => JSON.stringify({ process: { name: 'bash' }, user: { name } })),
    ),
  };

  it('are kept out and counted; lists kept elsewhere are said on the line of the rule', async () => {
    const { code, out } = await run(files);
    expect(code).toBe(0);
    expect(out).toContain(
      'shell started  elastic        1  1 record excepted; not applied: exception lists kept elsewhere (endpoint_list)',
    );
    const found = objects((await run(files, '--format', 'ndjson')).out);
    expect(found.map(({ event }) => event)).toEqual([{ process: { name: 'bash' }, user: { name: 'eve' } }]);
  });

  it('are said by check, in its table and in JSON', async () => {
    const root = folder(files);
    const { out } = await dragoman(['check', `${root}/export.ndjson`]);
    expect(out).toContain('What of rules is not applied\n     1  exception lists kept elsewhere (endpoint_list)');
    const { rules } = JSON.parse((await dragoman(['check', `${root}/export.ndjson`, '--format', 'json'])).out);
    expect(rules).toMatchObject([{ not_applied: ['exception lists kept elsewhere (endpoint_list)'] }]);
  });
});

describe('dragoman test', () => {
  const test = (match: boolean, more: readonly string[] = []): string =>
    lines(
      'tests:',
      '  - name: three a day apart',
      `    match: ${match}`,
      ...more.map((line) => `    ${line}`),
      '    events:',
      ...threeDays
        .trim()
        .split('\n')
        .map((event) => `      - ${event}`),
    );

  it.each([
    ['one run sees its look-back only', ['queryFrequency: 1h', 'queryPeriod: 1h'], false, []],
    ['one run sees all that its look-back reaches', ['queryFrequency: 1h', 'queryPeriod: 14d'], true, []],
    ['what lies after its time is not seen', ['queryPeriod: 14d'], false, ['now: 2026-02-02T10:00:00Z']],
    ['the trigger holds', ['queryPeriod: 14d', 'triggerOperator: gt', 'triggerThreshold: 1'], false, []],
  ])('%s', async (_name, keys, match, more) => {
    const root = folder({ 'r.yaml': sentinel(keys), 'r.tests.yaml': test(match, more) });
    const { code, out } = await dragoman(['test', `${root}/r.yaml`]);
    expect(out).toContain('1 passed, 0 failed');
    expect(code).toBe(0);
  });

  it('a failed test says what the run left out', async () => {
    const keys = ['queryPeriod: 1h', 'triggerOperator: gt', 'triggerThreshold: 5'];
    const root = folder({ 'r.yaml': rowWise(keys), 'r.tests.yaml': test(true) });
    const { code, out } = await dragoman(['test', `${root}/r.yaml`]);
    expect(code).toBe(1);
    expect(out).toContain(
      'expected a match, found none (events read as azure.activity; 2 events lie outside the look-back of 1h before ' +
        '2026-02-03T10:00:00.0000000Z; 1 row under the trigger of > 5)',
    );
  });

  it("Panther's own tests do not ask for the threshold, and the rule's line says so", async () => {
    const rule = lines(
      'AnalysisType: rule',
      'RuleID: P',
      'DisplayName: P',
      'LogTypes: [T]',
      'Severity: Low',
      'Threshold: 10',
      'Detection: [{Key: a, Condition: Equals, Value: 1}]',
      'Tests: [{Name: one, ExpectedResult: true, Log: {a: 1}}]',
    );
    const root = folder({ 'r.yml': rule });
    const { code, out } = await dragoman(['test', `${root}/r.yml`]);
    expect([code, out.split('\n')[0]]).toEqual([0, `P ${root}/r.yml not applied: threshold of 10`]);
    const { not_applied } = JSON.parse((await dragoman(['test', `${root}/r.yml`, '--format', 'json'])).out);
    expect(not_applied).toEqual([{ rule_id: 'P', file: `${root}/r.yml`, not_applied: ['threshold of 10'] }]);
  });

  it('no test that ran is no success', async () => {
    const root = folder({ 'r.yaml': sentinel([]), 'r.tests.yaml': test(true) });
    expect((await dragoman(['test', `${root}/r.yaml`])).code).toBe(0);
    const none = await dragoman(['test', `${root}/r.yaml`, '--test-names', 'zzz']);
    expect([none.code, none.err]).toEqual([3, 'error: there is no test of these names to run\n']);
    const empty = folder({ 'r.yaml': sentinel([]) });
    expect((await dragoman(['test', empty])).code).toBe(3);
  });
});

describe('dragoman explain', () => {
  const explain = async (files: Readonly<Record<string, string>>, rule: string): Promise<string> => {
    const root = folder(files);
    return (await dragoman(['explain', '--rule', `${root}/${rule}`, '--event', `${root}/logs.ndjson`])).out;
  };

  it('says that the trigger drops what the logic finds', async () => {
    const keys = ['queryPeriod: 14d', 'triggerOperator: gt', 'triggerThreshold: 5'];
    const out = await explain({ 'r.yaml': sentinel(keys), 'logs.ndjson': threeDays }, 'r.yaml');
    expect(out.match(/does not match/g)?.length).toBe(3);
    expect(out).toContain('the trigger is > 5; the run has 1 row');
    const enough = sentinel([...keys.slice(0, 2), 'triggerThreshold: 0']);
    expect(await explain({ 'r.yaml': enough, 'logs.ndjson': threeDays }, 'r.yaml')).not.toContain('does not match');
  });

  it('says it of the events of groups under the threshold alone', async () => {
    const rule = lines(
      'AnalysisType: rule',
      'RuleID: P',
      'LogTypes: [Azure.MonitorActivity]',
      'Severity: Medium',
      'Threshold: 2',
      'Detection: [{Key: resultType, Condition: Equals, Value: Success}]',
      'AlertTitle: "{caller}"',
    );
    const logs = lines(
      azure('2026-02-01T10:00:00Z'),
      azure('2026-02-01T10:30:00Z', 'bob'),
      azure('2026-02-01T10:40:00Z'),
    );
    const out = await explain({ 'p.yml': rule, 'logs.ndjson': logs }, 'p.yml');
    const verdicts = out.match(/^P (?:matches|does not match)/gm);
    expect(verdicts).toEqual(['P matches', 'P does not match', 'P matches']);
    expect(out).toContain('the threshold is 2; its alert has 1 match');
  });
});

describe('threshold rules of Elastic', () => {
  const rule = (threshold: object, keys: object = {}): string =>
    JSON.stringify({
      rule_id: 't',
      name: 'many failed',
      description: 'd',
      severity: 'low',
      risk_score: 1,
      type: 'threshold',
      query: 'event.outcome: failure',
      threshold,
      ...keys,
    });
  const failure = (minute: number, ip: string | readonly string[] | undefined, name = 'a'): string =>
    JSON.stringify({
      '@timestamp': new Date(Date.UTC(2026, 1, 1, 10, minute)).toISOString(),
      event: { outcome: 'failure' },
      ...(ip !== undefined && { source: { ip } }),
      user: { name },
    });
  const found = async (
    threshold: object,
    logs: readonly string[],
    keys: object = {},
    ...more: readonly string[]
  ): Promise<(readonly unknown[])[]> => {
    const ran = await run(
      { 't.json': rule(threshold, keys), 'logs.ndjson': lines(...logs) },
      '--format',
      'ndjson',
      ...more,
    );
    return objects(ran.out).map(({ fields, source }) => {
      const { 'source.ip': ip, 'threshold_result.count': count } = fields as Record<string, unknown>;
      return [ip, count, (source as { line: number }).line];
    });
  };

  it('find groups that are large enough, and stand for their latest event', async () => {
    const logs = [failure(0, '1.1.1.1'), failure(1, '2.2.2.2'), failure(9, '1.1.1.1'), failure(3, undefined)];
    expect(await found({ field: ['source.ip'], value: 2 }, logs)).toEqual([['1.1.1.1', 2, 3]]);
    expect(await found({ field: 'source.ip', value: 3 }, logs)).toEqual([]);
    expect(await found({ field: [], value: 4 }, logs)).toEqual([[undefined, 4, 3]]);
  });

  it('count an event with several values in the group of each', async () => {
    const logs = [failure(0, ['1.1.1.1', '2.2.2.2']), failure(1, '1.1.1.1'), failure(2, '2.2.2.2')];
    expect(await found({ field: ['source.ip'], value: 2 }, logs)).toEqual([
      ['1.1.1.1', 2, 2],
      ['2.2.2.2', 2, 3],
    ]);
  });

  it('ask for so many different values of a field', async () => {
    const logs = [
      failure(0, '1.1.1.1', 'a'),
      failure(1, '1.1.1.1', 'b'),
      failure(2, '2.2.2.2', 'a'),
      failure(3, '2.2.2.2', 'a'),
    ];
    const cardinality = [{ field: 'user.name', value: 2 }];
    expect(await found({ field: ['source.ip'], value: 1, cardinality }, logs)).toEqual([['1.1.1.1', 2, 2]]);
  });

  it('do not count what exceptions keep out', async () => {
    const item = {
      item_id: 'i',
      list_id: 'known',
      entries: [{ field: 'user.name', operator: 'included', type: 'match', value: 'scanner' }],
    };
    const files = {
      't.ndjson': lines(
        rule({ field: ['source.ip'], value: 2 }, { exceptions_list: [{ list_id: 'known' }] }),
        JSON.stringify(item),
      ),
      'logs.ndjson': lines(failure(0, '1.1.1.1'), failure(1, '1.1.1.1', 'scanner')),
    };
    expect((await run(files)).out).toContain('many failed  elastic        0  1 record excepted');
  });

  it('by their schedule count an event of a group once', async () => {
    // Runs at 10:05, 10:10, 10:15, … see ten minutes each.
    const keys = { interval: '5m', from: 'now-10m' };
    const logs = [1, 2, 7, 12, 13].map((minute) => failure(minute, '1.1.1.1'));
    expect(await found({ field: ['source.ip'], value: 2 }, logs, keys, '--schedule')).toEqual([
      ['1.1.1.1', 2, 2],
      ['1.1.1.1', 3, 5],
    ]);
    expect(await found({ field: ['source.ip'], value: 2 }, logs, keys)).toEqual([['1.1.1.1', 5, 5]]);
  });

  it('say what falls apart in their look-back', async () => {
    const keys = { interval: '5m', from: 'now-5m' };
    const files = {
      't.json': rule({ field: ['source.ip'], value: 3 }, keys),
      'logs.ndjson': lines(...[1, 7, 14].map((minute) => failure(minute, '1.1.1.1'))),
    };
    const { out, err } = await run(files, '--schedule');
    expect(out).toContain('1 match of the whole range missed by its look-back');
    expect(err).toContain('threshold_result.count=3');
  });

  it.each([
    [{ field: ['source.ip'] }, 'value'],
    [{ field: ['source.ip'], value: 0 }, 'value'],
    [{ field: [5], value: 1 }, 'field'],
    [{ field: [], value: 1, cardinality: [{ value: 2 }] }, 'field'],
  ])('%j is refused', async (threshold, key) => {
    const { code, err } = await run({ 't.json': rule(threshold), 'logs.ndjson': failure(0, '1.1.1.1') });
    expect(code).toBe(3);
    expect(err).toContain(`\`${key}\``);
  });

  it('are grouped by their groups where they are suppressed', async () => {
    const logs = [1, 2, 12, 13].map((minute) => failure(minute, '1.1.1.1'));
    const keys = { interval: '10m', from: 'now-10m', alert_suppression: { duration: { value: 1, unit: 'h' } } };
    const files = { 't.json': rule({ field: ['source.ip'], value: 2 }, keys), 'logs.ndjson': lines(...logs) };
    const { out } = await run(files, '--schedule', '--format', 'ndjson');
    const alerts = objects(out).map(({ alert }) => alert as { id: string; count: number });
    expect(alerts.map(({ count }) => count)).toEqual([1, 2]);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(1);
  });
});

describe('nothing read', () => {
  it.each([
    ['noise', Uint8Array.from({ length: 500 }, (_, index) => (index * 97) % 251)],
    ['an empty file', ''],
    ['columns without rows', 'a,b\n'],
  ])('%s gives no record, and the run is no success', async (_name, content) => {
    const root = folder({ 'r.yaml': sentinel([]), 'logs.bin': content });
    const { code, err } = await dragoman(['run', '--rules', `${root}/r.yaml`, '--logs', `${root}/logs.bin`]);
    expect(code).toBe(3);
    expect(err).toContain('no record was read');
  });

  it('files that cannot be parsed are counted', async () => {
    const root = folder({
      'rules/r.yaml': sentinel([]),
      'rules/broken.yml': 'a: [b\n',
      'rules/broken.json': '{"a": ',
      'rules/broken.toml': 'a = \n',
      'rules/other.json': '{"a": 1}',
      'logs.ndjson': threeDays,
    });
    const ran = await dragoman([
      'run',
      '--rules',
      `${root}/rules`,
      '--logs',
      `${root}/logs.ndjson`,
      '--format',
      'json',
    ]);
    expect(JSON.parse(ran.out).summary.rules).toEqual({
      files: 5,
      loaded: 1,
      unsupported: 0,
      invalid: 0,
      unreadable: 3,
    });
    expect(ran.err).toContain('rules    1 loaded, 0 unsupported, 0 invalid, 3 files unreadable, in 5 files');
    const checked = await dragoman(['check', `${root}/rules`, '--format', 'json']);
    expect(JSON.parse(checked.out).totals.unreadable).toBe(3);
    expect((await dragoman(['lint', `${root}/rules`])).out).toContain('; 3 files are unreadable');
  });
});
