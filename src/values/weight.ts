import type { Json } from '../base/json.ts';
import { DateTime, TimeSpan, type Value } from './value.ts';

/** What a value counts as, beside the characters of a text: about its bytes. */
const VALUE_WEIGHT = 32;

/** What lists and bags weigh: what is part of several is counted in each, and looked at once. */
const weights = new WeakMap<object, number>();

/** About how much memory a value takes, in characters of its texts. */
export function weightOf(value: Value | Json): number {
  if (typeof value === 'string') return value.length + VALUE_WEIGHT;
  if (typeof value !== 'object' || value === null || value instanceof DateTime || value instanceof TimeSpan) {
    return VALUE_WEIGHT;
  }
  const known = weights.get(value);
  if (known !== undefined) return known;
  let weight = VALUE_WEIGHT;
  if (Array.isArray(value)) for (const member of value) weight += weightOf(member);
  else for (const [name, member] of Object.entries(value)) weight += name.length + weightOf(member);
  weights.set(value, weight);
  return weight;
}
