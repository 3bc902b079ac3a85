import { hold } from '../engine/target.ts';
import { decoded, forgetful, type LogFunctions } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

export default logTargetOf({
  name: 'logs-tables',
  about:
    'tables in text: CSV and TSV, W3C, Zeek, journal exports, events in blocks; what is written as CSV is read as it was',
  seeds: [
    'a,b,c\n1,"x ""y""\n z",\n4,5,6\n',
    'a;b\n1;""\n2;3\na\tb\n',
    'id\tts\tname\n1\t2026-01-01T00:00:00Z\tx\n2\t\ty\n',
    '"TimeGenerated [UTC]",b\n"3/2/2026, 10:00:00.123 PM",x\n',
    '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-01-01 00:00:00\n#Fields: date time s-ip cs-method cs-uri-stem sc-status\n2026-01-01 00:00:01 10.0.0.1 GET /x 200\n2026-01-01 00:00:02 10.0.0.1 POST - 404\n',
    '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\ttags\n#types\ttime\tstring\taddr\tset[string]\n1600000000.123\tC1\t10.0.0.1\ta,b\n1600000001.5\tC2\t-\t(empty)\n#close\t2026\n',
    '__CURSOR=s=1\n__REALTIME_TIMESTAMP=1600000000000000\nMESSAGE=x\n_HOSTNAME=h\n\n__CURSOR=s=2\n__REALTIME_TIMESTAMP=1600000000000001\nMESSAGE\n\x05\0\0\0\0\0\0\0a\nbcd\n\n',
    '#TYPE System.X\n"EventID","Message"\n"4688","A new process\n\tName:\tx"\n',
    'Event[0]:\n  Log Name: Security\n  Source: P\n  Date: 2026-01-01T00:00:00.000Z\n  Event ID: 4688\n  Description:\nA process.\n\nEvent[1]:\n  Log Name: System\n  Event ID: 7045\n  Description:\nB\n',
    '{"a":1}\na,b\n1,2\n<34>1 2026-01-01T00:00:00Z h a - - - x\n',
  ],
  words: [
    ...[
      ',',
      ';',
      '\t',
      '|',
      '"',
      '""',
      '\n',
      '\r\n',
      '#Fields: ',
      '#separator ',
      '\\x09',
      '#types\t',
      '#fields\t',
      '#unset_field\t-',
      '#close',
      '(empty)',
      '-',
      '#TYPE ',
    ],
    ...[
      '__CURSOR=',
      'MESSAGE\n',
      'TimeGenerated [UTC]',
      'EventID',
      'Event[0]:',
      '  Log Name: ',
      '{"a":[1]}',
      '1/1/2026, 1:00:00.000 AM',
      'set[string]',
      'vector[count]',
    ],
  ],
  planted: forgetful(/"$/),
  also: (input, _, functions) => holdWritten(input, functions),
});

const NAMES = ['first', 'second', 'third'] as const;

/** Takes the input as cells, writes them as CSV, and reads them again. */
function holdWritten(input: Buffer, functions: LogFunctions): void {
  const cells = input
    .toString('utf8')
    .replaceAll('\0', '')
    .split(/[,\t;]/)
    .map((cell) => cell.replace(/\r\n?/g, '\n'))
    .filter((cell) => !/^\s*[{[]/.test(cell) && cell.length < 500);
  const rows: string[][] = [];
  for (let at = 0; at + NAMES.length <= cells.length && rows.length < 20; at += NAMES.length) {
    // A row of the header's own names would be the header again, and one of nothing is none.
    rows.push(['x', ...cells.slice(at + 1, at + NAMES.length)]);
  }
  if (rows.length === 0) return;
  const written = [NAMES, ...rows]
    .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
  const { events } = decoded(functions, Buffer.from(`${written}\n`));
  hold(events.length === rows.length, `${events.length} rows of ${rows.length} that were written: ${written}`);
  for (const [at, { event }] of events.entries()) {
    const expected = Object.fromEntries(NAMES.map((name, place) => [name, rows[at]?.[place]]));
    const read = JSON.stringify(event);
    hold(read === JSON.stringify(expected), () => `a row is read as ${read}: ${written}`);
  }
}
