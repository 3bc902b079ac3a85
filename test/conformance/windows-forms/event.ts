import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';

/** The parts of an event as the EVTX decoder gives it. */
export interface EventParts {
  readonly system: JsonObject;
  readonly eventId: string;
  readonly provider: string;
  readonly channel: string;
  readonly time: string;
  /** Named data, in their order. */
  readonly named: readonly (readonly [string, string])[];
  /** Unnamed data, in their order. */
  readonly unnamed: readonly string[];
  /** The element below `UserData`, and its own elements that hold text. */
  readonly user: { readonly name: string; readonly fields: readonly (readonly [string, string])[] } | undefined;
}

export const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** As XML has it: an attribute's or an element's text. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (isJsonObject(value)) return textOf(value['#text']);
  return Array.isArray(value) ? value.map(textOf).join('') : String(value);
}

export const attributeOf = (value: Json | undefined, name: string): string =>
  textOf(objectIn(objectIn(value)['#attributes'])[name]);

const ATTRIBUTES = '#attributes';

export function partsOf(record: JsonObject): EventParts {
  const event = objectIn(record['Event']);
  const system = objectIn(event['System']);
  const data = objectIn(event['EventData']);
  const [user] = Object.entries(objectIn(event['UserData'])).filter(([name]) => name !== ATTRIBUTES);
  return {
    system,
    eventId: textOf(system['EventID']),
    provider: attributeOf(system['Provider'], 'Name'),
    channel: textOf(system['Channel']),
    time: attributeOf(system['TimeCreated'], 'SystemTime'),
    named: Object.entries(data)
      .filter(([name]) => name !== ATTRIBUTES && name !== 'Data')
      .map(([name, value]) => [name, textOf(value)]),
    unnamed: unnamedIn(data['Data']),
    user: user && {
      name: user[0],
      fields: Object.entries(objectIn(user[1]))
        .filter(([name, value]) => name !== ATTRIBUTES && !hasElements(value))
        .map(([name, value]) => [name, textOf(value)]),
    },
  };
}

function unnamedIn(data: Json | undefined): readonly string[] {
  const value = isJsonObject(data) ? data['#text'] : data;
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function hasElements(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).some((name) => name !== ATTRIBUTES && name !== '#text');
}

/** The event with other data, as the EVTX decoder would give it. */
export function withData(
  record: JsonObject,
  named: readonly (readonly [string, string])[],
  unnamed: readonly string[] = [],
): JsonObject {
  const event = objectIn(record['Event']);
  const { EventData: _, ...rest } = event;
  const data: JsonObject = {
    ...Object.fromEntries(named),
    ...(unnamed.length > 0 && { Data: { '#text': unnamed.length === 1 ? (unnamed[0] ?? '') : [...unnamed] } }),
  };
  return { Event: Object.keys(data).length === 0 ? rest : { ...rest, EventData: data } };
}
