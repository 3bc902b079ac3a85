import { span } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';
import { typeOfArgument } from '../type-rules.ts';

export type KustoNumberFunction =
  | 'kusto.abs'
  | 'kusto.round'
  | 'kusto.ceiling'
  | 'kusto.math'
  | 'kusto.sign'
  | 'kusto.bits'
  | 'kusto.real-test'
  | 'kusto.convert-unit';

const MATH = [
  'sqrt',
  'log',
  'log10',
  'log2',
  'exp',
  'exp2',
  'exp10',
  'pow',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'pi',
  'degrees',
  'radians',
  'cot',
  'gamma',
  'loggamma',
  'erf',
  'erfc',
  'beta_cdf',
  'beta_inv',
  'beta_pdf',
];
const STRICT = { nulls: 'propagate' } as const;

/** Kusto's functions of numbers. */
export const kustoNumberFunctions: Record<KustoNumberFunction, Signature> = {
  'kusto.abs': row(
    { value: 'number|timespan' },
    typeOfArgument(0, 'value'),
    'The size of a number or a duration.',
    [
      [[-5n], 5n],
      [[-0.5], 0.5],
      [[span('-01:00:00')], span('01:00:00')],
    ],
    STRICT,
  ),
  'kusto.round': row(
    { number: 'number', 'digits?': 'whole' },
    typeOfArgument(0, 'number'),
    'The number rounded to so many digits; halves go away from zero.',
    [
      [[2.98765, 3n], 2.988],
      [[1.005, 2n], 1.01],
      [[-2.5], -3],
      [[1249n, -2n], 1200n],
    ],
    STRICT,
  ),
  'kusto.ceiling': row(
    { number: 'number' },
    typeOfArgument(0, 'number'),
    'The least whole number that is not below.',
    [
      [[-1.1], -1],
      [[0.9], 1],
      [[3n], 3n],
    ],
    STRICT,
  ),
  'kusto.math': row(
    { name: MATH, 'left?': 'number', 'right?': 'number', 'third?': 'number' },
    'real',
    'A function of mathematics by its name.',
    [
      [['sqrt', 256n], 16],
      [['pow', 2n, 3n], 8],
      [['log10', 0], Number.NEGATIVE_INFINITY],
      [['log10', -1], null],
      [['sqrt', -1], Number.NaN],
    ],
    STRICT,
  ),
  'kusto.sign': row(
    { number: 'number' },
    'real',
    '-1, 0 or 1.',
    [
      [[-42n], -1],
      [[0], 0],
      [[11.2], 1],
    ],
    STRICT,
  ),
  'kusto.bits': row(
    { operation: ['and', 'or', 'xor', 'not', 'left', 'right', 'count'], left: 'whole', 'right?': 'whole' },
    'long',
    'A bitwise operation on 64 bits: `left` and `right` shift, `count` counts the ones.',
    [
      [['and', 12n, 10n], 8n],
      [['xor', 12n, 10n], 6n],
      [['not', 100n], -101n],
      [['left', 1n, 4n], 16n],
      [['left', 1n, 65n], 2n],
      [['right', 1n, -1n], null],
      [['count', 42n], 3n],
    ],
    STRICT,
  ),
  'kusto.real-test': row(
    { kind: ['nan', 'inf', 'finite'], number: 'number' },
    'bool',
    'Whether a real is not a number, infinite, or finite.',
    [
      [['nan', Number.NaN], true],
      [['inf', Number.NEGATIVE_INFINITY], true],
      [['finite', 1.5], true],
      [['finite', Number.NaN], false],
    ],
    STRICT,
  ),
  'kusto.convert-unit': row(
    { measure: 'string', value: 'number', from: 'string', to: 'string' },
    'real',
    'A value in another unit of the same measure; null where one of them is not known.',
    [
      [['length', 2, 'Kilometer', 'Meter'], 2000],
      [['temperature', 0, 'DegreeCelsius', 'Kelvin'], 273.15],
      [['mass', 1, 'Gram', 'Meter'], null],
    ],
    STRICT,
  ),
};
