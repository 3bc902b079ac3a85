import { at } from './example-values.ts';
import { row, type Signature } from './signature.ts';

/** What Elasticsearch's queries mean where no pattern does. */
export type ElasticFunction =
  | 'elastic.date'
  | 'elastic.date-range'
  | 'elastic.event-time'
  | 'elastic.leaves'
  | 'elastic.members'
  | 'elastic.version-range';

const SIGNS = ['>', '>=', '<', '<='];

export const elasticFunctions: Record<ElasticFunction, Signature> = {
  'elastic.date': row(
    { value: 'any', 'format?': 'string' },
    'datetime',
    "The moment that a date field's value is: ISO 8601 text or milliseconds since 1970, or text in the formats of the mapping, between `||`; null when it is none.",
    [
      [['1970-01-01T00:00:01Z'], at('1970-01-01T00:00:01Z')],
      [[1000], at('1970-01-01T00:00:01Z')],
      [['99'], at('1970-01-01T00:00:00.099Z')],
      [['17-12-2022', 'dd-MM-yyyy'], at('2022-12-17')],
      [['x'], null],
    ],
    { nulls: 'propagate', many: 'each' },
  ),
  'elastic.event-time': row(
    { read: 'any', field: 'any' },
    'datetime',
    'When an event happened: the time that its log type reads, or else the value of a date field.',
    [
      [['2024-01-01T00:00:00Z', null], at('2024-01-01')],
      [['1', '1'], at('1970-01-01T00:00:00.001Z')],
      [[null, null], null],
    ],
  ),
  'elastic.version-range': row(
    { value: 'any', sign: ['==', ...SIGNS], bound: 'string' },
    'bool',
    'How one of the values is to a version, in the order of the `version` type; false when missing.',
    [
      [['1.11.3', '>', '1.5.0'], true],
      [['1.2.4-SNAPSHOT', '<', '1.2.4'], true],
      [['bad', '>', '99'], true],
      [[undefined, '==', '1.0'], false],
    ],
    { many: 'any' },
  ),
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
};
