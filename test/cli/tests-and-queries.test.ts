import { describe, expect, it } from 'vitest';
import {
  azureEvent,
  azureLog,
  brokenRule,
  CAPTURE,
  dragoman,
  elasticRule,
  folder,
  lines,
  sigmaRule,
  unsupportedRule,
} from './harness.ts';

const pantherSpec = lines(
  'AnalysisType: rule',
  'Filename: capture.py',
  'RuleID: Test.Capture',
  'Enabled: true',
  'Severity: Medium',
  'LogTypes: [Azure.MonitorActivity]',
  'Tests:',
  '  - Name: started',
  '    ExpectedResult: true',
  '    Log: {operationName: CAPTURE}',
  '  - Name: wrong',
  '    ExpectedResult: true',
  '    Log: {operationName: OTHER}',
);
const pantherCode = lines('def rule(event):', '    return event.get("operationName") == "CAPTURE"');

const fileTests = lines(
  'tests:',
  '  - name: started',
  `    event: {operationName: ${CAPTURE}, resultType: Success, resourceId: /X, category: Administrative}`,
  '    log_type: azure.activity',
  '    match: true',
  '  - name: expected too much',
  '    events: [{operationName: X}, {operationName: Y}]',
  '    log_type: azure.activity',
  '    match: true',
);

describe('dragoman test', () => {
  it('fails Python that cannot be loaded, with or without tests of its own', async () => {
    const spec = pantherSpec.replace('capture.py', 'bad.py').replace('Test.Capture', 'Test.Bad');
    const root = folder({
      'a.yml': spec.slice(0, spec.indexOf('Tests:')),
      'b.yml': spec.replace('Test.Bad', 'Test.Tested'),
      'bad.py': lines('def rule(event)', '    return True'),
    });
    const { code, out } = await dragoman(['test', root, '--format', 'json']);
    expect(code).toBe(1);
    const { cases } = JSON.parse(out);
    expect(cases.map((one: { name: string }) => one.name).sort()).toEqual(['(loads)', 'started', 'wrong']);
    for (const one of cases) {
      expect(one).toMatchObject({ status: 'failed', message: expect.stringContaining('is not valid Python') });
    }
  });

  it("runs Panther's inline tests", async () => {
    const root = folder({ 'capture.yml': pantherSpec, 'capture.py': pantherCode });
    const { code, out } = await dragoman(['test', root, '--format', 'json']);
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
    expect(report.cases).toEqual([
      { rule_id: 'Test.Capture', name: 'started', file: `${root}/capture.yml`, status: 'passed' },
      {
        rule_id: 'Test.Capture',
        name: 'wrong',
        file: `${root}/capture.yml`,
        status: 'failed',
        message: expect.stringMatching(/./),
      },
    ]);
  });

  it('runs tests in a file beside a rule of any format', async () => {
    const root = folder({ 'a.toml': elasticRule, 'a.tests.yaml': fileTests, 's.yml': sigmaRule });
    const { code, out } = await dragoman(['test', root]);
    expect(code).toBe(1);
    expect(out.replaceAll(root, '.')).toBe(
      lines(
        'Capture written ./a.toml',
        '  ✓ started',
        '  ✗ expected too much: expected a match, found none (events read as azure.activity)',
        '',
        '1 passed, 1 failed, 0 skipped',
        '1 rule without tests',
      ),
    );
  });

  it('counts an invalid rule as failed and an unsupported one as skipped', async () => {
    const root = folder({ 'b.toml': brokenRule, 'c.toml': unsupportedRule });
    const { code, out } = await dragoman(['test', root, '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ...{ passed: 0, failed: 1, skipped: 1 },
      cases: [
        { status: 'failed' },
        {
          status: 'skipped',
          message: 'the rule reads anomalies that machine learning jobs of Elasticsearch find, and has no query',
        },
      ],
    });
  });

  it('says what is wrong in a file of tests, with its place, and runs the others', async () => {
    const bad = `${fileTests}  - {name: x, evnt: {}, match: yes please}\n  - 7\n`;
    const root = folder({ 'a.toml': elasticRule, 'a.tests.yml': bad });
    const { code, out, err } = await dragoman(['test', root]);
    expect(code).toBe(3);
    expect(out).toContain('1 passed, 1 failed');
    expect(err).toMatch(/a\.tests\.yml:10:\d+: error input\/unknown-key: unknown key `evnt`/);
    expect(err).toContain('did you mean `event`');
    expect(err).toContain('`match` must be true or false, found a string');
    expect(err).toMatch(/a\.tests\.yml:11:\d+: error input\/wrong-type/);
  });

  it('writes JUnit XML', async () => {
    const root = folder({
      'a.toml': elasticRule,
      'a.tests.yaml': fileTests.replace('name: started', 'name: "<started> & \\"more\\""'),
    });
    const { out } = await dragoman(['test', root, '--format', 'junit']);
    expect(out).toContain('<testsuites name="dragoman" tests="2" failures="1" errors="0" skipped="0">');
    expect(out).toContain('name="&lt;started&gt; &amp; &quot;more&quot;"');
    expect(out).toContain('<failure message="expected a match, found none');
  });
});

describe('dragoman query', () => {
  it('gives the times of events as `run` does', async () => {
    const event = { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', UtcTime: '2024-03-01 10:15:30.123' };
    const root = folder({ 'log.ndjson': lines(JSON.stringify(event)) });
    const { out } = await dragoman([
      'query',
      '--language',
      'kuery',
      'event.code:1',
      '--logs',
      root,
      '--format',
      'json',
    ]);
    expect(JSON.parse(out).rows[0][0]).toBe('2024-03-01T10:15:30.1230000Z');
  });

  it('says when there is nothing to run over', async () => {
    const { code, out, err } = await dragoman(['query', '--language', 'kuery', 'a:b']);
    expect([code, out]).toEqual([0, 'TIME  LOG TYPE  WHERE  WHAT\n(0 rows)\n']);
    expect(err).toContain('note: the query ran over nothing: --logs says where');
    expect((await dragoman(['query', '--language', 'kusto', 'print a = 1'])).err).toBe('');
  });

  it('runs kuery over logs', async () => {
    const root = folder({ 'azure.ndjson': azureLog });
    const text = 'event.outcome: success and azure.activitylogs.operation_name: *PACKETCAPTURES*';
    const { code, out } = await dragoman([
      'query',
      '--language',
      'kuery',
      text,
      '--logs',
      `${root}/azure.ndjson`,
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.columns.map((column: { name: string }) => column.name)).toEqual([
      'time',
      'log_type',
      'source',
      'event',
    ]);
    expect(result.rows).toEqual([
      [
        '2026-02-06T10:00:01.0000000Z',
        'azure.activity',
        `${root}/azure.ndjson:2`,
        JSON.parse(azureEvent(CAPTURE, 'Success', '2026-02-06T10:00:01.0000000Z')),
      ],
    ]);
  });

  it('runs a Sigma rule from a file', async () => {
    const root = folder({ 'q.yml': sigmaRule, 'azure.ndjson': azureLog });
    const args = ['query', '--language', 'sigma', '--file', `${root}/q.yml`, '--logs', `${root}/azure.ndjson`];
    const { code, out } = await dragoman([...args, '--format', 'ndjson']);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).source),
    ).toEqual([`${root}/azure.ndjson:2`]);
  });

  it('runs Kusto over tables, known and unknown, with types read off the values', async () => {
    const root = folder({
      'rows.ndjson': lines(
        '{"Name":"a","Size":3,"At":"2026-01-01T00:00:00Z"}',
        '{"Name":"b","Size":4,"At":"2026-01-02T00:00:00Z"}',
        '{"Name":"a","Size":5}',
      ),
    });
    const text = 'Files | where Size > 2 | summarize Total = sum(Size), Last = max(At) by Name | sort by Name asc';
    const args = ['query', '--language', 'kusto', text, '--table', `Files=${root}/rows.ndjson`];
    const { code, out, err } = await dragoman([...args, '--format', 'json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      columns: [
        { name: 'Name', type: 'string' },
        { name: 'Total', type: 'long' },
        { name: 'Last', type: 'datetime' },
      ],
      rows: [
        ['a', 8, '2026-01-01T00:00:00.0000000Z'],
        ['b', 4, '2026-01-02T00:00:00.0000000Z'],
      ],
      diagnostics: [],
    });
    const table = await dragoman(args);
    expect(table.out).toBe(
      lines(
        'Name  Total  Last',
        'a         8  2026-01-01T00:00:00.0000000Z',
        'b         4  2026-01-02T00:00:00.0000000Z',
        '(2 rows)',
      ),
    );
  });

  it('runs Kusto over raw logs through views', async () => {
    const root = folder({ 'azure.ndjson': azureLog });
    const text = 'AzureActivity | where TimeGenerated > ago(1500ms) | summarize n = count() by OperationNameValue';
    const args = ['query', '--language', 'kusto', text, '--logs', `${root}/azure.ndjson`, '--format', 'json'];
    const { out } = await dragoman(args);
    expect(JSON.parse(out).rows).toEqual([[CAPTURE, 2]]);
    const later = await dragoman([...args, '--now', '2026-02-07T00:00:00Z']);
    expect(JSON.parse(later.out).rows).toEqual([]);
  });

  it('reports queries that do not parse, under a caret', async () => {
    const wrong = await dragoman(['query', '--language', 'kuery', 'event.outcome: (success']);
    expect([wrong.code, wrong.out]).toEqual([3, '']);
    expect(wrong.err).toMatch(/^<query>:1:\d+: error kuery\//);
    expect(wrong.err).toContain('  1 | event.outcome: (success\n');
    const missing = await dragoman(['query', '--language', 'kuery', '--file', '/nowhere/q.txt']);
    expect(missing.code).toBe(3);
    expect(missing.err).toContain('cannot read the query from /nowhere/q.txt');
  });
});
