import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { stripEnd } from '../../../../base/strip.ts';
import type { KustoTextFunction } from '../../../../ir/functions/kusto/text.ts';
import { compileTerm } from '../../../../patterns/term.ts';
import type { Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { parseCsv, parsePath, parseUrl, parseUrlQuery } from './parse.ts';
import { arrayIn, isNumeric, long, regexOf, textIn, wholeIn } from './scalars.ts';

export const kustoTextImplementations: Record<KustoTextFunction, Implementation> = {
  'kusto.strlen': ([text]) => BigInt([...textIn(text)].length),
  'kusto.string-size': ([text]) => BigInt(Buffer.byteLength(textIn(text), 'utf8')),
  'kusto.strcat': (args) => args.map(textIn).join(''),
  'kusto.strcat-delim': ([delimiter, ...args]) => args.map(textIn).join(textIn(delimiter)),
  'kusto.strcat-array': ([array, delimiter]) => arrayIn(array)?.map(textIn).join(textIn(delimiter)) ?? '',
  'kusto.strrep': ([text, count, delimiter]) => {
    const times = Math.min(Math.max(0, wholeIn(count) ?? 0), 1024);
    return Array.from({ length: times }, () => textIn(text)).join(textIn(delimiter));
  },
  'kusto.split': ([text, delimiter, index]) => {
    const by = textIn(delimiter);
    const parts = by === '' ? [textIn(text)] : textIn(text).split(by);
    if (index === undefined || index === null) return parts;
    const part = parts[wholeIn(index) ?? -1];
    return part === undefined ? null : [part];
  },
  'kusto.substring': ([text, start, length]) => substring(textIn(text), wholeIn(start), wholeIn(length)),
  'kusto.indexof': ([text, needle, start, length, occurrence]) =>
    indexOf(textIn(text), textIn(needle), wholeIn(start) ?? 0, wholeIn(length) ?? -1, wholeIn(occurrence) ?? 1),
  'kusto.trim': ([pattern, text]) => trimEnd(textIn(pattern), trimStart(textIn(pattern), textIn(text))),
  'kusto.trim-start': ([pattern, text]) => trimStart(textIn(pattern), textIn(text)),
  'kusto.trim-end': ([pattern, text]) => trimEnd(textIn(pattern), textIn(text)),
  'kusto.replace-string': ([text, lookup, rewrite]) => {
    const wanted = textIn(lookup);
    return wanted === '' ? textIn(text) : textIn(text).replaceAll(wanted, () => textIn(rewrite));
  },
  'kusto.replace-regex': ([text, pattern, rewrite]) =>
    regexOf(textIn(pattern))?.replaceAll(textIn(text), textIn(rewrite)) ?? textIn(text),
  'kusto.extract': ([pattern, group, text]) =>
    regexOf(textIn(pattern))?.groups(textIn(text))?.groups[wholeIn(group) ?? 0] ?? '',
  'kusto.extract-all': ([pattern, groups, text]) => extractAll(textIn(pattern), arrayIn(groups) ?? [], textIn(text)),
  'kusto.countof': ([text, needle, kind]) => countOf(textIn(text), textIn(needle), textIn(kind)),
  'kusto.reverse': ([text]) => [...textIn(text)].reverse().join(''),
  'kusto.base64-decode': ([text]) => {
    const encoded = textIn(text).trim();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || stripEnd(encoded, '=').length % 4 === 1) return '';
    return Buffer.from(encoded, 'base64').toString('utf8');
  },
  'kusto.base64-encode': ([text]) => Buffer.from(textIn(text), 'utf8').toString('base64'),
  'kusto.url-decode': ([text]) => decodePercent(textIn(text).replaceAll('+', ' ')),
  'kusto.url-encode': ([text]) => encodePercent(textIn(text)).replaceAll('%20', '+'),
  'kusto.url-encode-component': ([text]) => encodePercent(textIn(text)),
  'kusto.strcmp': ([a, b]) => {
    const [one, two] = [textIn(a), textIn(b)];
    return one < two ? -1n : one > two ? 1n : 0n;
  },
  'kusto.tohex': ([value, least]) => {
    if (!isNumeric(value) || (typeof value === 'number' && !Number.isFinite(value))) return '';
    const whole = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
    return BigInt.asUintN(64, whole)
      .toString(16)
      .padStart(Math.min(wholeIn(least) ?? 0, 64), '0');
  },
  'kusto.hash-md5': ([text]) => createHash('md5').update(textIn(text), 'utf8').digest('hex'),
  'kusto.hash-sha1': ([text]) => createHash('sha1').update(textIn(text), 'utf8').digest('hex'),
  'kusto.hash-sha256': ([text]) => createHash('sha256').update(textIn(text), 'utf8').digest('hex'),
  'kusto.regex-quote': ([text]) => textIn(text).replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'),
  'kusto.translate': ([search, replacement, text]) => {
    const by = [...textIn(replacement)];
    const from = [...textIn(search)];
    const last = by.at(-1) ?? '';
    return [...textIn(text)].map((char) => (from.includes(char) ? (by[from.indexOf(char)] ?? last) : char)).join('');
  },
  'kusto.code-points': ([text]) => [...textIn(text)].map((char) => char.codePointAt(0) ?? 0),
  'kusto.from-code-points': (args) =>
    args
      .flatMap((arg) => arrayIn(arg) ?? [arg])
      .map((point) => wholeIn(point) ?? -1)
      .map((point) => (point >= 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''))
      .join(''),
  'kusto.parse-url': ([text]) => parseUrl(textIn(text)),
  'kusto.parse-url-query': ([text]) => ({ 'Query Parameters': parseUrlQuery(textIn(text)) }),
  'kusto.parse-path': ([text]) => parsePath(textIn(text)),
  'kusto.parse-csv': ([text]) => parseCsv(textIn(text)),
  'kusto.parse-version': ([text]) => {
    const parts = textIn(text).trim().split('.');
    if (parts.length > 4 || !parts.every((part) => /^\d{1,8}$/.test(part))) return null;
    const padded = [...parts, '0', '0', '0'].slice(0, 4).map((part) => part.padStart(8, '0'));
    return BigInt(padded.join(''));
  },
  'kusto.has-any-index': ([text, items]) => {
    const found = arrayIn(items)?.findIndex((item) => compileTerm(textIn(item), 'both', true)(textIn(text)));
    return found === undefined ? null : BigInt(found);
  },
  'kusto.indexof-regex': ([text, pattern, start, length, occurrence]) =>
    indexOfRegex(textIn(text), textIn(pattern), wholeIn(start) ?? 0, wholeIn(length) ?? -1, wholeIn(occurrence) ?? 1),
  'kusto.replace-strings': ([text, lookups, rewrites]) =>
    replaceStrings(textIn(text), (arrayIn(lookups) ?? []).map(textIn), (arrayIn(rewrites) ?? []).map(textIn)),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  'kusto.is-ascii': ([text]) => /^[\u0000-\u007f]*$/.test(textIn(text)),
  'kusto.format-bytes': ([size, precision, unit]) => formatBytes(size, wholeIn(precision) ?? 0, textIn(unit)),
};

/** Places count code points; a start before the text gives nothing. */
function substring(text: string, start: number | undefined, length: number | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: where there is nothing beyond ASCII, code units are code points.
  const points = /^[\u0000-\u007f]*$/.test(text) ? undefined : [...text];
  const size = points?.length ?? text.length;
  const from = start ?? 0;
  const begin = from < 0 ? size + from : from;
  if (begin < 0) return '';
  const end = length === undefined ? size : begin + Math.max(0, length);
  return points === undefined ? text.slice(begin, end) : points.slice(begin, end).join('');
}

function indexOf(text: string, needle: string, start: number, length: number, occurrence: number): Value {
  if (needle === '') return null;
  const from = start < 0 ? Math.max(0, text.length + start) : start;
  if (occurrence < 1 || from > text.length) return occurrence < 1 ? null : -1n;
  // The length counts anew from each place the search goes on from.
  let at = from - 1;
  for (let found = 0; found < occurrence; found += 1) {
    const end = length < 0 ? text.length : Math.min(text.length, at + 1 + length);
    at = text.slice(0, end).indexOf(needle, at + 1);
    if (at === -1) return -1n;
  }
  return BigInt(at);
}

function trimStart(pattern: string, text: string): string {
  const found = regexOf(`^(?:${pattern})`)?.groups(text);
  return found === undefined || found.start !== 0 ? text : text.slice(found.end);
}

function trimEnd(pattern: string, text: string): string {
  const found = regexOf(`(?:${pattern})$`)?.groups(text);
  return found === undefined || found.end !== text.length ? text : text.slice(0, found.start);
}

function extractAll(pattern: string, wanted: readonly Value[], text: string): Value {
  const regex = regexOf(pattern);
  if (regex === undefined) return null;
  const found: Value[] = [];
  let from = 0;
  for (let match = regex.groups(text, from); match !== undefined; match = regex.groups(text, from)) {
    const { groups } = match;
    const numbers =
      wanted.length > 0 ? wanted.map((one) => groupNumber(pattern, one)) : groups.slice(1).map((_, index) => index + 1);
    const captured = (numbers.length === 0 ? [0] : numbers).map((number) => groups[number] ?? '');
    found.push(captured.length === 1 ? (captured[0] ?? '') : captured);
    from = match.end > match.start ? match.end : match.end + 1;
    if (from > text.length) break;
  }
  return found.length === 0 ? null : found;
}

/** A group by its number, or by its name in `(?P<name>…)`. */
function groupNumber(pattern: string, wanted: Value): number {
  if (typeof wanted !== 'string') return wholeIn(wanted) ?? 0;
  let number = 0;
  for (const [whole, name] of pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]?|\((?!\?)|\(\?P?<([A-Za-z]\w*)>/g)) {
    if (whole === '(' || name !== undefined) number += 1;
    if (name === wanted) return number;
  }
  return 0;
}

function countOf(text: string, needle: string, kind: string): Value {
  if (needle === '') return 0n;
  let count = 0;
  if (kind === 'regex') {
    const regex = regexOf(needle);
    if (regex === undefined) return null;
    for (let match = regex.groups(text, 0); match !== undefined; ) {
      count += 1;
      const next = match.end > match.start ? match.end : match.end + 1;
      match = next > text.length ? undefined : regex.groups(text, next);
    }
    return long(count);
  }
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) count += 1;
  return long(count);
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function encodePercent(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).replace(/%[0-9A-F]{2}/g, (escaped) =>
    escaped.toLowerCase(),
  );
}

function indexOfRegex(text: string, pattern: string, start: number, length: number, occurrence: number): Value {
  const regex = regexOf(pattern);
  if (regex === undefined || occurrence < 1) return null;
  const from = Math.min(text.length, start < 0 ? Math.max(0, text.length + start) : start);
  const searched = text.slice(0, length < 0 ? text.length : from + length);
  let at = from;
  for (let found = 1; at <= searched.length; found += 1) {
    const match = regex.groups(searched, at);
    if (match === undefined) return -1n;
    if (found === occurrence) return BigInt(match.start);
    at = Math.max(match.end, match.start + 1);
  }
  return -1n;
}

/** The earliest of the texts is replaced, of those at one place the first; then the search goes on behind it. */
function replaceStrings(text: string, lookups: readonly string[], rewrites: readonly string[]): string {
  const wanted = lookups
    .map((lookup, at) => ({ lookup, rewrite: rewrites[at] ?? '' }))
    .filter((one) => one.lookup !== '');
  let result = '';
  for (let from = 0; ; ) {
    let best: { readonly at: number; readonly one: (typeof wanted)[number] } | undefined;
    for (const one of wanted) {
      const at = text.indexOf(one.lookup, from);
      if (at !== -1 && (best === undefined || at < best.at)) best = { at, one };
    }
    if (best === undefined) return result + text.slice(from);
    result += text.slice(from, best.at) + best.one.rewrite;
    from = best.at + best.one.lookup.length;
  }
}

const BYTE_UNITS = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

function formatBytes(size: Value, precision: number, unit: string): Value {
  if (!isNumeric(size)) return null;
  const bytes = Number(size);
  const asked = BYTE_UNITS.findIndex((name) => name.toLowerCase() === unit.toLowerCase());
  const fitting = bytes === 0 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  const power = asked >= 0 ? asked : Math.max(0, Math.min(BYTE_UNITS.length - 1, fitting));
  const digits = Math.max(0, Math.min(20, precision));
  const shown = (bytes / 1024 ** power).toFixed(digits).replace(/\.0+$/, '');
  return `${shown} ${BYTE_UNITS[power]}`;
}
