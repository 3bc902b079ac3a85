import { type Json, stringifyJson } from '../base/json.ts';
import { formatDateTime, formatTimeSpan } from './date-time.ts';
import { DateTime, TimeSpan, type Value } from './value.ts';

/** The canonical text of a scalar: what text patterns see. Undefined for null, missing, maps and arrays. */
export function textOf(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof DateTime) return formatDateTime(value);
      if (value instanceof TimeSpan) return formatTimeSpan(value);
      return undefined;
  }
}

/** The texts of scalars; undefined where one of the values has none. */
export function textsOf(values: readonly Value[]): readonly string[] | undefined {
  const texts: string[] = [];
  for (const value of values) {
    const text = textOf(value);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/** As `textOf`, and JSON text for maps and arrays. */
export function displayText(value: Value): string | undefined {
  const text = textOf(value);
  if (text !== undefined || value === undefined || value === null) return text;
  return stringifyJson(toJson(value));
}

/** A value as it is written out: moments, durations, what is infinite and what is not a number as text, missing as null. */
export function toJson(value: Value): Json {
  if (value === undefined) return null;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof DateTime || value instanceof TimeSpan) return textOf(value) ?? null;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]));
  }
  return value;
}
