import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { parseJson } from './json/json-value.ts';

/**
 * Windows events that a converter made from XML without knowing what they are: `EventData.Data` is then a list of
 * elements, each with its name beside its text (`{"@Name": "Image", "#text": "C:\\…"}`), and attributes stand where the
 * converter puts them. They are read in the form that event logs themselves are read in (see docs/evtx.md).
 */

/** Where converters put an element's attributes: below one of these, or each behind a mark. */
const ATTRIBUTES = ['#attributes', '$', '_attributes', 'attributes'];
const MARKS = ['@_', '@', '-'];
/** What converters call an element's text. */
const TEXTS = ['#text', '_', '_text', '__text', '$t', 'content', 'Value', 'value'];

/** The event in the usual form, or undefined where it is in one already, or no Windows event. */
export function readXmlForm(event: JsonObject): JsonObject | undefined {
  const nested = only(event['Event']);
  if (isJsonObject(nested)) {
    const read = readEvent(nested);
    return read === undefined ? undefined : { ...event, Event: read };
  }
  // `Payload` is also the name of a datum, in events that say `EventID`.
  const payload = event['EventId'] !== undefined && event['EventID'] === undefined ? event['Payload'] : undefined;
  if (typeof payload === 'string' || isJsonObject(payload)) return readPayload(event, payload);
  const isEvent = event['System'] !== undefined || event['EventID'] !== undefined || event['EventId'] !== undefined;
  return isEvent ? readEvent(event) : undefined;
}

/** As EvtxECmd writes it: the event's data as the text of what a converter made of it, in `Payload`. */
function readPayload(event: JsonObject, payload: string | JsonObject): JsonObject | undefined {
  const read = typeof payload === 'string' && payload.startsWith('{') ? parseJson(payload) : undefined;
  const parsed = read?.ok === true ? read.value : payload;
  if (!isJsonObject(parsed)) return undefined;
  const { EventData: data, UserData: user } = parsed;
  if (!isContainer(data) && !isContainer(user)) return undefined;
  const { Payload: _, ...others } = event;
  return {
    ...others,
    EventData: isContainer(data) ? (readData(data) ?? data) : {},
    ...(isContainer(user) && { UserData: user }),
  };
}

function readEvent(event: JsonObject): JsonObject | undefined {
  const data = event['EventData'];
  const system = event['System'];
  const named = isContainer(data) ? readData(data) : undefined;
  if (named === undefined && !(isContainer(system) && isMarked(system))) return undefined;
  return {
    ...event,
    ...(isContainer(system) && { System: plainElement(system, true) }),
    ...(named !== undefined && { EventData: named }),
  };
}

function isContainer(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null;
}

/** The only element of a list, which some converters make of every element; anything else is itself. */
function only(value: Json | undefined): Json | undefined {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Whether the system part is in a form that no shape reads. */
function isMarked(system: JsonObject | readonly Json[]): boolean {
  if (Array.isArray(system)) return system.length === 1 && isJsonObject(system[0]);
  if (!isJsonObject(system)) return false;
  const provider = system['Provider'];
  if (Array.isArray(provider)) return true;
  if (!isJsonObject(provider)) return false;
  return '$' in provider || '_attributes' in provider || '@_Name' in provider || '-Name' in provider;
}

/** `EventData` with each named element as a member; undefined where it is no list of elements. */
function readData(data: JsonObject | readonly Json[]): JsonObject | undefined {
  const container =
    Array.isArray(data) && data.length === 1 && isJsonObject(data[0]) && 'Data' in data[0] ? data[0] : data;
  if (Array.isArray(container)) return container.length > 0 ? byName(container) : undefined;
  if (!isJsonObject(container) || !('Data' in container)) return undefined;
  const elements = container['Data'];
  const read = Array.isArray(elements) ? byName(elements) : isJsonObject(elements) ? byNames(elements) : undefined;
  if (read === undefined) return undefined;
  const { Data: _, ...others } = container;
  return { ...others, ...read };
}

/** One element with its name and text beside each other; else, as some write it, the data by their names. */
function byNames(element: JsonObject): JsonObject | undefined {
  const named = byName([element]);
  if (named !== undefined || attributesOf(element).has('Name')) return named;
  const isText = Object.keys(element).some(
    (name) => TEXTS.includes(name) || MARKS.some((mark) => name.startsWith(mark)),
  );
  return isText || Object.keys(element).length === 0 ? undefined : element;
}

/** The members that named elements are; texts without a name stay together. Undefined where no element has a name. */
function byName(elements: readonly Json[]): JsonObject | undefined {
  const found = new Map<string, Json>();
  const times = new Map<string, number>();
  const unnamed: Json[] = [];
  for (const element of elements) {
    const name = isJsonObject(element) ? attributesOf(element).get('Name') : undefined;
    if (typeof name === 'string' && name !== '' && isJsonObject(element)) {
      const before = times.get(name) ?? 0;
      times.set(name, before + 1);
      found.set(before === 0 ? name : `${name}_${before}`, textOf(element));
    } else if (isContainer(element)) {
      // An element that is neither named nor a text: this is something else.
      return undefined;
    } else {
      unnamed.push(element);
    }
  }
  if (found.size === 0) return undefined;
  if (unnamed.length > 0) found.set('Data', { '#text': unnamed });
  return Object.fromEntries(found);
}

function textOf(element: JsonObject): Json {
  const key = TEXTS.find((name) => name in element);
  const value = key === undefined ? undefined : only(element[key]);
  return value ?? null;
}

/** An element's attributes, and its name where that stands as a member beside the text. */
function attributesOf(element: JsonObject): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const [key, value] of Object.entries(element)) {
    if (ATTRIBUTES.includes(key) && isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value)) found.set(name, inner);
      continue;
    }
    const mark = MARKS.find((one) => key.startsWith(one) && key.length > one.length);
    if (mark !== undefined) found.set(key.slice(mark.length), value);
    else if (key === 'Name' || key === 'name') found.set('Name', value);
  }
  return found;
}

/** An element with its attributes in `#attributes` and its text in `#text`; the text alone where that is all it has. */
function plainElement(value: Json, isTop = false): Json {
  const element = only(value) ?? null;
  if (Array.isArray(element)) return element.map((one: Json) => plainElement(one));
  if (!isJsonObject(element)) return element;
  const attributes = new Map<string, Json>();
  const members = new Map<string, Json>();
  let text: Json | undefined;
  for (const [key, member] of Object.entries(element)) {
    const mark = MARKS.find((one) => key.startsWith(one) && key.length > one.length);
    if (ATTRIBUTES.includes(key) && isJsonObject(member))
      for (const [name, inner] of Object.entries(member)) attributes.set(name, inner);
    else if (mark !== undefined) attributes.set(key.slice(mark.length), member);
    else if (!isTop && TEXTS.slice(0, 5).includes(key)) text = only(member);
    else members.set(key, plainElement(member));
  }
  if (attributes.size === 0 && members.size === 0 && text !== undefined) return text;
  return {
    ...(attributes.size > 0 && { '#attributes': Object.fromEntries(attributes) }),
    ...(text !== undefined && { '#text': text }),
    ...Object.fromEntries(members),
  };
}
