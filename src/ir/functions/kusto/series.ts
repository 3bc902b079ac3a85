import { row, type Signature } from '../signature.ts';

export type KustoSeriesFunction =
  | 'kusto.series-map'
  | 'kusto.series-pair'
  | 'kusto.series-measure'
  | 'kusto.series-fill'
  | 'kusto.series-fill-linear'
  | 'kusto.series-fir'
  | 'kusto.series-iir'
  | 'kusto.series-stats'
  | 'kusto.series-fit-line'
  | 'kusto.series-fit-2lines'
  | 'kusto.series-fit-poly'
  | 'kusto.series-outliers'
  | 'kusto.series-seasonal'
  | 'kusto.series-periods-detect'
  | 'kusto.series-periods-validate'
  | 'kusto.series-decompose'
  | 'kusto.series-anomalies'
  | 'kusto.series-fourier';

export const SERIES_MAPS = [
  'abs',
  'acos',
  'asin',
  'atan',
  'ceiling',
  'cos',
  'exp',
  'floor',
  'log',
  'sign',
  'sin',
  'tan',
] as const;

export const SERIES_PAIRS = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'pow',
  'equals',
  'not_equals',
  'greater',
  'greater_equals',
  'less',
  'less_equals',
] as const;

export const SERIES_MEASURES = [
  'sum',
  'product',
  'magnitude',
  'dot_product',
  'cosine_similarity',
  'pearson_correlation',
] as const;

/** Kusto's functions of series: arrays of numbers, in which anything else is a gap. What is no array gives null. */
export const kustoSeriesFunctions: Record<KustoSeriesFunction, Signature> = {
  'kusto.series-map': row({ name: SERIES_MAPS, series: 'any' }, 'dynamic', 'A function of each number of a series.', [
    [
      ['abs', [-6.5, 0, 8.2]],
      [6.5, 0, 8.2],
    ],
    [
      ['floor', [-1.5, null, 2.5]],
      [-2, null, 2],
    ],
  ]),
  'kusto.series-pair': row(
    { name: SERIES_PAIRS, left: 'any', right: 'any' },
    'dynamic',
    'An operation on the numbers of two series place by place; a number alone stands at every place.',
    [
      [
        ['add', [1, 2, 4], [4, 2, 1]],
        [5, 4, 5],
      ],
      [
        ['subtract', [1, 2], [4]],
        [-3, null],
      ],
      [
        ['divide', [1, 2], 2n],
        [0.5, 1],
      ],
      [
        ['less', [1, 2, 4], [4, 2, 1]],
        [true, false, false],
      ],
    ],
  ),
  'kusto.series-measure': row(
    { name: SERIES_MEASURES, left: 'any', 'right?': 'any' },
    'real',
    'One number of a series or of two; null where a place has no number, or where the two differ in length.',
    [
      [['sum', [1, 2, 3, 4]], 10],
      [['product', [1, 2, 3, 4]], 24],
      [['magnitude', [3, 4]], 5],
      [['dot_product', [1, 2], [3, 4]], 11],
      [['pearson_correlation', [1, 2, 3], [5, 4, 3]], -1],
    ],
  ),
  'kusto.series-fill': row(
    { how: ['forward', 'backward', 'const'], series: 'any', 'placeholder?': 'any', 'constant?': 'any' },
    'dynamic',
    'Gaps get the number before them, the one after them, or a constant. `placeholder`: what a gap is; null: whatever is no number.',
    [
      [
        ['forward', [null, 1, null, 2, null]],
        [null, 1, 1, 2, 2],
      ],
      [
        ['backward', [null, 1, null, 2, null]],
        [1, 1, 2, 2, null],
      ],
      [
        ['const', [null, 1], null, 0n],
        [0, 1],
      ],
      [
        ['forward', [1, -1, 3], -1n],
        [1, 1, 3],
      ],
    ],
  ),
  'kusto.series-fill-linear': row(
    { series: 'any', 'placeholder?': 'any', 'edges?': 'bool', 'constant?': 'any' },
    'dynamic',
    'Gaps get what lies on the line between their neighbours; those at the ends the nearest number, unless `edges` is false.',
    [
      [[[null, 111, null, 36]], [111, 111, 73.5, 36]],
      [
        [[null, 1, null, 3], null, false],
        [null, 1, 2, 3],
      ],
      [
        [[null, null], null, true, 7n],
        [7, 7],
      ],
    ],
  ),
  'kusto.series-fir': row(
    { series: 'any', filter: 'any', 'normalize?': 'bool', 'center?': 'bool' },
    'dynamic',
    'A finite impulse response filter. Without a number before the first, what is before is 0. Filters without negative parts are normalized.',
    [
      [
        [[5, 15, 10, 20], [1, -1], false, false],
        [5, 10, -5, 10],
      ],
      [
        [
          [2, 4, 6],
          [1, 1],
        ],
        [1, 3, 5],
      ],
      [
        [[0, 3, 0], [1, 1, 1], true, true],
        [1, 1, 1],
      ],
    ],
  ),
  'kusto.series-iir': row(
    { series: 'any', numerators: 'any', denominators: 'any' },
    'dynamic',
    'An infinite impulse response filter.',
    [
      [
        [[1, 2, 3], [1], [1, -1]],
        [1, 3, 6],
      ],
      [
        [
          [1, 1, 1],
          [1, 0],
          [2, 1],
        ],
        [0.5, 0.25, 0.375],
      ],
    ],
  ),
  'kusto.series-stats': row(
    { series: 'any', 'ignore-nonfinite?': 'bool' },
    'dynamic',
    'Statistics of a series, as a bag; the variance is that of a sample. A gap gives nulls, unless gaps are ignored.',
    [
      [
        [[10, 20]],
        {
          min: 10,
          min_idx: 0,
          max: 20,
          max_idx: 1,
          avg: 15,
          stdev: 7.0710678118654755,
          variance: 50,
          sum: 30,
          len: 2,
        },
      ],
    ],
  ),
  'kusto.series-fit-line': row(
    { series: 'any' },
    'dynamic',
    'The line nearest to a series: [rsquare, slope, variance, rvariance, interception, line_fit].',
    [[[[1, 2, 3]], [1, 1, 1, 0, 1, [1, 2, 3]]]],
  ),
  'kusto.series-fit-2lines': row(
    { series: 'any' },
    'dynamic',
    'The two lines nearest to a series: [rsquare, split_idx, variance, rvariance, line_fit], and rsquare, slope, interception, variance and rvariance of the right and of the left one.',
    [[[[0, 1, 2, 2, 1, 0]], [1, 3, 0.8, 0, [0, 1, 2, 2, 1, 0], 1, -1, 2, 1, 0, 1, 1, 0, 1, 0]]],
  ),
  'kusto.series-fit-poly': row(
    { series: 'any', 'x?': 'any', 'degree?': 'whole' },
    'dynamic',
    'The polynomial nearest to a series: [rsquare, coefficients, variance, rvariance, poly_fit].',
    [
      [
        [[2, 2, 2], null, 1n],
        [1, [2, 0], 0, 0, [2, 2, 2]],
      ],
    ],
  ),
  'kusto.series-outliers': row(
    { series: 'any', 'kind?': ['tukey', 'ctukey'], 'ignored?': 'any', 'least?': 'any', 'most?': 'any' },
    'dynamic',
    "How far each number lies outside two percentiles, in distances between them: Tukey's fences.",
    [
      [
        [[1, 2, 3, 4, 5, 20], 'tukey'],
        [-0.5, -0.1, 0, 0, 0.1, 6.1],
      ],
    ],
  ),
  'kusto.series-seasonal': row(
    { series: 'any', 'period?': 'any' },
    'dynamic',
    'The median of the numbers at the same place of each period; zeros where there is no period.',
    [
      [
        [[1, 3, 5, 2, 4, 6, 1, 3, 5, 2, 4, 6], 3n],
        [1.5, 3.5, 5.5, 1.5, 3.5, 5.5, 1.5, 3.5, 5.5, 1.5, 3.5, 5.5],
      ],
      [[[1, 3, 5, 2, 4, 6]], [0, 0, 0, 0, 0, 0]],
    ],
  ),
  'kusto.series-periods-detect': row(
    { series: 'any', least: 'any', most: 'any', count: 'whole' },
    'dynamic',
    'The most significant periods of a series and their scores: [periods, scores].',
    [
      [
        [[1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1], 0, 9, 1n],
        [[6], [1]],
      ],
    ],
  ),
  'kusto.series-periods-validate': row(
    { series: 'any', 'period*': 'any' },
    'dynamic',
    'The scores of given periods: [periods, scores].',
    [
      [
        [[1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1], 4],
        [[4], [0]],
      ],
    ],
  ),
  'kusto.series-decompose': row(
    { series: 'any', 'period?': 'any', 'trend?': ['avg', 'linefit', 'none'], 'tested?': 'any', 'threshold?': 'any' },
    'dynamic',
    'A series as the sum of a seasonal part, a trend and a rest: [baseline, seasonal, trend, residual].',
    [
      [
        [[1, 2, 3], 0n, 'linefit'],
        [
          [1, 2, 3],
          [0, 0, 0],
          [1, 2, 3],
          [0, 0, 0],
        ],
      ],
    ],
  ),
  'kusto.series-anomalies': row(
    {
      series: 'any',
      'threshold?': 'any',
      'period?': 'any',
      'trend?': ['avg', 'linefit', 'none'],
      'tested?': 'any',
      'kind?': ['tukey', 'ctukey'],
      'score?': 'any',
    },
    'dynamic',
    'What does not fit into the decomposition of a series: [flags, scores, baseline].',
    [
      [
        [[5, 5, 5, 5], 1.5, 0n],
        [
          [0, 0, 0, 0],
          [0, 0, 0, 0],
          [5, 5, 5, 5],
        ],
      ],
    ],
  ),
  'kusto.series-fourier': row(
    { real: 'any', 'imaginary?': 'any', 'inverse?': 'bool' },
    'dynamic',
    'The discrete Fourier transform of a series, or its inverse: [real, imaginary].',
    [
      [
        [[1, 1]],
        [
          [2, 0],
          [0, 0],
        ],
      ],
      [
        [[2, 0], [0, 0], true],
        [
          [1, 1],
          [0, 0],
        ],
      ],
    ],
  ),
};
