import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, NULL, text } from '../../../../ir/construct.ts';
import { convert } from '../convert.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

/** Several arrays are sorted together into several columns, which needs an operator that spreads them. */
const sort =
  (direction: 'asc' | 'desc'): Lowering =>
  (args, node, environment) => {
    const [first, second] = args;
    if (first === undefined) return NULL;
    if (args.length > 2 || (second !== undefined && second.type !== 'bool')) {
      const name = `${node.name.text} of several arrays`;
      environment.context.report(diagnostic('unsupported/kusto-function', { name }, node.span));
      return NULL;
    }
    return call('kusto.array-sort', [text(direction), ...args.map((arg) => arg.expr)], node.span);
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
};
