import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { recognise } from '../registry.ts';
import { decodeText } from './index.ts';

interface Read {
  readonly events: readonly JsonObject[];
  readonly types: readonly string[];
  readonly problems: readonly string[];
}

function read(text: string | Uint8Array): Read {
  const { events, diagnostics } = decodeText(text, 'a.log');
  return {
    events: events.map(({ event }) => event),
    types: events.map(({ event }) => recognise(event).type.name),
    problems: diagnostics.map(({ message }) => message),
  };
}

const CEF = '<134>Mar  2 10:00:00 gw CEF:0|Palo Alto Networks|PAN-OS|10|end|TRAFFIC|1|src=10.0.0.5 act=deny';
const ACCESS = '203.0.113.9 - - [02/Mar/2026:10:00:00 +0000] "GET /x HTTP/1.1" 200 512 "-" "sqlmap/1.0"';
const TRAIL = {
  eventVersion: '1.08',
  eventTime: '2026-03-02T10:00:00Z',
  eventSource: 'signin.amazonaws.com',
  eventName: 'ConsoleLogin',
  awsRegion: 'us-east-1',
};
const json = JSON.stringify;
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('a collector that holds the line itself', () => {
  test.each([
    ['Logstash', { '@timestamp': 't', '@version': '1', message: CEF, event: { original: CEF } }, 'cef'],
    ['Docker', { log: `${ACCESS}\n`, stream: 'stdout', time: 't' }, 'web.access'],
    ['Docker, of a record', { log: json(TRAIL), stream: 'stderr' }, 'aws.cloudtrail'],
    ['GELF', { version: '1.1', host: 'h', short_message: ACCESS }, 'web.access'],
    [
      'rsyslog',
      { host: 'web1', time: 't', facility: 'auth', tag: 'sshd[100]:', message: ' Failed password' },
      'linux.syslog',
    ],
    ['syslog-ng', { HOST: 'web1', PROGRAM: 'sshd', PRIORITY: 'info', DATE: 't', MESSAGE: 'Failed' }, 'linux.syslog'],
    ['Fluent Bit', { host: 'web1', pri: '34', ident: 'sshd', time: 't', message: 'Failed' }, 'linux.syslog'],
    ['Splunk, opened already', { _time: 't', _raw: TRAIL }, 'aws.cloudtrail'],
  ])('%s', (_, record, type) => {
    expect(read(json(record)).types).toEqual([type]);
  });

  test('what says what it is, or has been read, stays', () => {
    const document = { '@timestamp': 't', message: CEF, event: { dataset: 'x.y' } };
    expect(read(json(document)).events).toEqual([document]);
    const words = { '@timestamp': 't', message: 'nothing that is known' };
    expect(read(json(words)).events).toEqual([words]);
  });

  test('a line of a container, also one that it cut', () => {
    const line = `2026-03-02T10:00:00.1Z stdout F ${ACCESS}`;
    const cut = `2026-03-02T10:00:00.1Z stdout P ${ACCESS.slice(0, 30)}\n2026-03-02T10:00:00.1Z stdout F ${ACCESS.slice(30)}`;
    const { events, problems } = read(`${line}\n${cut}\n`);
    expect(problems).toEqual([]);
    expect(events).toHaveLength(2);
    expect(events[0]).toEqual(events[1]);
    expect(events[0]).toMatchObject({ remote_addr: '203.0.113.9', status: '200' });
  });

  test('a stream of events, a sequence of texts, a bulk request, a list of evtx_dump', () => {
    expect(read(`data: ${json(TRAIL)}\n\n`).types).toEqual(['aws.cloudtrail']);
    expect(read(`\u001e${json(TRAIL)}\n\u001e${json(TRAIL)}\n`).types).toEqual(['aws.cloudtrail', 'aws.cloudtrail']);
    const bulk = read(`{"index":{"_index":"x"}}\n${json(TRAIL)}\n{"create":{}}\n${json(TRAIL)}\n`);
    expect([bulk.types, bulk.problems]).toEqual([['aws.cloudtrail', 'aws.cloudtrail'], []]);
    const dump = read(`Record 1\n${JSON.stringify(TRAIL, null, 2)}\nRecord 2\n${JSON.stringify(TRAIL, null, 2)}\n`);
    expect([dump.types.length, dump.problems]).toEqual([2, []]);
  });
});

describe('exports', () => {
  test('a column of whole records', () => {
    const { types, problems } = read(`eventJson\n${cell(json(TRAIL))}\n${cell(json(TRAIL))}\n`);
    expect([types, problems]).toEqual([['aws.cloudtrail', 'aws.cloudtrail'], []]);
    expect(read('_raw\nanother\n').problems).toHaveLength(2);
  });

  test("the list of CloudTrail's console", () => {
    const { events, types } = read(
      'Event ID,Event time,User name,Event name,AWS region,Error code,Source IP address,Read-only,Event source\n' +
        'e,2026-03-02T10:00:00Z,root,ConsoleLogin,us-east-1,,203.0.113.9,false,signin.amazonaws.com\n',
    );
    expect(types).toEqual(['aws.cloudtrail']);
    expect(events[0]).toMatchObject({
      eventName: 'ConsoleLogin',
      sourceIPAddress: '203.0.113.9',
      userIdentity: { userName: 'root' },
      readOnly: false,
    });
  });

  test('YAML, as gcloud prints records; what is no record is told', () => {
    const document = (id: string): string =>
      `insertId: ${id}\nprotoPayload:\n  '@type': type.googleapis.com/google.cloud.audit.AuditLog\n  serviceName: s\n  methodName: m\n`;
    const { events, types, problems } = read(
      `---\n${document('a')}---\n${document('b')}---\n- 1\n---\n${document('c')}`,
    );
    expect(types).toEqual(['gcp.audit', 'gcp.audit', 'gcp.audit']);
    expect(events.map(({ insertId }) => insertId)).toEqual(['a', 'b', 'c']);
    expect(problems).toEqual(['a.log:14: not a log record: a YAML document that is no record']);
    // A rule with aliases in aliases is not unfolded.
    const bomb = read(`kind: x\na: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n`);
    expect([bomb.events.length, bomb.problems.length]).toEqual([0, 4]);
    expect(read('---\nsome words\n').problems).toHaveLength(1);
  });

  test('VPC flow logs by the names in their header, in any order', () => {
    const { events, types, problems } = read(
      'version srcaddr dstaddr action interface-id pkt-srcaddr log-status\n5 10.0.0.5 203.0.113.9 REJECT eni-1 - OK\n5 10.0.0.5\n',
    );
    expect(types).toEqual(['aws.vpcflow']);
    expect(events[0]).toMatchObject({ srcaddr: '10.0.0.5', action: 'REJECT', 'log-status': 'OK' });
    expect(events[0]).not.toHaveProperty('pkt-srcaddr');
    expect(problems).toEqual(['a.log:3: not a row of the table: 2 values below a header of 7 fields']);
  });

  test('pairs of keys and values, and nothing that only has some', () => {
    const line = '<134>id=firewall time="2026-03-02 10:00:00" pri=1 msg="said \\"no\\"" src=203.0.113.9';
    expect(read(line).events).toEqual([
      {
        facility: 'local0',
        severity: 'info',
        message: line,
        id: 'firewall',
        time: '2026-03-02 10:00:00',
        pri: '1',
        msg: 'said "no"',
        src: '203.0.113.9',
      },
    ]);
    expect(read('some words and a=1 b=2 c=3').events).toEqual([]);
    expect(read(`${'a="b" '.repeat(5_000)}x`).events).toEqual([]);
  });

  test('Caddy and Traefik', () => {
    const headers = { 'User-Agent': ['sqlmap'] };
    const request = { remote_ip: '203.0.113.9', method: 'GET', uri: '/x?a', proto: 'HTTP/2.0', headers };
    const traefik = { ClientHost: '203.0.113.9', RequestMethod: 'GET', RequestPath: '/x?a', DownstreamStatus: 200 };
    for (const record of [
      { ts: 1.5, request, status: 200 },
      { ...traefik, StartUTC: 't' },
    ]) {
      const { types, events } = read(json(record));
      expect(types).toEqual(['web.access']);
      expect(events[0]).toMatchObject({ remote_addr: '203.0.113.9', request_uri: '/x?a', status: 200 });
    }
  });

  test('XML that says it is not UTF-8', () => {
    const event = '<Event><System><Channel>Sécurité</Channel></System></Event>';
    const text = `<?xml version="1.0" encoding="windows-1252"?><Events>${event}</Events>`;
    const { events, problems } = read(Buffer.from(text, 'latin1'));
    expect(problems).toEqual([]);
    expect(events).toEqual([{ Event: { System: { Channel: 'Sécurité' } } }]);
  });
});
