import { describe, expect, it } from 'vitest';
import { dragoman, folder, sigmaRule } from './harness.ts';

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
    ['event.dataset:azure.activitylogs and process.name:cmd.exe', 'process.name is "cmd.exe"'],
    [
      'event.dataset:azure.activitylogs and (process.name:a or process.pid:5)',
      'process.name is "a" or process.pid is 5',
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
