import type { FunctionName } from '../../ir/functions/registry.ts';
import type { EsqlType, Family } from './types.ts';

/** What a function of the language is lowered to. */
export interface ScalarRow {
  readonly fn: FunctionName;
  /** `name?` may be left out, `name*` comes any number of times. */
  readonly parameters: readonly string[];
  /** A type, that of the first argument, or the one that all arguments share. */
  readonly result: EsqlType | 'first' | 'common';
  /** Arguments that the implementation is given before those of the query. */
  readonly before?: readonly string[];
  /** … and those behind. */
  readonly after?: readonly string[];
  /** Whether it is told the type of its first argument (`first`), or that of the result, behind the arguments. */
  readonly tells?: 'first' | 'result' | 'second';
}

function row(
  fn: FunctionName,
  parameters: string,
  result: ScalarRow['result'],
  more: Omit<Partial<ScalarRow>, 'fn' | 'parameters' | 'result'> = {},
): ScalarRow {
  return { fn, parameters: parameters === '' ? [] : parameters.split(' '), result, ...more };
}

const math = (name: string): readonly [string, ScalarRow] => [
  name,
  row('esql.math', 'number', 'double', { before: [name] }),
];

/** Functions whose arguments only need to be of the right types, by name. `date` in a parameter is a moment of either precision. */
export const SCALARS: ReadonlyMap<string, ScalarRow> = new Map<string, ScalarRow>([
  ['abs', row('esql.abs', 'number', 'first', { tells: 'first' })],
  ...'acos acosh asin asinh atan atanh cbrt cos cosh exp signum sin sinh sqrt tan tanh'.split(' ').map(math),
  ['atan2', row('esql.atan2', 'number number', 'double')],
  ['bit_length', row('esql.bit-length', 'string', 'integer')],
  ['byte_length', row('esql.byte-length', 'string', 'integer')],
  ['ceil', row('esql.ceil', 'number', 'first')],
  ['cidr_match', row('esql.cidr-match', 'ip string string*', 'boolean')],
  ['clamp', row('esql.clamp', 'any any any', 'common', { tells: 'first' })],
  ['concat', row('esql.concat', 'string string string*', 'keyword')],
  ['contains', row('esql.contains', 'string string', 'boolean')],
  ['copy_sign', row('esql.copy-sign', 'number number', 'first')],
  ['date_extract', row('esql.date-extract', 'string moment', 'long')],
  ['day_name', row('esql.day-name', 'moment', 'keyword')],
  ['ends_with', row('esql.ends-with', 'string string', 'boolean')],
  ['floor', row('esql.floor', 'number', 'first')],
  ['from_base64', row('esql.from-base64', 'string', 'keyword')],
  ['greatest', row('esql.greatest', 'any any*', 'common', { tells: 'result' })],
  ['hash', row('esql.hash', 'string string', 'keyword')],
  ['hypot', row('esql.hypot', 'number number', 'double')],
  ['ip_prefix', row('esql.ip-prefix', 'ip whole whole', 'ip')],
  ['json_extract', row('esql.json-extract', 'string string', 'keyword')],
  ['least', row('esql.least', 'any any*', 'common', { tells: 'result' })],
  ['left', row('esql.left', 'string whole', 'keyword')],
  ['length', row('esql.length', 'string', 'integer')],
  ['locate', row('esql.locate', 'string string whole?', 'integer')],
  ['ltrim', row('esql.ltrim', 'string', 'keyword')],
  ['md5', row('esql.hash', 'string', 'keyword', { before: ['md5'] })],
  ['month_name', row('esql.month-name', 'moment', 'keyword')],
  ['mv_append', row('esql.mv-append', 'any any', 'common')],
  ['mv_avg', row('esql.mv-avg', 'number', 'double')],
  ['mv_concat', row('esql.mv-concat', 'string string', 'keyword')],
  ['mv_contains', row('esql.mv-contains', 'any any', 'boolean')],
  ['mv_count', row('esql.mv-count', 'any', 'integer')],
  ['mv_dedupe', row('esql.mv-dedupe', 'any', 'first')],
  ['mv_difference', row('esql.mv-difference', 'any any', 'common')],
  ['mv_first', row('esql.mv-first', 'any', 'first')],
  ['mv_intersection', row('esql.mv-intersection', 'any any', 'common')],
  ['mv_intersects', row('esql.mv-intersects', 'any any', 'boolean')],
  ['mv_last', row('esql.mv-last', 'any', 'first')],
  ['mv_max', row('esql.mv-max', 'any', 'first', { tells: 'first' })],
  ['mv_median', row('esql.mv-median', 'number', 'first', { tells: 'first' })],
  ['mv_median_absolute_deviation', row('esql.mv-deviation', 'number', 'first', { tells: 'first' })],
  ['mv_min', row('esql.mv-min', 'any', 'first', { tells: 'first' })],
  ['mv_percentile', row('esql.mv-percentile', 'number number', 'first', { tells: 'first' })],
  ['mv_pseries_weighted_sum', row('esql.mv-weighted-sum', 'number number', 'double')],
  ['mv_slice', row('esql.mv-slice', 'any whole whole?', 'first')],
  ['mv_sort', row('esql.mv-sort', 'any string?', 'first', { tells: 'second' })],
  ['mv_sum', row('esql.mv-sum', 'number', 'first', { tells: 'first' })],
  ['mv_union', row('esql.mv-union', 'any any', 'common')],
  ['mv_zip', row('esql.mv-zip', 'string string string?', 'keyword')],
  ['network_direction', row('esql.network-direction', 'ip ip string', 'keyword')],
  ['pow', row('esql.pow', 'number number', 'double')],
  ['repeat', row('esql.repeat', 'string whole', 'keyword')],
  ['replace', row('esql.replace', 'string string string', 'keyword')],
  ['reverse', row('esql.reverse', 'string', 'keyword')],
  ['right', row('esql.right', 'string whole', 'keyword')],
  ['round', row('esql.round', 'number whole?', 'first', { tells: 'second' })],
  ['round_to', row('esql.round-to', 'any any any*', 'common')],
  ['rtrim', row('esql.rtrim', 'string', 'keyword')],
  ['scalb', row('esql.scalb', 'number whole', 'double')],
  ['sha1', row('esql.hash', 'string', 'keyword', { before: ['sha1'] })],
  ['sha256', row('esql.hash', 'string', 'keyword', { before: ['sha256'] })],
  ['space', row('esql.space', 'whole', 'keyword')],
  ['split', row('esql.split', 'string string', 'keyword')],
  ['st_x', row('esql.coordinate', 'geo_point', 'double', { after: ['x'] })],
  ['st_y', row('esql.coordinate', 'geo_point', 'double', { after: ['y'] })],
  ['starts_with', row('esql.starts-with', 'string string', 'boolean')],
  ['substring', row('esql.substring', 'string whole whole?', 'keyword')],
  ['to_base64', row('esql.to-base64', 'string', 'keyword')],
  ['to_degrees', row('esql.to-degrees', 'number', 'double')],
  ['to_lower', row('esql.to-lower', 'string', 'keyword')],
  ['to_radians', row('esql.to-radians', 'number', 'double')],
  ['to_upper', row('esql.to-upper', 'string', 'keyword')],
  ['trim', row('esql.trim', 'string', 'keyword')],
  ['url_decode', row('esql.url-decode', 'string', 'keyword')],
  ['url_encode', row('esql.url-encode', 'string', 'keyword')],
  ['url_encode_component', row('esql.url-encode-component', 'string', 'keyword')],
]);

/** Conversion functions, and the types they give. */
export const CONVERSIONS: ReadonlyMap<string, EsqlType> = new Map<string, EsqlType>([
  ['to_boolean', 'boolean'],
  ['to_bool', 'boolean'],
  ['to_integer', 'integer'],
  ['to_int', 'integer'],
  ['to_long', 'long'],
  ['to_unsigned_long', 'unsigned_long'],
  ['to_ulong', 'unsigned_long'],
  ['to_ul', 'unsigned_long'],
  ['to_double', 'double'],
  ['to_dbl', 'double'],
  ['to_string', 'keyword'],
  ['to_str', 'keyword'],
  ['to_text', 'text'],
  ['to_ip', 'ip'],
  ['to_ip_leading_zeros_rejected', 'ip'],
  ['to_ip_leading_zeros_decimal', 'ip'],
  ['to_ip_leading_zeros_octal', 'ip'],
  ['to_version', 'version'],
  ['to_ver', 'version'],
  ['to_datetime', 'date'],
  ['to_dt', 'date'],
  ['to_date_nanos', 'date_nanos'],
  ['to_dateperiod', 'date_period'],
  ['to_timeduration', 'time_duration'],
  ['to_geopoint', 'geo_point'],
]);

/** Functions that the binder treats each in its own way. */
const SPECIAL: readonly string[] = [
  'case',
  'coalesce',
  'date_diff',
  'date_format',
  'date_parse',
  'date_trunc',
  'bucket',
  'tbucket',
  'e',
  'kql',
  'log',
  'log10',
  'match',
  'match_phrase',
  'mv_like',
  'mv_rlike',
  'now',
  'pi',
  'qstr',
  'st_distance',
  'tau',
  'clamp_min',
  'clamp_max',
  'mv_in_range',
  'trange',
];

export const AGGREGATES: readonly string[] = [
  'absent',
  'avg',
  'count',
  'count_distinct',
  'earliest',
  'first',
  'last',
  'latest',
  'max',
  'median',
  'median_absolute_deviation',
  'min',
  'percentile',
  'present',
  'sample',
  'std_dev',
  'std_var',
  'stddev',
  'sum',
  'top',
  'values',
  'variance',
  'weighted_avg',
];

/** Functions that Elasticsearch has and nothing here runs: shapes, machine learning, scores, time series, histograms. */
export const UNSUPPORTED: ReadonlySet<string> = new Set(
  (
    'categorize tstep without sparkline st_centroid_agg st_extent_agg chunk date_unit_count decay embedding field_extract knn ' +
    'range_contains range_intersects range_max range_min range_within score st_buffer st_contains st_difference st_dimension ' +
    'st_disjoint st_envelope st_geohash st_geohex st_geometrytype st_geotile st_intersection st_intersects st_isempty st_npoints ' +
    'st_simplify st_simplifypreservetopology st_symdifference st_union st_within st_xmax st_xmin st_ymax st_ymin text_embedding ' +
    'to_aggregate_metric_double to_cartesianpoint to_cartesianshape to_counter to_date_range to_dense_vector to_double_range ' +
    'to_exponential_histogram to_gauge to_geohash to_geohex to_geoshape to_geotile to_range to_tdigest top_snippets v_cosine ' +
    'v_dot_product v_hamming v_l1_norm v_l2_norm v_magnitude multi_match term ' +
    'absent_over_time avg_over_time count_distinct_over_time count_over_time delta deriv first_over_time idelta increase irate ' +
    'last_over_time max_over_time min_over_time percentile_over_time present_over_time rate stddev_over_time sum_over_time ' +
    'variance_over_time'
  ).split(' '),
);

export const FUNCTION_NAMES: readonly string[] = [
  ...SCALARS.keys(),
  ...CONVERSIONS.keys(),
  ...SPECIAL,
  ...AGGREGATES,
  ...UNSUPPORTED,
];

/** How often a parameter comes, and what it takes. */
export function parameterOf(written: string): { readonly family: Family; readonly times: 'once' | 'optional' | 'any' } {
  const family = written.replace(/[?*]$/, '') as Family;
  return { family, times: written.endsWith('?') ? 'optional' : written.endsWith('*') ? 'any' : 'once' };
}
