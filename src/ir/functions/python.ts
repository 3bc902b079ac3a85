import { row, type Signature } from './signature.ts';

/**
 * What Python does with values, for rules written in it: types count (`1` is not `"1"`), and where Python raises an
 * exception a function gives nothing (missing). A missing argument is None.
 */
export type PythonFunction =
  | 'python.is-type'
  | 'python.truthy'
  | 'python.equals'
  | 'python.contains'
  | 'python.less'
  | 'python.less-equal'
  | 'python.get'
  | 'python.item'
  | 'python.slice'
  | 'python.iterate'
  | 'python.items'
  | 'python.deep-walk'
  | 'python.len'
  | 'python.str'
  | 'python.int'
  | 'python.add'
  | 'python.strip'
  | 'python.split'
  | 'python.replace'
  | 'python.join'
  | 'python.starts-with'
  | 'python.ends-with'
  | 'python.json-loads';

const TYPES = ['str', 'int', 'float', 'bool', 'none', 'list', 'dict', 'null', 'missing'];

export const pythonFunctions: Record<PythonFunction, Signature> = {
  'python.is-type': row(
    { value: 'any', 'type*': TYPES },
    'bool',
    'Whether the value is of one of the Python types. `none` is `null`, a null that stands in the record, or `missing`.',
    [
      [['x', 'str'], true],
      [[1, 'str', 'int'], true],
      [[1.5, 'int'], false],
      [[true, 'int'], false],
      [[undefined, 'none'], true],
      [[undefined, 'null'], false],
    ],
  ),
  'python.truthy': row({ value: 'any' }, 'bool', 'What Python takes the value for where it asks for a truth value.', [
    [['x'], true],
    [[''], false],
    [[0], false],
    [[[]], false],
    [[undefined], false],
  ]),
  'python.equals': row({ left: 'any', right: 'any' }, 'bool', "Python's `==`.", [
    [[1, true], true],
    [[1, '1'], false],
    [[{ a: [1] }, { a: [1] }], true],
    [[undefined, null], true],
  ]),
  'python.contains': row(
    { container: 'any', item: 'any', ignoreCase: 'bool' },
    'bool',
    "Python's `in`; keys of maps in any case if told so. Missing where Python raises.",
    [
      [['abc', 'b', false], true],
      [[['a', 1], true, false], true],
      [[{ Key: 1 }, 'key', true], true],
      [[{ Key: 1 }, 'key', false], false],
      [['abc', 1, false], undefined],
      [[{ Key: 1 }, 1, true], undefined],
    ],
  ),
  'python.less': row({ left: 'any', right: 'any' }, 'bool', "Python's `<`. Missing where Python raises.", [
    [[1, 2.5], true],
    [['b', 'a'], false],
    [[1, 'a'], undefined],
  ]),
  'python.less-equal': row({ left: 'any', right: 'any' }, 'bool', "Python's `<=`. Missing where Python raises.", [
    [[2, 2], true],
    [['a', 'a'], true],
    [[null, 1], undefined],
  ]),
  'python.get': row(
    { map: 'any', key: 'any', ignoreCase: 'bool' },
    'any',
    'The value of a key of a map, in any case if told so; missing where there is none.',
    [
      [[{ Key: 1 }, 'key', true], 1],
      [[{ Key: 1 }, 'key', false], undefined],
      [['text', 'key', false], undefined],
    ],
  ),
  'python.item': row(
    { value: 'any', index: 'any' },
    'any',
    'An item of a list or a character of a text by its index, from the end if negative; missing where Python raises.',
    [
      [[['a', 'b'], -1], 'b'],
      [['a😀', 1], '😀'],
      [[['a'], 1], undefined],
    ],
  ),
  'python.slice': row(
    { value: 'any', from: 'any', to: 'any' },
    'any',
    'Items or characters from one index up to another; None is the start or the end.',
    [
      [['abcd', 1, 3], 'bc'],
      [
        [[1, 2, 3], null, -1],
        [1, 2],
      ],
    ],
  ),
  'python.iterate': row(
    { value: 'any' },
    'dynamic',
    'What a `for` over the value goes through: items, keys or characters.',
    [
      [['ab'], ['a', 'b']],
      [[{ a: 1, b: 2 }], ['a', 'b']],
      [[5], undefined],
    ],
  ),
  'python.items': row(
    { map: 'any', which: ['keys', 'values', 'items'] },
    'dynamic',
    'The keys, the values or the items of a map.',
    [
      [
        [{ a: 1, b: 2 }, 'values'],
        [1, 2],
      ],
      [
        [{ a: 1, b: 2 }, 'items'],
        [
          ['a', 1],
          ['b', 2],
        ],
      ],
      [['x', 'keys'], undefined],
    ],
  ),
  'python.deep-walk': row(
    { value: 'any', otherwise: 'any', which: 'string', 'key*': 'string' },
    'any',
    "Panther's `deep_walk`: what lies below keys as they are written, through lists, without doubles. One value stands alone, several are a list. Missing where Python raises.",
    [
      [[{ a: { b: 1 } }, null, 'all', 'a', 'b'], 1],
      [
        [{ a: [{ b: 1 }, { b: 2 }, { b: 1 }] }, null, 'all', 'a', 'b'],
        [1, 2],
      ],
      [[{ a: [{ b: 1 }, { b: 2 }] }, null, 'last', 'a', 'b'], 2],
      [[{ a: 1 }, 'none', 'all', 'x'], 'none'],
      [[{ a: [{ b: { c: 1 } }] }, null, 'all', 'a', 'b'], undefined],
    ],
  ),
  'python.len': row({ value: 'any' }, 'long', "Python's `len`: characters, items or keys.", [
    [['a😀'], 2],
    [[{ a: 1 }], 1],
    [[5], undefined],
  ]),
  'python.str': row(
    { value: 'any', ofEvent: 'bool' },
    'string',
    "Python's `str`; lists and maps of Panther's event say what they are.",
    [
      [['x', false], 'x'],
      [[true, false], 'True'],
      [[{ a: ['x', null] }, false], "{'a': ['x', None]}"],
      [[['x'], true], "ImmutableList(('x',))"],
      [[undefined, false], 'None'],
    ],
  ),
  'python.int': row({ value: 'any' }, 'long', "Python's `int` of a number, or of text in base 10.", [
    [[' -7 '], -7],
    [[2.9], 2],
    [[true], 1],
    [['1.5'], undefined],
  ]),
  'python.add': row({ left: 'any', right: 'any' }, 'any', "Python's `+` of numbers, texts or lists.", [
    [['a', 'b'], 'ab'],
    [[1, true], 2],
    [
      [[1], [2]],
      [1, 2],
    ],
    [['a', 1], undefined],
  ]),
  'python.strip': row(
    { text: 'any', characters: 'any', where: ['both', 'start', 'end'] },
    'string',
    'The text without white space, or the characters given, at both ends, its start or its end.',
    [
      [[' a ', null, 'both'], 'a'],
      [['xxaxx', 'x', 'end'], 'xxa'],
      [[5, null, 'both'], undefined],
    ],
  ),
  'python.split': row(
    { text: 'any', separator: 'any', most: 'any', fromEnd: 'bool' },
    'dynamic',
    'The parts of a text between separators, or between runs of white space; at most so many splits, from the end if told so.',
    [
      [
        ['a,b,c', ',', -1, false],
        ['a', 'b', 'c'],
      ],
      [
        ['a,b,c', ',', 1, false],
        ['a', 'b,c'],
      ],
      [
        ['a,b,c', ',', 1, true],
        ['a,b', 'c'],
      ],
      [
        ['  a  b ', null, -1, false],
        ['a', 'b'],
      ],
      [['a', '', -1, false], undefined],
    ],
  ),
  'python.replace': row(
    { text: 'any', from: 'string', to: 'string' },
    'string',
    'The text with every occurrence replaced; an empty one stands between all characters.',
    [
      [['aXbX', 'X', '-'], 'a-b-'],
      [['ab', '', '-'], '-a-b-'],
    ],
  ),
  'python.join': row(
    { separator: 'string', parts: 'any' },
    'string',
    'The texts of a list, with the separator between them.',
    [
      [[', ', ['a', 'b']], 'a, b'],
      [['-', 'abc'], 'a-b-c'],
      [[',', ['a', 1]], undefined],
    ],
  ),
  'python.starts-with': row({ text: 'any', part: 'any' }, 'bool', 'Whether the text starts with the part.', [
    [['abc', 'ab'], true],
    [['abc', 'b'], false],
    [[5, 'b'], undefined],
  ]),
  'python.ends-with': row({ text: 'any', part: 'any' }, 'bool', 'Whether the text ends with the part.', [
    [['abc', 'bc'], true],
    [['abc', 1], undefined],
  ]),
  'python.json-loads': row({ text: 'any' }, 'any', "Python's `json.loads`.", [
    [['{"a": [1]}'], { a: [1] }],
    [['{'], undefined],
  ]),
};
