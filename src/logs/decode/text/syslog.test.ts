import { describe, expect, it } from 'vitest';
import { decodeText } from '../index.ts';
import { parseSyslogLine } from './syslog.ts';

describe('syslog', () => {
  it('reads RFC 5424, with structured data', () => {
    const line = String.raw`<165>1 2003-10-11T22:14:15.003Z host.example evntslog 42 ID47 [ex@1 iut="3" q="a \"b\] c"][two@1] the message`;
    expect(parseSyslogLine(line)).toEqual({
      facility: 'local4',
      severity: 'notice',
      timestamp: '2003-10-11T22:14:15.003Z',
      hostname: 'host.example',
      appname: 'evntslog',
      pid: '42',
      msgid: 'ID47',
      structured_data: { 'ex@1': { iut: '3', q: 'a "b] c' }, 'two@1': {} },
      message: 'the message',
    });
    expect(parseSyslogLine('<34>1 - - - - - -')).toEqual({ facility: 'auth', severity: 'crit', message: '' });
  });

  it('reads RFC 3164, with and without priority, and with an ISO time', () => {
    expect(parseSyslogLine('<34>Oct 11 22:14:15 mymachine su: failed')).toEqual({
      facility: 'auth',
      severity: 'crit',
      timestamp: 'Oct 11 22:14:15',
      hostname: 'mymachine',
      appname: 'su',
      message: 'failed',
    });
    expect(parseSyslogLine('2019-06-14T13:01:15.412+01:30 box sshd[17]: hello: you')).toEqual({
      timestamp: '2019-06-14T13:01:15.412+01:30',
      hostname: 'box',
      appname: 'sshd',
      pid: '17',
      message: 'hello: you',
    });
  });

  it('is read between lines of other forms', () => {
    const { events, undecodable } = decodeText('{"a":1}\nOct 11 22:14:15 h app: hello\n{"b":2}\n', 'a.log');
    expect(events.map(({ event, source }) => [Object.keys(event)[0], source.line])).toEqual([
      ['a', 1],
      ['timestamp', 2],
      ['b', 3],
    ]);
    expect(undecodable).toBe(0);
  });
});
