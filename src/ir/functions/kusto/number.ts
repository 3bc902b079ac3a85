import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

export type KustoNumberFunction =
  | 'kusto.abs'
  | 'kusto.round'
  | 'kusto.ceiling'
  | 'kusto.math'
  | 'kusto.sign'
  | 'kusto.bits'
  | 'kusto.real-test';

/** Kusto's functions of numbers. */
export const kustoNumberFunctions: Record<KustoNumberFunction, Signature> = {
  'kusto.abs': row('scalar', 'scalar', 'The size of a number or a duration.', true),
  'kusto.round': row('scalar long?', 'scalar', 'The number rounded to so many digits, halves away from zero.', true),
  'kusto.ceiling': row('scalar', 'scalar', 'The least whole number that is not below.', true),
  'kusto.math': row('string real*', 'real', 'A function of mathematics, by name; null where it has no value.', true),
  'kusto.sign': row('scalar', 'real', '-1, 0 or 1.', true),
  'kusto.bits': row('string long long?', 'long', 'A bitwise operation, by name.', true),
  'kusto.real-test': row('string real', 'bool', 'Whether a real is `nan`, `inf` or `finite`.', true),
};
