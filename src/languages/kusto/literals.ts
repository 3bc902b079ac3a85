import { type Json, stringifyJson } from '../../base/json.ts';
import type { TokenStream } from '../../base/syntax/token-stream.ts';
import type { ValueType } from '../../ir/types.ts';
import { isNumberText } from '../../values/number-text.ts';
import type { KustoToken, KustoTokenKind } from './lexer.ts';
import { typeNamed } from './types.ts';

interface TypedLiteral {
  readonly type: ValueType;
  readonly value: string | number | boolean | null;
}

const TICKS: Readonly<Record<string, bigint>> = {
  d: 864_000_000_000n,
  h: 36_000_000_000n,
  m: 600_000_000n,
  s: 10_000_000n,
  ms: 10_000n,
  micro: 10n,
  tick: 1n,
};

/** Ticks of a timespan literal, given as number, blank, unit. Undefined when the unit is none. */
export function readTimespan(text: string): string | undefined {
  const found = /^([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*([a-z]+)$/.exec(text);
  const [, amount = '', unit = ''] = found ?? [];
  if (unit.startsWith('nano')) return scaled(amount, 1n, 100n);
  const key = /^(ms|milli)/.test(unit) ? 'ms' : /^(micro|tick)/.exec(unit)?.[0] || unit.charAt(0);
  const ticks = TICKS[key];
  return ticks === undefined ? undefined : scaled(amount, ticks, 1n);
}

/** A decimal text times a whole number, exactly, truncated to a whole number. */
function scaled(amount: string, ticks: bigint, by: bigint): string | undefined {
  const found = /^([0-9]+)(?:\.([0-9]*))?$/.exec(amount);
  if (found === null) {
    const value = Number(amount) * Number(ticks);
    return Number.isFinite(value) ? (BigInt(Math.trunc(value)) / by).toString() : undefined;
  }
  const fraction = found[2] ?? '';
  return ((BigInt((found[1] ?? '0') + fraction) * ticks) / (10n ** BigInt(fraction.length) * by)).toString();
}

const EPOCH = 621_355_968_000_000_000n;
const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const AMERICAN =
  /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT)?$/i;

/** Ticks of the text inside `datetime(…)`: ISO 8601, or month/day/year as Kusto reads it. */
function readDateTime(written: string): string | undefined {
  // Parts may be parted by commas, and blanks stand around what parts them.
  const text = /^\d{1,4}\s*[-,/]\s*\d{1,2}\s*[-,/]\s*\d{1,4}/.test(written)
    ? written.replace(/^(\d{1,4})\s*([-,/])\s*(\d{1,2})\s*\2\s*(\d{1,4})/, (_, a, by, b, c) =>
        [a, b, c].join(by === ',' ? '-' : by),
      )
    : written;
  const iso = DATE.exec(text)?.slice(1);
  const american = AMERICAN.exec(text)?.slice(1);
  let parts: readonly (string | undefined)[];
  if (iso !== undefined) parts = iso;
  else if (american !== undefined) parts = [american[2], american[0], american[1], ...american.slice(3)];
  else if (/^\d{4}$/.test(text)) parts = [text, '1', '1'];
  else if (/^\d{4}-\d{1,2}$/.test(text)) parts = [...text.split('-'), '1'];
  else return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part || 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second, 0);
  const fraction = BigInt((parts[6] ?? '').padEnd(7, '0').slice(0, 7));
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(parts[7] ?? '');
  const offset = zone === null ? 0n : BigInt(`${zone[1]}${Number(zone[2]) * 60 + Number(zone[3])}`) * 600_000_000n;
  return (EPOCH + BigInt(date.getTime()) * 10_000n + fraction - offset).toString();
}

const CLOCK = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

function readClock(text: string): string | undefined {
  const found = CLOCK.exec(text);
  if (found === null) return undefined;
  const [days, hours, minutes, seconds] = [2, 3, 4, 5].map((group) => BigInt(found[group] ?? 0));
  const total =
    (((days ?? 0n) * 24n + (hours ?? 0n)) * 60n + (minutes ?? 0n)) * 600_000_000n +
    (seconds ?? 0n) * 10_000_000n +
    BigInt((found[6] ?? '').padEnd(7, '0'));
  return (found[1] === '-' ? -total : total).toString();
}

/** A literal written as `type(text)`. Undefined when the text is none of the type. */
export function readTyped(typeName: string, text: string): TypedLiteral | undefined {
  const type = typeNamed(typeName);
  return type === undefined ? undefined : readAs(type, text);
}

function readAs(type: ValueType, text: string): TypedLiteral | undefined {
  if (text === 'null') return { type, value: null };
  switch (type) {
    case 'datetime': {
      const ticks = readDateTime(text);
      return ticks === undefined ? undefined : { type, value: ticks };
    }
    case 'timespan': {
      const unsigned = text.replace(/^-\s*/, '');
      const counted = readTimespan(unsigned.replace(/^([0-9.]+)\s*([a-z]+)$/, '$1 $2'));
      const ticks =
        readClock(text) ??
        (counted !== undefined && text !== unsigned ? `-${counted}` : counted) ??
        (/^-?\d+$/.test(text) ? (BigInt(text) * 864_000_000_000n).toString() : undefined);
      return ticks === undefined ? undefined : { type, value: ticks };
    }
    case 'guid': {
      const digits = text.replace(/[-{}]/g, '').toLowerCase();
      if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
      return { type, value: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
    }
    case 'bool':
      if (/^(true|1)$/i.test(text)) return { type, value: true };
      return /^(false|0)$/i.test(text) ? { type, value: false } : undefined;
    case 'int':
    case 'long': {
      if (!/^[+-]?\s*(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text)) return undefined;
      const size = BigInt(text.replace(/^[+-]?\s*/, ''));
      const value = text.startsWith('-') ? -size : size;
      // A number that an int cannot hold is none.
      return { type, value: type === 'int' && BigInt.asIntN(32, value) !== value ? null : value.toString() };
    }
    case 'real':
      if (/^nan$/i.test(text)) return { type, value: Number.NaN };
      if (/^[+-]?inf$/i.test(text)) return { type, value: text.startsWith('-') ? -Infinity : Infinity };
      return isNumberText(text) ? { type, value: Number(text) } : undefined;
    case 'decimal':
      return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? { type, value: text } : undefined;
    case 'string':
    case 'dynamic':
      return undefined;
  }
}

/**
 * Reads what stands inside `dynamic(…)` up to its closing parenthesis, and gives it as JSON text: JSON, but strings may be
 * any of Kusto's, and literals of other types (`datetime(…)`, `1h`, a nested `dynamic(…)`) may stand in it.
 */
export function readDynamic(
  stream: TokenStream<KustoTokenKind, KustoToken>,
  expected: (what: string) => void,
): string | undefined {
  const wrong = (what: string): undefined => {
    expected(what);
    return undefined;
  };
  const at = (symbol: string): boolean => stream.at('symbol') && stream.peek().text === symbol;
  const value = (): Json | undefined => stream.nest(inner, () => wrong('less nesting'));
  const inner = (): Json | undefined => {
    const token = stream.peek();
    switch (token.kind) {
      case 'string': {
        let joined = '';
        while (stream.at('string')) joined += stream.next().value;
        return joined;
      }
      case 'long':
      case 'real': {
        stream.next();
        return wholeOrReal(token.value);
      }
      case 'timespan':
        stream.next();
        return token.text;
      case 'typed': {
        stream.next();
        const literal = readTyped(token.type ?? '', token.value);
        if (literal === undefined) return wrong('a literal');
        if (literal.type === 'long' || literal.type === 'int') return wholeOrReal(String(literal.value));
        return literal.type === 'datetime' || literal.type === 'timespan' ? token.value : literal.value;
      }
      case 'name':
        stream.next();
        if (token.value === 'true' || token.value === 'false') return token.value === 'true';
        if (token.value === 'null') return null;
        if (token.value === 'dynamic' && at('(')) {
          stream.next();
          const nested = value();
          if (nested === undefined) return undefined;
          if (!at(')')) return wrong('`)`');
          stream.next();
          return nested;
        }
        return wrong('a JSON value');
      case 'symbol':
        if (token.text === '-') {
          stream.next();
          const number = stream.peek();
          if (number.kind !== 'long' && number.kind !== 'real') return wrong('a number');
          stream.next();
          return wholeOrReal(`-${number.value}`);
        }
        if (token.text === '[') return items();
        if (token.text === '{') return members();
        return wrong('a JSON value');
      case 'bad':
      case 'end':
        return wrong('a JSON value');
    }
  };
  const items = (): Json | undefined => {
    stream.next();
    const found: Json[] = [];
    while (!at(']')) {
      const item = value();
      if (item === undefined) return undefined;
      found.push(item);
      if (!at(',')) break;
      stream.next();
      if (at(']')) return wrong('a JSON value');
    }
    if (!at(']')) return wrong('`,` or `]`');
    stream.next();
    return found;
  };
  const members = (): Json | undefined => {
    stream.next();
    const found: [string, Json][] = [];
    while (!at('}')) {
      const key = stream.peek();
      if (key.kind !== 'string' && key.kind !== 'name') return wrong('a key');
      stream.next();
      if (!at(':')) return wrong('`:`');
      stream.next();
      const member = value();
      if (member === undefined) return undefined;
      found.push([key.value, member]);
      if (!at(',')) break;
      stream.next();
    }
    if (!at('}')) return wrong('`,` or `}`');
    stream.next();
    return Object.fromEntries(found);
  };
  if (at(')')) return 'null';
  const result = value();
  return result === undefined ? undefined : stringifyJson(result);
}

function wholeOrReal(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
