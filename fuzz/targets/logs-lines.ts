import { hold } from '../engine/target.ts';
import { decoded, forgetful } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

export default logTargetOf({
  name: 'logs-lines',
  about:
    'lines of devices and services: CEF, LEEF, key=value, syslog, access logs, firewalls, name servers; what is written as CEF is read as it was',
  seeds: [
    '<134>Mar  2 10:00:00 h CEF:0|V\\|x|P|1|id|name|3|src=192.0.2.1 msg=a\\=b c cs1Label=k cs1=v\n',
    'LEEF:1.0|V|P|1|id|src=1.2.3.4\tdst=5.6.7.8\nLEEF:2.0|V|P|1|id|^|a=b^c=d\nLEEF:2.0|V|P|1|id|x5E|a=b^c=d\n',
    'date=2026-01-01 time=00:00:00 devname="fw" devid="FG1" logid="0001" type="traffic" srcip=10.0.0.1 msg="a \\"b\\""\n',
    '<34>1 2026-01-01T00:00:00.003Z host app 123 ID47 [ex@32473 a="b\\]" c="d"][x y="z"] \ufeffmessage\n<13>Mar  2 10:00:00 h su[1]: failed\n2026-01-01T00:00:00Z h kernel: [1.0] x\n',
    '10.0.0.1 - frank [10/Oct/2026:13:55:36 -0700] "GET /a?b=\\"c HTTP/1.1" 200 2326 "http://x/" "Mozilla"\n[Wed Oct 11 14:32:52 2026] [error] [client 10.0.0.1] x\n2026/01/01 00:00:00 [error] 1#2: *3 x, client: 10.0.0.1, server: s\n',
    '2 123456789010 eni-1 10.0.0.1 10.0.0.2 443 49152 6 10 840 1600000000 1600000060 ACCEPT OK\n1600000000.123    100 10.0.0.1 TCP_MISS/200 1000 GET http://x/ - DIRECT/1.2.3.4 text/html\n',
    '<166>Jan 01 2026 00:00:00 fw : %ASA-6-302013: Built outbound TCP connection 1 for outside:1.2.3.4/80 (1.2.3.4/80) to inside:10.0.0.1/1234 (10.0.0.1/1234)\n',
    'Jan  1 00:00:00 h 1,2026/01/01 00:00:00,001,TRAFFIC,end,2049,2026/01/01 00:00:00,10.0.0.1,1.2.3.4,0.0.0.0,0.0.0.0,rule\n',
    '01-Jan-2026 00:00:00.000 queries: info: client @0x1 10.0.0.1#53 (x.com): query: x.com IN A +E (1.1.1.1)\nJan  1 00:00:00 dnsmasq[1]: query[A] x.com from 10.0.0.1\n1/1/2026 1:00:00 AM 0ABC PACKET  0000 UDP Rcv 10.0.0.1 0001 Q [0001 D NOERROR] A (1)x(3)com(0)\n',
    'http 2026-01-01T00:00:00.000000Z app/x/1 10.0.0.1:80 10.0.0.2:80 0.000 0.001 0.000 200 200 34 366 "GET http://x:80/ HTTP/1.1" "curl" - - arn:x "Root=1" "-" "-" 0 2026-01-01T00:00:00.000000Z "forward" "-" "-" "x" "200" "-" "-"\n',
  ],
  words: [
    ...[
      'CEF:0|',
      'LEEF:2.0|',
      '|',
      '\\|',
      '\\=',
      '\\\\',
      '=',
      '\t',
      '<34>1 ',
      '<13>',
      ' - ',
      '[a b="c"]',
      ']',
      '"',
      '%ASA-6-302013: ',
      'GET / HTTP/1.1',
      'type="traffic"',
      'logid=',
    ],
    ...[
      'Mar  2 10:00:00 ',
      '2026-01-01T00:00:00Z ',
      '10.0.0.1',
      '::1',
      'TRAFFIC,end',
      'query[A]',
      'queries: info: client ',
      'PACKET',
      'ACCEPT OK',
      '\ufeff',
      '\n',
      '\r\n',
      '{"a":1}',
    ],
  ],
  planted: forgetful(/\|1\|$/),
  also(input, _, functions) {
    // The input as the values of an event in CEF.
    const values = input
      .toString('utf8')
      .split(/[|\s=\0]+/)
      .filter((value) => value !== '' && value.length < 200)
      .slice(0, 8);
    const escaped = values.map((value) => value.replaceAll('\\', '\\\\'));
    const line = `CEF:0|V|P|1|id|n|3|${escaped.map((value, at) => `k${at}=${value}`).join(' ')}\n`;
    const [only, ...more] = decoded(functions, Buffer.from(line)).events;
    hold(only !== undefined && more.length === 0, `not one record: ${line}`);
    const expected = Object.fromEntries(values.map((value, at) => [`k${at}`, value]));
    const read = JSON.stringify(only.event['extension']);
    hold(read === JSON.stringify(expected), () => `${line} is read as ${read}`);
  },
});
