import type { Json } from '../../../base/json.ts';
import { isJsonObject } from '../../../base/json.ts';
import { searchRegex } from './regex.ts';
import type { Run } from './run.ts';
import { reprOf, textOf } from './text.ts';
import {
  Foreign,
  isArray,
  isMap,
  isMapping,
  isPlainText,
  itemsOf,
  iterate,
  type Key,
  keyOf,
  leave,
  less,
  listOf,
  PyAddress,
  PyDict,
  PyFunction,
  PyGenerator,
  PyList,
  PyNetwork,
  PyRegex,
  PySet,
  PyTuple,
  PyView,
  raise,
  truth,
  type Value,
} from './value.ts';

type Named = ReadonlyMap<string, Value> | undefined;
type Builtin = (args: readonly Value[], named: Named, run: Run) => Value;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  abs: ([value = null]) => (typeof value === 'number' ? Math.abs(value) : leave('`abs`')),
  all: ([value = null]) => {
    let found = true;
    iterate(
      value,
      (item) => {
        if (!truth(item)) found = false;
        return !found;
      },
      true,
    );
    return found;
  },
  any: ([value = null]) => {
    let found = false;
    iterate(
      value,
      (item) => {
        if (truth(item)) found = true;
        return found;
      },
      true,
    );
    return found;
  },
  bool: ([value = null]) => truth(value),
  dict: (args, named) => {
    const [value] = args;
    const entries = new Map<Key, Value>();
    if (value instanceof PyDict) for (const [key, item] of value.entries) entries.set(key, item);
    else if (value !== undefined && isMap(value)) {
      for (const key of Object.keys(value)) entries.set(key, value[key] ?? null);
    } else if (value !== undefined) {
      for (const pair of listOf(value)) {
        const parts = itemsOf(pair);
        if (parts?.length !== 2) return leave('`dict`');
        entries.set(keyOf(parts[0] ?? null), parts[1] ?? null);
      }
    }
    for (const [key, item] of named ?? []) entries.set(key, item);
    return new PyDict(entries);
  },
  enumerate: ([value = null, start = 0]) => {
    if (typeof start !== 'number') return leave('`enumerate`');
    return iterator([value], ([items = []]) => items.map((item, at) => new PyTuple([start + at, item])));
  },
  float: ([value = null]) => {
    if (value === null) return raise('TypeError');
    return typeof value === 'number' && !Number.isInteger(value) ? value : leave('`float`');
  },
  frozenset: ([value]) => setOf(value),
  int: (args) => {
    const [value = null] = args;
    if (args.length !== 1) return leave('`int`');
    if (typeof value === 'boolean') return Number(value);
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : leave('`int`');
    if (value === null) return raise('TypeError');
    if (typeof value !== 'string') return leave('`int`');
    if (/^-?[1-9][0-9]{0,14}$|^0$/.test(value)) return Number(value);
    return /^[A-Za-z ]*$/.test(value) ? raise('ValueError') : leave('`int`');
  },
  isinstance: ([value = null, types = null]) => isInstance(value, types),
  len: ([value = null]) => lengthOf(value),
  list: ([value]) => new PyList(value === undefined ? [] : listOf(value)),
  max: (args, named) => extreme(args, named, (a, b) => less(b, a)),
  min: (args, named) => extreme(args, named, less),
  next: (args) => {
    const [value, otherwise] = args;
    if (!(value instanceof PyGenerator) || args.length !== 2) return leave('`next`');
    let found: Value | undefined;
    iterate(value, (item) => {
      found = item;
      return true;
    });
    return found === undefined ? (otherwise ?? null) : found;
  },
  print: () => null,
  range: (args) => {
    const [first = null, second] = args;
    const [from, to] = second === undefined ? [0, first] : [first, second];
    if (typeof from !== 'number' || typeof to !== 'number' || args.length > 2 || to - from > 1000) {
      return leave('`range`');
    }
    return new PyView(
      (visit) => {
        for (let at = from; at < to; at += 1) if (visit(at)) return;
      },
      () => Math.max(0, to - from),
    );
  },
  repr: ([value = null], _, run) => reprOf(value, run),
  reversed: ([value = null]) => {
    if (itemsOf(value) === undefined) return leave('`reversed`');
    return iterator([value], ([items = []]) => items.toReversed());
  },
  set: ([value]) => setOf(value),
  sorted: (args, named) => {
    const [value = null] = args;
    const key = named?.get('key');
    const reverse = named?.get('reverse') ?? false;
    if (typeof reverse !== 'boolean' || reverse || key !== undefined) return leave('`sorted`');
    const items = listOf(value, true);
    // What may not be ordered raises, whichever pairs are looked at: all must be of one kind.
    const kinds = new Set(items.map((item) => typeof item));
    if (kinds.size > 1 || !(kinds.size === 0 || kinds.has('string') || kinds.has('number'))) return leave('`sorted`');
    return new PyList(items.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0)));
  },
  str: (args, _, run) => {
    const [value] = args;
    if (args.length > 1) return leave('`str`');
    return value === undefined ? '' : textOf(value, run);
  },
  sum: (args) => {
    let total = 0;
    if (args.length !== 1) return leave('`sum`');
    for (const item of listOf(args[0] ?? null, true)) {
      const number = typeof item === 'boolean' ? Number(item) : item;
      if (typeof number !== 'number' || !Number.isSafeInteger(total + number)) return leave('`sum`');
      total += number;
    }
    return total;
  },
  tuple: ([value]) => new PyTuple(value === undefined ? [] : listOf(value)),
  zip: (args) =>
    iterator(args, (lists) => {
      const length = lists.length === 0 ? 0 : Math.min(...lists.map((each) => each.length));
      return Array.from({ length }, (_, at) => new PyTuple(lists.map((each) => each[at] ?? null)));
    }),
};

/** What goes through lists when it is gone through itself; they must not change meanwhile. */
function iterator(sources: readonly Value[], make: (lists: readonly (readonly Value[])[]) => readonly Value[]): PyView {
  for (const each of sources) {
    if (each === null || typeof each === 'number' || typeof each === 'boolean') raise('TypeError');
  }
  return new PyView((visit) => {
    const lists = sources.map((each) => listOf(each));
    for (const item of make(lists)) {
      if (visit(item)) return;
      for (const [at, each] of sources.entries()) {
        const { length = -1 } = lists[at] ?? [];
        if (each instanceof PyList && each.items.length !== length)
          leave('a list that changes while it is gone through');
      }
    }
  }, undefined);
}

/** Which names a builtin takes as named arguments. */
const NAMED: ReadonlySet<string> = new Set(['dict', 'max', 'min', 'print', 'sorted'].map((name) => `builtins.${name}`));

/** Classes that are only asked for. */
const CLASSES: ReadonlySet<string> = new Set(['bytes', 'object', 'type']);

export function isBuiltin(name: string): boolean {
  return Object.hasOwn(BUILTINS, name) || CLASSES.has(name);
}

/** Functions of modules, by their full names. */
const FOREIGN: Readonly<Record<string, Builtin>> = {
  're.compile': (args) => {
    const [first, second = null] = args;
    if (typeof first !== 'string') return leave('a regular expression');
    return new PyRegex(first, args.length > 1 ? flagsOf(second) : '');
  },
  're.search': (args) => search(args, 'search'),
  're.match': (args) => search(args, 'match'),
  're.fullmatch': (args) => search(args, 'fullmatch'),
  'json.loads': (args) => (args.length === 1 ? loadJson(args[0] ?? null) : leave('`json.loads`')),
  'functools.reduce': (args) => {
    const [first, second = null, start = null] = args;
    if (!(first instanceof PyFunction) || args.length !== 3) return leave('`functools.reduce`');
    let value = start;
    for (const item of listOf(second)) value = first.call([value, item], undefined);
    return value;
  },
  'ipaddress.ip_address': (args) => (args.length === 1 ? addressOf(args[0] ?? null) : leave('`ip_address`')),
  'ipaddress.ip_network': (args) => (args.length === 1 ? networkOf(args[0] ?? null) : leave('`ip_network`')),
  'fnmatch.fnmatch': ([first = null, second = null]) => wildcardMatch(first, second),
  'fnmatch.fnmatchcase': ([first = null, second = null]) => wildcardMatch(first, second),
};

const FUNCTIONS: ReadonlyMap<string, Builtin> = new Map([
  ...Object.entries(BUILTINS).map(([name, run]): [string, Builtin] => [`builtins.${name}`, run]),
  ...Object.entries(FOREIGN),
]);

/** Calls what is not the rules' own. */
export function callForeign(name: string, args: readonly Value[], named: Named, run: Run): Value {
  const made = FUNCTIONS.get(name) ?? leave(`\`${name}\``);
  if (named !== undefined && !NAMED.has(name)) return leave(`\`${name}\` with named arguments`);
  return made(args, named, run);
}

function search(args: readonly Value[], how: string): Value {
  const [first = null, text = null, flags] = args;
  if (first instanceof PyRegex && args.length === 2) return searchRegex(first, how, text);
  if (typeof first !== 'string' || args.length < 2) return leave('a regular expression');
  return searchRegex(new PyRegex(first, flags === undefined ? '' : flagsOf(flags)), how, text);
}

function setOf(value: Value | undefined): PySet {
  return new PySet(new Set(value === undefined ? [] : listOf(value, true).map(keyOf)));
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return isPlainText(value) ? value.length : [...value].length;
  if (value === null || typeof value !== 'object') return raise('TypeError');
  if (value instanceof PyDict) return value.entries.size;
  if (value instanceof PySet) return value.keys.size;
  if (value instanceof PyView) return value.count === undefined ? raise('TypeError') : value.count();
  if (isMap(value)) return Object.keys(value).length;
  return itemsOf(value)?.length ?? leave('a length');
}

function extreme(args: readonly Value[], named: Named, better: (a: Value, b: Value) => boolean): Value {
  if (named !== undefined) return leave('the largest by a key');
  const items = args.length === 1 ? listOf(args[0] ?? null) : args;
  const [first, ...rest] = items;
  if (first === undefined) return raise('ValueError');
  return rest.reduce((best, item) => (better(item, best) ? item : best), first);
}

/** What a type takes in, by its full name. The event's own lists and maps are neither list nor dict. */
const isSequence = (value: Value): boolean => typeof value === 'string' || itemsOf(value) !== undefined;
const INSTANCES: ReadonlyMap<string, (value: Value) => boolean> = new Map(
  Object.entries<(value: Value) => boolean>({
    'builtins.str': (value) => typeof value === 'string',
    'builtins.bool': (value) => typeof value === 'boolean',
    'builtins.int': (value) =>
      typeof value === 'boolean' || typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)),
    'builtins.float': (value) => typeof value === 'number' && !Number.isInteger(value),
    'builtins.list': (value) => value instanceof PyList,
    'typing.List': (value) => value instanceof PyList,
    'builtins.tuple': (value) => value instanceof PyTuple,
    'builtins.dict': (value) => value instanceof PyDict,
    'typing.Dict': (value) => value instanceof PyDict,
    'builtins.set': (value) => value instanceof PySet,
    'builtins.bytes': () => false,
    'collections.abc.Mapping': isMapping,
    'typing.Mapping': isMapping,
    'collections.abc.Sequence': isSequence,
    'typing.Sequence': isSequence,
    'panther_core.immutable.ImmutableList': isArray,
    'panther_core.immutable.ImmutableCaseInsensitiveDict': isMap,
    // Mocks are for tests, which Python runs.
    'unittest.mock.MagicMock': () => false,
  }),
);

function isInstance(value: Value, types: Value): boolean {
  if (types instanceof PyTuple) return types.items.some((type) => isInstance(value, type));
  if (!(types instanceof Foreign)) return leave('a test of a type');
  const test = INSTANCES.get(types.name);
  // Whole numbers beyond what is counted exactly may be floats in Python.
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) return leave('a number');
  return test === undefined ? leave('a test of a type') : test(value);
}

function flagsOf(value: Value): string {
  if (value instanceof Foreign && /^re\.(?:I|IGNORECASE)$/.test(value.name)) return 'i';
  return leave('flags of a regular expression');
}

function loadJson(value: Value): Value {
  if (value === null) return raise('TypeError');
  // Python reads numbers and a few words otherwise.
  if (typeof value !== 'string') return leave('`json.loads`');
  if (value === '') return raise('JSONDecodeError');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return /NaN|Infinity/.test(value) ? leave('`json.loads`') : raise('JSONDecodeError');
  }
  if (/\d\.\d|\d[eE]|-0|\d{16}/.test(value.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"?/g, '""')))
    return leave('`json.loads` of numbers');
  return plain(parsed as Json);
}

/** JSON as dicts and lists. */
function plain(value: Json): Value {
  if (Array.isArray(value)) return new PyList(value.map(plain));
  if (!isJsonObject(value)) return value;
  const entries = new Map<Key, Value>();
  for (const key of Object.keys(value)) {
    // JavaScript moves such keys to the front.
    if (/^\d+$/.test(key)) leave('`json.loads` of numbered keys');
    entries.set(key, plain(value[key] ?? null));
  }
  return new PyDict(entries);
}

/** Four numbers without leading noughts. */
function octets(text: string): number | undefined {
  const parts = text.split('.');
  const isOctet = (part: string): boolean => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256;
  if (parts.length !== 4 || !parts.every(isOctet)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Texts without a colon are IPv4 addresses or none. */
function addressOf(value: Value): Value {
  if (value === null || isArray(value) || isMap(value)) return raise('ValueError');
  if (typeof value !== 'string' || value.includes(':')) return leave('`ip_address`');
  const number = octets(value);
  return number === undefined ? raise('ValueError') : new PyAddress(number);
}

function networkOf(value: Value): Value {
  if (typeof value !== 'string') return leave('`ip_network`');
  const found = /^([0-9.]+)\/([0-9]|[12][0-9]|3[0-2])$/.exec(value);
  const first = octets(found?.[1] ?? value);
  if (first === undefined) return leave('`ip_network`');
  const size = 2 ** (32 - Number(found?.[2] ?? 32));
  // Bits of the host must be nought.
  return first % size === 0 ? new PyNetwork(first, first + size - 1) : raise('ValueError');
}

function wildcardMatch(value: Value, pattern: Value): boolean {
  if (typeof value !== 'string' || typeof pattern !== 'string') {
    return value === null ? raise('TypeError') : leave('`fnmatch`');
  }
  if (/[[\]]/.test(pattern)) return leave('`fnmatch` with a class');
  return fits([...value], [...pattern]);
}

/** Linear in the text for each star: only the last one is tried again. */
function fits(text: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = place;
      mark = at;
      place += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      place = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}
