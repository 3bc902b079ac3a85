import type { JsonObject } from '../../base/json.ts';
import { kindAt, mapAt } from '../kind-at.ts';

/** Whether something stands at each of these places; dots go into maps. Recognition asks no more of most values. */
export function has(event: JsonObject, ...places: readonly string[]): boolean {
  return places.every((place) => kindOf(event, place) !== undefined);
}

export function hasAny(event: JsonObject, ...places: readonly string[]): boolean {
  return places.some((place) => kindOf(event, place) !== undefined);
}

/** What kind of value stands at a place; a key that spells it with dots counts too. */
export function kindOf(event: JsonObject, place: string): ReturnType<typeof kindAt> {
  const dot = place.indexOf('.');
  if (dot === -1) return kindAt(event, place);
  const inner = mapAt(event, place.slice(0, dot));
  return (inner === undefined ? undefined : kindOf(inner, place.slice(dot + 1))) ?? kindAt(event, place);
}

/** The text at a place; dots go into maps. */
export function textOf(event: JsonObject, place: string): string | undefined {
  const dot = place.indexOf('.');
  const inner = dot === -1 ? undefined : mapAt(event, place.slice(0, dot));
  if (inner !== undefined) return textOf(inner, place.slice(dot + 1));
  if (kindAt(event, place) !== 'text') return undefined;
  const value = event[place];
  return typeof value === 'string' ? value : undefined;
}
