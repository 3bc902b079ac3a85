import { describe, expect, test } from 'vitest';
import { show } from './view-values.ts';

const row = {
  Timestamp: '2026-01-01T00:00:00Z',
  DeviceName: 'ws1',
  ActionType: 'ProcessCreated',
  FileName: 'WinDump.exe',
  FolderPath: 'C:\\Tools\\WinDump.exe',
  ProcessCommandLine: 'windump -i 1',
  ProcessId: '77',
  AccountName: 'alice',
  AccountDomain: 'acme',
  AdditionalFields: '{"a":1}',
  InitiatingProcessFolderPath: 'C:\\Windows\\System32\\cmd.exe',
};

test('Sigma sees rows of AzureActivity under the names of the exported record too', () => {
  const { get, logType } = show(
    {
      TimeGenerated: '2026-01-01T00:00:00Z',
      OperationNameValue: 'X/WRITE',
      ActivityStatusValue: 'Success',
      CategoryValue: 'Administrative',
      Caller: 'me',
    },
    'sigma',
  );
  expect(logType).toBe('sentinel.AzureActivity');
  expect(get('logsource.service')).toBe('activitylogs');
  expect(get('operationName')).toBe('X/WRITE');
  expect(get('OperationNameValue')).toBe('X/WRITE');
  expect(get('resultType')).toBe('Success');
  expect(get('category')).toBe('Administrative');
});

describe.each([
  ['row', row],
  ['streamed', { time: '2026-01-01T00:00:01Z', category: 'AdvancedHunting-DeviceProcessEvents', properties: row }],
])('DeviceProcessEvents, %s', (shape, event) => {
  test('columns have their types', () => {
    const shown = show(event, 'kusto', 'DeviceProcessEvents');
    expect(shown).toMatchObject({ logType: 'defender.DeviceProcessEvents', shape });
    expect(shown.get('ProcessId')).toBe(77n);
    expect(shown.get('AdditionalFields')).toEqual({ a: 1 });
    expect(shown.get('Timestamp')).toBe('2026-01-01T00:00:00.0000000Z');
    expect(shown.get('FileName')).toBe('WinDump.exe');
    expect(shown.get('SHA1')).toBe('');
    expect(shown.get('ProcessCreationTime')).toBeUndefined();
  });

  test('Sigma and ECS', () => {
    const { get } = show(event, 'sigma');
    expect(get('logsource.product')).toBe('windows');
    expect(get('logsource.category')).toEqual(['process_creation']);
    expect(get('Image')).toBe('C:\\Tools\\WinDump.exe');
    expect(get('User')).toBe('acme\\alice');
    expect(get('ParentImage')).toBe('C:\\Windows\\System32\\cmd.exe');
    expect(show(event, 'ecs').all()).toMatchObject({
      'process.name': 'WinDump.exe',
      'process.args': ['windump', '-i', '1'],
    });
  });
});

test('a row of a Linux device is a Linux process', () => {
  const shown = show({ ...row, FolderPath: '/usr/bin/tcpdump' }, 'sigma');
  expect(shown.get('logsource.product')).toBe('linux');
});

test('registry rows in the words of Sysmon', () => {
  const event = {
    Timestamp: 't',
    DeviceName: 'ws1',
    ActionType: 'RegistryValueSet',
    RegistryKey: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\X',
    RegistryValueName: 'Run',
    RegistryValueData: 'evil.exe',
  };
  const { get } = show(event, 'sigma');
  expect(get('logsource.category')).toEqual(['registry_event', 'registry_set']);
  expect(get('TargetObject')).toBe('HKLM\\SOFTWARE\\X\\Run');
  expect(get('Details')).toBe('evil.exe');
});

test('a table that has no view of its own', () => {
  const event = { TimeGenerated: '2026-01-01', Type: 'Acme_CL', count_d: '2.5', ok_b: 'true', name_s: 'x' };
  const { get } = show(event, 'kusto', 'Acme_CL');
  expect(get('count_d')).toBe(2.5);
  expect(get('ok_b')).toBe(true);
  expect(get('name_s')).toBe('x');
  expect(get('nothing_s')).toBe('');
});

test('WindowsEvent rows are events of their channel', () => {
  const event = {
    TimeGenerated: '2026-01-01',
    Type: 'WindowsEvent',
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Provider: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    EventData: '{"Image":"C:\\\\x.exe","Hashes":"MD5=AA"}',
  };
  const { get, logType } = show(event, 'sigma');
  expect(logType).toBe('sentinel.WindowsEvent');
  expect(get('logsource.category')).toEqual(['process_creation']);
  expect(get('logsource.service')).toBe('sysmon');
  expect(get('Image')).toBe('C:\\x.exe');
  expect(get('md5')).toBe('AA');
  expect(get('Provider_Name')).toBe('Microsoft-Windows-Sysmon');
  const security = { ...event, Channel: 'Security', EventID: 4688, EventData: '{"NewProcessName":"C:\\\\y.exe"}' };
  expect(show(security, 'sigma').get('Image')).toBe('C:\\y.exe');
  expect(show(security, 'sigma').get('logsource.category')).toEqual(['process_creation']);
});
