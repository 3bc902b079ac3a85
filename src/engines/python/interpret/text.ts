import type { Json } from '../../../base/json.ts';
import type { Run } from './run.ts';
import {
  isArray,
  isMap,
  isPlainText,
  type Key,
  leave,
  PyDict,
  PyList,
  PyObject,
  PyTuple,
  type Value,
} from './value.ts';

/** Python's `str`. */
export function textOf(value: Value, run: Run): string {
  return typeof value === 'string' ? value : reprOf(value, run);
}

/** Python's `repr`, where it is surely known. The event's own lists and maps say what they are. */
export function reprOf(value: Value, run: Run): string {
  if (isArray(value)) return `ImmutableList(${tuple(value.map((item) => plainRepr(item, run)))})`;
  if (isMap(value)) {
    const name = value === run.root ? 'PantherEvent' : 'ImmutableCaseInsensitiveDict';
    return `${name}(${plainRepr(value, run)})`;
  }
  if (value instanceof PyList) return `[${value.items.map((item) => reprOf(item, run)).join(', ')}]`;
  if (value instanceof PyTuple) return tuple(value.items.map((item) => reprOf(item, run)));
  if (value instanceof PyDict) return braced([...value.entries].map(([key, item]) => [key, reprOf(item, run)]));
  if (value instanceof PyObject) return leave('the text of an object');
  return atomRepr(value, run);
}

/** What the event's lists and maps hold is plain. */
function plainRepr(value: Json, run: Run): string {
  if (isArray(value)) return `[${value.map((item) => plainRepr(item, run)).join(', ')}]`;
  if (isMap(value)) return braced(Object.entries(value).map(([key, item]) => [key, plainRepr(item, run)]));
  return atomRepr(value, run);
}

function atomRepr(value: null | boolean | number | bigint | string, run: Run): string {
  run.spend(1);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  return value === null ? 'None' : value.toString();
}

function tuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

function braced(entries: readonly (readonly [Key, string])[]): string {
  const keyText = (key: Key): string =>
    typeof key === 'string' ? quoted(key) : key === null ? 'None' : numberText(key);
  return `{${entries.map(([key, value]) => `${keyText(key)}: ${value}`).join(', ')}}`;
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? String(value) : leave('a very large number');
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e16 ? String(value) : leave('a number with an exponent');
}

/** Only text that every version of Unicode calls printable. */
function quoted(text: string): string {
  if (!/^[ -~]*$/.test(text)) return leave('a repr of rare characters');
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\');
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

/** Upper and lower case, where all versions of Unicode agree. */
export function folded(text: string, to: 'lower' | 'upper'): string {
  if (!/^[\0-\xff]*$/.test(text)) return leave('the case of rare characters');
  return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
}

/** What Python takes for white space. */
const SPACE = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACES: RegExp = new RegExp(`[${SPACE}]+`);
const LEADING: RegExp = new RegExp(`^[${SPACE}]+`);

export function splitText(text: string, separator: string | null, most: number, fromEnd: boolean): string[] {
  if (separator === null) {
    if (most >= 0) return leave('a split by white space with a limit');
    return text.split(SPACES).filter((part) => part !== '');
  }
  const parts = text.split(separator);
  if (most < 0 || parts.length - 1 <= most) return parts;
  return fromEnd
    ? [parts.slice(0, parts.length - most).join(separator), ...parts.slice(parts.length - most)]
    : [...parts.slice(0, most), parts.slice(most).join(separator)];
}

export function stripText(text: string, characters: string | null, where: 'both' | 'start' | 'end'): string {
  if (characters !== null && !(isPlainText(characters) && isPlainText(text))) return leave('rare characters');
  const drops = (unit: string): boolean => (characters === null ? LEADING.test(unit) : characters.includes(unit));
  let start = 0;
  let end = text.length;
  if (where !== 'end') while (start < end && drops(text[start] ?? '')) start += 1;
  if (where !== 'start') while (end > start && drops(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}
