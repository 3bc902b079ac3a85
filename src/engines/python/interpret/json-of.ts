import type { Json, JsonObject } from '../../../base/json.ts';
import { isArray, isMap, leave, PyDict, PyList, PyTuple, type Value } from './value.ts';

/** As Python's JSON of it, so many bytes at most: every character is escaped, every value has its punctuation. */
const MOST_BYTES = 200 * 1024;
const MOST_DEPTH = 100;

/** What `json.loads(json.dumps(value))` gives for a mapping, where that is known and surely not too long. */
export function jsonOf(value: Value): JsonObject {
  if (!(value instanceof PyDict) && !isMap(value)) return leave('a context that is no mapping');
  const size = { bytes: 0 };
  return convert(value, size, 0) as JsonObject;
}

function convert(value: Value, size: { bytes: number }, depth: number): Json {
  size.bytes += typeof value === 'string' ? 32 + 6 * value.length : 32;
  if (size.bytes > MOST_BYTES) return leave('a long context');
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    // A float that is very large comes out as it is; minus nought was written as nought.
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (depth > MOST_DEPTH) return leave('a deep context');
  if (isArray(value)) return value.map((item) => convert(item, size, depth + 1));
  if (value instanceof PyList || value instanceof PyTuple) {
    return value.items.map((item) => convert(item, size, depth + 1));
  }
  const entries = value instanceof PyDict ? value.entries : isMap(value) ? Object.entries(value) : undefined;
  if (entries === undefined) return leave('a value that is no JSON');
  const made: Record<string, Json> = {};
  for (const [key, item] of entries) {
    if (typeof key !== 'string' || key === '__proto__') return leave('a key that is no text');
    size.bytes += 6 * key.length;
    made[key] = convert(item, size, depth + 1);
  }
  return made;
}
