import { at } from './example-values.ts';
import { row, type Signature } from './signature.ts';

/** EQL's functions, as Elasticsearch computes them. */
export type EqlFunction =
  | 'eql.add'
  | 'eql.subtract'
  | 'eql.multiply'
  | 'eql.divide'
  | 'eql.ratio'
  | 'eql.modulo'
  | 'eql.between'
  | 'eql.concat'
  | 'eql.contains'
  | 'eql.date'
  | 'eql.ends-with'
  | 'eql.event-time'
  | 'eql.index-of'
  | 'eql.length'
  | 'eql.number'
  | 'eql.starts-with'
  | 'eql.string'
  | 'eql.substring';

const EACH = { nulls: 'handled', many: 'each' } as const;
const CASE = ['exact', 'ignore-case'];

/** Over numbers and texts of numbers. A function of several values gives what it gives for each of them, or each pair. */
export const eqlFunctions: Record<EqlFunction, Signature> = {
  'eql.add': row(
    { left: 'any', right: 'any' },
    'number',
    'The sum of two numbers.',
    [
      [[1, 2n], 3n],
      [[1.5, 2], 3.5],
      [[null, 2], null],
      [
        [[1, 2], 10],
        [11n, 12n],
      ],
    ],
    EACH,
  ),
  'eql.subtract': row(
    { left: 'any', right: 'any' },
    'number',
    'The difference of two numbers.',
    [
      [[1, 2n], -1n],
      [[0, 'x'], null],
    ],
    EACH,
  ),
  'eql.multiply': row(
    { left: 'any', right: 'any' },
    'number',
    'The product of two numbers.',
    [
      [[3, '2'], 6n],
      [[0.5, 2], 1],
    ],
    EACH,
  ),
  'eql.divide': row(
    { left: 'any', right: 'any' },
    'number',
    'The quotient of two numbers; of whole numbers the whole one, cut off towards 0. Null by 0, where Elasticsearch ends the search.',
    [
      [[83, 2], 41n],
      [[-7, 2], -3n],
      [[7.5, 2], 3.75],
      [[1, 0], null],
    ],
    EACH,
  ),
  'eql.ratio': row(
    { left: 'any', right: 'any' },
    'number',
    'The quotient of two numbers with its fraction.',
    [
      [[83, 2], 41.5],
      [[1, 0], null],
    ],
    EACH,
  ),
  'eql.modulo': row(
    { left: 'any', right: 'any' },
    'number',
    'What a division leaves, with the sign of the first number.',
    [
      [[7, 3], 1n],
      [[-7, 3], -1n],
      [[7, 0], null],
    ],
    EACH,
  ),
  'eql.between': row(
    { text: 'any', left: 'any', right: 'any', greedy: 'any', case: CASE },
    'string',
    'What stands between the first place of `left` and the next one of `right`, or the last one where it is greedy; null where they do not stand there.',
    [
      [['welcome to the planet', 'welcome', 'planet', false, 'exact'], ' to the '],
      [['welcome to the planet', 'welcome', 'e', true, 'exact'], ' to the plan'],
      [['System', 's', 'E', false, 'ignore-case'], 'yst'],
      [['welcome', 'x', 'e', false, 'exact'], null],
    ],
    EACH,
  ),
  'eql.concat': row(
    { 'text*': 'any' },
    'string',
    'The texts of the values, joined; null where one is.',
    [
      [['a', 1, true], 'a1true'],
      [['a', null], null],
    ],
    EACH,
  ),
  'eql.contains': row(
    { text: 'any', part: 'any', case: CASE },
    'bool',
    'Whether a text stands in another.',
    [
      [['cmd.exe', 'D.E', 'ignore-case'], true],
      [['cmd.exe', 'D.E', 'exact'], false],
    ],
    EACH,
  ),
  'eql.date': row(
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
    EACH,
  ),
  'eql.ends-with': row(
    { text: 'any', end: 'any', case: CASE },
    'bool',
    'Whether a text ends with another.',
    [
      [['FooBarBaz', 'Baz', 'exact'], true],
      [[null, 'Baz', 'exact'], null],
    ],
    EACH,
  ),
  'eql.event-time': row(
    { read: 'any', field: 'any' },
    'datetime',
    'When an event happened: the time that its log type reads, or else the value of a date field.',
    [
      [['2024-01-01T00:00:00Z', null], at('2024-01-01')],
      [['1', '1'], at('1970-01-01T00:00:00.001Z')],
      [[null, null], null],
    ],
  ),
  'eql.index-of': row(
    { text: 'any', part: 'any', start: 'any', case: CASE },
    'long',
    'Where a text stands in another from a place on, counted from 0; null where it does not.',
    [
      [['foobarbaz', 'o', null, 'exact'], 1n],
      [['foobarbaz', 'R', 2, 'ignore-case'], 5n],
      [['foobarbaz', 'x', 0, 'exact'], null],
    ],
    EACH,
  ),
  'eql.length': row(
    { text: 'any' },
    'long',
    'How many UTF-16 units a text has.',
    [
      [[''], 0n],
      [[null], null],
      [[['ab', 'c']], [2n, 1n]],
    ],
    EACH,
  ),
  'eql.number': row(
    { text: 'any', base: 'any' },
    'number',
    'The number that a text spells, in base 10 or, behind `0x`, in base 16, or in the base given; null where it spells none, where Elasticsearch ends the search.',
    [
      [['-3.14', null], -3.14],
      [['0x32', 16], 50n],
      [['052403', 8], 21_763n],
      [['x', null], null],
    ],
    EACH,
  ),
  'eql.starts-with': row(
    { text: 'any', start: 'any', case: CASE },
    'bool',
    'Whether a text starts with another.',
    [
      [['FooBar', 'FOO', 'ignore-case'], true],
      [['FooBar', 'Bar', 'exact'], false],
    ],
    EACH,
  ),
  'eql.string': row(
    { value: 'any' },
    'string',
    'The text of a value.',
    [
      [[1], '1'],
      [[true], 'true'],
      [[null], null],
    ],
    EACH,
  ),
  'eql.substring': row(
    { text: 'any', start: 'any', 'end?': 'any' },
    'string',
    'The part of a text from one place to before another, negative ones counted from its end.',
    [
      [['hello world', 6], 'world'],
      [['hello world', -5, null], 'world'],
      [['hello world', 5, -1], ' worl'],
      [['hello world', null, 5], 'hello'],
    ],
    EACH,
  ),
};
