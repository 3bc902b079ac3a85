import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { FLAT_SYSTEM_NAMES, FORMS, LOST, locateInForm, type Naming, SYSTEM_NAMES, type WindowsForm } from './forms.ts';
import { type Moved, SHIPPED, SHIPPED_NAMES } from './moves.ts';

/** What Panther's `Windows.EventLogs` calls fields of the system part that have another name here. */
const CALLED: Readonly<Record<string, string>> = {
  ProviderName: 'Provider_Name',
  ProviderGuid: 'Provider_Guid',
  UserID: 'Security_UserID',
};
/** Where Panther's events hold the event's own data, whatever its names. */
const DATA = 'ExtraEventData';

type Fields = Map<string, Json>;

/**
 * Windows events as Panther's rules are given them, whatever form they come in: the log type's own fields at the top (`EventID`,
 * `Image`), those of the event's data once more in `ExtraEventData`, where Panther has them, and beside them everything that
 * the record has. Values stay what they are, but for `EventID`, which is a text.
 */
export function windowsEvent(naming: Naming, moved: Moved = {}): (record: JsonObject, shape: string) => JsonObject {
  return (record, shape) => {
    const form = FORMS.find((one) => one === shape || one + LOST === shape) ?? 'flat';
    const at = (name: string): Json | undefined => valueAt(record, locateInForm(form, [name], naming, moved));
    const data: Fields = new Map();
    for (const [name, value] of dataOf(form, record)) addData(data, name, value, naming);
    addMoved(data, moved, at);
    const system: Fields = new Map();
    for (const name of SYSTEM_NAMES) add(system, name, at(name));
    for (const [name, here] of Object.entries(CALLED)) add(system, name, system.get(here));
    // A flat record is the event already: what it lacks comes after its own.
    const own = form === 'flat' ? [Object.entries(record), system, data] : [system, data, Object.entries(record)];
    const event: Fields = new Map();
    for (const part of own) for (const [name, value] of part) add(event, name, value);
    const id = event.get('EventID');
    // A text, as in Panther's schema; an event of Panther's own stays as it is.
    const isNumber = typeof id === 'number' || typeof id === 'bigint';
    if (isNumber && record['p_log_type'] === undefined) event.set('EventID', String(id));
    if (data.size > 0) add(event, DATA, Object.fromEntries(data));
    return Object.fromEntries(event);
  };
}

/** The first value counts. */
function add(fields: Fields, name: string, value: Json | undefined): void {
  if (value !== undefined && !fields.has(name)) fields.set(name, value);
}

function addData(data: Fields, name: string, value: Json, naming: Naming): void {
  if (name.startsWith('#')) return;
  add(data, name, name === 'Data' && isJsonObject(value) ? (value['#text'] ?? value) : value);
  if (naming === 'spaced') add(data, name.replaceAll(' ', ''), value);
}

/** What shippers' pipelines have moved away from the event's data, and what they have taken apart, made again. */
function addMoved(data: Fields, moved: Moved, at: (name: string) => Json | undefined): void {
  for (const name of Object.keys(moved)) if (!SHIPPED_NAMES.has(name)) add(data, name, at(name));
  const user = at(SHIPPED.user);
  const domain = at(SHIPPED.domain);
  if (typeof user === 'string' && typeof domain === 'string') add(data, 'User', `${domain}\\${user}`);
  const pid = at(SHIPPED.pid);
  if (typeof pid === 'number' || typeof pid === 'bigint') {
    add(data, String(at('EventID')) === '4688' ? 'NewProcessId' : 'ProcessId', `0x${pid.toString(16)}`);
  }
  const hashes = HASHES.flatMap(([name, place]) => {
    const hash = at(place);
    return typeof hash === 'string' ? [`${name}=${hash}`] : [];
  });
  if (hashes.length > 0) add(data, 'Hashes', hashes.join(','));
}

const HASHES = [
  ['SHA1', SHIPPED.sha1],
  ['MD5', SHIPPED.md5],
  ['SHA256', SHIPPED.sha256],
  ['IMPHASH', SHIPPED.imphash],
] as const;

/** The names and values of the event's own data. */
function dataOf(form: WindowsForm, record: JsonObject): readonly (readonly [string, Json])[] {
  switch (form) {
    case 'flat':
      return [
        ...membersOf(record[DATA]),
        ...Object.entries(record).filter(([name]) => name !== DATA && !FLAT_SYSTEM_NAMES.has(name)),
      ];
    case 'event-data':
      return dataBelow(record);
    case 'nested':
      return dataBelow(record['Event']);
    case 'nested-bare':
      return dataBelow(record);
    case 'winlogbeat':
    case 'winlogbeat-dotted':
    case 'winlogbeat-mixed':
      return [...membersAt(record, 'winlog.event_data'), ...membersAt(record, 'winlog.user_data')];
  }
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** `EventData`, or `UserData`, where each provider names the element around its fields as it likes. */
function dataBelow(event: Json | undefined): readonly (readonly [string, Json])[] {
  if (!isJsonObject(event)) return [];
  const user = membersOf(event['UserData']);
  return [
    ...membersOf(event['EventData']),
    ...user.filter(([, value]) => !isJsonObject(value)),
    ...user.flatMap(([name, value]) => (name.startsWith('#') ? [] : membersOf(value))),
  ];
}

/** The members of the map at a dotted name, in whichever way dots are part of keys. */
function membersAt(holder: JsonObject, name: string): readonly (readonly [string, Json])[] {
  return Object.entries(holder).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
    if (key === name) return membersOf(value);
    if (key.startsWith(`${name}.`)) return [[key.slice(name.length + 1), value]];
    return name.startsWith(`${key}.`) && isJsonObject(value) ? membersAt(value, name.slice(key.length + 1)) : [];
  });
}

/** The value at the first of several paths that exists. */
function valueAt(record: JsonObject, paths: readonly (readonly string[])[]): Json | undefined {
  for (const path of paths) {
    let value: Json | undefined = record;
    for (const step of path) value = isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}
