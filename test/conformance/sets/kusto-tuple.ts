import type { Json } from '../../../src/base/json.ts';
import { parseDateTime } from '../../../src/values/date-time.ts';
import { DateTime, TimeSpan, type Value } from '../../../src/values/value.ts';

/** The classes of types in which the engine's answers are written. */
export type EngineType = 'Int' | 'Real' | 'String' | 'Bool' | 'DateTime' | 'TimeSpan' | 'Guid' | 'Dynamic';

/** Whether a row is what a tuple of the engine's answer says: `(1, 'a', null, [ … ])`. */
export function isTuple(text: string, values: readonly Value[], types: readonly EngineType[]): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  let rest = text.slice(1, -1);
  for (const [at, type] of types.entries()) {
    const found = cellAt(rest, values[at], type);
    if (found === undefined) return false;
    rest = rest.slice(found);
    if (at + 1 === types.length) break;
    if (!rest.startsWith(', ')) return false;
    rest = rest.slice(2);
  }
  return rest === '';
}

/** How much of a text is the value; undefined where it says another. */
function cellAt(text: string, value: Value, type: EngineType): number | undefined {
  if (type === 'String' || type === 'Guid') {
    // A text is not quoted in the answers: it is known where it ends because it is the one that is looked for.
    const quoted = `'${value ?? ''}'`;
    if (text.startsWith(quoted)) return quoted.length;
    return type === 'Guid' && (value ?? null) === null && text.startsWith('null') ? 4 : undefined;
  }
  if (type === 'Dynamic') {
    const json = jsonAt(text);
    return json !== undefined && sameJson(plain(value), json.value) ? json.end : undefined;
  }
  const written = /^[^,]*/.exec(text)?.[0] ?? '';
  return sameScalar(written, value, type) ? written.length : undefined;
}

function sameScalar(written: string, value: Value, type: EngineType): boolean {
  if (written === 'null') return (value ?? null) === null;
  switch (type) {
    case 'Int':
      return typeof value === 'bigint' && value.toString() === written;
    case 'Bool':
      return typeof value === 'boolean' && (value ? 'True' : 'False') === written;
    case 'Real':
      return isNear(numberOf(value), Number(written.replace('∞', 'Infinity')));
    case 'DateTime':
      return value instanceof DateTime && parseDateTime(written)?.ticks === value.ticks;
    case 'TimeSpan':
      return value instanceof TimeSpan && ticksOf(written) === value.ticks;
    case 'String':
    case 'Guid':
    case 'Dynamic':
      return false;
  }
}

function numberOf(value: Value): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function isNear(got: number | undefined, want: number): boolean {
  if (got === undefined) return false;
  return Object.is(got, want) || got === want || Math.abs(got - want) <= 1e-9 * Math.abs(want);
}

/** `-1.02:03:04.5` in ticks. */
function ticksOf(text: string): bigint | undefined {
  const found = /^(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(text);
  if (found === null) return undefined;
  const [days, hours, minutes, seconds] = [2, 3, 4, 5].map((group) => BigInt(found[group] ?? 0));
  const whole =
    ((BigInt(days ?? 0) * 24n + BigInt(hours ?? 0)) * 60n + BigInt(minutes ?? 0)) * 60n + BigInt(seconds ?? 0);
  const ticks = whole * 10_000_000n + BigInt((found[6] ?? '').padEnd(7, '0').slice(0, 7));
  return found[1] === '-' ? -ticks : ticks;
}

/** The JSON value that a text begins with: the shortest beginning that is one and after which a cell may end. */
function jsonAt(text: string): { readonly value: Json; readonly end: number } | undefined {
  for (const { index } of [...text.matchAll(/, /g), { index: text.length }]) {
    try {
      return { value: JSON.parse(text.slice(0, index)) as Json, end: index };
    } catch {
      // A comma inside the value.
    }
  }
  return undefined;
}

/** A value as JSON: moments and durations are texts in it. */
function plain(value: Value): unknown {
  if (value instanceof DateTime || value instanceof TimeSpan) return value;
  if (typeof value === 'bigint') return Number(value);
  // JSON has no numbers for these: the answers write their names.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member as Value)]));
  return value ?? null;
}

function sameJson(got: unknown, want: Json): boolean {
  if (got instanceof DateTime) return typeof want === 'string' && parseDateTime(want)?.ticks === got.ticks;
  if (got instanceof TimeSpan) return typeof want === 'string' && ticksOf(want) === got.ticks;
  if (typeof got === 'number' && typeof want === 'number') return isNear(got, want);
  if (Array.isArray(got) && Array.isArray(want))
    return got.length === want.length && got.every((item, at) => sameJson(item, want[at] ?? null));
  if (typeof got === 'object' && got !== null && typeof want === 'object' && want !== null && !Array.isArray(want)) {
    const members = Object.entries(got);
    const wanted = new Map(Object.entries(want));
    return (
      members.length === wanted.size &&
      members.every(([key, value]) => wanted.has(key) && sameJson(value, wanted.get(key) ?? null))
    );
  }
  return got === want;
}
