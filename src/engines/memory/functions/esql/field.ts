import ipaddr from 'ipaddr.js';
import { isJsonObject, stringifyJson } from '../../../../base/json.ts';
import { stripEnd } from '../../../../base/strip.ts';
import type { EsqlFieldFunction } from '../../../../ir/functions/esql/field.ts';
import { parseAddress } from '../../../../patterns/address.ts';
import { momentInDateField } from '../../../../values/date-math.ts';
import { formatDateTime } from '../../../../values/date-time.ts';
import { keyOf } from '../../../../values/key.ts';
import { textOf, toJson } from '../../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { columnOf, each, fail, realIn, SEVERAL, textIn, valuesIn } from './multi-value.ts';
import { orderKey, orderOfType } from './order.ts';

/** What one value of a record is as a value of a field of some type; null where the field cannot hold it. */
type Read = (value: Value) => Value;

const READS: Readonly<Record<string, Read>> = {
  keyword: (value) => textOf(value) ?? null,
  text: (value) => textOf(value) ?? null,
  version: (value) => textOf(value) ?? null,
  geo_point: point,
  boolean: (value) => (typeof value === 'boolean' ? value : booleanOf(value)),
  integer: whole,
  long: whole,
  unsigned_long: whole,
  double: fraction,
  float: (value) => rounded(value, Math.fround),
  half_float: (value) => rounded(value, halfOf),
  scaled_float: (value) => rounded(value, (number) => Math.round(number * 100) * (1 / 100)),
  date: (value) => momentOfField(value, 10_000n),
  date_nanos: (value) => momentOfField(value, 1n),
  ip: (value) => canonicalAddress(value),
  unknown: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value),
};

/** Types whose values an index keeps in the order of the document. */
const IN_ORDER: ReadonlySet<Value> = new Set(['text', 'geo_point']);
/** Types of which an index keeps each value once. */
const ONCE: ReadonlySet<Value> = new Set(['keyword', 'version', 'ip']);

/** The values of a field as Elasticsearch loads them from its index. */
const values: Implementation = ([found, type]) => {
  if (found === null || found === undefined) return null;
  const read = READS[textIn(type)] ?? ((value: Value): Value => value);
  if (!Array.isArray(found)) return isMap(found) ? (type === 'geo_point' ? read(found) : null) : read(found);
  const all = flat(found).flatMap((value) => read(value) ?? []);
  if (IN_ORDER.has(type) || all.length < 2) return columnOf(all);
  const isTexts = type === 'unknown' && all.every((one) => typeof one === 'string');
  const kept = (ONCE.has(type) && type !== 'ip') || isTexts ? distinct(all) : all;
  return columnOf([...kept].sort(orderOfType(type)));
};

function isMap(value: Value): boolean {
  return isJsonObject(value) && !(value instanceof DateTime) && !(value instanceof TimeSpan);
}

/** Without recursion, so that no nesting of a record can end the stack. */
function flat(list: readonly Value[]): Value[] {
  const found: Value[] = [];
  const open: Value[] = [...list].reverse();
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (let at = value.length - 1; at >= 0; at -= 1) open.push(value[at]);
    else if (value !== null && value !== undefined && !isMap(value)) found.push(value);
  }
  return found;
}

export function distinct(all: readonly Value[]): readonly Value[] {
  return [...new Map(all.map((value) => [keyOf(value), value])).values()];
}

function booleanOf(value: Value): Value {
  const text = textOf(value);
  if (text === 'true') return true;
  return text === 'false' || text === '' ? false : null;
}

function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const text = typeof value === 'string' ? value.trim() : '';
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Fields of whole numbers cut off what stands behind the point. */
function whole(value: Value): Value {
  const number = numberOf(value);
  if (number === undefined || typeof number === 'bigint') return number ?? null;
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : null;
}

function fraction(value: Value): Value {
  const number = numberOf(value);
  return number === undefined ? null : Number(number);
}

function rounded(value: Value, stored: (number: number) => number): Value {
  const number = numberOf(value);
  return number === undefined ? null : stored(Number(number));
}

/** The nearest number of half precision (IEEE 754 binary16), ties to even. */
function halfOf(number: number): number {
  if (number === 0 || !Number.isFinite(number)) return number;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(number))), -14);
  const unit = 2 ** (exponent - 10);
  const units = number / unit;
  const below = Math.floor(units);
  const rest = units - below;
  const nearest = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  const half = nearest * unit;
  return Math.abs(half) > 65_504 ? Math.sign(half) * Number.POSITIVE_INFINITY : half;
}

function momentOfField(value: Value, unit: bigint): Value {
  const moment = momentInDateField(
    typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d) (\d\d:)/, '$1T$2') : value,
  );
  return moment === undefined ? null : new DateTime(moment.ticks - (moment.ticks % unit));
}

/** An address as Elasticsearch writes it: IPv6 shortened, IPv4 inside of IPv6 as IPv4. */
export function canonicalAddress(value: Value): Value {
  const text = textOf(value);
  if (text === undefined || parseAddress(text) === undefined) return null;
  return text.includes(':') ? ipaddr.process(text).toString() : text;
}

/** A point as well-known text: of a map, `lat,lon`, a pair with the longitude first, or its text. */
function point(value: Value): Value {
  const written = (longitude: number, latitude: number): string => `POINT (${longitude} ${latitude})`;
  if (isJsonObject(value)) return written(Number(value['lon']), Number(value['lat']));
  const text = textOf(value) ?? '';
  const pair = /^\s*([+-]?[\d.]+)\s*,\s*([+-]?[\d.]+)\s*$/.exec(text);
  if (pair !== null) return written(Number(pair[2]), Number(pair[1]));
  return /^POINT/i.test(text) ? text : null;
}

/** Elasticsearch's text of a moment: milliseconds, or nanoseconds without zeros at the end. */
export function dateText(moment: DateTime, type: Value): string {
  const text = formatDateTime(moment);
  if (type !== 'date_nanos') return `${text.slice(0, 23)}Z`;
  const fraction = stripEnd(text.slice(20, -1), '0');
  return `${text.slice(0, 20)}${fraction.padEnd(3, '0')}Z`;
}

/** A number from 0 up to 1 for a place, spread evenly (the finalizer of MurmurHash3). */
function drawn(place: number): number {
  let hash = place | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

export const esqlFieldImplementations: Record<EsqlFieldFunction, Implementation> = {
  'esql.values': values,
  'esql.one-value': ([value], clock) => (Array.isArray(value) ? fail(clock, SEVERAL) : (value ?? null)),
  'esql.for-groups': ([value]) => (Array.isArray(value) ? columnOf(distinct(value)) : (value ?? null)),
  'esql.sort-key': ([value, type, direction]) => {
    const order = orderOfType(type);
    const best = valuesIn(value).reduce<Value>(
      (known, one) =>
        known === null || (direction === 'desc' ? order(one, known) > 0 : order(one, known) < 0) ? one : known,
      null,
    );
    return best === null ? null : orderKey(best, type);
  },
  'esql.shown': each((value, [type]) =>
    value instanceof DateTime
      ? dateText(value, type)
      : typeof value === 'object'
        ? stringifyJson(toJson(value))
        : value,
  ),
  'esql.coalesce': (values) => values.find((value) => (value ?? null) !== null) ?? null,
  'esql.noted': ([value, text, outcome], clock) => {
    clock.failures?.note(textIn(text), textIn(outcome));
    return value ?? null;
  },
  'esql.one-each': ([value, ...operands], clock) =>
    operands.some(Array.isArray) ? (fail(clock, SEVERAL) ?? value ?? null) : (value ?? null),
  'esql.sampled': ([place, probability]) => drawn(realIn(place)) < realIn(probability),
  'esql.member': ([map, name]) => {
    const member: Value = isJsonObject(map) && typeof name === 'string' && Object.hasOwn(map, name) ? map[name] : null;
    return Array.isArray(member) ? columnOf(member) : (member ?? null);
  },
  'esql.members': ([maps, name]) =>
    columnOf(
      valuesIn(maps).flatMap((map): readonly Value[] =>
        isJsonObject(map) && typeof name === 'string' && Object.hasOwn(map, name) ? valuesIn(map[name]) : [],
      ),
    ),
};
