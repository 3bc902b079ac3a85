import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import { DateTime, TimeSpan, type Value } from '../values/value.ts';
import type { RecordId, RecordPlace, StateRow } from './state-row.ts';

/**
 * Values, ids and rows as JSON that any JSON writer keeps as it is: no whole number beyond 2^53, nothing that JSON has no text
 * for. What reads them back throws `NotStored` when it is given anything else.
 */
export class NotStored extends Error {}

export function storeValue(value: Value): Json {
  if (value === undefined) return { is: 'missing' };
  if (value instanceof DateTime) return { is: 'datetime', of: value.ticks.toString() };
  if (value instanceof TimeSpan) return { is: 'timespan', of: value.ticks.toString() };
  if (Array.isArray(value)) return value.map(storeValue);
  if (isJsonObject(value)) return { is: 'object', of: mapMembers(value, storeJson) };
  return storeScalar(value);
}

export function readValue(stored: Json | undefined): Value {
  if (Array.isArray(stored)) return stored.map(readValue);
  if (!isJsonObject(stored)) return readJson(stored);
  if (stored['is'] === 'missing') return undefined;
  if (stored['is'] === 'datetime') return new DateTime(readBigInt(stored['of']));
  if (stored['is'] === 'timespan') return new TimeSpan(readBigInt(stored['of']));
  return readJson(stored);
}

export function storePlace({ file, line, record }: RecordPlace): Json {
  return record === undefined ? [file, line] : [file, line, record];
}

export function readPlace(stored: Json | undefined): RecordPlace {
  const [file, line, record] = readArray(stored);
  const place = { file: readText(file), line: readNumber(line) };
  return record === undefined ? place : { ...place, record: readNumber(record) };
}

export function storeId({ order, place }: RecordId): Json {
  return [order, storePlace(place)];
}

export function readId(stored: Json | undefined): RecordId {
  const [order, place] = readArray(stored);
  return { order: readNumber(order), place: readPlace(place) };
}

export function storeRow({ id, at, columns }: StateRow): Json {
  return [id === undefined ? null : storeId(id), at.toString(), storeCells(columns)];
}

export function readRow(stored: Json | undefined): StateRow {
  const [id, at, cells] = readArray(stored);
  return { id: id === null ? undefined : readId(id), at: readBigInt(at), columns: readCells(cells) };
}

/** The columns of a row, in their order. */
export function storeCells(columns: ReadonlyMap<string, Value>): Json {
  return [...columns].map(([name, value]) => [name, storeValue(value)]);
}

export function readCells(stored: Json | undefined): ReadonlyMap<string, Value> {
  return new Map(
    readArray(stored).map((cell): [string, Value] => {
      const [name, value] = readArray(cell);
      return [readText(name), readValue(value)];
    }),
  );
}

export function readArray(stored: Json | undefined): readonly Json[] {
  if (Array.isArray(stored)) return stored;
  throw new NotStored('a list is missing');
}

export function readText(stored: Json | undefined): string {
  if (typeof stored === 'string') return stored;
  throw new NotStored('a text is missing');
}

export function readNumber(stored: Json | undefined): number {
  if (typeof stored === 'number') return stored;
  throw new NotStored('a number is missing');
}

export function readBoolean(stored: Json | undefined): boolean {
  if (typeof stored === 'boolean') return stored;
  throw new NotStored('a truth value is missing');
}

export function readObject(stored: Json | undefined): JsonObject {
  if (isJsonObject(stored)) return stored;
  throw new NotStored('an object is missing');
}

export function readBigInt(stored: Json | undefined): bigint {
  const text = readText(stored);
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw new NotStored('a whole number is missing');
}

function storeJson(value: Json): Json {
  if (Array.isArray(value)) return value.map(storeJson);
  if (isJsonObject(value)) return { is: 'object', of: mapMembers(value, storeJson) };
  return storeScalar(value);
}

function storeScalar(value: Value): Json {
  if (typeof value === 'bigint') return { is: 'bigint', of: value.toString() };
  if (typeof value === 'number' && !isKeptByJson(value))
    return { is: 'number', of: Object.is(value, -0) ? '-0' : String(value) };
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

function isKeptByJson(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function readJson(stored: Json | undefined): Json {
  if (stored === undefined || typeof stored === 'bigint') throw new NotStored('a value is missing');
  if (Array.isArray(stored)) return stored.map(readJson);
  if (!isJsonObject(stored)) return stored;
  const { is, of } = stored;
  if (is === 'bigint') return readBigInt(of);
  if (is === 'number') return Number(readText(of));
  if (is === 'object' && isJsonObject(of)) return mapMembers(of, readJson);
  throw new NotStored('a value is of no known kind');
}

function mapMembers(object: JsonObject, change: (member: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, change(member)]));
}
