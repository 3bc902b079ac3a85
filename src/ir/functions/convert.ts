import type { Signature } from './signature.ts';

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

const conversion = (result: Signature['result'], doc: string): Signature => ({
  parameters: ['scalar'],
  result,
  nulls: 'handled',
  doc,
});

export const convertFunctions: Record<ConvertFunction, Signature> = {
  'convert.string': conversion(
    'string',
    'The canonical text; JSON text of a map or array; empty when missing or null.',
  ),
  'convert.long': conversion('long', 'A whole number, from a number or its text.'),
  'convert.real': conversion('real', 'A number, from a number or its text.'),
  'convert.bool': conversion('bool', 'A truth value, from a boolean, a number, or `true`, `false`, `1`, `0`.'),
  'convert.datetime': conversion(
    'datetime',
    'A moment, from ISO 8601 text, `YYYY-MM-DD HH:MM:SS`, or epoch seconds or milliseconds.',
  ),
  'convert.timespan': conversion('timespan', 'A duration, from `d.hh:mm:ss.fffffff` text.'),
  'convert.guid': conversion('guid', 'A GUID in lower case.'),
  'convert.dynamic': conversion('dynamic', 'The value as it is; JSON text of a map or array is parsed.'),
};
