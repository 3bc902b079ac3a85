import { at, span } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';

export type KustoJsonFunction =
  | 'kusto.parse-json'
  | 'kusto.to-json'
  | 'kusto.extract-json'
  | 'kusto.pack-bag'
  | 'kusto.pack-array'
  | 'kusto.array-length'
  | 'kusto.array-concat'
  | 'kusto.array-index-of'
  | 'kusto.array-slice'
  | 'kusto.array-sort'
  | 'kusto.array-reverse'
  | 'kusto.array-sum'
  | 'kusto.array-rotate'
  | 'kusto.array-shift'
  | 'kusto.array-split'
  | 'kusto.array-iff'
  | 'kusto.zip'
  | 'kusto.bag-keys'
  | 'kusto.bag-has-key'
  | 'kusto.bag-merge'
  | 'kusto.bag-remove-keys'
  | 'kusto.bag-set-key'
  | 'kusto.set-flatten'
  | 'kusto.set-has'
  | 'kusto.set-union'
  | 'kusto.set-intersect'
  | 'kusto.set-difference'
  | 'kusto.range'
  | 'kusto.repeat'
  | 'kusto.bag-zip'
  | 'kusto.jaccard'
  | 'kusto.set-equals'
  | 'kusto.tree-path'
  | 'kusto.sort-together'
  | 'kusto.merge-bags'
  | 'kusto.without-empty'
  | 'kusto.flatten';

/** Kusto's functions of arrays and bags. What is no array or bag gives null, or counts as an empty one. */
export const kustoJsonFunctions: Record<KustoJsonFunction, Signature> = {
  'kusto.parse-json': row(
    { value: 'any' },
    'dynamic',
    'The value that JSON text holds; text that is not JSON, and any other value, stays as it is.',
    [
      [['{"a":123, "b":[1]}'], { a: 123, b: [1] }],
      [['hello'], 'hello'],
      [[''], null],
      [[5n], 5n],
    ],
  ),
  'kusto.to-json': row({ value: 'any' }, 'string', 'JSON text with sorted keys.', [
    [[{ b: 1, a: [true, null] }], '{"a":[true,null],"b":1}'],
    [['x'], '"x"'],
  ]),
  'kusto.extract-json': row(
    { path: 'string', json: 'any' },
    'dynamic',
    'What a JSON path finds in JSON text, else null.',
    [
      [['$.hosts[1].AvailableMB', '{"hosts":[{"AvailableMB":1},{"AvailableMB":2}]}'], 2],
      [["$['a b']", '{"a b":"x"}'], 'x'],
      [['$.c', '{"a":1}'], null],
    ],
  ),
  'kusto.pack-bag': row({ 'keyOrValue*': 'any' }, 'dynamic', 'A bag of keys and values in turn.', [
    [['Level', 'Information', 'ProcessID', 1234n], { Level: 'Information', ProcessID: 1234 }],
    [['when', at('2024-01-01')], { when: '2024-01-01T00:00:00.0000000Z' }],
    [[], {}],
  ]),
  'kusto.pack-array': row({ 'item*': 'any' }, 'dynamic', 'An array of the arguments.', [
    [
      [1n, 'a', null],
      [1, 'a', null],
    ],
    [[], []],
  ]),
  'kusto.array-length': row({ array: 'dynamic' }, 'long', 'How many elements an array has; null for anything else.', [
    [[[1, 2, 3, 'x']], 4n],
    [[{ a: 1 }], null],
  ]),
  'kusto.array-concat': row({ 'array*': 'dynamic' }, 'dynamic', 'The arrays, one after the other.', [
    [
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2, 3, 4],
    ],
  ]),
  'kusto.array-index-of': row(
    { array: 'dynamic', value: 'any', 'start?': 'whole', 'length?': 'whole', 'occurrence?': 'whole' },
    'long',
    'Where a value stands in an array, from 0, else -1: from a start, within a length, the nth time.',
    [
      [[['this', 'is', 'an', 'example'], 'an'], 2n],
      [[['a', 'b', 'a'], 'a', 1n], 2n],
      [[['a', 'b'], 'x'], -1n],
    ],
  ),
  'kusto.array-slice': row(
    { array: 'dynamic', start: 'whole', end: 'whole' },
    'dynamic',
    'A part of an array, both ends included; a negative place counts from the end.',
    [
      [
        [[1, 2, 3], 1n, 2n],
        [2, 3],
      ],
      [
        [[1, 2, 3, 4, 5], -3n, -2n],
        [3, 4],
      ],
    ],
  ),
  'kusto.array-sort': row(
    { direction: ['asc', 'desc'], array: 'dynamic', 'nullsLast?': 'bool' },
    'dynamic',
    'The array sorted; nulls stand last unless told otherwise.',
    [
      [
        ['asc', [4, null, 1]],
        [1, 4, null],
      ],
      [
        ['desc', ['a', 'c', 'b']],
        ['c', 'b', 'a'],
      ],
      [
        ['asc', [4, null, 1], false],
        [null, 1, 4],
      ],
    ],
  ),
  'kusto.array-reverse': row({ array: 'dynamic' }, 'dynamic', 'The array backwards.', [[[[1, 2]], [2, 1]]]),
  'kusto.array-sum': row(
    { array: 'dynamic' },
    'real',
    'The sum of the numbers in an array; null where there are none.',
    [
      [[[1, 2, 3, 'x']], 6],
      [[['x']], null],
    ],
  ),
  'kusto.array-rotate': row(
    { array: 'dynamic', places: 'whole' },
    'dynamic',
    'The array turned left by so many places.',
    [
      [
        [[1, 2, 3, 4, 5], 2n],
        [3, 4, 5, 1, 2],
      ],
      [
        [[1, 2, 3, 4, 5], -2n],
        [4, 5, 1, 2, 3],
      ],
    ],
  ),
  'kusto.array-shift': row(
    { array: 'dynamic', places: 'whole', 'fill?': 'any' },
    'dynamic',
    'The array moved left by so many places, filled up with a value or nulls.',
    [
      [
        [[1, 2, 3, 4, 5], 2n],
        [3, 4, 5, null, null],
      ],
      [
        [[1, 2, 3, 4, 5], -2n, -1n],
        [-1, -1, 1, 2, 3],
      ],
    ],
  ),
  'kusto.array-split': row(
    { array: 'dynamic', places: 'whole|dynamic' },
    'dynamic',
    'The array cut before one place, or before several.',
    [
      [
        [[1, 2, 3, 4, 5], 2n],
        [
          [1, 2],
          [3, 4, 5],
        ],
      ],
      [
        [
          [1, 2, 3, 4, 5],
          [1, 3],
        ],
        [[1], [2, 3], [4, 5]],
      ],
    ],
  ),
  'kusto.array-iff': row(
    { conditions: 'dynamic', then: 'any', otherwise: 'any' },
    'dynamic',
    'Element by element: where the condition is true the second, else the third; each an array, or one value for all.',
    [
      [
        [
          [true, false, true],
          [1, 2, 3],
          [4, 5, 6],
        ],
        [1, 5, 3],
      ],
      [
        [[1, 0, 'x'], 'yes', 'no'],
        ['yes', 'no', null],
      ],
    ],
  ),
  'kusto.zip': row({ 'array*': 'dynamic' }, 'dynamic', 'Arrays of the elements that stand in the same places.', [
    [
      [
        [1, 3, 5],
        [2, 4],
      ],
      [
        [1, 2],
        [3, 4],
        [5, null],
      ],
    ],
  ]),
  'kusto.bag-keys': row({ bag: 'dynamic' }, 'dynamic', 'The keys of a bag; null for anything else.', [
    [[{ a: 1, b: { c: 2 } }], ['a', 'b']],
    [[[1]], null],
  ]),
  'kusto.bag-has-key': row(
    { bag: 'dynamic', key: 'string' },
    'bool',
    'Whether a bag has a key, or a path such as `$.a.b`.',
    [
      [[{ key1: 123 }, 'key1'], true],
      [[{ a: { b: 1 } }, '$.a.b'], true],
      [[{ a: 1 }, 'b'], false],
      [['x', 'b'], null],
    ],
  ),
  'kusto.bag-merge': row({ 'bag*': 'dynamic' }, 'dynamic', 'The bags in one; of equal keys the first counts.', [
    [
      [
        { a: 1, b: 2 },
        { b: 3, c: 4 },
      ],
      { a: 1, b: 2, c: 4 },
    ],
  ]),
  'kusto.bag-remove-keys': row({ bag: 'dynamic', keys: 'dynamic' }, 'dynamic', 'The bag without some keys or paths.', [
    [[{ key1: 123, key2: 'abc' }, ['key1']], { key2: 'abc' }],
    [[{ a: { b: 1, c: 2 } }, ['$.a.b']], { a: { c: 2 } }],
  ]),
  'kusto.bag-set-key': row(
    { bag: 'dynamic', key: 'string', value: 'any' },
    'dynamic',
    'The bag with a key or a path set.',
    [
      [[{ key1: 1 }, 'key2', 2n], { key1: 1, key2: 2 }],
      [[{ a: { b: 1 } }, '$.a.b', 2n], { a: { b: 2 } }],
    ],
  ),
  'kusto.set-flatten': row(
    { array: 'dynamic' },
    'dynamic',
    'The distinct elements of an array, where arrays in it stand for their elements.',
    [[[[1, [2, 1], 3]], [1, 2, 3]]],
  ),
  'kusto.set-has': row(
    { array: 'dynamic', value: 'any' },
    'bool',
    'Whether an array has the value; null for no array.',
    [
      [[['this', 'is'], 'is'], true],
      [[[1, 2], 3n], false],
      [[[1, 2], 2n], true],
      [['x', 'x'], null],
    ],
  ),
  'kusto.set-union': row({ 'array*': 'dynamic' }, 'dynamic', 'The distinct elements of all.', [
    [
      [
        [1, 2, 2],
        [2, 3],
      ],
      [1, 2, 3],
    ],
  ]),
  'kusto.set-intersect': row({ 'array*': 'dynamic' }, 'dynamic', 'The distinct elements that are in each.', [
    [
      [
        [1, 2, 2, 3],
        [2, 3, 4],
      ],
      [2, 3],
    ],
  ]),
  'kusto.set-difference': row(
    { 'array*': 'dynamic' },
    'dynamic',
    'The distinct elements of the first that are in none of the others.',
    [
      [
        [[1, 2, 2, 3], [2], [5]],
        [1, 3],
      ],
    ],
  ),
  'kusto.range': row(
    { from: 'number|time', to: 'number|time', 'step?': 'number|timespan' },
    'dynamic',
    'An array from the first to the second, in steps: of 1, or of an hour.',
    [
      [
        [1n, 8n, 3n],
        [1, 4, 7],
      ],
      [
        [span('00:00:00'), span('02:00:00')],
        ['00:00:00', '01:00:00', '02:00:00'],
      ],
      [[3n, 1n], []],
    ],
  ),
  'kusto.repeat': row({ value: 'any', times: 'whole' }, 'dynamic', 'An array of a value so many times.', [
    [
      [1n, 3n],
      [1, 1, 1],
    ],
    [['x', -1n], []],
  ]),
  'kusto.bag-zip': row(
    { keys: 'any', values: 'any' },
    'dynamic',
    'A bag of an array of keys and one of values; keys that are no text are left out.',
    [
      [
        [
          ['a', 8, 'b'],
          [1, 2, 3],
        ],
        { a: 1, b: 3 },
      ],
      [[['a'], []], { a: null }],
      [['a', [1]], null],
    ],
  ),
  'kusto.jaccard': row({ left: 'any', right: 'any' }, 'real', 'How much of all that is in two sets is in both.', [
    [
      [
        [1, 2, 3],
        [1, 2, 3, 4],
      ],
      0.75,
    ],
    [[[], []], null],
  ]),
  'kusto.set-equals': row({ left: 'any', right: 'any' }, 'bool', 'Whether two arrays hold the same values.', [
    [
      [
        [1, 2, 2],
        [2, 1],
      ],
      true,
    ],
    [[[1], [2]], false],
  ]),
  'kusto.tree-path': row({ value: 'any' }, 'dynamic', 'The paths of everything inside a dynamic value.', [
    [[{ a: { b: 123 } }], ["['a']", "['a']['b']"]],
    [[{ a: [1] }], ["['a']", "['a'][0]"]],
  ]),
  'kusto.sort-together': row(
    { direction: ['asc', 'desc'], nullsLast: 'bool', 'array*': 'any' },
    'dynamic',
    'Several arrays in the order of the first: [sorted, …].',
    [
      [
        ['asc', true, [2, 1], ['b', 'a']],
        [
          [1, 2],
          ['a', 'b'],
        ],
      ],
    ],
  ),
  'kusto.merge-bags': row({ bags: 'any' }, 'dynamic', 'One bag of an array of bags; the first value of a key counts.', [
    [[[{ a: 1 }, null, { a: 3, b: 2 }]], { a: 1, b: 2 }],
    [[[]], {}],
  ]),
  'kusto.without-empty': row({ bag: 'any' }, 'dynamic', 'A bag without the members that are null or empty text.', [
    [[{ a: 1, b: null, c: '' }], { a: 1 }],
  ]),
  'kusto.flatten': row({ array: 'any' }, 'dynamic', 'An array with the elements of the arrays in it.', [
    [[[[1, 2], 3, [4]]], [1, 2, 3, 4]],
  ]),
};
