import { isJsonObject, type Json, type JsonObject } from '../../../../base/json.ts';
import { type CompiledRegex, compileRegex } from '../../../../patterns/regex/index.ts';
import { MAX_TICKS } from '../../../../values/date-time.ts';
import { displayText, toJson } from '../../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../../values/value.ts';

/** How Kusto's functions read their arguments. */

/** A text; null is the empty one. */
export function textIn(value: Value): string {
  return displayText(value) ?? '';
}

/** A whole number, as a JavaScript number; undefined for anything else. */
export function wholeIn(value: Value): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : undefined;
}

export function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Not a number where the value is none. */
export function realIn(value: Value): number {
  return isNumeric(value) ? Number(value) : Number.NaN;
}

export function arrayIn(value: Value): readonly Value[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function bagIn(value: Value): JsonObject | undefined {
  return isJsonObject(value) && !(value instanceof DateTime) && !(value instanceof TimeSpan) ? value : undefined;
}

/** A value as part of a dynamic one: moments are text, whole numbers plain where they fit. */
export function dynamicOf(value: Value): Json {
  const json = toJson(value);
  return typeof json === 'bigint' && json >= -9007199254740991n && json <= 9007199254740991n ? Number(json) : json;
}

export function long(value: number | undefined): bigint | null {
  return value === undefined || !Number.isFinite(value) ? null : BigInt(Math.trunc(value));
}

export function dateTime(ticks: bigint): DateTime | null {
  return ticks < 0n || ticks > MAX_TICKS ? null : new DateTime(ticks);
}

const compiled = new Map<string, CompiledRegex | undefined>();
const MOST_COMPILED = 1000;

/** A pattern in RE2 syntax, compiled once; undefined for a bad one. */
export function regexOf(source: string, ignoreCase = false): CompiledRegex | undefined {
  const key = `${ignoreCase ? 'i' : 'c'}${source}`;
  if (compiled.has(key)) return compiled.get(key);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  const result = compileRegex(source, { flavour: 're2', ignoreCase, flags: '', anchored: false });
  compiled.set(key, result.ok ? result.regex : undefined);
  return result.ok ? result.regex : undefined;
}
