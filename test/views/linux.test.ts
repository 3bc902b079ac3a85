import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { AuditJoiner } from '../../src/logs/decode/auditd/auditd-join.ts';
import { parseAuditLine } from '../../src/logs/decode/auditd/auditd-record.ts';
import { show } from './view-values.ts';

function audit(...lines: readonly string[]): JsonObject {
  const events: JsonObject[] = [];
  const joiner = new AuditJoiner((event) => events.push(event));
  for (const line of lines) {
    const record = parseAuditLine(line);
    if (record !== undefined) joiner.add(record, 1);
  }
  joiner.flush();
  expect(events).toHaveLength(1);
  return events[0] ?? {};
}

const HEAD = 'msg=audit(1700000000.123:42):';
const capture = audit(
  `node=web1 type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=yes exit=0 a0=55 ppid=10 pid=20 auid=1000 uid=0 euid=0 comm="tcpdump" exe="/usr/bin/tcpdump" key="t1040"`,
  `node=web1 type=EXECVE ${HEAD} argc=5 a0="tcpdump" a1="-i" a2="any" a3="-w" a4="/tmp/x.pcap"`,
  `node=web1 type=CWD ${HEAD} cwd="/root"`,
);

describe('linux.auditd', () => {
  test('a started program as a Defender row', () => {
    const shown = show(capture, 'kusto', 'DeviceProcessEvents');
    expect(shown).toMatchObject({ logType: 'linux.auditd', holds: true });
    expect(shown.all()).toMatchObject({
      Timestamp: '2023-11-14T22:13:20.1230000Z',
      DeviceName: 'web1',
      ActionType: 'ProcessCreated',
      FileName: 'tcpdump',
      FolderPath: '/usr/bin/tcpdump',
      ProcessCommandLine: 'tcpdump -i any -w /tmp/x.pcap',
      ProcessId: 20n,
      AccountName: 'root',
      InitiatingProcessId: 10n,
    });
  });

  test('Sigma: the record by its own names, and process creation', () => {
    const { get } = show(capture, 'sigma');
    expect(get('logsource.category')).toEqual(['process_creation']);
    expect(get('type')).toEqual(['SYSCALL', 'EXECVE', 'CWD']);
    expect(get('a1')).toBe('-i');
    expect(get('SYSCALL')).toBe('execve');
    expect(get('Image')).toBe('/usr/bin/tcpdump');
    expect(get('CommandLine')).toBe('tcpdump -i any -w /tmp/x.pcap');
    expect(get('CurrentDirectory')).toBe('/root');
  });

  test('ECS', () => {
    expect(show(capture, 'ecs').all()).toMatchObject({
      'event.category': ['process'],
      'event.type': ['start'],
      'event.action': 'executed',
      'event.outcome': 'success',
      'host.os.type': 'linux',
      'process.name': 'tcpdump',
      'process.args': ['tcpdump', '-i', 'any', '-w', '/tmp/x.pcap'],
      'process.args_count': 5n,
      'auditd.data.syscall': 'execve',
    });
  });

  test('a program that was not started is no process creation', () => {
    const failed = audit(
      `type=SYSCALL ${HEAD} arch=c000003e syscall=59 success=no exit=-13 exe="/bin/sh"`,
      `type=EXECVE ${HEAD} argc=1 a0="x"`,
    );
    expect(show(failed, 'sigma').get('logsource.category')).toBeUndefined();
    expect(show(failed, 'kusto', 'DeviceProcessEvents').holds).toBe(false);
  });

  test('a connection', () => {
    const connect = audit(
      `type=SYSCALL ${HEAD} arch=c000003e syscall=42 success=yes pid=20 exe="/usr/bin/nc"`,
      `type=SOCKADDR ${HEAD} saddr=020001BBC0000209`,
    );
    const { get } = show(connect, 'sigma');
    expect(get('logsource.category')).toEqual(['network_connection']);
    expect(get('DestinationIp')).toBe('192.0.2.9');
    expect(show(connect, 'kusto', 'DeviceNetworkEvents').all()).toMatchObject({
      RemoteIP: '192.0.2.9',
      RemotePort: 443n,
    });
  });
});

test('linux.syslog: services by program', () => {
  const line = {
    timestamp: 't',
    hostname: 'h',
    appname: 'sudo',
    message: 'ann : TTY=pts/0 ; USER=root ; COMMAND=/bin/sh',
  };
  const { get } = show(line, 'sigma');
  expect(get('logsource.service')).toEqual(['syslog', 'auth', 'sudo']);
  expect(get('USER')).toBe('root');
});

test('linux.sysmon: paths end at a slash', () => {
  const event = {
    Channel: 'Linux-Sysmon/Operational',
    EventID: 1,
    Image: '/usr/bin/tshark',
    CommandLine: 'tshark -i any',
    User: 'root',
  };
  expect(show(event, 'sigma').get('logsource.product')).toBe('linux');
  expect(show(event, 'kusto', 'DeviceProcessEvents').all()).toMatchObject({ FileName: 'tshark', AccountName: 'root' });
  expect(show(event, 'ecs').all()).toMatchObject({
    'process.name': 'tshark',
    'host.os.type': 'linux',
    'user.name': 'root',
  });
});
