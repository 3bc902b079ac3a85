import type { Value } from '../../values/value.ts';
import type { ValueType } from '../types.ts';
import { at, span } from './example-values.ts';
import { type Example, row, type Signature } from './signature.ts';

/** Conversions of raw JSON values to typed columns. What cannot be converted is null; a missing string is the empty string. */
export type ConvertFunction =
  | 'convert.string'
  | 'convert.long'
  | 'convert.real'
  | 'convert.bool'
  | 'convert.datetime'
  | 'convert.timespan'
  | 'convert.guid'
  | 'convert.dynamic';

type Case = readonly [value: Value, result: Value];

function conversion(result: ValueType, doc: string, first: Case, ...others: readonly Case[]): Signature {
  const example = ([value, wanted]: Case): Example => [[value], wanted];
  return row({ value: 'any' }, result, doc, [example(first), ...others.map(example)]);
}

export const convertFunctions: Record<ConvertFunction, Signature> = {
  'convert.string': conversion(
    'string',
    'The canonical text; JSON text of a map or array; the empty text when missing or null.',
    [5, '5'],
    [true, 'true'],
    [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
    [at('2024-01-31'), '2024-01-31T00:00:00.0000000Z'],
    [undefined, ''],
  ),
  'convert.long': conversion(
    'long',
    'A whole number, from a number or its text; fractions are cut off.',
    ['42', 42n],
    [1.9, 1n],
    ['0x1F', 31n],
    [true, 1n],
    ['1.5', null],
    [undefined, null],
  ),
  'convert.real': conversion('real', 'A number, from a number or its text.', ['1.5e3', 1500], [2n, 2], ['x', null]),
  'convert.bool': conversion(
    'bool',
    'A truth value, from a boolean, a number, or `true`, `false`, `1`, `0`.',
    ['True', true],
    ['0', false],
    [2, true],
    ['yes', null],
  ),
  'convert.datetime': conversion(
    'datetime',
    'A moment as logs write it: ISO 8601 text and its like, or epoch seconds, milliseconds, microseconds or nanoseconds.',
    ['2024-01-31T10:00:00Z', at('2024-01-31 10:00:00')],
    [1_706_695_200, at('2024-01-31 10:00:00')],
    [1_706_695_200_000, at('2024-01-31 10:00:00')],
    [1_706_695_200_000_000, at('2024-01-31 10:00:00')],
    ['1706695200', at('2024-01-31 10:00:00')],
    ['yesterday', null],
  ),
  'convert.timespan': conversion(
    'timespan',
    'A duration, from `d.hh:mm:ss.fffffff` text.',
    ['1.02:03:04', span('1.02:03:04')],
    ['1 day', null],
  ),
  'convert.guid': conversion(
    'guid',
    'A GUID in lower case.',
    ['{70FC66F7-8279-44FC-9092-D364D70FCE44}', '70fc66f7-8279-44fc-9092-d364d70fce44'],
    ['70fc66f7', null],
  ),
  'convert.dynamic': conversion(
    'dynamic',
    'The value as it is; JSON text of a map or array is parsed.',
    ['[1,2]', [1, 2]],
    ['text', 'text'],
    [7, 7],
    [undefined, null],
  ),
};
