import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

export type KustoJsonFunction =
  | 'kusto.parse-json'
  | 'kusto.to-json'
  | 'kusto.extract-json'
  | 'kusto.pack-bag'
  | 'kusto.pack-array'
  | 'kusto.array-length'
  | 'kusto.array-concat'
  | 'kusto.array-index-of'
  | 'kusto.array-slice'
  | 'kusto.array-sort'
  | 'kusto.array-reverse'
  | 'kusto.array-sum'
  | 'kusto.array-rotate'
  | 'kusto.array-shift'
  | 'kusto.array-split'
  | 'kusto.array-iff'
  | 'kusto.zip'
  | 'kusto.bag-keys'
  | 'kusto.bag-has-key'
  | 'kusto.bag-merge'
  | 'kusto.bag-remove-keys'
  | 'kusto.bag-set-key'
  | 'kusto.set-flatten'
  | 'kusto.set-has'
  | 'kusto.set-union'
  | 'kusto.set-intersect'
  | 'kusto.set-difference'
  | 'kusto.range'
  | 'kusto.repeat';

/** Kusto's functions of arrays and bags. */
export const kustoJsonFunctions: Record<KustoJsonFunction, Signature> = {
  'kusto.parse-json': row('scalar', 'dynamic', 'The value that JSON text holds; text that is no JSON stays text.'),
  'kusto.to-json': row('scalar', 'string', 'JSON text with sorted keys.'),
  'kusto.extract-json': row('string string', 'scalar', 'What a JSON path finds in JSON text, else null.'),
  'kusto.pack-bag': row('scalar*', 'dynamic', 'A bag of keys and values in turn.'),
  'kusto.pack-array': row('scalar*', 'dynamic', 'An array of the arguments.'),
  'kusto.array-length': row('dynamic', 'long', 'How many elements an array has; null for anything else.'),
  'kusto.array-concat': row('dynamic*', 'dynamic', 'The arrays, one after the other.'),
  'kusto.array-index-of': row(
    'dynamic scalar long? long? long?',
    'long',
    'Where a value stands in an array, from 0, else -1.',
  ),
  'kusto.array-slice': row(
    'dynamic long long',
    'dynamic',
    'A part of an array, both ends included; negative counts from the end.',
  ),
  'kusto.array-sort': row(
    'string dynamic bool?',
    'dynamic',
    'The array sorted, `asc` or `desc`, nulls last unless told.',
  ),
  'kusto.array-reverse': row('dynamic', 'dynamic', 'The array backwards.'),
  'kusto.array-sum': row('dynamic', 'real', 'The sum of the numbers.'),
  'kusto.array-rotate': row('dynamic long', 'dynamic', 'The array turned left by so many places.'),
  'kusto.array-shift': row(
    'dynamic long scalar?',
    'dynamic',
    'The array moved left by so many places, filled up with a value.',
  ),
  'kusto.array-split': row('dynamic scalar', 'dynamic', 'The array cut at one or several places.'),
  'kusto.array-iff': row(
    'dynamic scalar scalar',
    'dynamic',
    'For each element that is true the second, else the third, element by element.',
  ),
  'kusto.zip': row('dynamic*', 'dynamic', 'Arrays of the elements in the same places.'),
  'kusto.bag-keys': row('dynamic', 'dynamic', 'The keys of a bag.'),
  'kusto.bag-has-key': row('dynamic string', 'bool', 'Whether a bag has a key.'),
  'kusto.bag-merge': row('dynamic*', 'dynamic', 'The bags in one; of equal keys the first counts.'),
  'kusto.bag-remove-keys': row('dynamic dynamic', 'dynamic', 'The bag without some keys.'),
  'kusto.bag-set-key': row('dynamic string scalar', 'dynamic', 'The bag with a key set.'),
  'kusto.set-flatten': row(
    'dynamic',
    'dynamic',
    'The distinct elements of an array, where arrays in it stand for their elements.',
  ),
  'kusto.set-has': row('dynamic scalar', 'bool', 'Whether an array has the value.'),
  'kusto.set-union': row('dynamic*', 'dynamic', 'The distinct elements of all.'),
  'kusto.set-intersect': row('dynamic*', 'dynamic', 'The distinct elements that are in each.'),
  'kusto.set-difference': row(
    'dynamic*',
    'dynamic',
    'The distinct elements of the first that are in none of the others.',
  ),
  'kusto.range': row('scalar scalar scalar?', 'dynamic', 'An array from the first to the second, in steps.'),
  'kusto.repeat': row('scalar long', 'dynamic', 'An array of a value so many times.'),
};
