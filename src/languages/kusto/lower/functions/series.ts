import { bool, call, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { SERIES_MAPS, SERIES_MEASURES, SERIES_PAIRS } from '../../../../ir/functions/kusto/series.ts';
import type { FunctionName } from '../../../../ir/functions/registry.ts';
import type { TuplePart, Typed } from '../scope.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

const named =
  (fnName: FunctionName, name: string): Lowering =>
  (args, node) =>
    call(fnName, [text(name), ...args.map((arg) => arg.expr)], node.span);

/** A function that gives several values; `parts`: what they are, `:d` dynamic, `:l` long, else real. */
const tuple =
  (fnName: FunctionName, parts: string): Lowering =>
  (args, node) =>
    tupleOf(
      call(
        fnName,
        args.map((arg) => arg.expr),
        node.span,
      ),
      node.name.text,
      parts,
    );

function tupleOf(expr: Expr, prefix: string, parts: string): Typed {
  const named = parts.split(' ').map((part): TuplePart => {
    const [suffix = '', letter] = part.split(':');
    return { prefix, argument: 0, suffix, type: letter === 'd' ? 'dynamic' : letter === 'l' ? 'long' : 'real' };
  });
  const first: Expr = call('kusto.member', [expr, { kind: 'literal', type: 'long', value: '0' }]);
  const isReal = named[0]?.type === 'real';
  return {
    expr: isReal ? call('kusto.to-real', [first]) : first,
    type: named[0]?.type ?? 'dynamic',
    tuple: { expr, parts: named },
  };
}

/** The same values as one bag. */
const bag =
  (fnName: FunctionName, names: string): Lowering =>
  (args, node) => {
    const found = call(
      fnName,
      args.map((arg) => arg.expr),
      node.span,
    );
    const members = names.split(' ').flatMap((name, at): Expr[] => {
      const place: Expr = { kind: 'literal', type: 'long', value: String(at) };
      return [text(name), call('kusto.member', [found, place])];
    });
    return call('kusto.pack-bag', members, node.span);
  };

const STATS = 'min min_idx:l max max_idx:l avg stdev variance';
const LINE = 'rsquare slope variance rvariance interception line_fit:d';
const TWO_LINES =
  'rsquare split_idx:l variance rvariance line_fit:d right_rsquare right_slope right_interception right_variance right_rvariance left_rsquare left_slope left_interception left_variance left_rvariance';
const plain = (parts: string): string => parts.replace(/:\w/g, '');

/** `series_stats(series)`: of the bag, the values of which there are columns. */
const stats: Lowering = (args, node) => {
  const found = call(
    'kusto.series-stats',
    args.map((arg) => arg.expr),
    node.span,
  );
  const values = plain(STATS)
    .split(' ')
    .map((name) => call('kusto.member', [found, text(name)]));
  const packed = call('kusto.pack-array', values, node.span);
  return tupleOf(packed, node.name.text, STATS);
};

const fill =
  (how: 'forward' | 'backward'): Lowering =>
  ([series, placeholder], node) =>
    call('kusto.series-fill', [text(how), series?.expr ?? NULL, placeholder?.expr ?? NULL], node.span);

const fillConst: Lowering = ([series, constant, placeholder], node) => {
  const otherwise: Expr = constant?.expr ?? { kind: 'literal', type: 'long', value: '0' };
  return call(
    'kusto.series-fill',
    [text('const'), series?.expr ?? NULL, placeholder?.expr ?? NULL, otherwise],
    node.span,
  );
};

/** `series_decompose_forecast(series, points, [period, trend, threshold])`: the last points are what is forecast. */
const forecast: Lowering = ([series, points, period, trend, threshold], node) => {
  const expr = call(
    'kusto.series-decompose',
    [
      series?.expr ?? NULL,
      period?.expr ?? { kind: 'literal', type: 'long', value: '-1' },
      trend?.expr ?? text('avg'),
      points?.expr ?? NULL,
      ...(threshold === undefined ? [] : [threshold.expr]),
    ],
    node.span,
  );
  return tupleOf(expr, node.name.text, 'baseline:d seasonal:d trend:d residual:d');
};

const fourier =
  (inverse: boolean): Lowering =>
  (args, node) => {
    const [real, imaginary] = args;
    const expr = call('kusto.series-fourier', [real?.expr ?? NULL, imaginary?.expr ?? NULL, bool(inverse)], node.span);
    return tupleOf(expr, node.name.text, 'real:d imag:d');
  };

const maps = SERIES_MAPS.map(
  (name) => [`series_${name}`, fn('dynamic', 'dynamic', named('kusto.series-map', name))] as const,
);
const pairs = SERIES_PAIRS.map(
  (name) => [`series_${name}`, fn('series series', 'dynamic', named('kusto.series-pair', name))] as const,
);
const measures = SERIES_MEASURES.map((name, at) => {
  const parameters =
    at < 3
      ? 'dynamic'
      : name === 'cosine_similarity'
        ? 'dynamic dynamic number? number?'
        : name === 'dot_product'
          ? 'series series'
          : 'dynamic dynamic';
  const lower: Lowering = (args, node) =>
    call('kusto.series-measure', [text(name), ...args.slice(0, 2).map((arg) => arg.expr)], node.span);
  return [`series_${name}`, fn(parameters, 'real', lower)] as const;
});

const DECOMPOSE = 'dynamic whole? string? whole? number?';

export const seriesFunctions: Readonly<Record<string, ScalarFunction>> = {
  ...Object.fromEntries([...maps, ...pairs, ...measures]),
  series_fill_forward: fn('dynamic number?', 'dynamic', fill('forward'), 'first'),
  series_fill_backward: fn('dynamic number?', 'dynamic', fill('backward'), 'first'),
  series_fill_const: fn('dynamic number? number?', 'dynamic', fillConst, 'first'),
  series_fill_linear: fn('dynamic number? bool? number?', 'dynamic', 'kusto.series-fill-linear', 'first'),
  series_fir: fn('dynamic dynamic bool? bool?', 'dynamic', 'kusto.series-fir', 'first'),
  series_iir: fn('dynamic dynamic dynamic', 'dynamic', 'kusto.series-iir', 'first'),
  series_outliers: fn('dynamic string? number? number? number?', 'dynamic', 'kusto.series-outliers', 'first'),
  series_seasonal: fn('dynamic whole?', 'dynamic', 'kusto.series-seasonal'),
  series_stats: fn('dynamic bool?', 'computed', stats),
  series_stats_dynamic: fn('dynamic bool?', 'dynamic', 'kusto.series-stats'),
  series_fit_line: fn('dynamic', 'computed', tuple('kusto.series-fit-line', LINE)),
  series_fit_line_dynamic: fn('dynamic', 'dynamic', bag('kusto.series-fit-line', plain(LINE))),
  series_fit_2lines: fn('dynamic', 'computed', tuple('kusto.series-fit-2lines', TWO_LINES)),
  series_fit_2lines_dynamic: fn('dynamic', 'dynamic', bag('kusto.series-fit-2lines', plain(TWO_LINES))),
  series_fit_poly: fn(
    'dynamic dynamic? whole?',
    'computed',
    tuple('kusto.series-fit-poly', 'rsquare coefficients:d variance rvariance poly_fit:d'),
  ),
  series_periods_detect: fn(
    'dynamic number number whole',
    'computed',
    tuple('kusto.series-periods-detect', 'periods:d scores:d'),
  ),
  series_periods_validate: fn(
    'dynamic number*',
    'computed',
    tuple('kusto.series-periods-validate', 'periods:d scores:d'),
  ),
  series_decompose: fn(
    DECOMPOSE,
    'computed',
    tuple('kusto.series-decompose', 'baseline:d seasonal:d trend:d residual:d'),
  ),
  series_decompose_forecast: fn('dynamic whole whole? string? number?', 'computed', forecast),
  series_decompose_anomalies: fn(
    'dynamic number? whole? string? whole? string? number?',
    'computed',
    tuple('kusto.series-anomalies', 'ad_flag:d ad_score:d baseline:d'),
  ),
  series_fft: fn('dynamic dynamic?', 'computed', fourier(false)),
  series_ifft: fn('dynamic dynamic?', 'computed', fourier(true)),
};
