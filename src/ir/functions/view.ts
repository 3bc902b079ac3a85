import { row, type Signature } from './signature.ts';

/** Functions that views need: picking and reshaping what raw records hold. */
export type ViewFunction =
  | 'view.first'
  | 'view.text'
  | 'view.coalesce'
  | 'view.lookup-normalised'
  | 'view.normalised'
  | 'view.ip'
  | 'view.multiply'
  | 'view.integer'
  | 'view.pair'
  | 'view.capture'
  | 'view.windows-args'
  | 'view.join'
  | 'view.count'
  | 'view.java-text'
  | 'view.json-path'
  | 'view.named'
  | 'view.item'
  | 'view.event-datum'
  | 'view.captures'
  | 'view.sysmon-query-results'
  | 'view.sysmon-details'
  | 'view.powershell-payload'
  | 'view.event';

const WHOLE = { nulls: 'propagate' } as const;
const ONE = { nulls: 'propagate', many: 'null' } as const;

export const viewFunctions: Record<ViewFunction, Signature> = {
  'view.first': row(
    { value: 'any' },
    'any',
    'The first of several values.',
    [
      [[['a', 'b']], 'a'],
      [['a'], 'a'],
    ],
    WHOLE,
  ),
  'view.text': row(
    { value: 'any' },
    'string',
    'The value where it is a text, else missing: numbers and lists are none.',
    [
      [['a'], 'a'],
      [[5], undefined],
    ],
    WHOLE,
  ),
  'view.coalesce': row({ 'value*': 'any' }, 'any', 'The first argument that is neither missing nor null.', [
    [[undefined, null, '', 'x'], ''],
    [[undefined], undefined],
  ]),
  'view.lookup-normalised': row(
    { map: 'any', key: 'string' },
    'any',
    'The member of a map whose key is the second argument when every `.` in it is read as `_`.',
    [
      [[{ 'http://x.org/name': 'Bob' }, 'http://x_org/name'], 'Bob'],
      [[{ a: 1 }, 'b'], undefined],
    ],
    WHOLE,
  ),
  'view.normalised': row(
    { map: 'any' },
    'dynamic',
    'The map with every `.` in its keys read as `_`; of keys that become equal the first counts.',
    [
      [[{ 'a.b': 1, a_b: 2 }], { a_b: 1 }],
      [['x'], undefined],
    ],
    WHOLE,
  ),
  'view.ip': row(
    { text: 'any' },
    'string',
    'The text if it is an IP address, else missing.',
    [
      [['192.0.2.1'], '192.0.2.1'],
      [['2001:db8::1'], '2001:db8::1'],
      [['AWS Internal'], undefined],
      [['0x7f.1'], undefined],
    ],
    ONE,
  ),
  'view.multiply': row(
    { left: 'any', right: 'any' },
    'real',
    'The product of numbers or their texts; missing when a factor is none.',
    [
      [['3', 1_000_000n], 3_000_000],
      [['x', 2], undefined],
    ],
    ONE,
  ),
  'view.integer': row(
    { value: 'any' },
    'long',
    'The whole number that the value is or spells, in decimal or as `0x` and hexadecimal digits, else missing.',
    [
      [['0x1d20'], 7456n],
      [[' 42 '], 42n],
      [[7], 7n],
      [['1.5'], undefined],
    ],
    ONE,
  ),
  'view.pair': row(
    { text: 'any', key: 'string' },
    'string',
    'From `KEY=value,KEY=value` the value of a key in any case, else missing.',
    [
      [['SHA1=AA,MD5=BB', 'md5'], 'BB'],
      [['SHA1=AA', 'md5'], undefined],
    ],
    ONE,
  ),
  'view.capture': row(
    { text: 'any', pattern: 'string', group: 'whole' },
    'string',
    'What a group of a regular expression (written by a view, never by a rule; in any case) captures, else missing.',
    [
      [['QWORD (0x1)', '^qword \\((.*)\\)$', 1n], '0x1'],
      [['x', '^(y)$', 1n], undefined],
    ],
    ONE,
  ),
  'view.windows-args': row(
    { text: 'any' },
    'dynamic',
    'The arguments of a Windows command line, split as CommandLineToArgvW does.',
    [
      [['"C:\\a b\\c.exe" -x "y z"'], ['C:\\a b\\c.exe', '-x', 'y z']],
      [['x a\\\\\\"b'], ['x', 'a\\"b']],
    ],
    ONE,
  ),
  'view.join': row(
    { values: 'any', separator: 'string' },
    'string',
    'The values of a list, each as text, with the separator between them; a single value as text.',
    [
      [[['ls', '-l', null], ' '], 'ls -l '],
      [['ls', ' '], 'ls'],
    ],
    WHOLE,
  ),
  'view.count': row(
    { values: 'any' },
    'long',
    'How many values there are.',
    [
      [[['a', 'b']], 2n],
      [['a'], 1n],
    ],
    WHOLE,
  ),
  'view.java-text': row(
    { value: 'any' },
    'string',
    'A map or array as Java prints it: what ingest pipelines make with `toString`. Maps are in the order of their hashes.',
    [[[{ userName: 'Bob', groupName: 'admin', l: [1, true] }], '{groupName=admin, userName=Bob, l=[1, true]}']],
    WHOLE,
  ),
  'view.json-path': row(
    { value: 'any', path: 'string' },
    'any',
    'What stands at a dotted path (an empty one: all) inside a map or inside the JSON text of one, else missing.',
    [
      [[{ a: { b: 1 } }, 'a.b'], 1],
      [
        ['{"a":{"b":[{"c":1},{"c":2}]}}', 'a.b.c'],
        [1, 2],
      ],
      [['not json', 'a'], undefined],
    ],
    WHOLE,
  ),
  'view.named': row(
    { list: 'any', nameKey: 'string', valueKey: 'string', name: 'string' },
    'any',
    'From a list of maps that hold a name and a value each: the value of a name in any case, else missing.',
    [
      [[[{ Name: 'To', Value: 'x' }], 'Name', 'Value', 'to'], 'x'],
      [[[{ Name: 'To', Value: 'x' }], 'Name', 'Value', 'From'], undefined],
      [['text', 'Name', 'Value', 'To'], undefined],
    ],
    WHOLE,
  ),
  'view.item': row(
    { values: 'any', place: 'whole' },
    'any',
    'The value at a place of a list, from 0; a single value is at place 0.',
    [
      [[['a', 'b'], 1n], 'b'],
      [['a', 0n], 'a'],
      [[['a'], 1n], undefined],
    ],
    WHOLE,
  ),
  'view.event-datum': row(
    { data: 'any', name: 'string' },
    'any',
    "A datum of a Windows event by its name, from the event's data as a map, as the JSON text of one, or as XML; without a name it is `Data`.",
    [
      [[{ Image: 'a' }, 'Image'], 'a'],
      [['{"Image":"a"}', 'Image'], 'a'],
      [['<EventData><Data Name="Image">a</Data></EventData>', 'Image'], 'a'],
      [
        ['<DataItem><EventData><Data>a</Data><Data>b</Data></EventData></DataItem>', 'Data'],
        ['a', 'b'],
      ],
      [['text', 'Image'], undefined],
    ],
    WHOLE,
  ),
  'view.captures': row(
    { text: 'any', pattern: 'string' },
    'dynamic',
    'What the first group of a regular expression (as in `view.capture`) captures, each time that it fits.',
    [
      [['a;::ffff:192.0.2.1;', '([0-9.]{7,});'], ['192.0.2.1']],
      [['a', '(x)'], []],
    ],
    ONE,
  ),
  'view.sysmon-query-results': row(
    { answers: 'any' },
    'string',
    "Sysmon's `QueryResults`, of the answers that a pipeline made of it.",
    [
      [
        [
          [
            { type: 'CNAME', data: 'y.example' },
            { type: 'A', data: '192.0.2.1' },
          ],
        ],
        'type:  5 y.example;::ffff:192.0.2.1;',
      ],
      [[[{ type: 'AAAA', data: '2001:db8::1' }]], '2001:db8::1;'],
      [[[{ type: 'SRV' }]], 'type:  33 ;'],
    ],
    WHOLE,
  ),
  'view.sysmon-details': row(
    { type: 'string', strings: 'any' },
    'string',
    "Sysmon's `Details` of a registry value, of the type and the texts that a pipeline made of it.",
    [
      [['SZ_DWORD', ['1']], 'DWORD (0x00000001)'],
      [['SZ_DWORD', ['0x00000001']], 'DWORD (0x00000001)'],
      [['SZ_QWORD', ['1']], 'QWORD (0x00000000-0x00000001)'],
      [['REG_BINARY', []], 'Binary Data'],
      [['REG_SZ', ['C:\\a.exe']], 'C:\\a.exe'],
    ],
    WHOLE,
  ),
  'view.powershell-payload': row(
    { invocations: 'any' },
    'string',
    "The `Payload` of PowerShell's event 4103, of the details that a pipeline made of its lines.",
    [
      [
        [[{ type: 'ParameterBinding', related_command: 'Get-X', name: '"Path"', value: '"C:"' }]],
        'ParameterBinding(Get-X): name="Path"; value="C:"',
      ],
      [
        [[{ type: 'CommandInvocation', related_command: 'Get-X', value: '"Get-X"' }, { value: 'out' }]],
        'CommandInvocation(Get-X): "Get-X"\nout',
      ],
      [[[]], undefined],
    ],
    WHOLE,
  ),
  'view.event': row(
    { record: 'any', schema: 'string', logType: 'string', shape: 'string' },
    'any',
    'The whole event that a record of a log type and shape is to rules of a schema.',
    [
      [[{ a: 1 }, 'sigma', 'windows.sysmon', 'flat'], { a: 1 }],
      [['text', 'panther', 'windows.sysmon', 'flat'], undefined],
    ],
    WHOLE,
  ),
};
