import { describe, expect, it } from 'vitest';
import { decodeText } from '../index.ts';
import { keyValues } from './key-values.ts';
import { LONGEST_LINE } from './line-form.ts';

/** How lines of the forms begin whose patterns have the most to choose from. */
const HEADS = [
  '',
  '<34>Oct 11 22:14:15 host app: ',
  '<34>1 2003-10-11T22:14:15.003Z h su - ID47 [a@1 b="',
  '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /',
  '2024/01/01 10:00:00 [error] 1#1: *1 open failed, client: "',
  '1286536309.586 921 192.0.2.1 TCP_MISS/200 507 POST ',
  'haproxy[1]: 192.0.2.1:1 [06/Feb/2009:12:14:14.655] f b/',
  'https 2018-07-02T22:23:00.186641Z a 192.0.2.1:2817 10.0.0.1:80 0.1 0.1 ',
  'date=2024-01-01 time=10:00:00 devname="a" logid="1" type="traffic" msg="',
  '3/2/2026 10:00:00 AM 0D3C PACKET  000000 UDP Rcv 10.0.0.5 7f3a   Q [0001   ',
  'client 192.0.2.1#5000 (name): query: ',
  'dnsmasq[1]: query[A] ',
  'CEF:0|a|b|1|2|n|5|msg=',
  'LEEF:2.0|a|b|1|2|\t',
  'type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0=',
  '%ASA-6-302013: Built inbound TCP connection ',
  '<14>Mar  2 10:00:00 pf filterlog[1]: 5,',
  'id=firewall sn=0017C5178994 time="2026-03-02 10:00:00" src=',
  'device="SFW" date=2024-01-01 log_type="Firewall" src_ip=',
  'CheckPoint 1 - [action:"',
  'date=2024-01-01,time=10:00:00,devname="a",logid="1",type="traffic",msg="',
  'Oct 10 10:00:00 pa 1,2024/01/01 10:00:00,0011,THREAT,url,1,',
];
const PARTS = [
  'x',
  ' ',
  '"',
  '\\"',
  'a="',
  'a=,',
  '[',
  '(',
  '1.',
  '/',
  ':',
  'a b',
  '\t',
  '0 ',
  '{"',
  'haproxy[1]: ',
  '<1>',
];

describe('a line of anything', () => {
  // In quadratic time these would not end before the test's own limit, and V8's stack would not be enough for some.
  it.each(HEADS)('costs itself alone, behind %j', { tags: 'large', timeout: 120_000 }, (head) => {
    for (const part of PARTS) {
      const length = LONGEST_LINE - head.length - part.length;
      const text = head + part.repeat(Math.floor(length / part.length));
      const { events } = decodeText(`${text}\n{"n":1}\n`, 'log');
      expect(events.map(({ event }) => event['n'])).toContain(1);
    }
  });

  it('is said to be too long where it is', () => {
    const { events, diagnostics } = decodeText(`a=1 b=2 c=${'x'.repeat(LONGEST_LINE)}\n{"n":1}\n`, 'log');
    expect(events.map(({ event }) => event)).toEqual([{ n: 1 }]);
    expect(diagnostics).toMatchObject([{ code: 'logs/too-long', params: { line: 1, limit: LONGEST_LINE } }]);
  });
});

describe('pairs', () => {
  it.each([
    ['a=1 b=2 c=3', { a: '1', b: '2', c: '3' }],
    ['a=1,b=2;c=3', { a: '1', b: '2', c: '3' }],
    ['a=1,2 b="x, y" c=z,', { a: '1,2', b: 'x, y', c: 'z' }],
    ['a="say \\"no\\"" b= c=//', { a: 'say "no"', b: '', c: '//' }],
  ])('%s', (line, members) => {
    expect(keyValues(line)).toEqual({ message: line, ...members });
  });

  it.each(['a=1 b=2', 'a=1 b=2 c=3 and more', 'a=1 b=2 c="open', '"a"=1 b=2 c=3'])('%s is none', (line) => {
    expect(keyValues(line)).toBeUndefined();
  });
});
