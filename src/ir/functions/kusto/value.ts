import { at, span } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';
import { DIFFERENCE, ONE_OF_THEM, PRODUCT, QUOTIENT, REMAINDER, ROUNDED, SUM, typeOfArgument } from '../type-rules.ts';

export type KustoValueFunction =
  | 'kusto.now'
  | 'kusto.add'
  | 'kusto.subtract'
  | 'kusto.multiply'
  | 'kusto.divide'
  | 'kusto.modulo'
  | 'kusto.negate'
  | 'kusto.number'
  | 'kusto.moment'
  | 'kusto.real-text'
  | 'kusto.member'
  | 'kusto.in'
  | 'kusto.in-ignore-case'
  | 'kusto.has-any'
  | 'kusto.has-all'
  | 'kusto.text-equals'
  | 'kusto.text-has'
  | 'kusto.text-contains'
  | 'kusto.text-starts'
  | 'kusto.text-ends'
  | 'kusto.text-regex'
  | 'kusto.coalesce'
  | 'kusto.min-of'
  | 'kusto.max-of'
  | 'kusto.bin'
  | 'kusto.bin-at'
  | 'kusto.type-name'
  | 'kusto.to-int'
  | 'kusto.to-long'
  | 'kusto.to-real'
  | 'kusto.to-bool'
  | 'kusto.to-timespan'
  | 'kusto.to-guid'
  | 'kusto.to-datetime'
  | 'kusto.ticks'
  | 'kusto.from-ticks'
  | 'kusto.array-take';

const STRICT = { nulls: 'propagate' } as const;
const COLLATION = ['exact', 'ignore-case'];

/** Operators on values, with Kusto's types: whole numbers are 64 bit, times are ticks. */
export const kustoValueFunctions: Record<KustoValueFunction, Signature> = {
  'kusto.now': row(
    {},
    'datetime',
    'The time the query runs at; one value for the whole query.',
    [[[], at('2024-01-03T12:00:00Z')]],
    { reads: 'clock' },
  ),
  'kusto.add': row(
    { left: 'number|time', right: 'number|time' },
    SUM,
    'The sum of numbers or durations, or a moment and a duration.',
    [
      [[1n, 2n], 3n],
      [[1n, 0.5], 1.5],
      [[at('2024-01-31'), span('1.00:00:00')], at('2024-02-01')],
      [[9_223_372_036_854_775_807n, 1n], -9_223_372_036_854_775_808n],
      [[1n, null], null],
    ],
    STRICT,
  ),
  'kusto.subtract': row(
    { left: 'number|time', right: 'number|time' },
    DIFFERENCE,
    'The difference of numbers, durations or moments.',
    [
      [[1n, 2n], -1n],
      [[at('2024-02-01'), at('2024-01-31')], span('1.00:00:00')],
      [[at('2024-02-01'), span('1.00:00:00')], at('2024-01-31')],
    ],
    STRICT,
  ),
  'kusto.multiply': row(
    { left: 'number|timespan', right: 'number|timespan' },
    PRODUCT,
    'The product; a duration times a number is a duration.',
    [
      [[3n, 2n], 6n],
      [[span('01:00:00'), 2n], span('02:00:00')],
      [[0.5, span('01:00:00')], span('00:30:00')],
    ],
    STRICT,
  ),
  'kusto.divide': row(
    { left: 'number|time', right: 'number|timespan' },
    QUOTIENT,
    'The quotient; whole numbers are cut toward zero, and by zero give null.',
    [
      [[7n, 2n], 3n],
      [[-7n, 2n], -3n],
      [[7n, 2], 3.5],
      [[1n, 0n], null],
      [[span('01:00:00'), span('00:30:00')], 2],
      [[span('01:00:00'), 2n], span('00:30:00')],
    ],
    STRICT,
  ),
  'kusto.modulo': row(
    { left: 'number|timespan', right: 'number|timespan' },
    REMAINDER,
    'The remainder, never negative.',
    [
      [[7n, 3n], 1n],
      [[-7n, 3n], 2n],
      [[7n, 0n], null],
    ],
    STRICT,
  ),
  'kusto.negate': row(
    { value: 'number|timespan' },
    typeOfArgument(0, 'value'),
    'The number or duration with its sign turned.',
    [
      [[3n], -3n],
      [[span('01:00:00')], span('-01:00:00')],
    ],
    STRICT,
  ),
  'kusto.number': row(
    { value: 'any' },
    'number',
    'The number that a dynamic value is or spells: a whole one as long, else real; null where it is none.',
    [
      [['42'], 42n],
      [[4.5], 4.5],
      [[3], 3n],
      [[true], 1n],
      [['x'], null],
    ],
  ),
  'kusto.moment': row({ value: 'any' }, 'time', 'The moment or the duration that a dynamic value spells.', [
    [['2024-01-31'], at('2024-01-31')],
    [['01:30:00'], span('01:30:00')],
    [['soon'], null],
  ]),
  'kusto.real-text': row(
    { number: 'number' },
    'string',
    'A real number as text: `1.0`, never `1`.',
    [
      [[1], '1.0'],
      [[0.25], '0.25'],
      [[Number.NaN], 'NaN'],
    ],
    STRICT,
  ),
  'kusto.member': row(
    { value: 'dynamic', key: 'any' },
    'dynamic',
    'A member of a bag by its name, or of an array by its place, a negative one from the end; else null.',
    [
      [[{ a: 1 }, 'a'], 1],
      [[[1, 2, 3], -1n], 3],
      [[{ a: 1 }, 'toString'], null],
      [['text', 'length'], null],
    ],
  ),
  'kusto.in': row(
    { value: 'any', 'item*': 'any' },
    'bool',
    'Whether the value is among the others; arrays stand for their elements, and a number beside text is read as text.',
    [
      [['b', 'a', 'b'], true],
      [[2n, [1, 2]], true],
      [['1', 1n], true],
      [['x', 'X'], false],
    ],
  ),
  'kusto.in-ignore-case': row({ text: 'string', 'item*': 'any' }, 'bool', 'As `kusto.in` for text, in any case.', [
    [['x', 'X'], true],
    [['x', ['y', 'z']], false],
  ]),
  'kusto.has-any': row({ text: 'string', 'term*': 'any' }, 'bool', 'Whether one of the others is a term of the text.', [
    [['North America', 'america', 'x'], true],
    [['Northern', ['north']], false],
  ]),
  'kusto.has-all': row(
    { text: 'string', 'term*': 'any' },
    'bool',
    'Whether each of the others is a term of the text.',
    [
      [['North America', 'america', 'north'], true],
      [['North America', ['america', 'south']], false],
    ],
  ),
  'kusto.text-equals': row(
    { text: 'string', other: 'string', collation: COLLATION },
    'bool',
    'Whether the texts are equal.',
    [
      [['a', 'A', 'ignore-case'], true],
      [['a', 'A', 'exact'], false],
      [[null, '', 'exact'], true],
    ],
  ),
  'kusto.text-has': row(
    { text: 'string', term: 'string', collation: COLLATION, ends: ['both', 'start', 'end'] },
    'bool',
    'Whether the term stands in the text with a boundary at both ends, at its start or at its end.',
    [
      [['North America', 'america', 'ignore-case', 'both'], true],
      [['North America', 'amer', 'ignore-case', 'both'], false],
      [['North America', 'Amer', 'exact', 'start'], true],
      [['North America', 'rica', 'exact', 'end'], true],
    ],
  ),
  'kusto.text-contains': row(
    { text: 'string', part: 'string', collation: COLLATION },
    'bool',
    'Whether the text holds the part.',
    [
      [['FabriKam', 'BRik', 'ignore-case'], true],
      [['FabriKam', 'BRik', 'exact'], false],
    ],
  ),
  'kusto.text-starts': row(
    { text: 'string', part: 'string', collation: COLLATION },
    'bool',
    'Whether the text starts with the part.',
    [[['Fabrikam', 'fab', 'ignore-case'], true]],
  ),
  'kusto.text-ends': row(
    { text: 'string', part: 'string', collation: COLLATION },
    'bool',
    'Whether the text ends with the part.',
    [[['Fabrikam', 'Kam', 'exact'], false]],
  ),
  'kusto.text-regex': row(
    { text: 'string', pattern: 'string', collation: COLLATION },
    'bool',
    'Whether the pattern (RE2) is found in the text; null for a bad pattern.',
    [
      [['Fabrikam', 'b.*k', 'exact'], true],
      [['Fabrikam', 'B', 'exact'], false],
      [['Fabrikam', '(', 'exact'], null],
    ],
  ),
  'kusto.coalesce': row({ 'value*': 'any' }, ONE_OF_THEM, 'The first argument that is neither null nor empty text.', [
    [[null, '', 'x', 'y'], 'x'],
    [[null, 5n], 5n],
  ]),
  'kusto.min-of': row({ 'value*': 'any' }, ONE_OF_THEM, 'The least argument; null only when all are.', [
    [[10n, 1n, null], 1n],
    [['b', 'a'], 'a'],
    [[1n, 2.5], 1],
  ]),
  'kusto.max-of': row({ 'value*': 'any' }, ONE_OF_THEM, 'The greatest argument; null only when all are.', [
    [[10n, 1n, 17n], 17n],
    [[null, null], null],
  ]),
  'kusto.bin': row(
    { value: 'number|time', size: 'number|time' },
    ROUNDED,
    'The value rounded down to a multiple of the size; null for a size that is not positive.',
    [
      [[7n, 5n], 5n],
      [[-1n, 5n], -5n],
      [[4.5, 1], 4],
      [[at('1970-05-11 13:45:07'), span('1.00:00:00')], at('1970-05-11')],
      [[7n, 0n], null],
    ],
    STRICT,
  ),
  'kusto.bin-at': row(
    { value: 'number|time', size: 'number|time', from: 'number|time' },
    ROUNDED,
    'The value rounded down to a multiple of the size, counted from a fixed value.',
    [
      [[6.5, 2.5, 7], 4.5],
      [[at('2017-05-17 10:20:00'), span('1.00:00:00'), at('2017-06-01 12:00:00')], at('2017-05-16 12:00:00')],
    ],
    STRICT,
  ),
  'kusto.type-name': row({ value: 'any' }, 'string', 'The type of a dynamic value.', [
    [['x'], 'string'],
    [[1.5], 'double'],
    [[1], 'long'],
    [[[1]], 'array'],
    [[{ a: 1 }], 'dictionary'],
    [[null], 'null'],
  ]),
  'kusto.to-int': row(
    { value: 'any' },
    'int',
    'A whole number of 32 bits: of a larger one its last bits, of a real beyond them the nearest; else null.',
    [
      [['123'], 123n],
      [[2_147_483_648n], -2_147_483_648n],
      [[1e30], 2_147_483_647n],
      [[span('01:00:00')], 1_640_261_632n],
      [['x'], null],
    ],
  ),
  'kusto.to-long': row(
    { value: 'any' },
    'long',
    'A whole number of 64 bits; moments and durations as ticks, of a real beyond the bits the nearest; else null.',
    [
      [['0x10'], 16n],
      [[1.9], 1n],
      [[1e30], 9_223_372_036_854_775_807n],
      [[span('1.00:00:00')], 864_000_000_000n],
      [['1.5'], null],
    ],
  ),
  'kusto.to-real': row(
    { value: 'any' },
    'real',
    'A real; moments and durations as ticks, `nan` and `inf` as text; else null.',
    [
      [['1.5e3'], 1500],
      [['-inf'], Number.NEGATIVE_INFINITY],
      [['nan'], Number.NaN],
      [[span('00:00:01')], 10_000_000],
      [['x'], null],
    ],
  ),
  'kusto.to-bool': row(
    { value: 'any' },
    'bool',
    'Numbers are true unless they are 0, whole ones also as text; else null.',
    [
      [['True'], true],
      [['-1'], true],
      [[0n], false],
      [['1.0'], null],
    ],
  ),
  'kusto.to-timespan': row(
    { value: 'any' },
    'timespan',
    'A duration from text as it is printed or as literals are written, or from ticks; else null.',
    [
      [['1.02:03:04'], span('1.02:03:04')],
      [['90s'], span('00:01:30')],
      [['-1d'], span('-1.00:00:00')],
      [['0:0:0.001'], span('00:00:00.001')],
      [[864_000_000_000n], span('1.00:00:00')],
      [['1.5'], null],
    ],
  ),
  'kusto.to-guid': row({ value: 'any' }, 'guid', 'A GUID from 32 hexadecimal digits, however they are dashed.', [
    [['70FC66F7-8279-44FC-9092-D364D70FCE44'], '70fc66f7-8279-44fc-9092-d364d70fce44'],
    [['{70fc66f7827944fc9092d364d70fce44}'], '70fc66f7-8279-44fc-9092-d364d70fce44'],
    [['x'], null],
  ]),
  'kusto.to-datetime': row(
    { value: 'any' },
    'datetime',
    'A moment from text, month before day where the year comes last, or from ticks; null where it is none.',
    [
      [['2015-12-31 23:59:59.9'], at('2015-12-31 23:59:59.9')],
      [['12/31/2015'], at('2015-12-31')],
      [[864_000_000_000n], at('0001-01-02')],
      [['soon'], null],
    ],
  ),
  'kusto.ticks': row(
    { value: 'time' },
    'long',
    'The ticks (100 ns) of a moment or a duration.',
    [
      [[span('00:00:01')], 10_000_000n],
      [[at('0001-01-02')], 864_000_000_000n],
    ],
    STRICT,
  ),
  'kusto.from-ticks': row(
    { ticks: 'number', type: ['datetime', 'timespan'] },
    'time',
    'The moment or the duration of so many ticks.',
    [
      [[10_000_000n, 'timespan'], span('00:00:01')],
      [[864_000_000_000n, 'datetime'], at('0001-01-02')],
      [[-1n, 'datetime'], null],
    ],
    STRICT,
  ),
  'kusto.array-take': row(
    { array: 'dynamic', count: 'whole' },
    'dynamic',
    'The first elements of an array.',
    [
      [
        [[1, 2, 3], 2n],
        [1, 2],
      ],
      [[[1, 2, 3], -1n], []],
      [['x', 1n], null],
    ],
    STRICT,
  ),
};
