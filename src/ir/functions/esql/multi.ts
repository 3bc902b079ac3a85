import { row, type Signature } from '../signature.ts';

export type EsqlMultiFunction =
  | 'esql.mv-append'
  | 'esql.mv-avg'
  | 'esql.mv-concat'
  | 'esql.mv-count'
  | 'esql.mv-dedupe'
  | 'esql.mv-first'
  | 'esql.mv-last'
  | 'esql.mv-max'
  | 'esql.mv-min'
  | 'esql.mv-median'
  | 'esql.mv-deviation'
  | 'esql.mv-percentile'
  | 'esql.mv-weighted-sum'
  | 'esql.mv-slice'
  | 'esql.mv-sort'
  | 'esql.mv-sum'
  | 'esql.mv-zip'
  | 'esql.mv-contains'
  | 'esql.mv-intersects'
  | 'esql.mv-intersection'
  | 'esql.mv-difference'
  | 'esql.mv-union'
  | 'esql.mv-top'
  | 'esql.mv-top-by'
  | 'esql.spread'
  | 'esql.sum-of';

const ABC = ['a', 'b', 'c'];
const NUMBERS = [3n, 1n, 2n];

/** ES|QL's functions of several values. A single value is one of them, and null is none. */
export const esqlMultiFunctions: Record<EsqlMultiFunction, Signature> = {
  'esql.mv-append': row({ left: 'any', right: 'any' }, 'any', 'The values of both; null where one is null.', [
    [['a', ['b', 'c']], ABC],
    [['a', null], null],
  ]),
  'esql.mv-avg': row({ values: 'any' }, 'real', 'The mean.', [[[NUMBERS], 2]]),
  'esql.mv-concat': row({ values: 'any', delimiter: 'any' }, 'string', 'The texts joined, with a text between them.', [
    [[ABC, '-'], 'a-b-c'],
    [['a', '-'], 'a'],
  ]),
  'esql.mv-count': row({ values: 'any' }, 'long', 'How many values there are; null for none.', [
    [[ABC], 3n],
    [[null], null],
  ]),
  'esql.mv-dedupe': row({ values: 'any' }, 'any', 'Each of the different values once.', [
    [[['a', 'b', 'a']], ['a', 'b']],
  ]),
  'esql.mv-first': row({ values: 'any' }, 'any', 'The first value.', [[[ABC], 'a']]),
  'esql.mv-last': row({ values: 'any' }, 'any', 'The last value.', [[[ABC], 'c']]),
  'esql.mv-max': row({ values: 'any', type: 'string' }, 'any', 'The greatest value of a type.', [
    [[NUMBERS, 'long'], 3n],
  ]),
  'esql.mv-min': row({ values: 'any', type: 'string' }, 'any', 'The least value of a type.', [[[NUMBERS, 'long'], 1n]]),
  'esql.mv-median': row(
    { values: 'any', type: 'string' },
    'any',
    'The value in the middle, or between the two there.',
    [
      [[NUMBERS, 'long'], 2n],
      [[[1, 2], 'double'], 1.5],
      [[[3n, 4n], 'integer'], 3n],
    ],
  ),
  'esql.mv-deviation': row({ values: 'any', type: 'string' }, 'any', 'The median of the distances from the median.', [
    [[[0n, 2n, 5n, 6n], 'integer'], 2n],
  ]),
  'esql.mv-percentile': row(
    { values: 'any', percentile: 'any', type: 'string' },
    'any',
    'The value that so many percent of the values are not above, between two in proportion.',
    [
      [[NUMBERS, 50n, 'long'], 2n],
      [[[1, 2], 50, 'double'], 1.5],
      [[NUMBERS, 101n, 'long'], null],
    ],
  ),
  'esql.mv-weighted-sum': row(
    { values: 'any', p: 'any' },
    'real',
    'The sum of the values, each divided by its place to the power of p.',
    [[[[70, 45], 1], 92.5]],
  ),
  'esql.mv-slice': row(
    { values: 'any', start: 'any', 'end?': 'any' },
    'any',
    'The values from one place to another, both of them, counted from 0, or from the end where they are negative.',
    [
      [
        [ABC, 0n, 1n],
        ['a', 'b'],
      ],
      [[ABC, -1n], 'c'],
      [[ABC, 5n], null],
    ],
  ),
  'esql.mv-sort': row({ values: 'any', type: 'string', 'direction?': 'string' }, 'any', 'The values in order.', [
    [
      [NUMBERS, 'long'],
      [1n, 2n, 3n],
    ],
    [
      [NUMBERS, 'long', 'DESC'],
      [3n, 2n, 1n],
    ],
  ]),
  'esql.mv-sum': row({ values: 'any', type: 'string' }, 'number', 'The sum, in a type; null beyond its range.', [
    [[NUMBERS, 'integer'], 6n],
    [[[2147483647n, 1n], 'integer'], null],
  ]),
  'esql.mv-zip': row(
    { lefts: 'any', rights: 'any', 'delimiter?': 'any' },
    'any',
    'Pairs of texts joined; what has no pair stands alone.',
    [
      [
        [['x', 'y'], ['1'], '-'],
        ['x-1', 'y'],
      ],
    ],
  ),
  'esql.mv-contains': row(
    { superset: 'any', subset: 'any' },
    'bool',
    'Whether all values of the second are in the first; null is no value.',
    [
      [[ABC, 'a'], true],
      [[ABC, null], true],
      [[null, 'a'], false],
    ],
  ),
  'esql.mv-intersects': row({ left: 'any', right: 'any' }, 'bool', 'Whether they have a value in common.', [
    [[ABC, ['c', 'd']], true],
    [[null, 'a'], false],
  ]),
  'esql.mv-intersection': row(
    { left: 'any', right: 'any' },
    'any',
    'The values they have in common; null without any.',
    [
      [[ABC, ['c', 'd']], 'c'],
      [['a', 'b'], null],
    ],
  ),
  'esql.mv-difference': row({ left: 'any', right: 'any' }, 'any', 'The values of the first that the second lacks.', [
    [
      [ABC, ['c', 'd']],
      ['a', 'b'],
    ],
  ]),
  'esql.mv-union': row({ left: 'any', right: 'any' }, 'any', 'The different values of both.', [
    [
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      ['a', 'b', 'c'],
    ],
  ]),
  'esql.sum-of': row(
    { sum: 'any', count: 'whole' },
    'any',
    'The sum of so many values; null without one says that it is too large.',
    [
      [[6n, 3n], 6n],
      [[null, 3n], null],
    ],
  ),
  'esql.spread': row(
    { moments: 'any', measure: ['variance', 'deviation'] },
    'real',
    'The variance of all values, or its root, from what the aggregate `values-moments` gives; null without values.',
    [
      [[[2, 3, 2], 'variance'], 1],
      [[[0, 0, 0], 'variance'], null],
    ],
  ),
  'esql.mv-top-by': row(
    { keys: 'any', values: 'any', type: 'string', count: 'whole', direction: ['asc', 'desc'] },
    'any',
    'The values at the places of the greatest (`desc`) or least keys of a type, so many.',
    [
      [
        [NUMBERS, ABC, 'long', 2n, 'desc'],
        ['a', 'c'],
      ],
    ],
  ),
  'esql.mv-top': row(
    { values: 'any', type: 'string', count: 'whole', direction: ['asc', 'desc'] },
    'any',
    'The greatest (`desc`) or least values, so many; equal ones stay.',
    [
      [
        [NUMBERS, 'long', 2n, 'desc'],
        [3n, 2n],
      ],
    ],
  ),
};
