import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { parseJson } from '../json/json-value.ts';
import { dataInOrder } from './event-data.ts';
import { dataOfMessage, datumOfLabel } from './event-message.ts';
import { present } from './present.ts';

/** Windows events in JSON forms that have other names for the parts of an event; each is read as an event with `EventData`. */

type Reader = (record: JsonObject) => JsonObject | undefined;

function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/** Windows PowerShell writes `/Date(ms)/`, other versions ISO 8601 or `{value, DateTime}`; a CSV the local time of a culture. */
function powerShellTime(value: Json | undefined): JsonObject {
  const text = isJsonObject(value) ? textOf(value['value']) : textOf(value);
  if (text === undefined) return {};
  return /^\/Date|^\d{4}-\d\d-\d\dT|^\d+$/.test(text) ? { TimeCreated: text } : { LocalTime: text };
}

/** `Get-WinEvent | ConvertTo-Json` (also `Select`ed properties, and as CSV): `Id`, `ProviderName`, `Properties` in order. */
const getWinEvent: Reader = (record) => {
  const { Id, ProviderName, LogName, MachineName, RecordId, UserId, TimeCreated, Properties, Message, ...rest } =
    record;
  const id = textOf(Id);
  if (id === undefined || !/^\d{1,5}$/.test(id) || typeof ProviderName !== 'string') return undefined;
  const values = Array.isArray(Properties)
    ? Properties.map((one: Json): Json => (isJsonObject(one) && 'Value' in one ? (one['Value'] ?? null) : one))
    : [];
  const data = values.length > 0 ? dataInOrder(ProviderName, id, values) : messageData(ProviderName, id, Message);
  return {
    ...present({
      EventID: Id,
      Channel: LogName,
      Provider_Name: ProviderName,
      Computer: MachineName,
      EventRecordID: RecordId,
    }),
    ...powerShellTime(TimeCreated),
    ...present({ Security_UserID: isJsonObject(UserId) ? UserId['Value'] : UserId, Message }),
    ...rest,
    EventData: data,
  };
};

function messageData(provider: string, id: string, message: Json | undefined): JsonObject {
  return typeof message === 'string' ? dataOfMessage(provider, id, message) : {};
}

/** Wazuh: `data.win.system` and `data.win.eventdata`, whose names begin with a small letter and whose backslashes are doubled. */
const wazuh: Reader = (record) => {
  const { data } = record;
  const win = isJsonObject(data) ? data['win'] : undefined;
  const system = isJsonObject(win) ? win['system'] : undefined;
  if (!isJsonObject(win) || !isJsonObject(system)) return undefined;
  const eventData = isJsonObject(win['eventdata']) ? win['eventdata'] : {};
  const other = Object.entries(win).filter(([name]) => name !== 'system' && name !== 'eventdata');
  const { eventID, providerName, providerGuid, channel, computer, systemTime, eventRecordID, message, ...rest } =
    system;
  const renamed = Object.entries(rest).map(([name, value]) => [SYSTEM[name] ?? capitalised(name), value] as const);
  return {
    ...present({
      EventID: eventID,
      Channel: channel,
      Provider_Name: providerName,
      Provider_Guid: providerGuid,
      Computer: computer,
      TimeCreated: systemTime,
      EventRecordID: eventRecordID,
      Message: typeof message === 'string' ? message.replace(/^"|"$/g, '') : message,
    }),
    ...Object.fromEntries(renamed),
    ...present({ agent: record['agent'], rule: record['rule'], id: record['id'], location: record['location'] }),
    EventData: undoubled(eventData),
    ...(other.length > 0 && {
      UserData: Object.fromEntries(
        other.map(([name, value]) => [capitalised(name), isJsonObject(value) ? undoubled(value) : value] as const),
      ),
    }),
  };
};

const SYSTEM: Readonly<Record<string, string>> = { processID: 'Execution_ProcessID', threadID: 'Execution_ThreadID' };

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function undoubled(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name === 'data' ? 'Data' : capitalised(name),
      typeof value === 'string' ? value.replaceAll('\\\\', '\\') : value,
    ]),
  );
}

/** OpenTelemetry's Windows event log receiver: `event_id: {id}`, `provider: {name}`, `event_data` as a map or list of maps. */
const openTelemetry: Reader = (record) => {
  const { event_id: eventId, provider, channel, computer, system_time: time, record_id: recordId, ...rest } = record;
  if (!isJsonObject(eventId) || eventId['id'] === undefined) return undefined;
  if (typeof channel !== 'string' && !isJsonObject(provider)) return undefined;
  const { event_data: data, user_data: user, message, ...others } = rest;
  return {
    ...present({
      EventID: eventId['id'],
      Channel: channel,
      Provider_Name: isJsonObject(provider) ? provider['name'] : provider,
      Provider_Guid: isJsonObject(provider) ? provider['guid'] : undefined,
      Computer: computer,
      TimeCreated: time,
      EventRecordID: recordId,
      Message: message,
    }),
    ...others,
    EventData: membersOf(data),
    ...(isJsonObject(user) && { UserData: user }),
  };
};

/** `{Image: …}`, or `[{Image: …}, …]`, or `{data: [{Image: …}], binary}`. */
function membersOf(data: Json | undefined): JsonObject {
  if (Array.isArray(data)) return Object.assign({}, ...data.filter((one) => isJsonObject(one)));
  if (!isJsonObject(data)) return {};
  return Array.isArray(data['data']) ? membersOf(data['data']) : data;
}

/** Fluent Bit's winevtlog: the data in order, as `StringInserts`. */
const fluentBit: Reader = (record) => {
  const { StringInserts, ProviderName, SourceName, EventID, ...rest } = record;
  const provider = textOf(ProviderName) ?? textOf(SourceName);
  const id = textOf(EventID);
  if (!Array.isArray(StringInserts) || provider === undefined || id === undefined) return undefined;
  return {
    ...rest,
    ...present({ EventID, Provider_Name: provider }),
    EventData: dataInOrder(provider, id, StringInserts as readonly Json[]),
  };
};

const GRAYLOG = 'winlogbeat_winlog_';
const GRAYLOG_NAMES: Readonly<Record<string, string>> = {
  event_id: 'EventID',
  channel: 'Channel',
  provider_name: 'Provider_Name',
  provider_guid: 'Provider_Guid',
  computer_name: 'Computer',
  record_id: 'EventRecordID',
  opcode: 'Opcode',
  task: 'Task',
  user_identifier: 'Security_UserID',
};

/** Graylog's Beats input writes Winlogbeat's documents flat, with `_` for every dot. */
const graylog: Reader = (record) => {
  if (record[`${GRAYLOG}event_id`] === undefined && record[`${GRAYLOG}channel`] === undefined) return undefined;
  const event: Record<string, Json> = {};
  const data: Record<string, Json> = {};
  for (const [name, value] of Object.entries(record)) {
    if (name.startsWith(`${GRAYLOG}event_data_`)) data[name.slice(GRAYLOG.length + 11)] = value;
    else if (name.startsWith(`${GRAYLOG}user_data_`)) data[name.slice(GRAYLOG.length + 10)] = value;
    else if (name.startsWith(GRAYLOG)) event[GRAYLOG_NAMES[name.slice(GRAYLOG.length)] ?? name] = value;
    else event[name] = value;
  }
  return {
    ...event,
    ...present({ TimeCreated: record['winlogbeat_@timestamp'] ?? record['timestamp'], Message: record['message'] }),
    EventData: data,
  };
};

/** Splunk's names for providers that it shows by their title. */
const TITLES: Readonly<Record<string, string>> = {
  'Microsoft Windows security auditing.': 'Microsoft-Windows-Security-Auditing',
  'Service Control Manager': 'Service Control Manager',
};

/**
 * An event as Splunk's `WinEventLog` input has it: `LogName`, `EventCode`, `SourceName`, and fields cut out of the English message
 * (`New_Process_Name`); or the text of them, `LogName=…` a line and `Message=` to the end.
 */
export const splunkEvent: Reader = (record) => {
  const fromText = typeof record['_raw'] === 'string' ? splunkFields(record['_raw']) : {};
  const all: Record<string, Json> = { ...fromText, ...record };
  const { EventCode, LogName, SourceName, ComputerName, RecordNumber, Message, _raw: _, ...rest } = all;
  const id = textOf(EventCode);
  if (id === undefined || typeof LogName !== 'string') return undefined;
  const title = textOf(SourceName) ?? '';
  const provider = TITLES[title] ?? title.replace(/^Microsoft Windows ([A-Z])/, 'Microsoft-Windows-$1');
  const data: Record<string, Json> = messageData(provider, id, Message);
  const others: Record<string, Json> = {};
  for (const [name, value] of Object.entries(rest)) {
    const datum = datumOfLabel(id, name);
    if (datum === undefined) others[name] = value;
    else data[datum] ??= value;
  }
  return {
    ...present({
      EventID: id,
      Channel: LogName,
      Provider_Name: provider,
      Computer: ComputerName,
      EventRecordID: RecordNumber,
    }),
    ...others,
    ...present({ Message }),
    EventData: data,
  };
};

export function splunkFields(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const message = /^Message=/m.exec(text);
  const head = message === null ? text : text.slice(0, message.index);
  for (const [, name = '', value = ''] of head.matchAll(/^([A-Za-z]{1,40})=(.*?)\r?$/gm)) found[name] = value;
  if (message !== null) found['Message'] = text.slice(message.index + 'Message='.length);
  return found;
}

/** Event Viewer's CSV and `wevtutil`'s text: nothing but the message has the data. */
const withMessage: Reader = (record) => {
  const { EventID, ProviderName, Message, EventData } = record;
  if (typeof Message !== 'string' || typeof ProviderName !== 'string' || EventData !== undefined) return undefined;
  const data = dataOfMessage(ProviderName, textOf(EventID) ?? '', Message);
  return Object.keys(data).length === 0 ? undefined : { ...record, EventData: data };
};

/** osquery's `windows_events`: `columns.data` is the JSON of the event's data, `columns.source` its channel. */
const osquery: Reader = (record) => {
  const { columns, name } = record;
  if (!isJsonObject(columns) || typeof name !== 'string' || !/windows_event(?:s|log)$/.test(name)) return undefined;
  const { eventid, provider_name: provider, source, datetime, data, computer_name: computer } = columns;
  const read = typeof data === 'string' ? parseJson(data) : undefined;
  const parsed = read?.ok === true && isJsonObject(read.value) ? read.value : {};
  return {
    ...present({ EventID: eventid, Channel: source, Provider_Name: provider, TimeCreated: datetime }),
    ...present({ Computer: computer ?? record['hostIdentifier'] }),
    ...record,
    EventData: isJsonObject(parsed['EventData']) ? parsed['EventData'] : {},
    ...(isJsonObject(parsed['UserData']) && { UserData: parsed['UserData'] }),
  };
};

/** The keys that such forms are known by, and how each is read. */
const READERS: readonly (readonly [key: string, beside: string, read: Reader])[] = [
  ['Id', 'ProviderName', getWinEvent],
  ['data', 'decoder', wazuh],
  ['event_id', 'provider', openTelemetry],
  ['StringInserts', 'EventID', fluentBit],
  [`${GRAYLOG}channel`, `${GRAYLOG}event_id`, graylog],
  ['EventCode', 'LogName', splunkEvent],
  ['LocalTime', 'ProviderName', withMessage],
  ['columns', 'name', osquery],
];

/** A Windows event in one of these forms as an event with `EventData`; undefined for anything else, and what is read already. */
export function readWindowsRecord(record: JsonObject): JsonObject | undefined {
  if (Object.hasOwn(record, 'EventData')) return undefined;
  for (const [key, beside, read] of READERS) {
    if (Object.hasOwn(record, key) && Object.hasOwn(record, beside)) return read(record);
  }
  return undefined;
}
