import { at } from './example-values.ts';
import { row, type Signature } from './signature.ts';

/** What Elasticsearch's queries mean where no pattern does. */
export type ElasticFunction =
  | 'elastic.date-range'
  | 'elastic.version-range'
  | 'elastic.leaves'
  | 'elastic.members'
  | 'elastic.number'
  | 'elastic.boolean'
  | 'elastic.date'
  | 'elastic.at-most'
  | 'elastic.null-as'
  | 'elastic.words-in'
  | 'elastic.only'
  | 'elastic.terms'
  | 'elastic.have-common'
  | 'elastic.enrichments';

const TERM_KINDS = ['exact', 'folded', 'words', 'number', 'boolean', 'moment', 'address', 'network'];
const SIGNS = ['>', '>=', '<', '<='];

export const elasticFunctions: Record<ElasticFunction, Signature> = {
  'elastic.date-range': row(
    { moment: 'any', sign: SIGNS, bound: 'string', 'otherSign?': SIGNS, 'otherBound?': 'string' },
    'bool',
    'Whether one of the moments lies in a range: one or two bounds in date math (`2024-01`, `now-1d/d`), rounded as Elasticsearch rounds; false when missing. It reads the clock for bounds that count from now.',
    [
      [['2024-01-02T05:00:00Z', '>=', '2024-01-02', '<=', '2024-01-02'], true],
      [['2024-01-03T00:00:00Z', '<=', '2024-01-02'], false],
      [['2024-01-02T05:00:00Z', '<', '2024-01-02||+1d/d'], true],
      [['2024-01-03T00:00:00Z', '>=', 'now-1d'], true],
      [[['2023-01-01', at('2024-01-02')], '>', '2024-01-01'], true],
      [[undefined, '>', '2024-01-01'], false],
    ],
    { many: 'any', reads: 'clock' },
  ),
  'elastic.version-range': row(
    { version: 'any', sign: SIGNS, bound: 'string', 'otherSign?': SIGNS, 'otherBound?': 'string' },
    'bool',
    'Whether one of the versions lies in a range, in the order of Semantic Versioning; what is no version comes after all that are. False when missing.',
    [
      [['1.10.0', '>', '1.9.0'], true],
      [['1.0.0-beta', '<', '1.0.0'], true],
      [[['0.1', '2.0'], '>=', '1', '<', '2'], false],
      [[undefined, '>', '1'], false],
    ],
    { many: 'any' },
  ),
  'elastic.leaves': row(
    { value: 'any' },
    'dynamic',
    'Every scalar inside a value, in no certain order, as a flattened field is searched.',
    [
      [[{ a: { b: [1] }, c: null }], [1]],
      [['x'], ['x']],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.members': row(
    { map: 'any', cut: 'string', put: 'string', except: 'dynamic', pattern: 'dynamic' },
    'dynamic',
    'The scalars inside a map that are fields of a family: those whose dotted name starts with `cut`, but for the names in `except` (a dot at the end: all below). With `put` in place of `cut` the name fits the wildcard `pattern` (pieces: `=` and text, `*` or `?`; no pieces fit every name). Missing where there are none.',
    [
      [
        [{ 'p.a': 1, 'p.b': 2, q: 3 }, 'p.', '', [], []],
        [1, 2],
      ],
      [[{ a: { b: 1, c: 2 } }, '', 'x.', ['a.b'], []], [2]],
      [[{ a: 1, b: 2 }, '', 'x.', [], ['=x.a', '*']], [1]],
      [[{ q: 3 }, 'p.', '', [], []], undefined],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.number': row(
    { value: 'any', kind: ['whole', 'fraction'] },
    'dynamic',
    'The numbers that a numeric field has of a value: numbers and texts of them, without their fraction where the field is one of whole numbers. What is no number is left out; missing when nothing is left.',
    [
      [['80', 'whole'], 80],
      [
        [[1.9, 'x', '2.5'], 'whole'],
        [1, 2],
      ],
      [['1.1', 'fraction'], 1.1],
      [['x', 'whole'], undefined],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.boolean': row(
    { value: 'any' },
    'dynamic',
    'The truths that a boolean field has of a value: `true`, `false`, their texts, and the empty text for false. What is neither is left out; missing when nothing is left.',
    [
      [['true'], true],
      [[['', true, 1]], [false, true]],
      [['yes'], undefined],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.date': row(
    { value: 'any', format: 'string' },
    'dynamic',
    'The moments that a date field with a format has of a value. What does not fit the format is left out; missing when nothing is left.',
    [
      [[1622676795, 'epoch_second'], at('2021-06-02T23:33:15')],
      [[['01-02-2020', 'x'], 'dd-MM-yyyy'], [at('2020-02-01')]],
      [['x', 'epoch_second'], undefined],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.at-most': row(
    { value: 'any', length: 'whole' },
    'dynamic',
    'The values without the texts that are longer than `ignore_above` lets a field index; missing when nothing is left.',
    [
      [['abc', 3n], 'abc'],
      [[['abc', 'abcd'], 3n], ['abc']],
      [['abcd', 3n], undefined],
    ],
    { nulls: 'propagate' },
  ),
  'elastic.null-as': row(
    { value: 'any', replacement: 'any' },
    'any',
    'The value, with nulls as the `null_value` of a field; a missing value stays missing.',
    [
      [[null, 'NULL'], 'NULL'],
      [
        [['a', null], 'NULL'],
        ['a', 'NULL'],
      ],
      [[undefined, 'NULL'], undefined],
    ],
  ),
  'elastic.words-in': row(
    { value: 'any', texts: 'dynamic' },
    'bool',
    'Whether some text of a list has all words of one of the values, as the standard analyzer tells words apart; false when missing.',
    [
      [['Word one', ['word one more', 'x']], true],
      [
        [
          ['x', 'one two'],
          ['one', 'two'],
        ],
        false,
      ],
      [['', ['x']], false],
      [[undefined, ['x']], false],
    ],
  ),
  'elastic.only': row(
    { value: 'any' },
    'any',
    'The value, where there is just one; missing where there are none or several.',
    [
      [['a'], 'a'],
      [[['a']], 'a'],
      [[['a', 'b']], undefined],
      [[[]], undefined],
      [[undefined], undefined],
    ],
  ),
  'elastic.terms': row(
    { value: 'any', kind: TERM_KINDS },
    'dynamic',
    'The terms by which a value is found: its texts as they are or in lower case (`exact`, `folded`), its words, its numbers, truths and moments, the networks that its addresses lie in, the `network` that it names. Two values with a term in common are found by each other.',
    [
      [
        [['a', 5, null], 'exact'],
        ['a', '5'],
      ],
      [['A b', 'folded'], ['a b']],
      [
        ['A b', 'words'],
        ['a', 'b'],
      ],
      [['80', 'number'], [80]],
      [['2024-01-02', 'moment'], [at('2024-01-02')]],
      [['10.1.0.0/16', 'network'], ['10.1.0.0/16']],
      [['x', 'address'], []],
      [[undefined, 'exact'], []],
    ],
  ),
  'elastic.have-common': row(
    { left: 'dynamic', right: 'dynamic' },
    'bool',
    'Whether two lists have an element in common.',
    [
      [
        [
          ['a', 'b'],
          ['b', 'c'],
        ],
        true,
      ],
      [[['a'], []], false],
      [[undefined, ['a']], false],
    ],
  ),
  'elastic.enrichments': row(
    { found: 'dynamic' },
    'dynamic',
    'What indicator match rules tell of the indicators that fit an event (`threat.enrichments`), each once; of lists of maps with `indicator`, `feed`, `id`, `index`, `atomic` and `field`.',
    [
      [
        [
          [
            [{ indicator: { ip: '10.0.0.1' }, feed: 'f', id: '1', index: 'i', atomic: '10.0.0.1', field: 'source.ip' }],
            [],
          ],
        ],
        [
          {
            indicator: { ip: '10.0.0.1' },
            feed: { name: 'f' },
            matched: { atomic: '10.0.0.1', field: 'source.ip', id: '1', index: 'i', type: 'indicator_match_rule' },
          },
        ],
      ],
    ],
  ),
};
