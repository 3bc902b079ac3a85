import type { Json, JsonObject } from '../../../base/json.ts';
import { EVENT_TEMPLATES } from './event-templates.ts';

type Names = readonly string[];

/** The names of an event's data in each of its versions, by provider and id. */
const VERSIONS: ReadonlyMap<string, readonly Names[]> = new Map(
  Object.entries(EVENT_TEMPLATES).flatMap(([provider, byId]) =>
    Object.entries(byId).map(([id, texts]) => [`${provider} ${id}`, texts.flatMap(versionsOf)] as const),
  ),
);

/** `A B | C`: the versions with `A B` and with `A B C`. */
function versionsOf(text: string): readonly Names[] {
  const parts = text.split(' | ').map((part) => part.split(' '));
  return parts.map((_, at) => parts.slice(0, at + 1).flat());
}

/** The names of so many data: those of the version that has as many; of fewer than any has, those that all begin with. */
function namesOf(provider: string, id: string, count: number): Names | undefined {
  const versions = VERSIONS.get(`${provider.toLowerCase()} ${id}`) ?? [];
  const exact = versions.find((names) => names.length === count);
  if (exact !== undefined) return exact;
  const [first, ...others] = versions.map((names) => names.slice(0, count));
  if (first?.length !== count) return undefined;
  return others.every((names) => names.join(' ') === first.join(' ')) ? first : undefined;
}

/**
 * Values in order as `EventData`: by their names where it is known which version of the event has so many, else as unnamed `Data`:
 * the names of another version would be those of other data.
 */
export function dataInOrder(provider: string, id: string, values: readonly Json[]): JsonObject {
  if (values.length === 0) return {};
  const names = namesOf(provider, id, values.length);
  if (names === undefined) {
    const [first = null] = values;
    return { Data: { '#text': values.length === 1 ? first : values } };
  }
  return Object.fromEntries(values.map((value, at) => [names[at] ?? '', value] as const));
}
