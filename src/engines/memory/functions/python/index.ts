import { isJsonObject } from '../../../../base/json.ts';
import { stripEnd } from '../../../../base/strip.ts';
import type { PythonFunction } from '../../../../ir/functions/python.ts';
import type { Value } from '../../../../values/value.ts';
import { foldedKey } from '../../raw.ts';
import type { Implementation } from '../implementation.ts';
import { deepWalk } from './deep-walk.ts';
import { pythonText } from './text.ts';
import { addValues, isText, lessThan, numberOf, sameValue, truthy, typeNames } from './value.ts';

/** Python's own white space. */
const SPACES =
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';
const AT_START = new RegExp(`^[${SPACES}]+`);
const BETWEEN = new RegExp(`[${SPACES}]+`, 'g');

function contains(container: Value, item: Value, fold: boolean): Value {
  if (typeof container === 'string') return typeof item === 'string' ? container.includes(item) : undefined;
  if (Array.isArray(container)) return container.some((each: Value) => sameValue(each, item));
  if (!isJsonObject(container)) return undefined;
  if (typeof item === 'object' && item !== null) return undefined;
  // Keys in any case are texts; but nothing is looked for in an empty map.
  if (typeof item !== 'string') return fold && truthy(container) ? undefined : false;
  return Object.hasOwn(container, item) || (fold && foldedKey(container, item) !== undefined);
}

function get(map: Value, key: Value, fold: boolean): Value {
  if (!isJsonObject(map) || typeof key !== 'string') return undefined;
  if (Object.hasOwn(map, key)) return map[key];
  const spelled = fold ? foldedKey(map, key) : undefined;
  return spelled === undefined ? undefined : map[spelled];
}

/** Texts count by code points in Python. */
function pieces(value: Value): readonly Value[] | undefined {
  if (typeof value === 'string') return [...value];
  return Array.isArray(value) ? value : undefined;
}

function again(value: Value, found: readonly Value[]): Value {
  return typeof value === 'string' ? found.join('') : found;
}

function strip(text: Value, characters: Value, where: Value): Value {
  if (typeof text !== 'string') return undefined;
  let found = text;
  if (characters === undefined || characters === null) {
    if (where !== 'end') found = found.replace(AT_START, '');
    return where === 'start' ? found : stripEnd(found, SPACES);
  }
  if (typeof characters !== 'string') return undefined;
  const wanted = new Set(characters);
  const points = [...found];
  let from = 0;
  let to = points.length;
  if (where !== 'end') while (from < to && wanted.has(points[from] ?? '')) from += 1;
  if (where !== 'start') while (to > from && wanted.has(points[to - 1] ?? '')) to -= 1;
  found = points.slice(from, to).join('');
  return found;
}

function split(text: Value, separator: Value, most: Value, fromEnd: boolean): Value {
  if (typeof text !== 'string' || separator === '') return undefined;
  const limit = numberOf(most) ?? -1;
  let parts: string[];
  let mark: string;
  if (typeof separator === 'string') {
    parts = text.split(separator);
    mark = separator;
  } else if (separator === null || separator === undefined) {
    // White space splits are only limited by what is left unsplit, which nobody may join again.
    if (limit >= 0) return undefined;
    return text.split(BETWEEN).filter((part) => part !== '');
  } else return undefined;
  if (limit < 0 || parts.length <= limit + 1) return parts;
  const cut = fromEnd ? parts.length - limit : limit;
  if (fromEnd) return [parts.slice(0, cut).join(mark), ...parts.slice(cut)];
  return [...parts.slice(0, cut), parts.slice(cut).join(mark)];
}

function toInt(value: Value): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const text = strip(value, null, 'both');
  if (typeof text !== 'string' || !/^[+-]?\d+(?:_\d+)*$/.test(text)) return undefined;
  const number = Number(text.replaceAll('_', ''));
  return Number.isSafeInteger(number) ? number : BigInt(text.replaceAll('_', ''));
}

const starts = (text: Value, part: Value): Value =>
  typeof text === 'string' && typeof part === 'string' ? text.startsWith(part) : undefined;

export const pythonImplementations: Record<PythonFunction, Implementation> = {
  'python.is-type': ([value, ...names]) => typeNames(value).some((name) => names.includes(name)),
  'python.truthy': ([value]) => truthy(value),
  'python.equals': ([a, b]) => sameValue(a, b),
  'python.contains': ([container, item, fold]) => contains(container, item, fold === true),
  'python.less': ([a, b]) => lessThan(a, b, false),
  'python.less-equal': ([a, b]) => lessThan(a, b, true),
  'python.get': ([map, key, fold]) => get(map, key, fold === true),
  'python.item': ([value, index]) => {
    const found = pieces(value);
    const at = numberOf(index);
    if (found === undefined || at === undefined) return undefined;
    const place = at < 0 ? at + found.length : at;
    return place < 0 || place >= found.length ? undefined : (found[place] ?? null);
  },
  'python.slice': ([value, from, to]) => {
    const found = pieces(value);
    return found === undefined ? undefined : again(value, found.slice(numberOf(from) ?? 0, numberOf(to) ?? undefined));
  },
  'python.iterate': ([value]) => pieces(value) ?? (isJsonObject(value) ? Object.keys(value) : undefined),
  'python.items': ([value, which]) => {
    if (!isJsonObject(value)) return undefined;
    if (which === 'keys') return Object.keys(value);
    return which === 'values' ? Object.values(value) : Object.entries(value);
  },
  'python.deep-walk': ([root, otherwise, which, ...keys]) => deepWalk(root, keys.filter(isText), otherwise, which),
  'python.len': ([value]) => pieces(value)?.length ?? (isJsonObject(value) ? Object.keys(value).length : undefined),
  'python.str': ([value, wrapped]) => pythonText(value, wrapped === true),
  'python.int': ([value]) => toInt(value),
  'python.add': ([a, b]) => addValues(a, b),
  'python.strip': ([text, characters, where]) => strip(text, characters, where),
  'python.split': ([text, separator, most, fromEnd]) => split(text, separator, most, fromEnd === true),
  'python.replace': ([text, from, to]) =>
    isText(text) && isText(from) && isText(to) ? replaceAll(text, from, to) : undefined,
  'python.join': ([separator, parts]) => {
    const texts = pieces(parts) ?? (isJsonObject(parts) ? Object.keys(parts) : undefined);
    return isText(separator) && texts?.every(isText) === true ? texts.join(separator) : undefined;
  },
  'python.starts-with': ([text, part]) => starts(text, part),
  'python.ends-with': ([text, part]) => (isText(text) && isText(part) ? text.endsWith(part) : undefined),
  'python.json-loads': ([text]) => {
    if (typeof text !== 'string') return undefined;
    try {
      return JSON.parse(text) as Value;
    } catch {
      return undefined;
    }
  },
};

/** An empty text stands between all characters. */
function replaceAll(text: string, from: string, to: string): string {
  return from === '' ? `${to}${[...text].map((point) => point + to).join('')}` : text.replaceAll(from, () => to);
}
