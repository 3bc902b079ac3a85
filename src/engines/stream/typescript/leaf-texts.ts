import type { JsonObject } from '../../../base/json.ts';
import { isJsonObject } from '../../../base/json.ts';
import type { Value } from '../../../values/value.ts';

/** Every scalar inside a record, nulls left out. Iterative, because records may be nested very deeply. */
export function leafValues(event: JsonObject): Value[] {
  const found: Value[] = [];
  const open: Value[] = [];
  for (const name in event) {
    const value = event[name];
    if (typeof value === 'object') {
      if (value !== null) open.push(value);
    } else if (value !== undefined) {
      found.push(value);
    }
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const members: readonly Value[] = Array.isArray(next) ? next : isJsonObject(next) ? Object.values(next) : [];
    for (const member of members) {
      if (typeof member === 'object') {
        if (member !== null) open.push(member);
      } else if (member !== undefined) {
        found.push(member);
      }
    }
  }
  return found;
}
