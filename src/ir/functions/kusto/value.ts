import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

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
  | 'kusto.to-guid'
  | 'kusto.to-datetime'
  | 'kusto.ticks'
  | 'kusto.from-ticks'
  | 'kusto.array-take';

/** Operators on values, with Kusto's types: whole numbers are 64 bit, times are ticks. */
export const kustoValueFunctions: Record<KustoValueFunction, Signature> = {
  'kusto.now': row('', 'datetime', 'The time the query runs at; one value for the whole query.'),
  'kusto.add': row('scalar scalar', 'scalar', 'The sum of numbers or durations, or a moment and a duration.', true),
  'kusto.subtract': row('scalar scalar', 'scalar', 'The difference of numbers, durations or moments.', true),
  'kusto.multiply': row('scalar scalar', 'scalar', 'The product; a duration times a number is a duration.', true),
  'kusto.divide': row(
    'scalar scalar',
    'scalar',
    'The quotient; whole numbers are cut toward zero, by zero gives null.',
    true,
  ),
  'kusto.modulo': row('scalar scalar', 'scalar', 'The remainder, never negative.', true),
  'kusto.negate': row('scalar', 'scalar', 'The number or duration with its sign turned.', true),
  'kusto.number': row('scalar', 'scalar', 'The number that a dynamic value is or spells: whole as long, else real.'),
  'kusto.moment': row('scalar', 'scalar', 'The moment or the duration that a dynamic value spells.'),
  'kusto.real-text': row('real', 'string', 'A real number as text: `1.0`, never `1`.', true),
  'kusto.member': row(
    'dynamic scalar',
    'dynamic',
    'A member of a bag by name, or of an array by number, negative from the end; null where there is none.',
  ),
  'kusto.in': row('scalar scalar*', 'bool', 'Whether the first is among the others; arrays stand for their elements.'),
  'kusto.in-ignore-case': row('string scalar*', 'bool', 'As `kusto.in` for text, without regard to case.'),
  'kusto.has-any': row('string scalar*', 'bool', 'Whether one of the others is a term of the first.'),
  'kusto.has-all': row('string scalar*', 'bool', 'Whether each of the others is a term of the first.'),
  'kusto.text-equals': row(
    'string string string',
    'bool',
    'Whether the texts are equal; the third says `exact` or `ignore-case`, as in all functions of this kind.',
  ),
  'kusto.text-has': row(
    'string string string string',
    'bool',
    'Whether the second is a term of the first; the fourth says which ends need a boundary.',
  ),
  'kusto.text-contains': row('string string string', 'bool', 'Whether the first holds the second.'),
  'kusto.text-starts': row('string string string', 'bool', 'Whether the first starts with the second.'),
  'kusto.text-ends': row('string string string', 'bool', 'Whether the first ends with the second.'),
  'kusto.text-regex': row(
    'string string string',
    'bool',
    'Whether the pattern (RE2) is found in the first; null for a bad pattern.',
  ),
  'kusto.coalesce': row('scalar*', 'scalar', 'The first argument that is neither null nor empty text.'),
  'kusto.min-of': row('scalar*', 'scalar', 'The least argument; nulls only when there is nothing else.'),
  'kusto.max-of': row('scalar*', 'scalar', 'The greatest argument; nulls only when there is nothing else.'),
  'kusto.bin': row('scalar scalar', 'scalar', 'The value rounded down to a multiple of the second.', true),
  'kusto.bin-at': row(
    'scalar scalar scalar',
    'scalar',
    'The value rounded down to a multiple of the second, counted from the third.',
    true,
  ),
  'kusto.type-name': row('scalar', 'string', 'The type of a dynamic value.'),
  'kusto.to-int': row('scalar', 'int', 'A whole number of 32 bits, else null.'),
  'kusto.to-guid': row('scalar', 'guid', 'A GUID from 32 hexadecimal digits, however they are dashed.'),
  'kusto.to-datetime': row('scalar', 'datetime', 'A moment from text, month before day where the year comes last.'),
  'kusto.ticks': row('scalar', 'long', 'The ticks of a moment or a duration.', true),
  'kusto.from-ticks': row('scalar string', 'scalar', 'The `datetime` or `timespan` of so many ticks.', true),
  'kusto.array-take': row('dynamic long', 'dynamic', 'The first elements of an array.', true),
};
