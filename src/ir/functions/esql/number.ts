import { row, type Semantics, type Signature } from '../signature.ts';

export type EsqlNumberFunction =
  | 'esql.add'
  | 'esql.subtract'
  | 'esql.multiply'
  | 'esql.divide'
  | 'esql.modulo'
  | 'esql.negate'
  | 'esql.abs'
  | 'esql.ceil'
  | 'esql.floor'
  | 'esql.round'
  | 'esql.round-to'
  | 'esql.math'
  | 'esql.to-degrees'
  | 'esql.to-radians'
  | 'esql.log'
  | 'esql.pow'
  | 'esql.atan2'
  | 'esql.hypot'
  | 'esql.copy-sign'
  | 'esql.scalb'
  | 'esql.greatest'
  | 'esql.least'
  | 'esql.clamp';

/** Null of null, and of several values. */
export const SINGLE: Partial<Semantics> = { nulls: 'propagate', many: 'null' };

const EACH: Partial<Semantics> = { nulls: 'propagate', many: 'each' };

const TYPES = ['integer', 'long', 'unsigned_long', 'double'];
const MATH = [
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'cbrt',
  'cos',
  'cosh',
  'exp',
  'signum',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
];

/** ES|QL's functions of numbers: null where the type of the result cannot hold it. */
export const esqlNumberFunctions: Record<EsqlNumberFunction, Signature> = {
  'esql.add': row(
    { left: 'number', right: 'number', type: TYPES },
    'number',
    'The sum, in a type; null beyond its range.',
    [
      [[1n, 2n, 'integer'], 3n],
      [[2147483647n, 1n, 'integer'], null],
      [[0.5, 2n, 'double'], 2.5],
    ],
    SINGLE,
  ),
  'esql.subtract': row(
    { left: 'number', right: 'number', type: TYPES },
    'number',
    'The difference, in a type; null beyond its range.',
    [[[1n, 2n, 'integer'], -1n]],
    SINGLE,
  ),
  'esql.multiply': row(
    { left: 'number', right: 'number', type: TYPES },
    'number',
    'The product, in a type; null beyond its range.',
    [
      [[3n, 2n, 'long'], 6n],
      [[9223372036854775807n, 2n, 'long'], null],
    ],
    SINGLE,
  ),
  'esql.divide': row(
    { left: 'number', right: 'number', type: TYPES },
    'number',
    'The quotient, whole for whole numbers; null where the divisor is zero.',
    [
      [[7n, 2n, 'integer'], 3n],
      [[7n, 2n, 'double'], 3.5],
      [[7n, 0n, 'integer'], null],
    ],
    SINGLE,
  ),
  'esql.modulo': row(
    { left: 'number', right: 'number', type: TYPES },
    'number',
    'What is left of a division; null where the divisor is zero.',
    [[[7n, 2n, 'integer'], 1n]],
    SINGLE,
  ),
  'esql.negate': row(
    { value: 'number', type: TYPES },
    'number',
    'The value with the other sign.',
    [[[7n, 'integer'], -7n]],
    SINGLE,
  ),
  'esql.abs': row(
    { value: 'number', type: TYPES },
    'number',
    'The value without its sign.',
    [[[-7n, 'long'], 7n]],
    SINGLE,
  ),
  'esql.ceil': row({ value: 'number' }, 'number', 'The next whole number, upwards.', [[[1.2], 2]], SINGLE),
  'esql.floor': row({ value: 'number' }, 'number', 'The next whole number, downwards.', [[[1.8], 1]], SINGLE),
  'esql.round': row(
    { value: 'number', type: TYPES, 'decimals?': 'whole' },
    'number',
    'The value with so many digits behind the point (0; negative: before it), halves away from zero; null beyond its type.',
    [
      [[1.25, 'double', 1n], 1.3],
      [[1965n, 'integer', -1n], 1970n],
      [[-2.5, 'double'], -3],
      [[2147483647n, 'integer', -1n], null],
    ],
    SINGLE,
  ),
  'esql.round-to': row(
    { value: 'any', 'points*': 'any' },
    'any',
    'The greatest of the points that is not above the value; the least one where all are.',
    [[[7n, 1n, 5n, 10n], 5n]],
    SINGLE,
  ),
  'esql.math': row(
    { name: MATH, value: 'number' },
    'real',
    'A function of one number by its name; null where it has no finite value.',
    [
      [['sqrt', 9n], 3],
      [['sqrt', -1n], null],
    ],
    { nulls: 'propagate' },
  ),
  'esql.to-degrees': row(
    { value: 'number' },
    'real',
    'Each of the values, an angle in radians, in degrees.',
    [[[Math.PI], 180]],
    EACH,
  ),
  'esql.to-radians': row(
    { value: 'number' },
    'real',
    'Each of the values, an angle in degrees, in radians.',
    [[[180n], Math.PI]],
    EACH,
  ),
  'esql.log': row(
    { base: 'number', value: 'number' },
    'real',
    'The logarithm to a base; null of what is not positive.',
    [
      [[2n, 8n], 3],
      [[10n, 0n], null],
    ],
    SINGLE,
  ),
  'esql.pow': row({ base: 'number', exponent: 'number' }, 'real', 'The power.', [[[2n, 3n], 8]], SINGLE),
  'esql.atan2': row({ y: 'number', x: 'number' }, 'real', 'The angle of a point.', [[[0n, 1n], 0]], SINGLE),
  'esql.hypot': row({ a: 'number', b: 'number' }, 'real', 'The hypotenuse.', [[[3n, 4n], 5]], SINGLE),
  'esql.copy-sign': row(
    { size: 'number', sign: 'number' },
    'number',
    'A number with the sign of another.',
    [[[3, -1n], -3]],
    SINGLE,
  ),
  'esql.scalb': row(
    { value: 'number', factor: 'whole' },
    'real',
    'The value times a power of two.',
    [[[3, 2n], 12]],
    SINGLE,
  ),
  'esql.greatest': row(
    { first: 'any', 'others*': 'any' },
    'any',
    'The greatest of the values; the last argument is their type.',
    [
      [[1n, 3n, 2n, 'long'], 3n],
      [['10.0.0.9', '10.0.0.10', 'ip'], '10.0.0.10'],
    ],
    SINGLE,
  ),
  'esql.least': row(
    { first: 'any', 'others*': 'any' },
    'any',
    'The least of the values; the last argument is their type.',
    [[[1n, 3n, 2n, 'long'], 1n]],
    SINGLE,
  ),
  'esql.clamp': row(
    { value: 'any', least: 'any', most: 'any', type: 'string' },
    'any',
    'The value, or the bound that it lies beyond.',
    [[[7n, 1n, 5n, 'long'], 5n]],
    SINGLE,
  ),
};
