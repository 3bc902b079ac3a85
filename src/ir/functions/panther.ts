import { row, type Signature } from './signature.ts';

/** What Panther's match expressions ask of values, beyond what nodes say. */
export type PantherFunction =
  | 'panther.at'
  | 'panther.elements'
  | 'panther.is-list'
  | 'panther.is-empty'
  | 'panther.ip'
  | 'panther.compare-text'
  | 'panther.text';

export const pantherFunctions: Record<PantherFunction, Signature> = {
  'panther.at': row(
    { value: 'any', path: 'string' },
    'any',
    'What lies at a path: a JSON array of names (in any case), places in lists, and null for every element, which gives a list.',
    [
      [[{ User: { Names: ['a', 'b'] } }, '["user","names",-1]'], 'b'],
      [
        [{ l: [{ n: 1 }, {}, { n: 2 }] }, '["l",null,"n"]'],
        [1, 2],
      ],
      [[{ a: 1 }, '["b"]'], undefined],
    ],
  ),
  'panther.elements': row({ value: 'any' }, 'dynamic', 'The elements of a list; of anything else, none.', [
    [[[1, 2]], [1, 2]],
    [['x'], []],
    [[undefined], []],
  ]),
  'panther.is-list': row({ value: 'any' }, 'bool', 'Whether the value is a list.', [
    [[[]], true],
    [['x'], false],
    [[undefined], false],
  ]),
  'panther.is-empty': row(
    { value: 'any' },
    'bool',
    'Whether the value is missing, null, an empty text, an empty list or an empty map.',
    [
      [[undefined], true],
      [[''], true],
      [[{}], true],
      [[0], false],
      [[[null]], false],
    ],
  ),
  'panther.ip': row(
    { value: 'any', kind: ['any', 'v4', 'v6', 'public', 'private'] },
    'bool',
    'Whether the text is an IP address of the kind.',
    [
      [['192.168.1.1', 'private'], true],
      [['8.8.8.8', 'public'], true],
      [['2001:db8::1', 'v4'], false],
      [['1', 'any'], false],
      [[undefined, 'any'], false],
    ],
  ),
  'panther.compare-text': row(
    { left: 'any', test: ['equals', 'starts-with', 'ends-with', 'contains'], right: 'any', ignoreCase: 'bool' },
    'bool',
    'Whether the left text is, starts with, ends with or contains the right one; false where either has no text.',
    [
      [['Admin', 'equals', 'admin', true], true],
      [['Admin', 'equals', 'admin', false], false],
      [['10.0.0.1', 'starts-with', 10, false], true],
      [[undefined, 'contains', '', false], false],
    ],
  ),
  'panther.text': row(
    { value: 'any' },
    'string',
    'The value as it stands in an alert: text as it is, other values as JSON, nothing for what is missing.',
    [
      [['x'], 'x'],
      [[{ a: 1 }], '{"a":1}'],
      [[undefined], ''],
    ],
  ),
};
