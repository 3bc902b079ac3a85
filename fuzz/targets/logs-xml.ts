import { hold } from '../engine/target.ts';
import { decoded, forgetful } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

const event = (data: string): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>7</EventID><Channel>C</Channel></System><EventData>${data}</EventData></Event>`;

export default logTargetOf({
  name: 'logs-xml',
  about: 'Windows events in XML, one a line, behind each other or in lists; what is written as data is read as it was',
  seeds: [
    `${event("<Data Name='Image'>C:\\a &amp; b.exe</Data><Data Name='None'/>")}\n`,
    `<?xml version="1.0"?>\n<!-- a\n comment -->\n<Events>${event('<Data>a</Data><Data> b </Data>')}\n${event('')}</Events>\n`,
    event('<Data Name="x"><![CDATA[</Event><a>&amp;]]></Data><Data Name="x">&#65;&#x1F600;</Data>'),
    '<Event><UserData><A xmlns="u"><B>1</B><B>2</B></A></UserData></Event>\n<Event><System></Wrong></Event>\n',
    `Mar  2 10:00:00 h sysmon: ${event('')}\n{"a":1}\n${event('<Data Name="y">1</Data>')}\n`,
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<Event><System>&b;&#xD800;</System></Event>\n',
  ],
  words: [
    '<Event>',
    '</Event>',
    '<Events>',
    '<System>',
    '<EventData>',
    '<Data Name="x">',
    '</Data>',
    '<Data/>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?',
    '?>',
    '<!DOCTYPE',
    '&amp;',
    '&#65;',
    '&#x0;',
    '&b;',
    '"',
    "'",
    '<',
    '>',
    '/',
    '=',
    'xmlns=',
    '\n',
  ],
  planted: forgetful(/["']>$/),
  also(input, _, functions) {
    const text = input
      .toString('utf8')
      .replace(/[^\t\n\x20-\ud7ff\ue000-\ufffc]/g, '')
      .slice(0, 400);
    // Blanks over lines are how XML is laid out.
    if (text.trim() === '') return;
    const escaped = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('\n', '&#10;');
    const [only] = decoded(functions, Buffer.from(`${event(`<Data Name="x">${escaped}</Data>`)}\n`)).events;
    const read = JSON.stringify(only?.event['Event']);
    hold(
      read?.includes(`"EventData":{"x":${JSON.stringify(text)}}`) === true,
      () => `${JSON.stringify(text)} is read as ${read}`,
    );
  },
});
