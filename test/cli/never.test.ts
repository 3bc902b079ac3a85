import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines, sigmaRule } from './harness.ts';

/** The messages of `lint/never` for one rule. */
async function never(name: string, rule: string): Promise<string[]> {
  const root = folder({ [name]: rule });
  const { out } = await dragoman(['lint', root, '--format', 'json']);
  const { diagnostics } = JSON.parse(out);
  return diagnostics.flatMap((found: { code: string; message: string }) =>
    found.code === 'lint/never' ? [found.message] : [],
  );
}

const elastic = (query: string): string =>
  [
    '[rule]',
    'name = "x"',
    'rule_id = "11111111-0000-0000-0000-000000000009"',
    'description = "x"',
    'risk_score = 21',
    'severity = "low"',
    'type = "query"',
    'language = "kuery"',
    `query = '''${query}'''`,
    '',
  ].join('\n');

describe('lint/never', () => {
  it.each([
    ['event.dataset:azure.activitylogs and event.outcome:Success', 'event.outcome is "Success"'],
    [
      'event.dataset:azure.activitylogs and event.outcome:(Success or Failure)',
      'event.outcome is one of "Success", "Failure"',
    ],
  ])('finds a condition that no record of the log type fulfils: %s', async (query, cause) => {
    expect(await never('r.toml', elastic(query))).toEqual([
      `the rule can never match: \`${cause}\` is false for every record of azure.activity`,
    ]);
  });

  it.each([
    'event.dataset:azure.activitylogs and event.outcome:(Success or success)',
    'event.dataset:azure.activitylogs and not process.name:cmd.exe',
    'event.dataset:azure.activitylogs and azure.activitylogs.identity.claims.appid:x',
    'event.dataset:azure.activitylogs and anything',
    'event.dataset:azure.activitylogs and azure.activitylogs.properties.*:x',
    // The view has no such field; a document that a shipper wrote may have it.
    'event.dataset:azure.activitylogs and (process.name:a or process.pid:5)',
    'event.dataset:windows.sysmon_operational and process.Ext.token.integrity_level_name:high',
    // Nothing says which log type these are about.
    'process.name:cmd.exe',
    'event.dataset:acme.door and acme.door.id:x',
  ])('is silent on a living rule: %s', async (query) => {
    expect(await never('r.toml', elastic(query))).toEqual([]);
  });

  it('is silent on a living Sigma rule and on an unknown log source', async () => {
    expect(await never('s.yml', sigmaRule)).toEqual([]);
    expect(await never('s.yml', sigmaRule.replace('product: azure', 'product: zeek'))).toEqual([]);
  });

  it.each([
    'DeviceProcessEvents | where FileName =~ "x" or FileName has "y"',
    // No log here gives these columns; exported rows of the tables have them.
    'DeviceEvents | where ActionType == "AsrOfficeChildProcessBlocked" and AccountName == "x"',
    'DeviceLogonEvents | where IsLocalAdmin == true',
    'Event | where ParameterXml has "x"',
  ])('is silent on a living query: %s', async (query) => {
    expect(await never('q.kql', query)).toEqual([]);
  });
});

describe('a run of a rule that can match nothing', () => {
  const never = lines(
    'title: never',
    'id: 11111111-1111-4111-8111-111111111111',
    'status: test',
    'logsource: {product: windows, category: process_creation}',
    'detection:',
    "  a: {Image|endswith: '\\\\a.exe', CommandLine|contains: x}",
    '  condition: a and not a',
  );
  const sysmon = JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: 'C:\\a.exe',
    UtcTime: '2026-01-02 10:00:00.000',
    ProcessGuid: '{1}',
  });
  const azure = '{"p_log_type":"Azure.MonitorActivity","operationName":"x"}';
  const run = async (rules: Readonly<Record<string, string>>, log: string): Promise<{ code: number; err: string }> => {
    const root = folder({ ...rules, 'log.ndjson': `${log}\n` });
    const paths = Object.keys(rules).map((name) => join(root, name));
    return dragoman(['run', '--rules', ...paths, '--logs', join(root, 'log.ndjson')]);
  };

  it('says so once, where it was given records of its log source', async () => {
    const { code, err } = await run({ 'r.yml': never }, sysmon);
    expect(code).toBe(0);
    expect(err.match(/warning lint\/never: the rule can never match/g)?.length).toBe(1);
    // It is about those records, and why it does not match them is told.
    expect(err).not.toMatch(/no rule|dragoman (?:explain|show)/);
    expect((await run({ 'r.yml': never }, azure)).err).not.toContain('lint/never');
  });

  it.each([
    'SecurityEvent | where Computer == "a" and Computer == "b"',
    'SecurityEvent | where EventID == 4624 | where EventID > 5000',
    'SecurityEvent | where TimeGenerated > datetime(2025-01-02) and TimeGenerated < datetime(2025-01-01)',
  ])('says so of conditions that exclude each other: %s', async (query) => {
    const event = '{"TimeGenerated":"2025-01-01T00:00:00Z","Computer":"a","EventID":4624,"Channel":"Security"}';
    const root = folder({ 'r.kql': query, 'log.ndjson': `${event}\n` });
    const options = ['--logs', join(root, 'log.ndjson'), '--log-type', 'sentinel.SecurityEvent'];
    const { err } = await dragoman(['run', '--rules', join(root, 'r.kql'), ...options]);
    expect(err).toContain('lint/never: the rule can never match: its conditions exclude each other');
  });

  it('is silent on a rule that can match records of another log type', async () => {
    const both = elastic('event.dataset:(azure.activitylogs or aws.cloudtrail) and event.outcome:Success');
    expect((await run({ 'r.toml': both }, azure)).err).toContain('lint/never');
    const one = elastic(
      '(event.dataset:azure.activitylogs and event.outcome:Success) or (event.dataset:aws.cloudtrail and event.action:x)',
    );
    expect((await run({ 'r.toml': one }, azure)).err).not.toContain('lint/never');
  });
});

const HELP = lines('AnalysisType: global', 'GlobalID: help', 'Filename: help.py');
const SHOWN: Readonly<Record<string, string>> = {
  'always-raises': 'It raises on every event',
  'never-true': 'It never matches',
  import: 'It cannot be loaded',
};

describe('a Python rule that matches nothing, whatever it is given', () => {
  const rule = lines(
    'AnalysisType: rule',
    'RuleID: R',
    'Filename: r.py',
    'LogTypes: [AWS.CloudTrail]',
    'Severity: Medium',
  );
  const records = [1, 2].map((n) => JSON.stringify({ p_log_type: 'AWS.CloudTrail', eventName: `E${n}` })).join('\n');
  const repository = (code: string, more: Readonly<Record<string, string>> = {}): string =>
    folder({ 'rules/r.yml': rule, 'rules/r.py': code, 'log.ndjson': `${records}\n`, ...more });

  it.each([
    [
      'asks for what events have not',
      'def rule(event):\n    return event.gett("eventName") == "E1"\n',
      'always-raises: rule R raises on every event: what stands there has no attribute `gett`',
      2,
    ],
    [
      'raises in each of its ways',
      'def rule(event):\n    if event.get("eventName") == "E1":\n        raise ValueError("x")\n    return event.gett("a")\n',
      'always-raises: rule R raises on every event: it is raised here',
      3,
    ],
    [
      'raises in a shared module',
      'from help import one\n\ndef rule(event):\n    return one(event)\n',
      'always-raises: rule R raises on every event: what stands there has no attribute `lowered`',
      2,
    ],
    [
      'imports what is not there',
      'import numpy\n\ndef rule(event):\n    return True\n',
      "import: rule R imports what is not there: No module named 'numpy'",
      1,
    ],
    [
      'takes no event',
      'def rule():\n    return True\n',
      'always-raises: rule R raises on every event: `rule` takes 0 arguments, and is given 1',
      1,
    ],
    [
      'asks one value to be two',
      'def rule(event):\n    return event.get("eventName") == "E1" and event.get("eventName") in ("E2", "E3")\n',
      'never-true: rule R never matches',
      1,
    ],
    ['returns no bool', 'def rule(event):\n    return 1\n', 'never-true: rule R never matches', 1],
    ['forgets to return', 'def rule(event):\n    event.get("a") == "b"\n', 'never-true: rule R never matches', 1],
  ])('%s', async (_, code, said, line) => {
    const root = repository(code, {
      'global_helpers/help.py': 'def one(event):\n    return event.get("eventName", "").lowered() == "x"\n',
      'global_helpers/help.yml': HELP,
    });
    const file = said.includes('lowered') ? 'help.py' : 'r.py';
    const ran = await dragoman(['run', '--rules', root, '--logs', join(root, 'log.ndjson')]);
    expect(ran.err).toMatch(
      new RegExp(`${file}:${line}:\\d+: (?:error|warning) python/${said.replace(/[`()]/g, '.')}`),
    );
    const [kind = ''] = said.split(':');
    expect(ran.err).toContain(kind === 'always-raises' ? '2 errors while rules ran' : '1 error while rules ran');
    expect(ran.code).toBe(kind === 'never-true' ? 0 : 3);
    const linted = await dragoman(['lint', join(root, 'rules')]);
    expect(linted.out).toMatch(new RegExp(`${file}:${line}:\\d+: `));
    const shown = await dragoman(['show', join(root, 'rules/r.yml')]);
    expect(shown.out).toContain(SHOWN[kind]);
    expect(shown.out).not.toContain('exactly this');
    expect(shown.out).toContain('no known log type');
  });

  it('is told by lint, with the name that was meant, in every function', async () => {
    const root = repository(
      'def rule(event):\n    return event.get("a") == 1\n\ndef title(event):\n    return event.deepget("a", "b")\n',
    );
    const { out } = await dragoman(['lint', join(root, 'rules')]);
    expect(out).toMatch(/r\.py:5:\d+: error python\/unknown-attribute: rule R: events have no attribute `deepget`/);
    expect(out).toContain('deep_get');
  });

  it.each([
    'def rule(event):\n    return hasattr(event, "gett") and event.gett("a")\n',
    'def rule(event):\n    try:\n        return event.gett("a") == 1\n    except AttributeError:\n        return event.get("a") == 1\n',
    'def rule(event):\n    event = {"gett": 1}\n    return event.get("gett") == 1\n',
    'def rule(event):\n    return any((lambda event: event.upper)(each) for each in event.get("a"))\n',
    'import help\ndef rule(event):\n    return help.one(event.get("a"))\n',
    'def rule(event):\n    return event.__class__.__name__ == "PantherEvent"\n',
  ])('is not what can match: %s', async (code) => {
    const root = repository(code, {
      'global_helpers/help.py': 'def one(event):\n    return event.lower() == "x"\n',
      'global_helpers/help.yml': HELP,
    });
    const { out } = await dragoman(['lint', join(root, 'rules')]);
    expect(out).not.toContain('python/');
  });
});
