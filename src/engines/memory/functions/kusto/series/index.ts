import type { KustoSeriesFunction } from '../../../../../ir/functions/kusto/series.ts';
import type { Implementation } from '../../implementation.ts';
import { seriesMap, seriesMeasure, seriesPair } from './arithmetic.ts';
import { seriesAnomalies, seriesDecompose, seriesOutliers, seriesSeasonal } from './decompose.ts';
import { seriesFill, seriesFillLinear } from './fill.ts';
import { seriesFir, seriesIir } from './filter.ts';
import { seriesFit2Lines, seriesFitLine, seriesFitPoly } from './fit.ts';
import { seriesFourier } from './fourier.ts';
import { seriesPeriodsDetect, seriesPeriodsValidate } from './periods.ts';
import { seriesStats } from './stats.ts';

export const kustoSeriesImplementations: Record<KustoSeriesFunction, Implementation> = {
  'kusto.series-map': seriesMap,
  'kusto.series-pair': seriesPair,
  'kusto.series-measure': seriesMeasure,
  'kusto.series-fill': seriesFill,
  'kusto.series-fill-linear': seriesFillLinear,
  'kusto.series-fir': seriesFir,
  'kusto.series-iir': seriesIir,
  'kusto.series-stats': seriesStats,
  'kusto.series-fit-line': seriesFitLine,
  'kusto.series-fit-2lines': seriesFit2Lines,
  'kusto.series-fit-poly': seriesFitPoly,
  'kusto.series-outliers': seriesOutliers,
  'kusto.series-seasonal': seriesSeasonal,
  'kusto.series-periods-detect': seriesPeriodsDetect,
  'kusto.series-periods-validate': seriesPeriodsValidate,
  'kusto.series-decompose': seriesDecompose,
  'kusto.series-anomalies': seriesAnomalies,
  'kusto.series-fourier': seriesFourier,
};
