import { at } from '../example-values.ts';
import { row, type Semantics, type Signature } from '../signature.ts';

export type EsqlConvertFunction =
  | 'esql.to-boolean'
  | 'esql.to-whole'
  | 'esql.to-nanoseconds'
  | 'esql.to-double'
  | 'esql.to-string'
  | 'esql.to-ip'
  | 'esql.to-date'
  | 'esql.to-date-nanos'
  | 'esql.to-point'
  | 'esql.coordinate';

/** Each of several values; what cannot be converted is left out. */
const EACH: Partial<Semantics> = { nulls: 'propagate', many: 'each' };

export const esqlConvertFunctions: Record<EsqlConvertFunction, Signature> = {
  'esql.to-boolean': row(
    { value: 'any' },
    'bool',
    'A truth: of a number whether it is not 0, of a text whether it is `true`.',
    [
      [['TRUE'], true],
      [[0n], false],
    ],
    EACH,
  ),
  'esql.to-whole': row(
    { value: 'any', type: ['integer', 'long', 'unsigned_long'], 'base?': 'whole' },
    'long',
    'A whole number of a type, rounded; moments are milliseconds since 1970. Null where the type cannot hold it.',
    [
      [['2147483647.2', 'integer'], 2147483647n],
      [['ff', 'integer', 16n], 255n],
      [['2147483648', 'integer'], null],
      [[true, 'long'], 1n],
    ],
    EACH,
  ),
  'esql.to-nanoseconds': row(
    { moment: 'datetime' },
    'long',
    'The nanoseconds of a moment since 1970, to 100 of them.',
    [
      [[at('1970-01-01T00:00:01.5')], 1500000000n],
      [[at('2024-05-10T11:22:33.1234567')], 1715340153123456700n],
    ],
    EACH,
  ),
  'esql.to-double': row(
    { value: 'any' },
    'real',
    'A number; null of a text that is none.',
    [
      [['5.20128E11'], 520128000000],
      [['foo'], null],
    ],
    EACH,
  ),
  'esql.to-string': row(
    { value: 'any', type: 'string' },
    'string',
    'The text of a value of a type.',
    [
      [[at('2024-05-10T11:22:33.5'), 'date'], '2024-05-10T11:22:33.500Z'],
      [[1.5, 'double'], '1.5'],
      [[10, 'double'], '10.0'],
    ],
    EACH,
  ),
  'esql.to-ip': row(
    { value: 'any', 'zeros?': 'string' },
    'string',
    'An address; null of what is none.',
    [
      [['1.1.1.1'], '1.1.1.1'],
      [['foo'], null],
      [['010.1.1.1', 'octal'], '8.1.1.1'],
    ],
    EACH,
  ),
  'esql.to-date': row(
    { value: 'any' },
    'datetime',
    'A moment: of an ISO 8601 text, or of milliseconds since 1970.',
    [
      [['1953-09-02T00:00:00.000Z'], at('1953-09-02')],
      [['1964-06-02 00:00:00'], null],
      [[0n], at('1970-01-01')],
    ],
    EACH,
  ),
  'esql.to-date-nanos': row(
    { value: 'any' },
    'datetime',
    'A moment: of an ISO 8601 text, or of nanoseconds since 1970.',
    [
      [['2024-05-10T00:00:00.1234567Z'], at('2024-05-10T00:00:00.1234567Z')],
      [[1000n], at('1970-01-01T00:00:00.000001Z')],
    ],
    EACH,
  ),
  'esql.to-point': row(
    { value: 'any' },
    'string',
    'A point in well-known text.',
    [
      [['point(1 2.5)'], 'POINT (1.0 2.5)'],
      [['x'], null],
    ],
    EACH,
  ),
  'esql.coordinate': row(
    { point: 'string', axis: ['x', 'y'] },
    'real',
    'One of the two numbers of a point.',
    [[['POINT (1.0 2.5)', 'y'], 2.5]],
    EACH,
  ),
};
