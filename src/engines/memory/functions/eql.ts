import type { EqlFunction } from '../../../ir/functions/eql.ts';
import { parseFormattedDate } from '../../../values/date-format.ts';
import { momentInDateField } from '../../../values/date-math.ts';
import { momentOf } from '../../../values/moment.ts';
import { isNumberText } from '../../../values/number-text.ts';
import { textsOf } from '../../../values/text-of.ts';
import { DateTime, type Value } from '../../../values/value.ts';
import { LimitReached } from '../budget.ts';
import type { Implementation } from './implementation.ts';

/** How many combinations of several values a call looks at; with more it fails. */
const MOST_COMBINATIONS = 10_000;

/** Runs for each value of the arguments that are several, in all ways; nulls among what it gives are left out. */
function forEach(one: (...args: readonly Value[]) => Value): Implementation {
  return (args) => {
    if (!args.some(Array.isArray)) return one(...args);
    let ways: (readonly Value[])[] = [[]];
    for (const arg of args) {
      const values = valuesOf(arg);
      if (ways.length * values.length > MOST_COMBINATIONS) throw new LimitReached('combinations', MOST_COMBINATIONS);
      ways = ways.flatMap((way) => values.map((value) => [...way, value]));
    }
    const found = ways.map((way) => one(...way)).filter((value) => value !== null && value !== undefined);
    return found.length === 0 ? null : found;
  };
}

function valuesOf(arg: Value): readonly Value[] {
  if (!Array.isArray(arg)) return [arg];
  const values = arg.filter((value: Value) => value !== null && value !== undefined);
  return values.length === 0 ? [null] : values;
}

type Numeric = number | bigint;

/** A number, or the text of one; whole ones as bigint. */
function numberIn(value: Value): Numeric | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'string' || !isNumberText(value)) return undefined;
  return /^[+-]?\d+$/.test(value) ? BigInt(value) : Number(value);
}

function arithmetic(
  whole: (left: bigint, right: bigint) => Value,
  real: (left: number, right: number) => number,
): Implementation {
  return forEach((left, right) => {
    const a = numberIn(left);
    const b = numberIn(right);
    if (a === undefined || b === undefined) return null;
    if (typeof a === 'bigint' && typeof b === 'bigint') return whole(a, b);
    const result = real(Number(a), Number(b));
    return Number.isFinite(result) ? result : null;
  });
}

function ratio(left: number, right: number): number {
  return left / right;
}

/** Over texts; null where an argument has none. */
function overTexts(compute: (...texts: string[]) => Value): (...args: readonly Value[]) => Value {
  return (...args) => {
    const texts = textsOf(args);
    return texts === undefined ? null : compute(...texts);
  };
}

/** A test of two texts, whose last argument says whether case matters. */
function textTest(test: (text: string, part: string) => boolean): Implementation {
  return forEach(
    overTexts((text = '', part = '', collation = '') =>
      collation === 'ignore-case' ? test(text.toLowerCase(), part.toLowerCase()) : test(text, part),
    ),
  );
}

function between(text: string, left: string, right: string, greedy: boolean, ignoreCase: boolean): Value {
  const [where, from, to] = ignoreCase
    ? [text.toLowerCase(), left.toLowerCase(), right.toLowerCase()]
    : [text, left, right];
  const found = where.indexOf(from);
  if (found === -1) return null;
  const start = found + from.length;
  const end = greedy ? where.lastIndexOf(to) : where.indexOf(to, start);
  return end < start ? null : text.slice(start, end);
}

function placeIn(value: Value, otherwise: number): number | undefined {
  if (value === null || value === undefined) return otherwise;
  const number = numberIn(value);
  return number === undefined ? undefined : Math.trunc(Number(number));
}

function parseNumber(text: string, base: Value): Value {
  const written = placeIn(base, Number.NaN);
  if (written === undefined) return null;
  const found = /^([+-]?)(0x)?([0-9a-z]*)$/i.exec(text);
  const hexadecimal = found?.[2] !== undefined && (Number.isNaN(written) || written === 16);
  const radix = hexadecimal ? 16 : Number.isNaN(written) ? 10 : written;
  if (radix === 10) return numberIn(text) ?? null;
  const digits = hexadecimal || found?.[2] === undefined ? found?.[3] : undefined;
  if (radix < 2 || radix > 36 || digits === undefined || digits === '') return null;
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, radix);
    if (Number.isNaN(worth)) return null;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return found?.[1] === '-' ? -value : value;
}

/** The moment of a value in a date field, whose format may be given; null when it is none. */
function dateOf(value: Value, format: Value): Value {
  if (typeof format !== 'string' || value instanceof DateTime) return momentInDateField(value) ?? null;
  return parseFormattedDate(value, format) ?? null;
}

export const eqlImplementations: Record<EqlFunction, Implementation> = {
  'eql.add': arithmetic(
    (left, right) => left + right,
    (left, right) => left + right,
  ),
  'eql.subtract': arithmetic(
    (left, right) => left - right,
    (left, right) => left - right,
  ),
  'eql.multiply': arithmetic(
    (left, right) => left * right,
    (left, right) => left * right,
  ),
  'eql.divide': arithmetic((left, right) => (right === 0n ? null : left / right), ratio),
  'eql.ratio': arithmetic((left, right) => (right === 0n ? null : Number(left) / Number(right)), ratio),
  'eql.modulo': arithmetic(
    (left, right) => (right === 0n ? null : left % right),
    (left, right) => left % right,
  ),
  'eql.between': forEach((text, left, right, greedy, collation) =>
    overTexts((whole = '', from = '', to = '') =>
      between(whole, from, to, greedy === true, collation === 'ignore-case'),
    )(text, left, right),
  ),
  'eql.concat': forEach(overTexts((...texts) => texts.join(''))),
  'eql.contains': textTest((text, part) => text.includes(part)),
  'eql.date': forEach((value, format) => dateOf(value, format)),
  'eql.ends-with': textTest((text, end) => text.endsWith(end)),
  'eql.event-time': ([read, field]) => {
    const moment = momentOf(read);
    return moment === undefined ? dateOf(Array.isArray(field) ? field[0] : field, undefined) : new DateTime(moment);
  },
  'eql.index-of': forEach((text, part, start, collation) => {
    const from = placeIn(start, 0);
    if (from === undefined) return null;
    return overTexts((whole = '', wanted = '') => {
      const fold = (one: string): string => (collation === 'ignore-case' ? one.toLowerCase() : one);
      const found = fold(whole).indexOf(fold(wanted), Math.max(0, from));
      return found === -1 ? null : BigInt(found);
    })(text, part);
  }),
  'eql.length': forEach(overTexts((text = '') => BigInt(text.length))),
  'eql.number': forEach((text, base) => overTexts((written = '') => parseNumber(written, base))(text)),
  'eql.starts-with': textTest((text, start) => text.startsWith(start)),
  'eql.string': forEach(overTexts((text = '') => text)),
  'eql.substring': forEach((text, start, end) => {
    const from = placeIn(start, 0);
    const to = placeIn(end, Number.POSITIVE_INFINITY);
    if (from === undefined || to === undefined) return null;
    return overTexts((whole = '') => whole.slice(from, to))(text);
  }),
};
