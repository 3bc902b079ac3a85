import type { WildcardPart } from '../../../ir/expr.ts';
import type { ElasticFunction } from '../../../ir/functions/elastic.ts';
import { compileWildcard } from '../../../ir/wildcard.ts';
import { parseFormattedDate } from '../../../values/date-format.ts';
import { type DateMath, momentInDateField, parseDateMath, resolveDateTicks } from '../../../values/date-math.ts';
import { toEpochMs } from '../../../values/date-time.ts';
import { elementsOf } from '../../../values/elements.ts';
import { keyOf } from '../../../values/key.ts';
import { isNumberText } from '../../../values/number-text.ts';
import { displayText } from '../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { compareVersions } from '../../../values/version.ts';
import { tokens } from '../analysed.ts';
import { leavesOf as namedLeaves } from '../raw.ts';
import type { Implementation } from './implementation.ts';
import { enrichments, termsOf } from './indicators.ts';

/** Bounds are written in the rule: few texts, each read once. */
const read = new Map<string, DateMath | undefined>();

function dateMath(text: string): DateMath | undefined {
  if (!read.has(text)) {
    if (read.size >= 10_000) read.clear();
    read.set(text, parseDateMath(text));
  }
  return read.get(text);
}

/**
 * `>=` and `<` mean the first moment of what the bound names, `>` and `<=` the last (Elasticsearch, range query on
 * date fields: rounding of date math and of missing date components).
 */
const dateRange: Implementation = ([subject, ...bounds], clock) => {
  const tests: ((moment: bigint) => boolean)[] = [];
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const sign = bounds[at];
    const text = bounds[at + 1];
    const math = typeof text === 'string' ? dateMath(text) : undefined;
    if (math === undefined) return false;
    // Only a bound that counts from now may ask: the time of the run can be unknown yet.
    const now = math.anchor === 'now' ? toEpochMs(clock.now) : 0;
    const bound = resolveDateTicks(math, now, sign === '>' || sign === '<=');
    if (sign === '>') tests.push((moment) => moment > bound);
    else if (sign === '>=') tests.push((moment) => moment >= bound);
    else if (sign === '<') tests.push((moment) => moment < bound);
    else tests.push((moment) => moment <= bound);
  }
  return momentsOf(subject).some((moment) => tests.every((test) => test(moment)));
};

/** The values' moments in ticks. */
function momentsOf(value: Value): readonly bigint[] {
  if (Array.isArray(value)) return value.flatMap(momentsOf);
  const moment = momentInDateField(value);
  return moment === undefined ? [] : [moment.ticks];
}

const versionRange: Implementation = ([subject, ...bounds]) => {
  const versions = (Array.isArray(subject) ? subject : [subject]).filter((one) => typeof one === 'string');
  return versions.some((version) => {
    for (let at = 0; at + 1 < bounds.length; at += 2) {
      const order = compareVersions(version, String(bounds[at + 1]));
      if (!isOrdered(order, bounds[at])) return false;
    }
    return true;
  });
};

function isOrdered(order: number, sign: Value): boolean {
  if (sign === '>') return order > 0;
  if (sign === '>=') return order >= 0;
  return sign === '<' ? order < 0 : order <= 0;
}

/** In no certain order; without recursion, so that no nesting of a record can end the stack. */
function leavesOf(value: Value): Value[] {
  const found: Value[] = [];
  const open: Value[] = [value];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (next === undefined || next === null) continue;
    if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (typeof next !== 'object' || next instanceof DateTime || next instanceof TimeSpan) found.push(next);
    else for (const member of Object.values(next)) open.push(member);
  }
  return found;
}

function membersOf(
  map: Value,
  cut: string,
  put: string,
  except: readonly string[],
  fits: (name: string) => boolean,
): readonly Value[] {
  const isExcept = (rest: string): boolean =>
    except.some((name) => rest === name || (name.endsWith('.') && rest.startsWith(name)));
  return namedLeaves(map).flatMap(({ name, value }) => {
    if (!name.startsWith(cut) || name.length === cut.length) return [];
    const rest = name.slice(cut.length);
    return isExcept(rest) || !fits(put + rest) ? [] : [value];
  });
}

function texts(value: Value): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Patterns are written in the rule: few, each compiled once. */
const compiled = new Map<string, (name: string) => boolean>();

function fitsOf(pieces: readonly string[]): (name: string) => boolean {
  const key = JSON.stringify(pieces);
  let fits = compiled.get(key);
  if (fits === undefined) {
    if (compiled.size >= 10_000) compiled.clear();
    const parts = pieces.map((piece): WildcardPart => {
      if (piece.startsWith('=')) return { text: piece.slice(1) };
      return { any: piece === '*' ? 'many' : 'one' };
    });
    fits = pieces.length === 0 ? () => true : compileWildcard(parts, false);
    compiled.set(key, fits);
  }
  return fits;
}

/** What `read` makes of a value, or of each of several; missing when it makes nothing of any. */
function kept(value: Value, read: (one: Value) => Value): Value {
  if (!Array.isArray(value)) return read(value);
  const found = value.flatMap((one): Value[] => {
    const made = one === null ? null : kept(one, read);
    return made === undefined ? [] : [made];
  });
  return found.length === 0 && value.length > 0 ? undefined : found;
}

function numberIn(value: Value, whole: boolean): Value {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return whole ? Math.trunc(value) : value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (whole && /^[+-]?\d+$/.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text.replace('+', ''));
  }
  if (!isNumberText(text)) return undefined;
  return whole ? Math.trunc(Number(text)) : Number(text);
}

function truthIn(value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' || value === '' ? false : undefined;
}

/** Lengths are in code points, as Elasticsearch counts characters. */
function isLonger(value: Value, length: number): boolean {
  if (typeof value !== 'string' || value.length <= length) return false;
  return [...value].length > length;
}

export const elasticImplementations: Record<ElasticFunction, Implementation> = {
  'elastic.date-range': dateRange,
  'elastic.version-range': versionRange,
  'elastic.leaves': ([value]) => leavesOf(value),
  'elastic.members': ([map, cut, put, except, name]) => {
    const found = membersOf(map, String(cut), String(put), texts(except), fitsOf(texts(name)));
    return found.length === 0 ? undefined : found;
  },
  'elastic.number': ([value, kind]) => kept(value, (one) => numberIn(one, kind === 'whole')),
  'elastic.boolean': ([value]) => kept(value, truthIn),
  'elastic.date': ([value, format]) => kept(value, (one) => parseFormattedDate(one, String(format))),
  'elastic.at-most': ([value, length]) => kept(value, (one) => (isLonger(one, Number(length)) ? undefined : one)),
  'elastic.null-as': ([value, replacement]) => {
    if (Array.isArray(value)) return value.map((one) => one ?? replacement ?? null);
    return value === null ? replacement : value;
  },
  'elastic.words-in': ([value, texts]) => {
    const listed = (Array.isArray(texts) ? texts : []).map((text) => new Set(tokens(displayText(text) ?? '')));
    return (Array.isArray(value) ? elementsOf(value) : [value]).some((one) => {
      const words = tokens(displayText(one) ?? '');
      return words.length > 0 && listed.some((text) => words.every((word) => text.has(word)));
    });
  },
  'elastic.only': ([value]) => {
    if (!Array.isArray(value)) return value ?? undefined;
    const [only, ...more] = elementsOf(value);
    return more.length === 0 ? only : undefined;
  },
  'elastic.terms': ([value, kind]) => termsOf(value, String(kind)),
  'elastic.have-common': ([left, right]) => {
    const have = new Set((Array.isArray(left) ? left : []).map(keyOf));
    return (Array.isArray(right) ? right : []).some((value) => have.has(keyOf(value)));
  },
  'elastic.enrichments': ([found]) => enrichments(found),
};
