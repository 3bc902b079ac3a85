import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import type { DecodedBatch } from './batch.ts';
import { LogDecoder } from './decoder.ts';
import { decodeText } from './index.ts';

/** What a text gives, with the places of its records. */
function read(text: string): DecodedBatch {
  return decodeText(text, 'a.log');
}

function events(text: string): readonly JsonObject[] {
  return read(text).events.map(({ event }) => event);
}

function only(text: string): JsonObject {
  const found = events(text);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

const problems = (batch: DecodedBatch) => batch.diagnostics.map(({ code, params }) => [code, params['line']]);

const EVENT = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P' Guid="{1}"/><EventID Qualifiers='2'>7</EventID><Channel>C</Channel></System><EventData><Data Name='Image'>C:\\a &amp; b.exe</Data><Data Name='Empty'></Data><Data Name='None'/></EventData></Event>`;
const PARSED = {
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: {
      Provider: { '#attributes': { Name: 'P', Guid: '{1}' } },
      EventID: { '#attributes': { Qualifiers: '2' }, '#text': '7' },
      Channel: 'C',
    },
    EventData: { Image: 'C:\\a & b.exe', Empty: '', None: null },
  },
};

describe('Windows events in XML', () => {
  test('have the form of event logs', () => {
    expect(only(EVENT)).toEqual(PARSED);
  });

  test('come one a line, one behind the other, in a list, with a declaration and comments', () => {
    const places = (text: string) => read(text).events.map(({ source }) => [source.line, source.record]);
    expect(places(`${EVENT}\n${EVENT}\n`)).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(places(`${EVENT}${EVENT}`)).toEqual([
      [1, undefined],
      [1, 1],
    ]);
    expect(places(`<?xml version="1.0"?>\n<!-- a\n comment -->\n<Events>${EVENT}\n${EVENT}</Events>\n`)).toEqual([
      [4, 0],
      [5, 1],
    ]);
  });

  test('unnamed data, data of a user, CDATA, prefixes and repeated elements', () => {
    const data = (inner: string): unknown => (only(`<Event>${inner}</Event>`)['Event'] as JsonObject)['EventData'];
    expect(data('<EventData><Data>a</Data><Data> b </Data></EventData>')).toEqual({ Data: { '#text': ['a', ' b '] } });
    expect(data('<EventData><Data>a</Data></EventData>')).toEqual({ Data: { '#text': 'a' } });
    expect(data('<EventData><Data Name="x"><![CDATA[</Event><a>&amp;]]></Data></EventData>')).toEqual({
      x: '</Event><a>&amp;',
    });
    expect(data('<EventData><Data Name="x">1</Data><Data Name="x">2</Data></EventData>')).toEqual({ x: '1', x_1: '2' });
    expect(only('<e:Event xmlns:e="u"><e:System/></e:Event>'.replaceAll('e:Event', 'Event'))).toMatchObject({
      Event: { System: null },
    });
    expect(only('<Event><UserData><A xmlns="u"><B>1</B></A></UserData></Event>')).toEqual({
      Event: { UserData: { A: { '#attributes': { xmlns: 'u' }, B: '1' } } },
    });
  });

  test('entities of a document are never expanded, nor followed', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>\n<Event><System>&b;&f;&#65;&#xD800;</System></Event>`;
    expect(only(bomb)).toEqual({ Event: { System: '&b;&f;A&#xD800;' } });
    expect(problems(read(bomb))).toEqual([['logs/not-json', 1]]);
  });

  test('what is broken is named, and the next event read', () => {
    const broken = read(`<Event><System></Wrong></Event>\n<Event><System>\n${EVENT}\n<Event>`);
    expect(broken.events.map(({ event, source }) => [event, source.line])).toEqual([[PARSED, 3]]);
    expect(problems(broken)).toEqual([
      ['logs/not-json', 1],
      ['logs/not-json', 2],
      ['logs/not-json', 4],
    ]);
    expect(read(`${'<Event><a>'.repeat(1)}${'<a>'.repeat(100)}</Event>`).undecodable).toBe(1);
  });

  test('of another prefix', () => {
    const prefixed = EVENT.replace("xmlns='", "xmlns:ns='").replaceAll(/<(\/?)(?=[A-Z])/g, '<$1ns:');
    const { Event } = PARSED;
    const want = { Event: { ...Event, '#attributes': { 'xmlns:ns': Event['#attributes'].xmlns } } };
    const list = `<?xml version="1.0"?>\n<evt:Events xmlns:evt="u">\n${prefixed}\n${prefixed}</evt:Events>\n`;
    expect(read(list)).toMatchObject({ events: [{ event: want }, { event: want }], diagnostics: [] });
    expect(only(`Mar  2 10:00:00 h a: ${prefixed}`)).toEqual(want);
    const decoder = new LogDecoder('a.log');
    for (const character of list) decoder.push(Buffer.from(character));
    decoder.end();
    expect(decoder.take().events).toEqual(read(list).events);
  });

  test('an event that is broken off costs itself alone, however many come behind it', () => {
    const number = 3_000;
    const found = read(`<Event><System>\n${'{"j":1}\n'}${`${EVENT}\n`.repeat(number)}<Event><System/>\n{"j":2}\n`);
    expect(found.events).toHaveLength(number + 2);
    expect(problems(found)).toEqual([
      ['logs/not-json', 1],
      ['logs/not-json', number + 3],
    ]);
    const inTag = read(`<Event><System a='\n{"j":1}\nMar  2 10:00:00 h a: b\n${EVENT}\n`);
    expect(inTag.events.map(({ source }) => source.line)).toEqual([2, 3, 4]);
    expect(problems(inTag)).toEqual([['logs/not-json', 1]]);
  });

  test('in syslog, and beside JSON and syslog in one file', () => {
    expect(only(`Mar  2 10:00:00 h sysmon: ${EVENT}`)).toEqual(PARSED);
    expect(events(`{"a":1}\n${EVENT}\n{"b":2}\n`)).toEqual([{ a: 1 }, PARSED, { b: 2 }]);
    expect(only('<13>Mar  2 10:00:00 h a: b')).toMatchObject({ hostname: 'h', appname: 'a' });
  });
});

describe('comma-separated values', () => {
  test('by any delimiter, quoted over lines, with JSON in cells', () => {
    expect(events('\ufeffa,b,c\r\n1,"x ""y""\r\n z",\r\n')).toEqual([{ a: '1', b: 'x "y"\n z' }]);
    expect(events('a;b\n1;"";\n2;3\n')).toEqual([{ a: '2', b: '3' }]);
    expect(events('a\tb\n\tx\n')).toEqual([{ b: 'x' }]);
    expect(events('a,b\n"{""x"":[1]}","[1, 2"\n')).toEqual([{ a: { x: [1] }, b: '[1, 2' }]);
    expect(events('a,b\n{"x":1},[1]\n')).toEqual([{ a: { x: 1 }, b: [1] }]);
  });

  test('a row that holds a record as it came is that record', () => {
    const line = '<13>Mar  2 10:00:00 h sshd[1]: Failed, twice';
    for (const name of ['Payload', 'utf8_payload', 'Raw Log', 'rawLog', 'raw', 'message', 'full_log']) {
      expect(only(`Time,${name},Source\n1,"${line}",x\n`)).toMatchObject({ appname: 'sshd', message: 'Failed, twice' });
    }
    expect(only('Time,payload\n1,"{""a"":1}"\n')).toEqual({ a: 1 });
    expect(only('Time,message\n1,"{""a"":1}"\n')).toEqual({ Time: '1', message: { a: 1 } });
    expect(events('Time,payload\n1,no line\n2,\n')).toEqual([{ Time: '1', payload: 'no line' }, { Time: '2' }]);
    // Where the other columns belong to it, as EvtxECmd has it, the row is the record.
    const data = '"{""EventData"": {""Data"": [{""@Name"": ""CommandLine"", ""#text"": ""a""}]}}"';
    expect(only(`EventId,Provider,Payload\n4688,Microsoft-Windows-Security-Auditing,${data}\n`)).toMatchObject({
      EventId: '4688',
      EventData: { CommandLine: 'a' },
    });
  });

  test("dates of the portal, Event Viewer's missing name, PowerShell's type line", () => {
    expect(events('"TimeGenerated [UTC]",b\n"3/2/2026, 10:00:00.123 PM",x\n')).toEqual([
      { TimeGenerated: '2026-03-02T22:00:00.123Z', b: 'x' },
    ]);
    expect(events('Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabe\nInfo,1.2.2026,P,4688,T,"a\nb"\n')).toMatchObject(
      [{ ProviderName: 'P', EventID: '4688', Message: 'a\nb' }],
    );
    expect(events('#TYPE System.X\n"a","b"\n"1","2"\n')).toEqual([{ a: '1', b: '2' }]);
  });

  test('rows that are wrong are named, and the rest is read', () => {
    const found = read('a,b\n1,2\n1,2,3\na,b\n"x\n5,6\n');
    expect(found.events.map(({ event, source }) => [event, source.line])).toEqual([
      [{ a: '1', b: '2' }, 2],
      [{ a: '5', b: '6' }, 6],
    ]);
    expect(problems(found)).toEqual([
      ['logs/csv', 3],
      ['logs/csv', 4],
      ['logs/csv', 5],
    ]);
    expect(events('a,b\n"x"y,1\n5,6\n')).toEqual([{ a: '5', b: '6' }]);
    expect(events('a,b\n1,2\n"x"y,1\n5,6\n')).toEqual([
      { a: '1', b: '2' },
      { a: '5', b: '6' },
    ]);
  });

  test('a quote that stays open loses its line alone', () => {
    const lost = (text: string) => {
      const found = read(text);
      return [
        found.events.map(({ source }) => source.line),
        problems(found).map(([, line]) => line),
        found.undecodable,
      ];
    };
    expect(lost('a,b\n1,2\n3,"x\n5,6\n"p\nq",8\n9,"y\n7,8\n')).toEqual([[2, 4, 5, 8], [3, 7], 2]);
    // The first row, before anything has shown that there is a table.
    expect(lost('a,b\n"x\n5,6\n7,8')).toEqual([[3, 4], [2], 1]);
    expect(lost('a,b\n1,2\n"x\n"y\n"z\n5,6')).toEqual([[2, 6], [3, 4, 5], 3]);
    // A quote inside of a cell is a character.
    expect(events('a,b\n1,5" disk\n2,3\n')).toEqual([
      { a: '1', b: '5" disk' },
      { a: '2', b: '3' },
    ]);
  });

  test('lines whose quotes may be open or closed cost no more than others', () => {
    const number = 60_000;
    const found = read(`a,b\n1,2\n"x\n${'A","B\n'.repeat(number)}5,6\n`);
    expect(found.events.length + found.undecodable).toBeGreaterThan(0);
    expect(found.events.at(-1)?.event).toEqual({ a: '5', b: '6' });
  });

  test('a text that only looks like a header is none', () => {
    expect(events('hello,world\nMar  2 10:00:00 h a: b\n')).toMatchObject([{ appname: 'a' }]);
    expect(events('hello,world\nMar  2 10:00:00 h a: b, c\n{"x":1, "y":2}\n')).toMatchObject([
      { appname: 'a' },
      { x: 1, y: 2 },
    ]);
    expect(read('{"x":1}\nso, there, be\n{"x":2}\nand, so, on\n').undecodable).toBe(2);
    expect(read('a,b\n').undecodable).toBe(0);
  });
});

describe('lines of several forms in one file', () => {
  const SYSLOG = 'Mar  2 10:00:00 h sshd[1]: Accepted password for a, from b';
  const CEF = 'CEF:0|v|p|1|2|n|3|src=10.0.0.1';
  const AUDIT = 'type=SYSCALL msg=audit(1.1:7): syscall=59 exe="/bin/a"';
  const ZEEK = '#separator \\x09\n#fields\tts\ta\n#types\ttime\tstring\n1.5\tx';
  const others = `{"j":1}\n${SYSLOG}\n${EVENT}\n${CEF}\n{\n  "j": 2\n}\n<Event>\n<System/>\n</Event>\n[{"j":3},\n{"j":4}]`;
  const kinds = (text: string) =>
    events(text).map((event) => Object.keys(event).find((key) => key !== 'timestamp' && key !== 'hostname'));
  const OTHERS = ['j', 'appname', 'Event', 'cef', 'j', 'Event', 'j', 'j'];

  test('behind a table, between its rows, and before it', () => {
    for (const [table, row, name] of [
      ['aa,bb,cc\n1,2,3', '4,5,6', 'aa'],
      [ZEEK, '1.6\ty', '_path'],
      ['#Fields: c-ip cs-method sc-status\n1.1.1.1 GET 200', '1.1.1.1 PUT 201', 'c-ip'],
    ] as const) {
      const text = `${table}\n${others}\n${row}\n`;
      expect(kinds(text)).toEqual([name, ...OTHERS, name]);
      expect(read(text)).toMatchObject({ undecodable: 0, diagnostics: [] });
      expect(kinds(`${others}\n${table}\n${row}\n`)).toEqual([...OTHERS, name, name]);
    }
    expect(kinds(`aa,bb\n1,2\n${SYSLOG.replace(',', '')}\n{"j":1, "k":2}\n3,4\n`)).toEqual([
      'aa',
      'appname',
      'j',
      'aa',
    ]);
    expect(kinds(`${SYSLOG}\n${AUDIT}\n{"j":1}\n${SYSLOG}\n`)).toEqual(['appname', 'j', 'appname', 'type']);
  });

  test('what is of no form is named, and a row that is broken is', () => {
    const found = read(`aa,bb\n1,2\n{"j":\n3,4\n<Event><a>\n5,6\n`);
    expect(problems(found).map(([, line]) => line)).toEqual([3, 5]);
    expect(found.events.map(({ source }) => source.line)).toEqual([2, 4, 6]);
  });

  test('wherever pieces are cut', { tags: 'large' }, () => {
    const text = `${others}\naa,bb,cc\n1,"2\n3",4\n${others}\n5,6,7\n"x\n8,9,10\n`;
    const whole = read(text);
    const pieces = (at: number) => {
      const decoder = new LogDecoder('a.log');
      decoder.push(Buffer.from(text.slice(0, at)));
      decoder.push(Buffer.from(text.slice(at)));
      decoder.end();
      return decoder.take();
    };
    for (let at = 0; at < text.length; at += 1) expect(pieces(at)).toEqual(whole);
  });
});

describe('tables with headers', () => {
  test("Zeek's, also where the header comes again with other columns", () => {
    const head = (fields: string, types: string) =>
      `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tx\n#fields\t${fields}\n#types\t${types}\n`;
    const text = `${head('ts\ta\tb\tc', 'time\tbool\tset[count]\tstring')}1.5\tT\t1,2\t\\x41-\n1.6\t-\t(empty)\t(empty)\n#close\tx\n${head('d', 'port')}80\nx\ty\n`;
    expect(events(text)).toEqual([
      { _path: 'x', ts: '1.5', a: true, b: [1, 2], c: 'A-' },
      { _path: 'x', ts: '1.6', b: [], c: '' },
      { _path: 'x', d: 80 },
    ]);
    expect(problems(read(text))).toEqual([['logs/csv', text.split('\n').length - 1]]);
  });

  test('W3C: two headers, quotes, the date of the header', () => {
    const text =
      '#Software: S 1\n#Fields: date time cs(User-Agent) c-ip\n2026-03-02 10:00:00 "a b" -\n#Date: 2026-03-03 00:00:00\n#Fields: time c-ip\n11:00:00 10.0.0.1\nx\n';
    expect(events(text)).toEqual([
      {
        date: '2026-03-02',
        time: '10:00:00',
        'cs-user-agent': 'a b',
        'time-utc': '2026-03-02T10:00:00Z',
        software: 'S 1',
      },
      { time: '11:00:00', 'c-ip': '10.0.0.1', 'time-utc': '2026-03-03T11:00:00Z', software: 'S 1' },
    ]);
    expect(problems(read(text))).toEqual([['logs/csv', 7]]);
  });

  test('entries of the journal, and events as wevtutil prints them', () => {
    expect(
      events('__CURSOR=a\n_HOSTNAME=h\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=x\n\n__CURSOR=b\nMESSAGE=y\n'),
    ).toMatchObject([{ hostname: 'h', appname: 'sshd', message: 'x' }, { message: 'y' }]);
    expect(
      events(
        'Event[0]:\n  Log Name: Security\n  Source: P\n  Event ID: 1\n  Description: \na\n\nb\nEvent[1]:\n  Event ID: 2\n',
      ),
    ).toEqual([{ Channel: 'Security', ProviderName: 'P', EventID: '1', Message: 'a\n\nb' }, { EventID: '2' }]);
  });

  test("events as Splunk's input writes them; times that begin none are lines of their own", () => {
    const one = (id: number) =>
      `03/02/2026 10:00:0${id} AM\nLogName=Security\nEventCode=462${id}\nSourceName=Microsoft Windows security auditing.\nMessage=An account.\n\nNew Logon:\n\tAccount Name:\t\tbob\n03/02/2026 10:00:00 AM\nlast`;
    expect(events(`${one(4)}\n\n${one(4)}\n`)).toMatchObject(
      [
        { EventID: '4624', Channel: 'Security', EventData: { TargetUserName: 'bob' } },
        { EventID: '4624', Provider_Name: 'Microsoft-Windows-Security-Auditing' },
      ].map((event) => ({ ...event, Message: expect.stringContaining('last') })),
    );
    const { events: found, diagnostics } = read('03/02/2026 10:00:00 AM\n{"a":1}\n');
    expect(found.map(({ event, source }) => [event, source.line])).toEqual([[{ a: 1 }, 2]]);
    expect(diagnostics.map(({ params }) => params['line'])).toEqual([1]);
  });
});

const LINES: Readonly<Record<string, readonly [line: string, fields: JsonObject]>> = {
  combined: [
    '192.0.2.1 - alice [02/Mar/2026:10:00:00 +0000] "GET /a?b=\\"c HTTP/1.1" 200 5 "-" "curl \\"x\\""',
    {
      remote_addr: '192.0.2.1',
      remote_user: 'alice',
      request_uri: '/a?b="c',
      status: '200',
      http_user_agent: 'curl "x"',
    },
  ],
  'a virtual host and no request': [
    'www.example.org:443 192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "-" 408 - "-" "-"',
    { vhost: 'www.example.org', remote_addr: '192.0.2.1', status: '408' },
  ],
  'Apache error': [
    '[Mon Mar 02 10:00:00.123456 2026] [core:notice] [pid 5:tid 6] AH00052: x',
    { server: 'apache', module: 'core', level: 'notice', pid: '5', message: 'AH00052: x' },
  ],
  'nginx error': [
    '2026/03/02 10:00:00 [error] 5#6: *7 open() failed, client: 192.0.2.1, request: "GET /a HTTP/1.1"',
    { server: 'nginx', level: 'error', client: '192.0.2.1', request: 'GET /a HTTP/1.1' },
  ],
  Squid: [
    '1772445600.123     45 10.0.0.5 TCP_MISS/200 512 GET http://a.example/x.exe alice HIER_DIRECT/192.0.2.1 text/html',
    { remote_addr: '10.0.0.5', url: 'http://a.example/x.exe', squid_result: 'TCP_MISS', server_addr: '192.0.2.1' },
  ],
  CEF: [
    '<134>Mar  2 10:00:00 h CEF:0|V\\|x|P|1|id|name|3|src=192.0.2.1 msg=a\\=b c cs1Label=k cs1=v',
    { hostname: 'h', device_vendor: 'V|x', extension: { src: '192.0.2.1', msg: 'a=b c', cs1Label: 'k', cs1: 'v' } },
  ],
  LEEF: ['LEEF:2.0|V|P|1|id|x5E|a=1^b=2', { device_vendor: 'V', event_id: 'id', attributes: { a: '1', b: '2' } }],
  FortiOS: [
    '<189>date=2026-03-02 time=10:00:00 devname="F" devid="D" logid="1" type="event" subtype="system" msg="a \\"b\\" c"',
    { facility: 'local7', type: 'event', subtype: 'system', msg: 'a "b" c' },
  ],
  'Cisco IOS': [
    '<189>42: rtr1: *Mar  2 10:00:00.000 UTC: %SYS-5-CONFIG_I: Configured',
    { message: '%SYS-5-CONFIG_I: Configured', cisco: { facility: 'SYS', severity: '5', mnemonic: 'CONFIG_I' } },
  ],
  'Cisco ASA': [
    '%ASA-6-302013: Built outbound TCP connection 1 for outside:192.0.2.1/443 (192.0.2.1/443) to inside:10.0.0.5/5000 (10.0.0.5/5000)',
    { src_ip: '10.0.0.5', dst_ip: '192.0.2.1', dst_port: '443', action: 'accept', proto: 'tcp' },
  ],
  Huawei: [
    'Mar  2 2026 10:00:01 r3 %%01BGP/4/BGP_AUTH_FAILED(l)[5]:x',
    { hostname: 'r3', huawei: { module: 'BGP', severity: '4', mnemonic: 'BGP_AUTH_FAILED' } },
  ],
  Junos: ['<29>Mar  2 10:00:00 r2 rpd[1]: x', { hostname: 'r2', junos: { process: 'rpd' }, message: 'rpd[1]: x' }],
  'PAN-OS': [
    'Mar  2 10:00:00 fw 1,2026/03/02 10:00:00,001,TRAFFIC,end,1,2026/03/02 10:00:00,10.0.0.5,192.0.2.1,,,"a,b"',
    { panos: 'TRAFFIC', src: '10.0.0.5', dst: '192.0.2.1', rule: 'a,b' },
  ],
  Snare: [
    'MSWinEventLog\t1\tSecurity\t9\tMon Mar 02 10:00:00 2026\t4688\tP\tN/A\tN/A\tSuccess Audit\tH\tC\t\tmsg\t9',
    { Channel: 'Security', EventID: '4688', Message: 'msg' },
  ],
  'VPC flow': [
    '2 123456789012 eni-0a 10.0.0.5 192.0.2.1 5000 443 6 10 840 1772445600 1772445660 ACCEPT OK',
    { srcaddr: '10.0.0.5', dstport: '443', action: 'ACCEPT' },
  ],
  'Windows DNS': [
    '3/2/2026 10:00:00 AM 0D3C PACKET  000002B5D0F00B40 UDP Rcv 10.0.0.5        7f3a   Q [0001   D   NOERROR] A      (4)pool(2)eu(0)',
    { query: 'pool.eu', record_type: 'A', client: '10.0.0.5', kind: 'query' },
  ],
  BIND: [
    '02-Mar-2026 10:00:00.000 queries: info: client @0x7f 10.0.0.5#5000 (a.eu): query: a.eu IN A +E(0)K (10.0.0.1)',
    { query: 'a.eu', client: '10.0.0.5' },
  ],
  dnsmasq: [
    'Mar  2 10:00:00 h dnsmasq[5]: query[A] a.eu from 10.0.0.5',
    { query: 'a.eu', record_type: 'A', client: '10.0.0.5' },
  ],
  MySQL: ['2026-03-02T10:00:00.000000Z\t    8 Query\tSELECT 1', { command: 'Query', argument: 'SELECT 1' }],
  'ausearch -i': [
    'type=EXECVE msg=audit(03/02/2026 10:00:00.123:7) : argc=2 a0=cat a1=a b ',
    { type: 'EXECVE', a0: 'cat', a1: 'a b', local_time: '03/02/2026 10:00:00.123' },
  ],
  'syslog with an octet count': [
    '58 <14>1 2026-03-02T10:00:01Z host1 bash 7 - - x',
    { hostname: 'host1', appname: 'bash', message: 'x' },
  ],
  'a PAM module in the tag': [
    'Mar  2 10:00:00 h sshd(pam_unix)[9]: x',
    { appname: 'sshd', tag: 'sshd(pam_unix)', pid: '9' },
  ],
  'a path in the tag': ['Mar  2 10:00:00 h /usr/sbin/cron[9]: x', { appname: 'cron', pid: '9' }],
  "GDM's bracket": ['Mar  2 10:00:00 h gdm-password][9]: x', { appname: 'gdm-password', pid: '9' }],
  haproxy: [
    'Mar  2 10:00:00 lb haproxy[1]: 192.0.2.1:33317 [02/Mar/2026:10:00:00.123] in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET /x?f=1 HTTP/1.1"',
    { remote_addr: '192.0.2.1', request_uri: '/x?f=1', status: '200' },
  ],
  'classic load balancer': [
    '2026-03-02T10:00:00.945958Z lb 192.0.2.1:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://a.example:80/x HTTP/1.1" "curl" - -',
    { remote_addr: '192.0.2.1', upstream_status: '200', http_user_agent: 'curl' },
  ],
  'Route 53': [
    '1.0 2026-03-02T10:00:00.130Z Z123412341234 a.example. AAAA NXDOMAIN UDP FRA6 192.0.2.1 192.0.2.0/24',
    { query: 'a.example', rcode: 'NXDOMAIN', client: '192.0.2.1' },
  ],
  'unified log': [
    '2026-03-02 10:00:00.123456+0100 0x1a2b     Default     0x0                  312    0    sudo: (libx) [com.a:b] text',
    { processImagePath: 'sudo', senderImagePath: 'libx', subsystem: 'com.a', eventMessage: 'text' },
  ],
  'an access log in syslog': [
    '<190>Mar  2 10:00:00 web1 nginx: 192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 404 5 "-" "x"',
    { hostname: 'web1', remote_addr: '192.0.2.1', request_uri: '/a', status: '404', http_user_agent: 'x' },
  ],
  'an error log in syslog': [
    'Mar  2 10:00:00 web1 httpd[7]: [Mon Mar 02 10:00:00 2026] [error] [client 192.0.2.1] x',
    { server: 'apache', level: 'error', client: '192.0.2.1' },
  ],
  "FortiOS' CSV": [
    '<189>date=2026-03-02,time=10:00:00,devname="F",devid=D,logid=1,type=traffic,subtype=forward,srcip=10.0.0.5,msg="a, b"',
    { type: 'traffic', srcip: '10.0.0.5', msg: 'a, b' },
  ],
  pfSense: [
    '<134>1 2026-03-02T10:00:00Z pf filterlog 123 - - 7,,,0,em0,match,pass,out,6,0x00,0x0,64,udp,17,52,2001:db8::1,2001:db8::2,5000,53,52',
    { firewall: 'pfsense', src_ip: '2001:db8::1', dst_ip: '2001:db8::2', dst_port: '53', action: 'pass', proto: 'udp' },
  ],
  SonicOS: [
    '<134>id=firewall sn=0017C5178994 time="2026-03-02 10:00:00 UTC" fw=192.0.2.9 pri=6 c=1024 m=537 msg="Closed" src=10.0.0.7:60622:X0 dst=192.0.2.1:53:X1 proto=udp/dns',
    { firewall: 'sonicwall', src_ip: '10.0.0.7', src_port: '60622', dst_port: '53', proto: 'udp', msg: 'Closed' },
  ],
  'Sophos Firewall': [
    '<30>device="SFW" date=2026-03-02 time=10:00:00 log_type="Firewall" status="Deny" src_ip=192.0.2.1 dst_ip=10.0.0.5 protocol="TCP" src_port=1 dst_port=22',
    { firewall: 'sophos', src_ip: '192.0.2.1', dst_port: '22', action: 'deny', proto: 'tcp' },
  ],
  'Check Point': [
    '<134>1 2026-03-02T10:00:00Z gw CheckPoint 1 - [action:"Drop"; src:"192.0.2.1"; dst:"10.0.0.5"; proto:"6"; s_port:"1"; service:"22"]',
    { firewall: 'checkpoint', hostname: 'gw', dst_ip: '10.0.0.5', dst_port: '22', action: 'drop', proto: 'tcp' },
  ],
  'syslog whose message begins with a bracket': [
    '<134>1 2026-03-02T10:00:00Z gw CheckPoint 1 - [action:"Accept"; src:"10.0.0.5"]',
    { appname: 'CheckPoint', message: '[action:"Accept"; src:"10.0.0.5"]' },
  ],
};

test('a table goes on below another header that shares columns with it; what a row lacks is named', () => {
  const text =
    'EventID,Channel,A\n1,Security,a\nEventID,A\n2,b\nA,EventID\nc,3\nA,EventID\nd,4\nonly,names,here\ne,5\n';
  const { events: found, diagnostics, undecodable } = read(text);
  expect(found.map(({ event }) => event)).toEqual([
    { EventID: '1', Channel: 'Security', A: 'a' },
    { EventID: '2', A: 'b' },
    { EventID: '3', A: 'c' },
    { EventID: '4', A: 'd' },
    { EventID: '5', A: 'e' },
  ]);
  expect(diagnostics.map(({ params }) => params['line'])).toEqual([3, 5, 7, 9]);
  expect(undecodable).toBe(1);
});

describe('lines of many forms', () => {
  test.each(Object.entries(LINES))('%s', (_name, [line, fields]) => {
    expect(only(line)).toMatchObject(fields);
  });

  test('every one is known in a file of all of them', () => {
    const text = Object.values(LINES)
      .map(([line]) => line)
      .join('\n');
    expect(events(text)).toHaveLength(Object.keys(LINES).length);
  });

  test('a line in brackets is no array', () => {
    expect(events('[1]\n[{"a":1}]\n[Mon] x\n[2026-03-02 10:00:00] x\n')).toEqual([{ a: 1 }]);
  });
});

describe('records in forms of their own', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'Get-WinEvent, named by the template',
      {
        Id: 7045,
        ProviderName: 'Service Control Manager',
        LogName: 'System',
        TimeCreated: '/Date(1772445600123)/',
        Properties: [{ Value: 'S' }, { Value: 'C:\\s.exe' }],
      },
      {
        EventID: 7045,
        Channel: 'System',
        TimeCreated: '/Date(1772445600123)/',
        EventData: { ServiceName: 'S', ImagePath: 'C:\\s.exe' },
      },
    ],
    [
      'Get-WinEvent of an unknown template',
      { Id: 1, ProviderName: 'X', Properties: [{ Value: 'a' }, { Value: 'b' }] },
      { EventData: { Data: { '#text': ['a', 'b'] } } },
    ],
    [
      'Wazuh',
      {
        decoder: { name: 'w' },
        location: 'E',
        data: { win: { system: { eventID: '1', providerName: 'P' }, eventdata: { image: 'C:\\\\a.exe' } } },
      },
      { EventID: '1', Provider_Name: 'P', EventData: { Image: 'C:\\a.exe' } },
    ],
    [
      'a line in Wazuh',
      { decoder: { name: 'sshd' }, location: '/var/log/auth.log', full_log: 'Mar  2 10:00:00 h sshd[9]: x' },
      { hostname: 'h', appname: 'sshd', message: 'x' },
    ],
    [
      'OpenTelemetry',
      {
        event_id: { id: 1, qualifiers: 0 },
        provider: { name: 'P' },
        channel: 'C',
        event_data: [{ Image: 'a' }, { User: 'b' }],
      },
      { EventID: 1, Channel: 'C', EventData: { Image: 'a', User: 'b' } },
    ],
    [
      'Fluent Bit',
      { EventID: 4104, ProviderName: 'Microsoft-Windows-PowerShell', StringInserts: [1, 1, 'x', 'i', ''] },
      { EventData: { ScriptBlockText: 'x' } },
    ],
    [
      'Splunk',
      {
        _raw: 'x\nLogName=Security\nEventCode=4688\nSourceName=Microsoft Windows security auditing.\nMessage=m\n\nProcess Information:\n\tNew Process Name:\tC:\\a.exe',
      },
      {
        EventID: '4688',
        Provider_Name: 'Microsoft-Windows-Security-Auditing',
        EventData: { NewProcessName: 'C:\\a.exe' },
      },
    ],
    ['an event in a row of Splunk', { _raw: EVENT, host: 'h' }, PARSED],
    [
      'LAUREL',
      { ID: '1772445600.123:7', SYSCALL: { exe: '/bin/a', SYSCALL: 'execve' }, EXECVE: { argc: 2, ARGV: ['a', '-b'] } },
      { type: ['SYSCALL', 'EXECVE'], a0: 'a', a1: '-b', exe: '/bin/a', serial: 7 },
    ],
  ])('%s', (_name, record, fields) => {
    expect(only(JSON.stringify(record))).toMatchObject(fields);
  });

  test('what services answer is opened', () => {
    const inner = { a: 1 };
    const push = Buffer.from(JSON.stringify(inner)).toString('base64');
    for (const answer of [
      { kind: 'EventList', items: [inner] },
      { entries: [inner], response_metadata: {} },
      { operation_logs: [inner], page_size: 1 },
      { stat: 'OK', response: { authlogs: [inner] } },
      { data: [inner], pagination: {} },
      { data: inner },
      { message: { data: push, messageId: '1' }, subscription: 's' },
      { RecordId: 'i', AuditData: JSON.stringify(inner) },
      {
        resourceLogs: [
          {
            scopeLogs: [
              { logRecords: [{ body: { kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } } }] },
            ],
          },
        ],
      },
    ]) {
      expect(events(JSON.stringify(answer)), JSON.stringify(answer)).toEqual([inner]);
    }
  });
});

/** A text of lines of all forms, some of them spoilt. */
const anyText = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        EVENT,
        `<Events>\n${EVENT.replaceAll('><', '>\n<')}`,
        '</Events>',
        'a,b,c\n1,"2\n3",4',
        '#separator \\x09\n#fields\ta\tb\n1\t2',
        '#Fields: a b\n1 "2 3"',
        '__CURSOR=x\nMESSAGE\n\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000y\n',
        'Event[0]:\n  Event ID: 1\n  Description:\nx',
        '03/02/2026 10:00:00 AM\nLogName=Security\nEventCode=1\nMessage=x',
        '{"a":\n1}',
        ...Object.values(LINES).map(([line]) => line),
      ),
      fc.option(
        fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.string({ unit: fc.constantFrom('<', '>', '"', '\n', ',', '{', '/', 'é', '|', '\t'), maxLength: 3 }),
        ),
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) =>
    parts
      .map(([line, spoilt]) => {
        if (spoilt === null) return line;
        const at = Math.floor(spoilt[0] * line.length);
        return line.slice(0, at) + spoilt[1] + line.slice(at + spoilt[1].length);
      })
      .join('\n'),
  );

describe('any text', () => {
  test('is decoded without throwing, the same wherever it is cut', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (text, places) => {
        const bytes = Buffer.from(text);
        const decoder = new LogDecoder('a.log');
        const cuts = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
        const found: DecodedBatch[] = [];
        let from = 0;
        for (const cut of cuts) {
          decoder.push(bytes.subarray(from, cut));
          found.push(decoder.take());
          from = cut;
        }
        decoder.end();
        found.push(decoder.take());
        const whole = read(text);
        expect(found.flatMap((batch) => batch.events)).toEqual(whole.events);
        expect(found.flatMap((batch) => batch.diagnostics)).toEqual(whole.diagnostics);
        const sum = (key: 'lines' | 'undecodable') => found.reduce((total, batch) => total + batch[key], 0);
        expect([sum('lines'), sum('undecodable')]).toEqual([whole.lines, whole.undecodable]);
      }),
      { numRuns: 10_000 },
    );
  });
});
