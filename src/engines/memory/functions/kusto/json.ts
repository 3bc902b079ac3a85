import { isJsonObject, type Json, stringifyJson } from '../../../../base/json.ts';
import type { KustoJsonFunction } from '../../../../ir/functions/kusto/json.ts';
import { parseJson as readJson } from '../../../../logs/decode/json/json-value.ts';
import { orderOf, same } from '../../../../values/compare.ts';
import { keyOf } from '../../../../values/key.ts';
import { toJson } from '../../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { arrayIn, bagIn, dateTime, dynamicOf, isNumeric, long, textIn, wholeIn } from './scalars.ts';

/** Arrays longer than this are cut, as in Kusto. */
const MOST_ELEMENTS = 1_048_576;

export const kustoJsonImplementations: Record<KustoJsonFunction, Implementation> = {
  'kusto.parse-json': ([value]) => parseJson(value),
  'kusto.to-json': ([value]) => stringifyJson(sorted(dynamicOf(value))),
  'kusto.extract-json': ([path, json]) => extractJson(textIn(path), parseJson(json)),
  'kusto.pack-bag': (args) => {
    const members: [string, Json][] = [];
    for (let index = 0; index + 1 < args.length; index += 2)
      members.push([textIn(args[index]), dynamicOf(args[index + 1])]);
    return Object.fromEntries(members);
  },
  'kusto.pack-array': (args) => args.map(dynamicOf),
  'kusto.array-length': ([array]) => long(arrayIn(array)?.length),
  'kusto.array-concat': (args) => args.flatMap((arg) => arrayIn(arg) ?? []),
  'kusto.array-index-of': ([array, value, start, length, occurrence]) =>
    indexOf(arrayIn(array), value, wholeIn(start) ?? 0, wholeIn(length) ?? -1, wholeIn(occurrence) ?? 1),
  'kusto.array-slice': ([array, start, end]) => {
    const items = arrayIn(array);
    if (items === undefined) return null;
    const place = (at: number): number => (at < 0 ? items.length + at : at);
    return items.slice(Math.max(0, place(wholeIn(start) ?? 0)), place(wholeIn(end) ?? -1) + 1);
  },
  'kusto.array-sort': ([direction, array, nullsLast]) =>
    sort(arrayIn(array), direction === 'asc' ? 1 : -1, nullsLast !== false),
  'kusto.array-reverse': ([array]) => arrayIn(array)?.toReversed() ?? null,
  'kusto.array-sum': ([array]) => {
    const numbers = arrayIn(array)?.filter(isNumeric);
    return numbers === undefined || numbers.length === 0
      ? null
      : numbers.reduce<number>((sum, number) => sum + Number(number), 0);
  },
  'kusto.array-rotate': ([array, count]) => {
    const items = arrayIn(array);
    if (items === undefined || items.length === 0) return items ?? null;
    const by = (((wholeIn(count) ?? 0) % items.length) + items.length) % items.length;
    return [...items.slice(by), ...items.slice(0, by)];
  },
  'kusto.array-shift': ([array, count, fill]) => {
    const items = arrayIn(array);
    const by = wholeIn(count) ?? 0;
    return items?.map((_, index) => items[index + by] ?? dynamicOf(fill ?? null)) ?? null;
  },
  'kusto.array-split': ([array, places]) => split(arrayIn(array), arrayIn(places) ?? [places ?? null]),
  'kusto.array-iff': ([conditions, then, otherwise]) => {
    const pick = (from: Value, index: number): Value =>
      dynamicOf(arrayIn(from) === undefined ? from : (arrayIn(from)?.[index] ?? null));
    const truth = (value: Value): boolean | undefined =>
      typeof value === 'boolean' ? value : isNumeric(value) ? Number(value) !== 0 : undefined;
    return (
      arrayIn(conditions)?.map((one, index) =>
        truth(one) === undefined ? null : pick(truth(one) === true ? then : otherwise, index),
      ) ?? null
    );
  },
  'kusto.zip': (args) => {
    const arrays = args.map((arg) => arrayIn(arg) ?? []);
    const longest = Math.max(0, ...arrays.map((array) => array.length));
    return Array.from({ length: longest }, (_, index) => arrays.map((array) => array[index] ?? null));
  },
  'kusto.bag-keys': ([bag]) => {
    const members = bagIn(bag);
    return members === undefined ? null : Object.keys(members);
  },
  'kusto.bag-has-key': ([bag, key]) => {
    const path = pathOf(textIn(key));
    const holder = bagIn(follow(bag ?? null, path.slice(0, -1)));
    if (bagIn(bag) === undefined) return null;
    return holder !== undefined && Object.hasOwn(holder, String(path.at(-1)));
  },
  'kusto.bag-merge': (args) => Object.fromEntries(args.toReversed().flatMap((arg) => Object.entries(bagIn(arg) ?? {}))),
  'kusto.bag-remove-keys': ([bag, keys]) => {
    if (bagIn(bag) === undefined) return null;
    return (arrayIn(keys) ?? []).reduce<Json>((left, key) => without(left, pathOf(textIn(key))), dynamicOf(bag));
  },
  'kusto.bag-set-key': ([bag, key, value]) => {
    if (bagIn(bag) === undefined) return null;
    return withSet(dynamicOf(bag), pathOf(textIn(key)), dynamicOf(value));
  },
  'kusto.set-flatten': ([array]) => {
    const items = arrayIn(array);
    return items === undefined ? null : distinct(items.flatMap((item) => arrayIn(item) ?? [item]));
  },
  'kusto.set-has': ([array, value]) => {
    const wanted = dynamicOf(value);
    return arrayIn(array)?.some((item) => same(item, wanted)) ?? null;
  },
  'kusto.set-union': (args) => distinct(args.flatMap((arg) => arrayIn(arg) ?? [])),
  'kusto.set-intersect': ([first, ...others]) => {
    const sets = others.map(keysOf);
    return distinct(arrayIn(first) ?? []).filter((item) => sets.every((set) => set.has(keyOf(item))));
  },
  'kusto.set-difference': ([first, ...others]) => {
    const sets = others.map(keysOf);
    return distinct(arrayIn(first) ?? []).filter((item) => !sets.some((set) => set.has(keyOf(item))));
  },
  'kusto.range': ([from, to, step]) => range(from, to, step),
  'kusto.repeat': ([value, count]) => {
    const times = wholeIn(count);
    return times === undefined
      ? null
      : Array.from({ length: Math.max(0, Math.min(times, MOST_ELEMENTS)) }, () => dynamicOf(value));
  },
  'kusto.bag-zip': ([keys, values]) => {
    const names = arrayIn(keys);
    if (names === undefined) return null;
    const found = arrayIn(values) ?? [];
    return Object.fromEntries(
      names.flatMap((name, at) => (typeof name === 'string' ? [[name, dynamicOf(found[at] ?? null)]] : [])),
    );
  },
  'kusto.jaccard': ([left, right]) => {
    const [one, other] = [keysOf(left), keysOf(right)];
    const all = new Set([...one, ...other]).size;
    return all === 0 ? null : [...one].filter((key) => other.has(key)).length / all;
  },
  'kusto.set-equals': ([left, right]) => {
    const [one, other] = [keysOf(left), keysOf(right)];
    return one.size === other.size && [...one].every((key) => other.has(key));
  },
  'kusto.tree-path': ([value]) => {
    const found: string[] = [];
    treePaths(value ?? null, '', found);
    return found;
  },
  'kusto.sort-together': ([direction, nullsLast, ...arrays]) =>
    sortTogether(arrays, direction === 'asc' ? 1 : -1, nullsLast !== false),
  'kusto.merge-bags': ([bags]) => {
    const members = new Map<string, Json>();
    for (const bag of arrayIn(bags) ?? []) {
      for (const [key, member] of Object.entries(bagIn(bag) ?? {})) if (!members.has(key)) members.set(key, member);
    }
    return Object.fromEntries(members);
  },
  'kusto.flatten': ([array]) => arrayIn(array)?.flatMap((item) => arrayIn(item) ?? [item]) ?? null,
  'kusto.without-empty': ([bag]) =>
    Object.fromEntries(Object.entries(bagIn(bag) ?? {}).filter(([, member]) => member !== null && member !== '')),
};

function parseJson(value: Value): Value {
  if (typeof value !== 'string') return value ?? null;
  if (value === '') return null;
  const parsed = readJson(value);
  return parsed.ok ? parsed.value : value;
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isJsonObject(json)) return json;
  const keys = Object.keys(json).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(json[key] ?? null)]));
}

/** The steps of a path of the JSONPath subset that Kusto has (`$.a.b[0]['c d']`); undefined for no path. */
function stepsOf(path: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const step = /\.([A-Za-z_][\w-]*)|\[(-?\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;
  step.lastIndex = path.startsWith('$') ? 1 : 0;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return undefined;
    const [, member, index, single, double] = found;
    steps.push(member ?? single ?? double ?? Number(index));
  }
  return steps;
}

/** A key of a bag: a path when it begins like one, else the name itself. */
function pathOf(key: string): readonly (string | number)[] {
  return key.startsWith('$.') || key.startsWith('$[') ? (stepsOf(key) ?? [key]) : [key];
}

function follow(root: Value, steps: readonly (string | number)[]): Value {
  let value: Value = root;
  for (const step of steps) {
    const bag = bagIn(value);
    if (typeof step === 'number') value = arrayIn(value)?.at(step) ?? null;
    else value = bag !== undefined && Object.hasOwn(bag, step) ? (bag[step] ?? null) : null;
  }
  return value;
}

function extractJson(path: string, root: Value): Value {
  const steps = stepsOf(path);
  return steps === undefined ? null : follow(root, steps);
}

/** The value without what a path leads to. */
function without(json: Json, [step, ...rest]: readonly (string | number)[]): Json {
  if (typeof step !== 'string' || !isJsonObject(json) || !Object.hasOwn(json, step)) return json;
  const entries = Object.entries(json);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(entries.map(([key, value]) => [key, key === step ? without(value, rest) : value]));
}

function withSet(json: Json, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value;
  if (typeof step !== 'string' || !isJsonObject(json)) return json;
  const inner = Object.hasOwn(json, step) ? (json[step] ?? {}) : {};
  return Object.fromEntries([
    ...Object.entries(json).filter(([key]) => key !== step),
    [step, withSet(inner, rest, value)],
  ]);
}

function indexOf(
  items: readonly Value[] | undefined,
  wanted: Value,
  start: number,
  length: number,
  occurrence: number,
): Value {
  if (items === undefined) return null;
  const from = start < 0 ? Math.max(0, items.length + start) : start;
  const end = length < 0 ? items.length : Math.min(items.length, from + length);
  const value = dynamicOf(wanted);
  let found = 0;
  for (let index = from; index < end; index += 1) {
    if (same(items[index], value)) found += 1;
    if (found === occurrence) return BigInt(index);
  }
  return -1n;
}

function sort(items: readonly Value[] | undefined, sign: 1 | -1, nullsLast: boolean): Value {
  if (items === undefined) return null;
  const nulls = items.filter((item) => item === null);
  const values = items.filter((item) => item !== null).sort((a, b) => sign * (orderOf(a, b) ?? 0));
  return nullsLast ? [...values, ...nulls] : [...nulls, ...values];
}

function split(items: readonly Value[] | undefined, places: readonly Value[]): Value {
  if (items === undefined) return null;
  const parts: Value[] = [];
  let from = 0;
  for (const place of places) {
    const at = wholeIn(place) ?? 0;
    const cut = Math.max(from, Math.min(items.length, at < 0 ? items.length + at : at));
    parts.push(items.slice(from, cut));
    from = cut;
  }
  return [...parts, items.slice(from)];
}

function keysOf(value: Value): ReadonlySet<string> {
  return new Set((arrayIn(value) ?? []).map(keyOf));
}

function distinct(items: readonly Value[]): readonly Value[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

function range(from: Value, to: Value, step: Value): Value {
  const moment = from instanceof DateTime;
  if (moment || from instanceof TimeSpan) {
    if (!(to instanceof DateTime) && !(to instanceof TimeSpan)) return null;
    const by = step instanceof TimeSpan ? step.ticks : 36_000_000_000n;
    const items: Json[] = [];
    for (let ticks = from.ticks; by > 0n ? ticks <= to.ticks : by < 0n && ticks >= to.ticks; ticks += by) {
      items.push(toJson(moment ? dateTime(ticks) : new TimeSpan(ticks)));
      if (items.length >= MOST_ELEMENTS) break;
    }
    return items;
  }
  if (!isNumeric(from) || !isNumeric(to)) return null;
  const [start, end, by] = [Number(from), Number(to), isNumeric(step) ? Number(step) : 1];
  const items: number[] = [];
  for (let index = 0; by > 0 ? start + index * by <= end : by < 0 && start + index * by >= end; index += 1) {
    items.push(start + index * by);
    if (items.length >= MOST_ELEMENTS) break;
  }
  return items;
}

/** Deeper values, and more paths, are left out. */
const DEEPEST_PATH = 30;
const MOST_PATHS = 10_000;

function treePaths(value: Value, path: string, found: string[], depth = 0): void {
  const members = arrayIn(value)?.map((item, at) => [String(at), item] as const);
  const named = bagIn(value);
  const steps =
    members?.map(([at, item]) => [`[${at}]`, item] as const) ??
    Object.entries(named ?? {}).map(([key, member]) => [`['${key}']`, member] as const);
  if (depth > DEEPEST_PATH) return;
  for (const [step, member] of steps) {
    if (found.length >= MOST_PATHS) return;
    found.push(path + step);
    treePaths(member, path + step, found, depth + 1);
  }
}

/** The order of the first array is that of all; those of another length give null. */
function sortTogether(arrays: readonly Value[], sign: 1 | -1, nullsLast: boolean): Value {
  const first = arrayIn(arrays[0]);
  if (first === undefined) return null;
  const ranked = first.map((item, at) => ({ item, at }));
  ranked.sort((a, b) => {
    const [left, right] = [a.item === null, b.item === null];
    if (left || right) return (Number(left) - Number(right)) * (nullsLast ? 1 : -1);
    return sign * (orderOf(a.item, b.item) ?? 0);
  });
  return arrays.map((array) => {
    const items = arrayIn(array);
    return items?.length === first.length ? ranked.map(({ at }) => items[at] ?? null) : null;
  });
}
