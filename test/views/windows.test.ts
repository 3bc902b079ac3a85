import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { show } from './view-values.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

const creation = {
  ProcessId: 4460,
  Image: 'C:\\Tools\\WinDump.exe',
  CommandLine: '"C:\\Tools\\WinDump.exe" -i 1 -w "C:\\Temp\\out file.pcap"',
  OriginalFileName: '-',
  CurrentDirectory: 'C:\\Temp\\',
  User: 'ACME\\alice',
  Hashes: 'SHA1=5E4F,MD5=FAB4,SHA256=1B48,IMPHASH=C324',
  ParentImage: 'C:\\Windows\\System32\\cmd.exe',
  ParentCommandLine: 'cmd.exe /c capture.bat',
  ParentProcessId: 12,
  ParentUser: 'ACME\\alice',
};

/** The same event in each form. */
function forms(channel: string, id: number, data: JsonObject): Readonly<Record<string, JsonObject>> {
  const time = '2026-01-02T03:04:05.000Z';
  const provider = channel === SYSMON ? 'Microsoft-Windows-Sysmon' : 'Microsoft-Windows-Security-Auditing';
  const system = {
    Provider: { '#attributes': { Name: provider } },
    EventID: { '#attributes': { Qualifiers: '' }, '#text': id },
    TimeCreated: { '#attributes': { SystemTime: time } },
    EventRecordID: 7,
    Channel: channel,
    Computer: 'ws1.acme.test',
    Security: { '#attributes': { UserID: 'S-1-5-18' } },
  };
  const flat = { Channel: channel, EventID: id, Computer: 'ws1.acme.test', TimeCreated: time, Provider_Name: provider };
  const beat = {
    channel,
    event_id: String(id),
    provider_name: provider,
    computer_name: 'ws1.acme.test',
    record_id: 7,
    event_data: data,
    user: { identifier: 'S-1-5-18' },
  };
  const dotted = Object.fromEntries(Object.entries(data).map(([key, value]) => [`winlog.event_data.${key}`, value]));
  return {
    flat: { ...flat, ...data },
    'event-data': { ...flat, EventData: data },
    nested: { Event: { System: system, EventData: data } },
    'nested-bare': { System: { ...system, EventID: id }, EventData: data },
    winlogbeat: { '@timestamp': time, winlog: beat },
    'winlogbeat-dotted': {
      '@timestamp': time,
      'winlog.channel': channel,
      'winlog.event_id': String(id),
      'winlog.computer_name': 'ws1.acme.test',
      'winlog.provider_name': provider,
      ...dotted,
    },
    'winlogbeat-mixed': {
      '@timestamp': time,
      winlog: {
        channel,
        event_id: String(id),
        computer_name: 'ws1.acme.test',
        provider_name: provider,
        ...Object.fromEntries(Object.entries(data).map(([key, value]) => [`event_data.${key}`, value])),
      },
    },
  };
}

describe.each(Object.entries(forms(SYSMON, 1, creation)))('Sysmon process creation, %s', (shape, event) => {
  test('is recognised in its form', () => {
    expect(show(event, 'sigma')).toMatchObject({ logType: 'windows.sysmon', shape });
  });

  test("Sigma's log source and fields", () => {
    const { get } = show(event, 'sigma');
    expect(get('logsource.category')).toEqual(['process_creation']);
    expect(get('logsource.service')).toBe('sysmon');
    expect(get('md5')).toBe('FAB4');
    expect(get('Imphash')).toBe('C324');
  });

  test('ECS', () => {
    const { get } = show(event, 'ecs');
    expect(get('event.category')).toEqual(['process']);
    expect(get('event.type')).toEqual(['start']);
    expect(get('process.name')).toBe('WinDump.exe');
    expect(get('process.args')).toEqual(['C:\\Tools\\WinDump.exe', '-i', '1', '-w', 'C:\\Temp\\out file.pcap']);
    expect(get('process.parent.name')).toBe('cmd.exe');
    expect(get('process.hash.sha256')).toBe('1b48');
    expect(get('process.pe.original_file_name')).toBeUndefined();
    expect(get('user.name')).toBe('alice');
    expect(get('user.domain')).toBe('ACME');
    expect(get('host.name')).toBe('ws1.acme.test');
    expect(get('winlog.event_data.ParentProcessId')).toBe(12);
    expect(get('registry.path')).toBeUndefined();
  });

  test('DeviceProcessEvents', () => {
    const shown = show(event, 'kusto', 'DeviceProcessEvents');
    expect(shown.holds).toBe(true);
    expect(shown.all()).toMatchObject({
      Timestamp: '2026-01-02T03:04:05.0000000Z',
      TimeGenerated: '2026-01-02T03:04:05.0000000Z',
      DeviceName: 'ws1.acme.test',
      ActionType: 'ProcessCreated',
      FileName: 'WinDump.exe',
      FolderPath: 'C:\\Tools\\WinDump.exe',
      ProcessCommandLine: creation.CommandLine,
      ProcessId: 4460n,
      AccountName: 'alice',
      AccountDomain: 'ACME',
      SHA1: '5e4f',
      InitiatingProcessFileName: 'cmd.exe',
      InitiatingProcessFolderPath: 'C:\\Windows\\System32\\cmd.exe',
      InitiatingProcessCommandLine: 'cmd.exe /c capture.bat',
      InitiatingProcessId: 12n,
    });
    // Columns of the table that the log cannot fill are empty as in any row.
    expect(shown.get('InitiatingProcessSHA256')).toBe('');
    expect(shown.get('ProcessTokenElevation')).toBe('');
    expect(shown.get('FileSize')).toBeUndefined();
    expect(show(event, 'kusto', 'DeviceFileEvents').holds).toBe(false);
    expect(show(event, 'kusto', 'Event').get('EventID')).toBe(1n);
  });
});

const loadedImage = {
  Image: 'C:\\Tools\\sniff.exe',
  ImageLoaded: 'C:\\Windows\\System32\\Npcap\\wpcap.dll',
  ProcessId: '77',
  User: 'ACME\\alice',
  Hashes: 'MD5=AA,SHA256=BB',
  Signed: 'true',
};

describe('Sysmon, other events', () => {
  const sysmon = (id: number, data: JsonObject): JsonObject => ({ Channel: SYSMON, EventID: id, ...data });

  test('image load: the acting process is the image, the file what it loaded', () => {
    const shown = show(sysmon(7, loadedImage), 'kusto', 'DeviceImageLoadEvents');
    expect(shown.holds).toBe(true);
    expect(shown.all()).toMatchObject({
      ActionType: 'ImageLoaded',
      FileName: 'wpcap.dll',
      FolderPath: 'C:\\Windows\\System32\\Npcap\\wpcap.dll',
      SHA256: 'bb',
      InitiatingProcessFileName: 'sniff.exe',
      InitiatingProcessId: 77n,
      InitiatingProcessAccountName: 'alice',
    });
    expect(show(sysmon(7, loadedImage), 'ecs').get('dll.name')).toBe('wpcap.dll');
    expect(show(sysmon(7, loadedImage), 'ecs').get('process.hash.md5')).toBeUndefined();
  });

  test('network connection: local and remote follow the direction', () => {
    const ends = { SourceIp: '10.0.0.1', SourcePort: 5000, DestinationIp: '192.0.2.9', DestinationPort: '443' };
    const out = show(sysmon(3, { ...ends, Initiated: 'true', Protocol: 'tcp' }), 'kusto', 'DeviceNetworkEvents');
    expect(out.all()).toMatchObject({ LocalIP: '10.0.0.1', RemoteIP: '192.0.2.9', RemotePort: 443n, Protocol: 'Tcp' });
    const inward = show(sysmon(3, { ...ends, Initiated: false }), 'kusto', 'DeviceNetworkEvents');
    expect(inward.all()).toMatchObject({ LocalIP: '192.0.2.9', RemoteIP: '10.0.0.1', RemotePort: 5000n });
    expect(inward.get('ActionType')).toBe('InboundConnectionAccepted');
    expect(show(sysmon(3, ends), 'ecs').get('source.ip')).toBe('10.0.0.1');
  });

  test('registry', () => {
    const set = sysmon(13, { TargetObject: 'HKLM\\System\\Npcap\\Start', Details: 'DWORD (0x00000010)' });
    expect(show(set, 'sigma').get('logsource.category')).toEqual(['registry_event', 'registry_set']);
    expect(show(set, 'ecs').all()).toMatchObject({
      'registry.hive': 'HKLM',
      'registry.key': 'System\\Npcap\\Start',
      'registry.value': 'Start',
      'registry.data.type': 'SZ_DWORD',
      'registry.data.strings': '16',
    });
    expect(show(set, 'kusto', 'DeviceRegistryEvents').all()).toMatchObject({
      ActionType: 'RegistryValueSet',
      RegistryKey: 'HKEY_LOCAL_MACHINE\\System\\Npcap',
      RegistryValueName: 'Start',
      RegistryValueData: '16',
      RegistryValueType: 'Dword',
    });
    const category = (type: string | undefined) =>
      show(sysmon(12, { TargetObject: 'HKLM\\A', ...(type && { EventType: type }) }), 'sigma').get(
        'logsource.category',
      );
    expect(category('CreateKey')).toEqual(['registry_event', 'registry_add']);
    expect(category('DeleteValue')).toEqual(['registry_event', 'registry_delete']);
    expect(category(undefined)).toEqual(['registry_event', 'registry_add', 'registry_delete']);
  });
});

const created = {
  SubjectUserSid: 'S-1-5-21-1',
  SubjectUserName: 'alice',
  SubjectDomainName: 'ACME',
  SubjectLogonId: '0x3e7',
  NewProcessId: '0x73c',
  NewProcessName: 'C:\\Windows\\System32\\pktmon.exe',
  ProcessId: '0x1d20',
  CommandLine: 'pktmon start --etw',
  ParentProcessName: 'C:\\Windows\\explorer.exe',
  TargetUserName: '-',
  TargetDomainName: '-',
  MandatoryLabel: 'S-1-16-12288',
};

describe.each(Object.entries(forms('Security', 4688, created)))('the security channel, %s', (_shape, event) => {
  test('4688 is a process creation in each schema', () => {
    const sigma = show(event, 'sigma');
    expect(sigma.logType).toBe('windows.security');
    expect(sigma.get('logsource.category')).toEqual(['process_creation']);
    expect(sigma.get('Image')).toBe('C:\\Windows\\System32\\pktmon.exe');
    expect(sigma.get('ParentImage')).toBe('C:\\Windows\\explorer.exe');
    expect(sigma.get('User')).toBe('ACME\\alice');
    expect(sigma.get('IntegrityLevel')).toBe('High');
    const ecs = show(event, 'ecs');
    expect(ecs.get('event.action')).toBe('created-process');
    expect(ecs.get('process.pid')).toBe(0x73cn);
    expect(ecs.get('process.parent.pid')).toBe(0x1d20n);
    expect(ecs.get('user.name')).toBe('alice');
    const row = show(event, 'kusto', 'DeviceProcessEvents');
    expect(row.holds).toBe(true);
    expect(row.all()).toMatchObject({ ProcessId: 0x73cn, AccountName: 'alice', InitiatingProcessId: 0x1d20n });
    const table = show(event, 'kusto', 'SecurityEvent');
    expect(table.all()).toMatchObject({ EventID: 4688n, Account: 'ACME\\alice', Process: 'pktmon.exe' });
    expect(table.get('NewProcessName')).toBe('C:\\Windows\\System32\\pktmon.exe');
  });
});

describe('the security channel', () => {
  test('a failed logon', () => {
    const event = {
      Channel: 'Security',
      EventID: 4625,
      Keywords: '0x8010000000000000',
      SubjectUserName: '-',
      TargetUserName: 'bob',
      TargetDomainName: 'ACME',
      LogonType: '10',
      IpAddress: '192.0.2.1',
      IpPort: '0',
    };
    expect(show(event, 'ecs').all()).toMatchObject({
      'event.action': 'logon-failed',
      'event.outcome': 'failure',
      'user.name': 'bob',
      'winlog.logon.type': 'RemoteInteractive',
      'source.ip': '192.0.2.1',
    });
    const row = show(event, 'kusto', 'DeviceLogonEvents');
    expect(row.all()).toMatchObject({ ActionType: 'LogonFailed', AccountName: 'bob', LogonType: 'RemoteInteractive' });
    expect(show(event, 'kusto', 'SecurityEvent').all()).toMatchObject({ LogonType: 10n, Account: 'ACME\\bob' });
  });
});

describe('other channels', () => {
  test('names with spaces, and Defender as antivirus', () => {
    const event = {
      Event: {
        System: { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: 1116 },
        EventData: { 'Threat Name': 'HackTool:Win32/X', Path: 'file:_C:\\x.exe' },
      },
    };
    const { get, logType } = show(event, 'sigma');
    expect(logType).toBe('windows.eventlog');
    expect(get('logsource.service')).toEqual(['windefend']);
    expect(get('logsource.category')).toEqual(['antivirus']);
    expect(get('ThreatName')).toBe('HackTool:Win32/X');
    expect(get('Signature')).toBe('HackTool:Win32/X');
  });

  test('PowerShell', () => {
    const event = { Channel: 'Microsoft-Windows-PowerShell/Operational', EventID: 4104, ScriptBlockText: 'Get-X' };
    expect(show(event, 'sigma').get('logsource.category')).toEqual(['ps_script']);
    expect(show(event, 'ecs').get('powershell.file.script_block_text')).toBe('Get-X');
    expect(show(event, 'ecs').get('event.dataset')).toBe('windows.powershell_operational');
  });

  test('data below UserData', () => {
    const event = {
      Event: {
        System: { Channel: 'Microsoft-Windows-WMI-Activity/Operational', EventID: 5861 },
        UserData: { Operation_ESStoConsumerBinding: { CONSUMER: 'x' } },
      },
    };
    expect(show(event, 'sigma').get('CONSUMER')).toBe('x');
  });
});

test('process ids that a pipeline made numbers are written as the security channel writes them', () => {
  const piped = (event_id: string, event_data: JsonObject) => ({
    winlog: { channel: 'Security', provider_name: 'Microsoft-Windows-Security-Auditing', event_id, event_data },
    process: { pid: 508 },
  });
  const logon = show(piped('4624', { LogonType: '3' }), 'sigma');
  expect([logon.get('ProcessId'), logon.get('NewProcessId')]).toEqual(['0x1fc', undefined]);
  const creation = piped('4688', { ProcessId: '0x4' });
  expect(show(creation, 'sigma').get('NewProcessId')).toBe('0x1fc');
  expect(show(creation, 'sigma').get('ProcessId')).toBe('0x4');
  expect(show(creation, 'kusto', 'SecurityEvent').get('NewProcessId')).toBe('0x1fc');
  expect(show(creation, 'kusto', 'DeviceProcessEvents').get('ProcessId')).toBe(508n);
});
