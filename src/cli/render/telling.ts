import { isJsonObject, type Json, type JsonObject, stringifyJson } from '../../base/json.ts';
import { clip } from './cells.ts';

/** What says most about an event at a glance: what was done, with what, how it ended, by whom, where. Compared in lower case. */
const TELLING: readonly (readonly string[])[] = [
  ['operationname', 'operationnamevalue', 'eventname', 'action', 'event_type', 'key'],
  ['commandline', 'processcommandline', 'command_line', 'proctitle', 'scriptblocktext', 'targetobject', 'imageloaded'],
  ['image', 'filename', 'exe', 'process', 'newprocessname', 'queryname'],
  ['resulttype', 'errorcode', 'outcome', 'status', 'result'],
  ['caller', 'username', 'accountname', 'user', 'targetusername', 'auid', 'arn'],
  ['devicename', 'computer', 'hostname', 'host', 'node'],
  ['calleripaddress', 'sourceipaddress', 'srcip', 'ipaddress', 'src_ip'],
];

const MOST_FIELDS = 3;
const MOST_DEPTH = 4;

/** A few fields as `name=value`: the rule's own columns where it makes some, else those of the event that say most. */
export function tellingFields(
  fields: Readonly<Record<string, Json>> | undefined,
  event: JsonObject | undefined,
): string {
  const own = fields === undefined ? [] : Object.entries(fields).filter(([, value]) => isTelling(value));
  const found = new Map<string, readonly [string, Json]>();
  for (const [name, value] of own) remember(found, name, value);
  if (own.length === 0 && event !== undefined) collect(event, found, 0);
  const chosen = TELLING.flatMap((names) => {
    const name = names.find((one) => found.has(one));
    const entry = name === undefined ? undefined : found.get(name);
    return entry === undefined ? [] : [entry];
  });
  const shown = chosen.length > 0 ? chosen : [...found.values()];
  return shown
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => `${name}=${clip(typeof value === 'string' ? value : stringifyJson(value), 60)}`)
    .join(' ');
}

function collect(map: JsonObject, found: Map<string, readonly [string, Json]>, depth: number): void {
  for (const [name, value] of Object.entries(map)) {
    if (isJsonObject(value)) {
      if (depth < MOST_DEPTH) collect(value, found, depth + 1);
    } else if (isTelling(value) && !Array.isArray(value)) {
      remember(found, name, value);
    }
  }
}

/** The outermost of several fields with one name is the one that counts. */
function remember(found: Map<string, readonly [string, Json]>, name: string, value: Json): void {
  const leaf = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (!found.has(leaf)) found.set(leaf, [name, value]);
}

function isTelling(value: Json): boolean {
  return value !== null && value !== '' && value !== '-' && !isJsonObject(value);
}
