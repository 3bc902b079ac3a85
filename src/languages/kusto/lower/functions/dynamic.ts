import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, list, NULL, TRUE, text } from '../../../../ir/construct.ts';
import type { TuplePart } from '../scope.ts';
import { convert } from '../values/convert.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

/** One array; several are sorted together by the first, and give a column each. The last argument may say where nulls go. */
const sort =
  (direction: 'asc' | 'desc'): Lowering =>
  (args, node) => {
    const last = args.at(-1);
    const nullsLast = last?.type === 'bool' ? last.expr : TRUE;
    const arrays = last?.type === 'bool' ? args.slice(0, -1) : args;
    const [first] = arrays;
    if (first === undefined) return NULL;
    if (arrays.length === 1) return call('kusto.array-sort', [text(direction), first.expr, nullsLast], node.span);
    const expr = call('kusto.sort-together', [text(direction), nullsLast, ...arrays.map((arg) => arg.expr)], node.span);
    const parts = arrays.map(
      (_, argument): TuplePart => ({ prefix: undefined, argument, suffix: 'sorted', type: 'dynamic' }),
    );
    return { expr, type: 'dynamic', tuple: { expr, parts } };
  };

/** A bag of columns, by their names. */
const packColumns: Lowering = (args, node) =>
  call(
    'kusto.pack-bag',
    args.flatMap((arg, at) => {
      const value = node.args[at]?.value;
      return [text(value?.kind === 'name' ? value.name : `Column${at + 1}`), arg.expr];
    }),
    node.span,
  );

/** `pack_all([without empty])`: all columns of the row. */
const packAll: Lowering = ([ignore], node, { columns, context }) => {
  if (columns?.open === true && !columns.failed) {
    const name = `${node.name.text}() over a table whose columns are not known`;
    context.report(diagnostic('unsupported/kusto-function', { name }, node.span));
  }
  const members = (columns?.all() ?? []).flatMap(({ name }) => [text(name), field(name)]);
  const bag = call('kusto.pack-bag', members, node.span);
  const isSparse = ignore?.expr.kind === 'literal' && ignore.expr.value === true;
  return isSparse ? call('kusto.without-empty', [bag], node.span) : bag;
};

const rotate =
  (name: 'kusto.array-rotate' | 'kusto.array-shift', sign: 1 | -1): Lowering =>
  ([array, count, fill], node) => {
    if (array === undefined || count === undefined) return NULL;
    const places = sign === 1 ? count.expr : call('kusto.negate', [count.expr]);
    return call(name, [array.expr, places, ...(fill === undefined ? [] : [fill.expr])], node.span);
  };

/** `extractjson(path, json [, typeof(…)])` */
const extractJson: Lowering = ([path, json], node) => {
  if (path === undefined || json === undefined) return NULL;
  const found = call('kusto.extract-json', [path.expr, json.expr], node.span);
  const asked = node.args[2]?.value;
  const type = asked?.kind === 'typeof' ? (asked.type.type ?? 'string') : 'string';
  return { expr: convert({ expr: found, type: 'dynamic' }, type), type };
};

const bag: Lowering = (args, node, environment) => {
  if (args.length % 2 === 1) {
    const params = { name: node.name.text, expected: 'keys and values in turn', found: args.length };
    environment.context.report(diagnostic('kusto/argument-count', params, node.span));
  }
  return call(
    'kusto.pack-bag',
    args.map((arg) => arg.expr),
    node.span,
  );
};

/** A digest, here, holds the values themselves: what is asked of it is exact. */
const percentileOf: Lowering = ([digest, percentile], node) => {
  const found = call('kusto.percentile', [digest?.expr ?? NULL, percentile?.expr ?? NULL], node.span);
  const asked = node.args[2]?.value;
  const type = asked?.kind === 'typeof' ? (asked.type.type ?? 'dynamic') : 'dynamic';
  return { expr: convert({ expr: found, type: 'dynamic' }, type), type };
};

const percentilesOf: Lowering = ([digest, ...percentiles], node) => {
  const [first] = percentiles;
  const all =
    percentiles.length === 1 && first?.type === 'dynamic' ? first.expr : list(percentiles.map((one) => one.expr));
  return call('kusto.percentiles', [digest?.expr ?? NULL, all], node.span);
};

const rank =
  (measure: 'rank' | 'percentrank'): Lowering =>
  (args, node) =>
    call('kusto.rank', [text(measure), ...args.map((arg) => arg.expr)], node.span);

const array: ScalarFunction = fn('dynamic', 'long', 'kusto.array-length');
const packBag: ScalarFunction = fn('any*', 'dynamic', bag);
const json: ScalarFunction = fn('string', 'dynamic', 'kusto.parse-json', 'first');
const extracted: ScalarFunction = fn('string string type?', 'computed', extractJson);

export const dynamicFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_json: json,
  parsejson: json,
  todynamic: json,
  toobject: json,
  extractjson: extracted,
  extract_json: extracted,
  dynamic_to_json: fn('any', 'string', 'kusto.to-json'),
  pack: packBag,
  bag_pack: packBag,
  pack_dictionary: packBag,
  pack_array: fn('any*', 'dynamic', 'kusto.pack-array'),
  array_length: array,
  arraylength: array,
  array_concat: fn('dynamic*', 'dynamic', 'kusto.array-concat'),
  array_index_of: fn('dynamic any whole? whole? whole?', 'long', 'kusto.array-index-of'),
  array_slice: fn('dynamic whole whole', 'dynamic', 'kusto.array-slice'),
  array_sort_asc: fn('any*', 'dynamic', sort('asc')),
  array_sort_desc: fn('any*', 'dynamic', sort('desc')),
  array_reverse: fn('dynamic', 'dynamic', 'kusto.array-reverse'),
  array_sum: fn('dynamic', 'real', 'kusto.array-sum'),
  array_rotate_left: fn('dynamic whole', 'dynamic', rotate('kusto.array-rotate', 1)),
  array_rotate_right: fn('dynamic whole', 'dynamic', rotate('kusto.array-rotate', -1)),
  array_shift_left: fn('dynamic whole any?', 'dynamic', rotate('kusto.array-shift', 1)),
  array_shift_right: fn('dynamic whole any?', 'dynamic', rotate('kusto.array-shift', -1)),
  array_split: fn('dynamic any', 'dynamic', 'kusto.array-split'),
  array_iff: fn('dynamic any any', 'dynamic', 'kusto.array-iff'),
  array_iif: fn('dynamic any any', 'dynamic', 'kusto.array-iff'),
  zip: fn('dynamic*', 'dynamic', 'kusto.zip'),
  bag_keys: fn('dynamic', 'dynamic', 'kusto.bag-keys'),
  bag_has_key: fn('dynamic string', 'bool', 'kusto.bag-has-key'),
  bag_merge: fn('dynamic*', 'dynamic', 'kusto.bag-merge'),
  bag_remove_keys: fn('dynamic dynamic', 'dynamic', 'kusto.bag-remove-keys'),
  bag_set_key: fn('dynamic string any', 'dynamic', 'kusto.bag-set-key'),
  set_has_element: fn('dynamic any', 'bool', 'kusto.set-has'),
  set_union: fn('dynamic*', 'dynamic', 'kusto.set-union'),
  set_intersect: fn('dynamic*', 'dynamic', 'kusto.set-intersect'),
  set_difference: fn('dynamic*', 'dynamic', 'kusto.set-difference'),
  range: fn('dated dated dated?', 'dynamic', 'kusto.range'),
  repeat: fn('any whole', 'dynamic', 'kusto.repeat', 'repeat'),
  bag_pack_columns: fn('any*', 'dynamic', packColumns),
  pack_all: fn('any?', 'dynamic', packAll),
  bag_zip: fn('any any', 'dynamic', 'kusto.bag-zip'),
  jaccard_index: fn('dynamic dynamic', 'real', 'kusto.jaccard'),
  set_equals: fn('dynamic dynamic', 'bool', 'kusto.set-equals'),
  treepath: fn('dynamic', 'dynamic', 'kusto.tree-path', 'tree'),
  percentile_tdigest: fn('dynamic number type?', 'computed', percentileOf, 'percentile_tdigest'),
  percentiles_array_tdigest: fn('dynamic any*', 'dynamic', percentilesOf, 'percentile_tdigest'),
  rank_tdigest: fn('dynamic any', 'real', rank('rank')),
  percentrank_tdigest: fn('dynamic any', 'real', rank('percentrank')),
  merge_tdigest: fn('dynamic*', 'dynamic', 'kusto.array-concat'),
  tdigest_merge: fn('dynamic*', 'dynamic', 'kusto.array-concat'),
  hll_merge: fn('dynamic*', 'dynamic', 'kusto.set-union'),
  estimate_data_size: fn('columns*', 'long', 'kusto.data-size'),
  dcount_hll: fn('dynamic', 'long', 'kusto.array-length', 'dcount_hll'),
};
