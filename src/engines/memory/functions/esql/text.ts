import { Buffer } from 'node:buffer';
import { createHash, getHashes } from 'node:crypto';
import type { EsqlTextFunction } from '../../../../ir/functions/esql/text.ts';
import { compileWildcard } from '../../../../ir/wildcard.ts';
import { wildcardParts } from '../../../../ir/wildcard-parts.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { columnOf, each, illegal, invalid, single, textIn, valuesIn, wholeIn } from './multi-value.ts';

/** A function of one text. */
function ofText(compute: (text: string, ...others: readonly Value[]) => Value): Implementation {
  return single(([text, ...others]) => compute(textIn(text), ...others));
}

/** The code points: what Elasticsearch counts in texts. */
function pointsOf(text: string): readonly string[] {
  return [...text];
}

function substring(text: string, start: number, length: number | undefined, clock: Clock): Value {
  if (length !== undefined && length < 0) {
    return illegal(clock, `Length parameter cannot be negative, found [${length}]`);
  }
  const points = pointsOf(text);
  const from = start > 0 ? start - 1 : start < 0 ? Math.max(0, points.length + start) : 0;
  return points.slice(from, length === undefined ? undefined : from + length).join('');
}

function locate(text: string, part: string, start: number): Value {
  if (start < 0 || start > text.length + 1) return 0n;
  const points = pointsOf(text);
  const from = points.slice(0, Math.max(0, start - 1)).join('').length;
  const found = text.indexOf(part, from);
  return found === -1 ? 0n : BigInt(pointsOf(text.slice(0, found)).length + 1);
}

/** Java's replacement text: `$1` and `${name}` are groups, a backslash takes the next character as it is. */
function replaceAll(text: string, regex: string, replacement: string, clock: Clock): Value {
  const compiled = compileRegex(regex, { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false });
  if (!compiled.ok) return invalidRegex(clock, regex, compiled.reason);
  let result = '';
  let at = 0;
  for (let from = 0; from <= text.length; ) {
    const found = compiled.regex.groups(text, from);
    if (found === undefined) break;
    const filled = filledIn(replacement, found.groups);
    if (filled === undefined) return noGroup(clock, replacement);
    result += text.slice(at, found.start) + filled;
    at = found.end;
    from = found.end > found.start ? found.end : found.end + (isPair(text, found.end) ? 2 : 1);
  }
  return result + text.slice(at);
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}

function invalidRegex(clock: Clock, regex: string, reason: string): null {
  clock.failures?.add(`java.util.regex.PatternSyntaxException: ${reason} near index 0\n${regex}`);
  return null;
}

function noGroup(clock: Clock, replacement: string): null {
  clock.failures?.add(`java.lang.IndexOutOfBoundsException: No group in ${replacement}`);
  return null;
}

/** Undefined where Java has no meaning for it: a group that there is not, a `$` before neither a number nor a name, a backslash at the end. */
function filledIn(replacement: string, groups: readonly (string | undefined)[]): string | undefined {
  let isSound = true;
  const filled = replacement.replace(/\\([\s\S]?)|\$(\d*)/g, (_, escaped: string | undefined, digits: string) => {
    if (escaped !== undefined) {
      if (escaped === '') isSound = false;
      return escaped;
    }
    // Digits belong to the number as long as there is such a group.
    let length = 1;
    while (length < digits.length && Number(digits.slice(0, length + 1)) < groups.length) length += 1;
    const group = Number(digits.slice(0, length));
    if (digits === '' || group >= groups.length) isSound = false;
    return (groups[group] ?? '') + digits.slice(length);
  });
  return isSound ? filled : undefined;
}

function split(text: string, delimiter: string): Value {
  if (delimiter === '') return columnOf(pointsOf(text));
  return columnOf(text.split(delimiter));
}

/** `+` is a blank, and bytes that are no UTF-8 are replaced, as Java's decoder does. */
function urlDecode(text: string, clock: Clock): Value {
  const bytes: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '%') {
      const next = text.slice(at).search('%');
      const end = next === -1 ? text.length : at + next;
      bytes.push(Buffer.from(text.slice(at, end).replaceAll('+', ' '), 'utf8'));
      at = end;
      continue;
    }
    const pair = text.slice(at + 1, at + 3);
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) {
      return illegal(clock, `URLDecoder: Illegal hex characters in escape (%) pattern - ${pair}`);
    }
    bytes.push(Buffer.from(pair, 'hex'));
    at += 3;
  }
  return Buffer.concat(bytes).toString('utf8');
}

function urlEncode(text: string, blank: '+' | '%20'): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9._-]/.test(character)) return character;
      if (character === '*' && blank === '+') return character;
      if (character === '~' && blank === '%20') return character;
      return character === ' ' ? blank : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

const DIGESTS: ReadonlySet<string> = new Set(getHashes().map((name) => name.toLowerCase()));

function hash(name: string, text: string, clock: Clock): Value {
  const plain = name.toLowerCase();
  const known = plain.startsWith('sha-') ? plain.replace('sha-', 'sha') : plain;
  if (!DIGESTS.has(known)) return invalid(clock, `invalid algorithm [${name}]`);
  return createHash(known).update(text, 'utf8').digest('hex');
}

export const esqlTextImplementations: Record<EsqlTextFunction, Implementation> = {
  'esql.concat': single((texts) => texts.map(textIn).join('')),
  'esql.length': ofText((text) => BigInt(pointsOf(text).length)),
  'esql.byte-length': ofText((text) => BigInt(Buffer.byteLength(text, 'utf8'))),
  'esql.bit-length': ofText((text) => BigInt(Buffer.byteLength(text, 'utf8') * 8)),
  'esql.to-lower': each((text) => textIn(text).toLowerCase()),
  'esql.to-upper': each((text) => textIn(text).toUpperCase()),
  'esql.trim': ofText((text) => trimStart(trimEnd(text))),
  'esql.ltrim': ofText(trimStart),
  'esql.rtrim': ofText(trimEnd),
  'esql.left': ofText((text, count) =>
    pointsOf(text)
      .slice(0, Math.max(0, wholeIn(count, 0)))
      .join(''),
  ),
  'esql.right': ofText((text, count) => {
    const most = Math.max(0, wholeIn(count, 0));
    return most === 0 ? '' : pointsOf(text).slice(-most).join('');
  }),
  'esql.substring': single(([text, start, length], clock) =>
    substring(textIn(text), wholeIn(start, 0), length === undefined ? undefined : wholeIn(length, 0), clock),
  ),
  'esql.locate': ofText((text, part, start) => locate(text, textIn(part), wholeIn(start, 0))),
  'esql.replace': single(([text, regex, replacement], clock) =>
    replaceAll(textIn(text), textIn(regex), textIn(replacement), clock),
  ),
  'esql.split': single(([text, delimiter]) => split(textIn(text), textIn(delimiter))),
  'esql.repeat': single(([text, count], clock) => {
    const times = wholeIn(count, 0);
    if (times < 0) return illegal(clock, `Number parameter cannot be negative, found [${times}]`);
    if (textIn(text).length * times > 1_048_576) {
      return illegal(clock, 'Creating repeated strings with more than [1048576] bytes is not supported');
    }
    return textIn(text).repeat(times);
  }),
  'esql.reverse': ofText((text) => {
    const characters = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text);
    return [...characters]
      .map(({ segment }) => segment)
      .reverse()
      .join('');
  }),
  'esql.space': single(([count], clock) => {
    const length = wholeIn(count, 0);
    if (length < 0) return illegal(clock, `Number parameter cannot be negative, found [${length}]`);
    if (length > 1_048_576) {
      return illegal(clock, `Creating strings longer than [1048576] bytes is not supported`);
    }
    return ' '.repeat(length);
  }),
  'esql.starts-with': ofText((text, start) => text.startsWith(textIn(start))),
  'esql.ends-with': ofText((text, end) => text.endsWith(textIn(end))),
  'esql.contains': ofText((text, part) => text.includes(textIn(part))),
  'esql.to-base64': ofText((text) => Buffer.from(text, 'utf8').toString('base64')),
  'esql.from-base64': single(([text], clock) => {
    const written = textIn(text);
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(written)) {
      return illegal(clock, 'Illegal base64 character');
    }
    return Buffer.from(written, 'base64').toString('utf8');
  }),
  'esql.url-decode': single(([text], clock) => urlDecode(textIn(text), clock)),
  'esql.url-encode': ofText((text) => urlEncode(text, '+')),
  'esql.url-encode-component': ofText((text) => urlEncode(text, '%20')),
  'esql.near': ([values, text, edits]) =>
    valuesIn(values).some((value) => isNear(textIn(value), textIn(text), wholeIn(edits, 0))),
  'esql.like': single(([text, pattern, kind], clock) => {
    if (kind === 'like') return compileWildcard(wildcardParts(textIn(pattern)), false)(textIn(text));
    const options = { flavour: 'lucene', ignoreCase: false, flags: '', anchored: true } as const;
    const compiled = compileRegex(textIn(pattern), options);
    return compiled.ok ? compiled.regex.test(textIn(text)) : illegal(clock, compiled.reason);
  }),
  'esql.hash': single(([name, text], clock) => hash(textIn(name), textIn(text), clock)),
};

/** Whether one text becomes the other by at most so many changes (optimal string alignment). */
function isNear(left: string, right: string, most: number): boolean {
  if (Math.abs(left.length - right.length) > most) return false;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : change;
      next.push(Math.min((last[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap));
    }
    if (Math.min(...next) > most) return false;
    before = last;
    last = next;
  }
  return (last[right.length] ?? most + 1) <= most;
}

/** Blanks and control characters. */
function isBlank(unit: string | undefined): boolean {
  return unit !== undefined && (unit <= ' ' || /\s/.test(unit));
}

function trimStart(text: string): string {
  let start = 0;
  while (isBlank(text[start])) start += 1;
  return text.slice(start);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (isBlank(text[end - 1])) end -= 1;
  return text.slice(0, end);
}
