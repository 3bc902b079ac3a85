import { describe, expect, it } from 'vitest';
import { parseAuditLine } from './auditd/auditd-record.ts';
import { decodeText } from './index.ts';

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();

const HEAD = 'audit(1604996384.965:93777):';
const CAPTURE = [
  `type=SYSCALL msg=${HEAD} arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=10 pid=11 auid=1000 uid=0 tty=pts0 ses=3 comm="tcpdump" exe="/usr/sbin/tcpdump" key="t1040"\x1dARCH=x86_64 SYSCALL=execve AUID="ann" UID="root"`,
  `type=EXECVE msg=${HEAD} argc=5 a0="tcpdump" a1="-i" a2="any" a3="-w" a4=${hex('/tmp/my file.pcap')}`,
  `type=CWD msg=${HEAD} cwd="/root"`,
  `type=PATH msg=${HEAD} item=0 name="/usr/sbin/tcpdump" inode=1 nametype=NORMAL`,
  `type=PATH msg=${HEAD} item=1 name="/lib64/ld.so" inode=2 nametype=NORMAL`,
  `type=PROCTITLE msg=${HEAD} proctitle=${hex('tcpdump\0-i\0any\0-w\0/tmp/my file.pcap')}`,
];

describe('auditd', () => {
  it('joins the records of one event, for rules on a record as for rules on the event', () => {
    const { events, undecodable, lines } = decodeText(`${CAPTURE.join('\n')}\n`, 'audit.log');
    expect({ undecodable, lines, count: events.length }).toEqual({ undecodable: 0, lines: 6, count: 1 });
    expect(events[0]?.source).toEqual({ file: 'audit.log', line: 1 });
    expect(events[0]?.event).toMatchObject({
      type: ['SYSCALL', 'EXECVE', 'CWD', 'PATH', 'PROCTITLE'],
      timestamp: '2020-11-10T08:19:44.965Z',
      serial: 93777,
      exe: '/usr/sbin/tcpdump',
      comm: 'tcpdump',
      key: 't1040',
      syscall: '59',
      SYSCALL: 'execve',
      uid: '0',
      UID: 'root',
      a0: 'tcpdump',
      a4: '/tmp/my file.pcap',
      argv: ['tcpdump', '-i', 'any', '-w', '/tmp/my file.pcap'],
      cwd: '/root',
      name: ['/usr/sbin/tcpdump', '/lib64/ld.so'],
      nametype: 'NORMAL',
      proctitle: 'tcpdump -i any -w /tmp/my file.pcap',
    });
    // The registers are still there, in their own record.
    const types = ['EXECVE', 'CWD', 'PATH', 'PATH', 'PROCTITLE'].map((type) => ({ type }));
    expect(events[0]?.event['records']).toMatchObject([{ type: 'SYSCALL', a0: '55d0' }, ...types]);
  });

  it('keeps events apart whose records are interleaved, in the order in which they began', () => {
    const line = (type: string, serial: number, rest: string): string =>
      `node=web-1 type=${type} msg=audit(1604996384.965:${serial}): ${rest}`;
    const text = [
      line('SYSCALL', 2, 'comm="b"'),
      line('SYSCALL', 1, 'comm="a"'),
      line('CWD', 2, 'cwd="/b"'),
      line('CWD', 1, 'cwd="/a"'),
      line('EOE', 1, ''),
      line('EOE', 2, ''),
    ].join('\n');
    const events = decodeText(text, 'x').events;
    expect(events.map(({ event, source }) => [event['serial'], event['node'], event['cwd'], source.line])).toEqual([
      [2, 'web-1', '/b', 1],
      [1, 'web-1', '/a', 2],
    ]);
  });

  it('does not keep an event open for ever', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `type=SYSCALL msg=audit(1.000:${index}): comm="x"`);
    const late = 'type=CWD msg=audit(1.000:0): cwd="/late"';
    const { events } = decodeText([...many, late].join('\n'), 'x');
    expect(events).toHaveLength(1001);
    expect(events[0]?.event).not.toHaveProperty('cwd');
    expect(events[1000]?.event).toMatchObject({ type: 'CWD', cwd: '/late' });
  });

  it('gives an event out when its node is past it, whatever other nodes say', () => {
    const line = (node: string, seconds: number, type: string): string =>
      `node=${node} type=${type} msg=audit(${seconds}.000:1): x=1`;
    const fast = decodeText([line('a', 10, 'SYSCALL'), line('b', 20, 'SYSCALL'), line('a', 10, 'CWD')].join('\n'), 'x');
    expect(fast.events.map(({ event }) => event['type'])).toEqual([['SYSCALL', 'CWD'], 'SYSCALL']);
    const late = decodeText([line('a', 10, 'SYSCALL'), line('a', 20, 'SYSCALL'), line('a', 10, 'CWD')].join('\n'), 'x');
    expect(late.events.map(({ event }) => event['type'])).toEqual(['SYSCALL', 'SYSCALL', 'CWD']);
  });

  it('puts arguments together that were cut in pieces, over several records', () => {
    const text = [
      'type=EXECVE msg=audit(1.000:7): argc=3 a0="sh" a1_len=12 a1[0]=68656C',
      'type=EXECVE msg=audit(1.000:7): a1[1]="lo" a2="end"',
    ].join('\n');
    expect(decodeText(text, 'x').events[0]?.event).toMatchObject({
      argv: ['sh', 'hello', 'end'],
      a0: 'sh',
      a1: 'hello',
      a2: 'end',
    });
  });

  it('reads the fields inside the message of a user space record', () => {
    const record = parseAuditLine(
      `type=USER_CMD msg=audit(1489519256.192:19): user pid=4151 uid=497 msg='cwd="/" cmd=${hex('ls -l /root')} exe="/usr/bin/sudo" terminal=? res=success'`,
    );
    expect(record?.text).toBe('user');
    expect(Object.fromEntries(record?.fields ?? [])).toEqual({
      pid: '4151',
      uid: '497',
      cwd: '/',
      cmd: 'ls -l /root',
      exe: '/usr/bin/sudo',
      terminal: '?',
      res: 'success',
    });
  });

  it('keeps the words of a record that are no fields, and several keys', () => {
    const text = `type=AVC msg=audit(1.000:3): avc:  denied  { read } for  pid=1 comm="x" key=${hex('one\x01two')}`;
    expect(decodeText(text, 'x').events[0]?.event).toMatchObject({
      text: 'avc: denied { read } for',
      key: ['one', 'two'],
    });
  });

  it('does not take the decimal registers of SYSCALL for text in hex', () => {
    const record = parseAuditLine('type=SYSCALL msg=audit(1.000:3): a0=6162 a1=61626364 uid=33');
    expect(Object.fromEntries(record?.fields ?? [])).toEqual({ a0: '6162', a1: '61626364', uid: '33' });
  });

  it('tells socket addresses', () => {
    const text = 'type=SOCKADDR msg=audit(1.000:3): saddr=02000050A9FEA9FE0000000000000000';
    expect(decodeText(text, 'x').events[0]?.event).toMatchObject({ saddr_ip: '169.254.169.254', saddr_port: 80 });
  });

  it('reads records that a syslog daemon forwarded', () => {
    const text = [
      'Nov 10 08:19:44 web-1 audispd: type=EXECVE msg=audit(1.000:3): a0="id"',
      'Nov 10 08:19:44 web-1 kernel: audit: type=1400 audit(1.000:4): apparmor="DENIED"',
      'Nov 10 08:19:44 web-1 sshd[5]: Accepted publickey',
    ].join('\n');
    const { events } = decodeText(text, 'x');
    expect(events.map(({ event }) => event)).toMatchObject([
      { message: 'Accepted publickey', hostname: 'web-1' },
      { type: 'EXECVE', node: 'web-1', argv: ['id'] },
      { type: '1400', node: 'web-1', apparmor: 'DENIED' },
    ]);
  });
});
