import type { JsonObject } from '../../../src/base/json.ts';
import { attributeOf, objectIn, partsOf, textOf, withData } from './event.ts';

type Pairs = readonly (readonly [string, string])[];

/** Winlogbeat's document of an event; it leaves out empty data and numbers those without a name. */
export function asWinlogbeat(record: JsonObject): JsonObject {
  const { system, eventId, provider, channel, time, named, unnamed, user } = partsOf(record);
  const data: Pairs = [...unnamed.map((text, at) => [`param${at + 1}`, text] as const), ...named];
  return {
    '@timestamp': time,
    agent: { type: 'winlogbeat', version: '8.11.0', name: textOf(system['Computer']) },
    event: { code: eventId, kind: 'event', provider },
    host: { name: textOf(system['Computer']) },
    log: { level: 'information' },
    winlog: {
      api: 'wineventlog',
      channel,
      computer_name: textOf(system['Computer']),
      event_id: eventId,
      provider_name: provider,
      provider_guid: attributeOf(system['Provider'], 'Guid'),
      record_id: textOf(system['EventRecordID']),
      process: { pid: Number(attributeOf(system['Execution'], 'ProcessID')) },
      ...(data.length > 0 && { event_data: Object.fromEntries(filled(data)) }),
      ...(user && { user_data: { xml_name: user.name, ...Object.fromEntries(filled(user.fields)) } }),
    },
  };
}

/** What of an event Winlogbeat's document has. */
export function inWinlogbeat(record: JsonObject): JsonObject {
  const { named, unnamed } = partsOf(record);
  return withData(
    record,
    filled(named),
    unnamed.filter((text) => text !== ''),
  );
}

const filled = (data: Pairs): Pairs => data.filter(([, text]) => text !== '');

/** `Get-WinEvent | ConvertTo-Json` in Windows PowerShell: values without their names. */
export function asGetWinEvent(record: JsonObject): JsonObject {
  const { system, eventId, provider, channel, time, named, unnamed, user } = partsOf(record);
  const values = [...unnamed, ...[...named, ...(user?.fields ?? [])].map(([, text]) => text)];
  return {
    Message: null,
    Id: Number(eventId),
    Version: Number(textOf(system['Version'])),
    Level: Number(textOf(system['Level'])),
    ProviderName: provider,
    ProviderId: attributeOf(system['Provider'], 'Guid') || null,
    LogName: channel,
    ProcessId: Number(attributeOf(system['Execution'], 'ProcessID')),
    MachineName: textOf(system['Computer']),
    RecordId: Number(textOf(system['EventRecordID'])),
    TimeCreated: `/Date(${Date.parse(time)})/`,
    Properties: values.map((Value) => ({ Value })),
  };
}

/** What of an event is sure in it: values, and nobody's names. */
export function inGetWinEvent(record: JsonObject): JsonObject {
  const { named, unnamed, user } = partsOf(record);
  const values = [...unnamed, ...[...named, ...(user?.fields ?? [])].map(([, text]) => text)];
  const { UserData: _, ...event } = objectIn(record['Event']);
  return withData({ Event: event }, [], values);
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
/** Wazuh takes line ends and tabs out of texts, and leaves backslashes as the text of JSON has them. */
const kept = (text: string): string => text.replaceAll(/[\r\n\t]/g, '');
const doubled = (text: string): string => kept(text).replaceAll('\\', '\\\\');

/** Wazuh's archive of an event (`winevtchannel.c`). */
export function asWazuh(record: JsonObject): JsonObject {
  const { system, eventId, provider, channel, time, named, unnamed, user } = partsOf(record);
  const data: Pairs = [...(unnamed.length > 0 ? [['data', unnamed.join(', ')] as const] : []), ...filled(named)];
  return {
    timestamp: '2026-03-02T10:00:00.123+0000',
    agent: { id: '001', name: textOf(system['Computer']), ip: '192.0.2.1' },
    manager: { name: 'wazuh' },
    id: '1772445600.1',
    decoder: { name: 'windows_eventchannel' },
    location: 'EventChannel',
    data: {
      win: {
        system: {
          providerName: provider,
          providerGuid: attributeOf(system['Provider'], 'Guid'),
          eventID: eventId,
          version: textOf(system['Version']),
          level: textOf(system['Level']),
          task: textOf(system['Task']),
          opcode: textOf(system['Opcode']),
          keywords: textOf(system['Keywords']),
          systemTime: time,
          eventRecordID: textOf(system['EventRecordID']),
          channel,
          computer: textOf(system['Computer']),
          severityValue: 'INFORMATION',
        },
        ...(data.length > 0 && {
          eventdata: Object.fromEntries(data.map(([name, text]) => [lowered(name), doubled(text)])),
        }),
        ...(user && {
          [lowered(user.name)]: Object.fromEntries(
            filled(user.fields).map(([name, text]) => [lowered(name), doubled(text)]),
          ),
        }),
      },
    },
  };
}

/** What of an event Wazuh's archive has. */
export function inWazuh(record: JsonObject): JsonObject {
  const { named, unnamed } = partsOf(record);
  const joined = unnamed.length > 0 ? [kept(unnamed.join(', '))] : [];
  return withData(
    record,
    filled(named).map(([name, text]) => [name, kept(text)] as const),
    joined,
  );
}
