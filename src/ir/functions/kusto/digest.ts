import { row, type Signature } from '../signature.ts';

export type KustoDigestFunction =
  | 'kusto.percentile'
  | 'kusto.percentiles'
  | 'kusto.spread'
  | 'kusto.covariance'
  | 'kusto.rank'
  | 'kusto.schema-of'
  | 'kusto.welch-test';

/** What Kusto's aggregates give of what they have gathered. */
export const kustoDigestFunctions: Record<KustoDigestFunction, Signature> = {
  'kusto.percentile': row(
    { values: 'any', percentile: 'number', 'weights?': 'any' },
    'any',
    'The least of the values that so many of a hundred do not exceed, each as often as its weight says.',
    [
      [[[1, 2, 3, 4], 50n], 2],
      [[[1, 2, 3], 100n], 3],
      [[[1, 2, 3], 50n, [1, 1, 9]], 3],
      [[[], 50n], null],
    ],
  ),
  'kusto.percentiles': row(
    { values: 'any', percentiles: 'any', 'weights?': 'any' },
    'dynamic',
    'Several percentiles of the values, as an array.',
    [
      [
        [
          [1, 2, 3, 4],
          [25, 50],
        ],
        [1, 2],
      ],
    ],
  ),
  'kusto.spread': row(
    { measure: ['variance', 'variancep', 'stdev', 'stdevp'], moments: 'any' },
    'real',
    'The variance or the standard deviation, of a sample or of all, of values whose count, mean and squares are given; 0 of too few.',
    [
      [['variance', [3, 2, 2]], 1],
      [['stdevp', [2, 3, 2]], 1],
      [['stdev', [1, 5, 0]], 0],
    ],
  ),
  'kusto.covariance': row(
    { measure: ['covariance', 'covariancep'], lefts: 'any', rights: 'any' },
    'real',
    'The covariance of pairs of values, of a sample or of all; null of too few.',
    [
      [['covariance', [1, 2, 3], [2, 4, 6]], 2],
      [['covariancep', [1, 3], [2, 4]], 1],
      [['covariance', [1], [2]], null],
    ],
  ),
  'kusto.rank': row(
    { measure: ['rank', 'percentrank'], values: 'any', value: 'any' },
    'real',
    'How many of the values do not exceed one, or how many of a hundred.',
    [
      [['rank', [1, 2, 3, 4], 3n], 3],
      [['percentrank', [1, 2, 3, 4], 3n], 75],
    ],
  ),
  'kusto.schema-of': row(
    { values: 'any' },
    'dynamic',
    'The types that dynamic values have, and those of their members.',
    [
      [[[{ x: 1, y: 3.5 }, { x: 'a' }]], { x: ['long', 'string'], y: 'double' }],
      [[[[1, 'a']]], { '`indexer`': ['long', 'string'] }],
    ],
  ),
  'kusto.welch-test': row(
    { mean1: 'number', variance1: 'number', count1: 'number', mean2: 'number', variance2: 'number', count2: 'number' },
    'real',
    "The probability, by Welch's t-test, that two samples have the same mean.",
    [[[1n, 1n, 10n, 1n, 1n, 10n], 1]],
    { nulls: 'propagate' },
  ),
};
