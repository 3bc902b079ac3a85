import { at } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';
import { typeOfArgument } from '../type-rules.ts';

export type EsqlFieldFunction =
  | 'esql.values'
  | 'esql.one-value'
  | 'esql.for-groups'
  | 'esql.sort-key'
  | 'esql.shown'
  | 'esql.coalesce'
  | 'esql.noted'
  | 'esql.one-each'
  | 'esql.sampled'
  | 'esql.member'
  | 'esql.members';

/** What fields and columns hold in ES|QL: null, one value, or a list of several. */
export const esqlFieldFunctions: Record<EsqlFieldFunction, Signature> = {
  'esql.values': row(
    { value: 'any', type: 'string' },
    'any',
    'The values of a field of some type as an index has them: read as that type, several in order, of texts each once. What the type cannot hold is left out, and one value is itself. Floats have what their width leaves of them.',
    [
      [['80', 'long'], 80n],
      [
        [['b', 'a', 'b'], 'keyword'],
        ['a', 'b'],
      ],
      [[['x'], 'keyword'], 'x'],
      [
        [[true, false, true], 'boolean'],
        [false, true, true],
      ],
      [[2.03, 'float'], 2.0299999713897705],
      [[2.03, 'half_float'], 2.029296875],
      [['2024-05-10T00:00:00Z', 'date'], at('2024-05-10')],
      [['::FFFF:10.0.0.1', 'ip'], '10.0.0.1'],
      [[[], 'keyword'], null],
      [[{ a: 1 }, 'keyword'], null],
    ],
  ),
  'esql.one-value': row({ value: 'any' }, 'any', 'The value, where it is one: null of several.', [
    [['a'], 'a'],
    [[['a', 'b']], null],
  ]),
  'esql.for-groups': row({ value: 'any' }, 'any', 'The different values, for grouping by each of them.', [
    [[[1n, 2n, 1n]], [1n, 2n]],
    [['a'], 'a'],
    [[null], null],
  ]),
  'esql.sort-key': row(
    { value: 'any', type: 'string', direction: ['asc', 'desc'] },
    'any',
    'What a row is sorted by: of several values the least, descending the greatest; of an address the number of its bytes, of a version a text in whose order versions are.',
    [
      [[[3n, 1n], 'long', 'asc'], 1n],
      [[[3n, 1n], 'long', 'desc'], 3n],
      [[null, 'long', 'asc'], null],
    ],
  ),
  'esql.shown': row({ value: 'any', type: 'string' }, 'any', 'Values as they are given out: moments as text.', [
    [[at('2024-05-10T11:22:33.5'), 'date'], '2024-05-10T11:22:33.500Z'],
    [[1n, 'long'], 1n],
  ]),
  'esql.coalesce': row(
    { 'values*': 'any' },
    'any',
    'The first of the values that is not null, with all that it holds.',
    [
      [[null, 'a', 'b'], 'a'],
      [[null], null],
    ],
  ),
  'esql.noted': row(
    { value: 'any', text: 'string', outcome: ['null', 'false'] },
    typeOfArgument(0, 'value'),
    'The value; where the function that gave it failed, whoever asked for warnings is told so, with its text.',
    [[[1n, 'a + b', 'null'], 1n]],
    { reads: 'failures' },
  ),
  'esql.one-each': row(
    { value: 'any', 'operands*': 'any' },
    typeOfArgument(0, 'value'),
    'The value; where one of the operands has several values, whoever asked for warnings is told so.',
    [[[true, 'a'], true]],
  ),
  'esql.sampled': row(
    { place: 'whole', probability: 'real' },
    'bool',
    'Whether the row of a place is drawn, with a probability: the same for the same place.',
    [[[1n, 1], true]],
  ),
  'esql.member': row({ map: 'any', name: 'string' }, 'any', 'A member of a map; null where it has none.', [
    [[{ a: 'x' }, 'a'], 'x'],
    [[null, 'a'], null],
  ]),
  'esql.members': row({ maps: 'any', name: 'string' }, 'any', 'A member of each of several maps.', [
    [
      [[{ a: 'x' }, { a: 'y' }, {}], 'a'],
      ['x', 'y'],
    ],
    [[[], 'a'], null],
  ]),
};
