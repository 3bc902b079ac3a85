import { at } from './example-values.ts';
import { type Example, row, type Signature } from './signature.ts';

/** What Sigma's modifiers ask of fields beyond patterns: comparing two fields, and taking a moment apart. */
export type SigmaFunction =
  | 'sigma.equals-field'
  | 'sigma.starts-with-field'
  | 'sigma.ends-with-field'
  | 'sigma.contains-field'
  | 'sigma.minute'
  | 'sigma.hour'
  | 'sigma.day'
  | 'sigma.week'
  | 'sigma.month'
  | 'sigma.year';

function fields(what: string, ...examples: readonly [Example, ...Example[]]): Signature {
  const doc = `${what}, for some value of each. False when either has no value.`;
  return row({ field: 'any', other: 'any', cased: 'bool' }, 'bool', doc, examples, { many: 'any' });
}

function part(doc: string, moment: string, value: number): Signature {
  return row({ moment: 'datetime' }, 'long', `${doc}, in UTC.`, [[[at(moment)], value]], {
    nulls: 'propagate',
    many: 'null',
  });
}

export const sigmaFunctions: Record<SigmaFunction, Signature> = {
  'sigma.equals-field': fields(
    'Whether the canonical texts are the same',
    [['Bob', 'BOB', false], true],
    [['Bob', 'BOB', true], false],
    [[['a', 'b'], ['c', 'b'], true], true],
    [[5, '5', true], true],
    [[undefined, undefined, true], false],
  ),
  'sigma.starts-with-field': fields('Whether the first text starts with the second', [
    ['C:\\Users\\bob', 'c:\\users', false],
    true,
  ]),
  'sigma.ends-with-field': fields('Whether the first text ends with the second', [
    ['C:\\a\\cmd.exe', 'CMD.EXE', true],
    false,
  ]),
  'sigma.contains-field': fields('Whether the first text contains the second', [[['x', 'abc'], 'b', true], true]),
  'sigma.minute': part('The minute of the hour, 0 to 59', '2024-01-31T10:20:30Z', 20),
  'sigma.hour': part('The hour of the day, 0 to 23', '2024-01-31T10:20:30Z', 10),
  'sigma.day': part('The day of the month, 1 to 31', '2024-01-31T10:20:30Z', 31),
  'sigma.week': part('The ISO 8601 week of the year, 1 to 53', '2021-01-03T10:20:30Z', 53),
  'sigma.month': part('The month, 1 to 12', '2024-12-31T10:20:30Z', 12),
  'sigma.year': part('The year', '2024-01-31T10:20:30Z', 2024),
};
