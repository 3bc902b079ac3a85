import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import { pantherLogTypes } from '../detect/python/panther-log-type.ts';
import { and, field, match } from '../ir/construct.ts';
import { claimants, logType, logTypes, recognise } from './registry.ts';

const activity = {
  time: '2026-01-01T00:00:00Z',
  resourceId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg',
  operationName: 'Microsoft.Compute/virtualMachines/write',
  category: 'Administrative',
};
const trail = { eventVersion: '1.08', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', awsRegion: 'x' };
const sysmon = 'Microsoft-Windows-Sysmon/Operational';
const nested = (system: JsonObject): JsonObject => ({ Event: { System: system, EventData: { Image: 'x' } } });

const cases: readonly (readonly [string, JsonObject, string, string])[] = [
  ['the export record', activity, 'azure.activity', 'export-record'],
  ['an older category', { ...activity, category: 'Write' }, 'azure.activity', 'export-record'],
  ['a sign-in in the same frame', { ...activity, category: 'SignInLogs' }, 'generic', 'json'],
  ['a resource log in the same frame', { ...activity, category: 'kube-audit' }, 'generic', 'json'],
  ['an API event', trail, 'aws.cloudtrail', 'json'],
  ['flat Sysmon', { Channel: sysmon, EventID: 1, Image: 'x' }, 'windows.sysmon', 'flat'],
  ['flat Sysmon without a channel', { SourceName: 'Microsoft-Windows-Sysmon', EventID: 1 }, 'windows.sysmon', 'flat'],
  ['nested Sysmon', nested({ Channel: sysmon, EventID: 1 }), 'windows.sysmon', 'nested'],
  ['nested without the outer element', { System: { Channel: sysmon }, EventData: {} }, 'windows.sysmon', 'nested-bare'],
  ['data in EventData', { Channel: sysmon, EventID: 1, EventData: {} }, 'windows.sysmon', 'event-data'],
  ['Winlogbeat', { winlog: { channel: 'Security', event_data: {} } }, 'windows.security', 'winlogbeat'],
  ['Winlogbeat, data dotted', { winlog: { channel: 'Security' } }, 'windows.security', 'winlogbeat-mixed'],
  ['Winlogbeat, dotted', { 'winlog.channel': 'Security' }, 'windows.security', 'winlogbeat-dotted'],
  ['the security channel in lower case', { Channel: 'security', EventID: '4624' }, 'windows.security', 'flat'],
  [
    'attributes beside the provider',
    nested({ Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } }, EventID: 1 }),
    'windows.sysmon',
    'nested',
  ],
  ['another channel', { Channel: 'System', EventID: 7045 }, 'windows.eventlog', 'flat'],
  ['Sysmon for Linux', nested({ Channel: 'Linux-Sysmon/Operational', EventID: 1 }), 'linux.sysmon', 'nested'],
  ['a joined audit event', { type: ['SYSCALL'], serial: 1, records: [] }, 'linux.auditd', 'json'],
  ['one audit record', { type: 'EXECVE', a0: 'ls', argc: '1' }, 'linux.auditd', 'json'],
  ['something else with a type', { type: 'click', records: 3 }, 'generic', 'json'],
  ['a syslog line', { timestamp: 't', hostname: 'h', appname: 'sshd', message: 'm' }, 'linux.syslog', 'json'],
  ['a Log Analytics row', { TimeGenerated: 't', Type: 'AzureActivity' }, 'sentinel.AzureActivity', 'row'],
  ['a row of any table', { TimeGenerated: 't', Type: 'Heartbeat' }, 'sentinel.Heartbeat', 'row'],
  [
    'an AzureActivity row without its type',
    { TimeGenerated: 't', OperationNameValue: 'x', ActivityStatusValue: 'y' },
    'sentinel.AzureActivity',
    'row',
  ],
  [
    'a SecurityEvent row, which has a channel too',
    { TimeGenerated: 't', EventID: 4688, Activity: 'a', Account: 'b', Channel: 'Security' },
    'sentinel.SecurityEvent',
    'row',
  ],
  [
    'a hunting row',
    { Timestamp: 't', ActionType: 'ProcessCreated', DeviceName: 'd' },
    'defender.DeviceProcessEvents',
    'row',
  ],
  [
    'a streamed row',
    { time: 't', category: 'AdvancedHunting-DeviceImageLoadEvents', properties: {} },
    'defender.DeviceImageLoadEvents',
    'streamed',
  ],
  ["Panther's name of a declared type", { ...trail, p_log_type: 'AWS.CloudTrail' }, 'aws.cloudtrail', 'json'],
  ["Panther's name of another type", { p_log_type: 'Acme.Door' }, 'Acme.Door', 'json'],
  [
    "Panther's name of Windows events",
    { p_log_type: 'Windows.EventLogs', Channel: 'System', EventID: 1 },
    'windows.eventlog',
    'flat',
  ],
  ['nothing known', { hello: 'world' }, 'generic', 'json'],
  ['nothing at all', {}, 'generic', 'json'],
];

describe('recognise', () => {
  test.each(cases)('%s', (_name, event, type, shape) => {
    const found = recognise(event);
    expect([found.type.name, found.shape.name]).toEqual([type, shape]);
  });

  test('agrees with the shapes of the type it names', () => {
    for (const [, event, name] of cases) {
      const type = logType(name);
      if (type.declared)
        expect(
          type.shapes.some((shape) => shape.recognises(event)),
          name,
        ).toBe(true);
    }
  });

  test('takes any record', () => {
    const keys = [
      'p_log_type',
      'Type',
      'TimeGenerated',
      'Event',
      'System',
      'winlog',
      'EventID',
      'Channel',
      'category',
      'type',
      'records',
    ];
    const anyRecord = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(anyRecord, (event) => {
        expect(isJsonObject(event) && recognise(event).shape.name).toBeTruthy();
      }),
      { numRuns: 10_000 },
    );
  });

  test('names from records make a bounded number of types', async () => {
    // A registry of its own: the one of the other tests would stay full.
    vi.resetModules();
    const { recognise } = await import('./registry.ts');
    for (let index = 0; index < 3_000; index += 1) recognise({ TimeGenerated: 't', Type: `Table${index}` });
    expect(recognise({ TimeGenerated: 't', Type: 'Table2999' }).type.name).toBe('generic');
  });
});

describe('names that Panther gives some records of a type', () => {
  const sample = { ts: '1.5', uid: 'C1', 'id.orig_h': '1.1.1.1', 'id.orig_p': 1, 'id.resp_h': '2.2.2.2', query: 'a' };

  test('are those of the type where it knows the record, with its views; the record itself says which', () => {
    const { type, shape } = recognise({ ...sample, p_log_type: 'Zeek.DNS' });
    expect(type.name).toBe('zeek');
    // Without `_path` only the record says that it is about DNS.
    expect(pantherLogTypes(type, shape, { ...sample, p_log_type: 'Zeek.DNS' })).toEqual(['Zeek.DNS']);
    expect(pantherLogTypes(type, shape, { ...sample, _path: 'dns', p_log_type: '' })).toEqual(['Zeek.DNS']);
    expect(pantherLogTypes(type, shape, { ...sample, _path: 'dns', p_log_type: 'other' })).toEqual(['Zeek.DNS']);
    expect(recognise({ a: 1, p_log_type: 'Zeek.DNS' }).type).toMatchObject({ name: 'Zeek.DNS', declared: false });
    expect(recognise({ ...sample, p_log_type: null }).type.name).toBe('zeek');
  });
});

describe('logType', () => {
  test('each has one view of a schema and table, and a shape', () => {
    for (const type of logTypes) {
      const views = type.views.map((view) => `${view.schema} ${view.table ?? ''}`);
      expect(new Set(views).size, type.name).toBe(views.length);
      expect(type.shapes.length, type.name).toBeGreaterThan(0);
      expect(
        type.views.every((view) => view.logType === type.name),
        type.name,
      ).toBe(true);
    }
  });

  test('names that nobody declared pass their fields through', () => {
    const type = logType('Acme.Door');
    expect(type.declared).toBe(false);
    expect(type.views.map((view) => [view.schema, view.table, view.otherwise])).toEqual([
      ['ecs', undefined, 'raw'],
      ['sigma', undefined, 'raw'],
      ['panther', undefined, 'raw'],
      ['kusto', 'Acme.Door', 'raw'],
    ]);
    expect(logType('Azure.MonitorActivity').name).toBe('azure.activity');
  });
});

describe('claimants', () => {
  const source = (parts: Readonly<Record<string, string>>) =>
    and(Object.entries(parts).map(([name, value]) => match(field(`logsource.${name}`), { kind: 'equals', value })));

  test.each([
    [{ product: 'windows', category: 'process_creation' }, true],
    [{ product: 'windows', service: 'system' }, true],
    [{ product: 'linux', service: 'sshd' }, true],
    [{ product: 'azure', service: 'activitylogs' }, true],
    [{ category: 'webserver' }, true],
    [{ product: 'acme', service: 'door' }, false],
    [{ product: 'azure', service: 'door' }, false],
    [{ product: 'linux', service: 'sysmon', category: 'dns_query' }, true],
    [{ product: 'aws', service: 'activitylogs' }, false],
  ])('%j: %s', (parts, wanted) => {
    expect(claimants(source(parts)).length > 0).toBe(wanted);
  });

  test('indices are patterns', () => {
    const index = (text: string) => match(field('_index'), { kind: 'wildcard', parts: [{ text }, { any: 'many' }] });
    expect(claimants(index('logs-azure.activitylogs-')).map((type) => type.name)).toEqual(['azure.activity']);
    expect(claimants(index('logs-acme.'))).toEqual([]);
  });
});
