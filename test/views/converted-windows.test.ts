import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import { show } from './view-values.ts';

/** A Windows event in the forms of converters that know nothing of Windows events. */

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

const creation = {
  UtcTime: '2026-01-02 03:04:05.000',
  ProcessId: '4460',
  Image: 'C:\\Tools\\WinDump.exe',
  CommandLine: 'WinDump.exe -i 1',
  User: 'ACME\\alice',
  RuleName: null,
};
const logon = { TargetUserName: 'bob', TargetDomainName: 'ACME', LogonType: '3', IpAddress: '203.0.113.7' };

type Write = (system: Readonly<Record<string, Json>>, data: Readonly<Record<string, Json>>) => JsonObject;

/** The element of each datum, by where a converter puts its name and its text. */
const each =
  (element: (name: string, value: Json) => Json) =>
  (data: Readonly<Record<string, Json>>): Json[] =>
    Object.entries(data).map(([name, value]) => element(name, value));

const filled = (name: string, value: Json): JsonObject => (value === null ? {} : { [name]: value });

/** The system part with its attributes behind a mark, or below a key. */
const marked = (mark: string) => (system: Readonly<Record<string, Json>>) => ({
  Provider: { [`${mark}Name`]: system['provider'] ?? null },
  EventID: system['id'] ?? null,
  TimeCreated: { [`${mark}SystemTime`]: '2026-01-02T03:04:05.0000000Z' },
  Channel: system['channel'] ?? null,
  Computer: 'ws1.acme.test',
  Security: { [`${mark}UserID`]: 'S-1-5-18' },
});

const converters: Readonly<Record<string, Write>> = {
  xmltodict: (system, data) => ({
    Event: {
      '@xmlns': 'http://schemas.microsoft.com/win/2004/08/events/event',
      System: marked('@')(system),
      EventData: { Data: each((name, value) => ({ '@Name': name, ...filled('#text', value) }))(data) },
    },
  }),
  'fast-xml-parser': (system, data) => ({
    Event: {
      System: marked('@_')(system),
      EventData: { Data: each((name, value) => ({ ...filled('#text', value), '@_Name': name }))(data) },
    },
  }),
  xml2js: (system, data) => ({
    Event: {
      $: { xmlns: 'x' },
      System: [
        {
          Provider: [{ $: { Name: system['provider'] ?? null } }],
          EventID: [{ _: String(system['id']), $: { Qualifiers: '' } }],
          TimeCreated: [{ $: { SystemTime: '2026-01-02T03:04:05.0000000Z' } }],
          Channel: [system['channel'] ?? null],
          Computer: ['ws1.acme.test'],
          Security: [{ $: { UserID: 'S-1-5-18' } }],
        },
      ],
      EventData: [{ Data: each((name, value) => ({ ...filled('_', value), $: { Name: name } }))(data) }],
    },
  }),
  'xml-js': (system, data) => ({
    Event: {
      System: {
        Provider: { _attributes: { Name: system['provider'] ?? null } },
        EventID: { _text: String(system['id']) },
        TimeCreated: { _attributes: { SystemTime: '2026-01-02T03:04:05.0000000Z' } },
        Channel: { _text: system['channel'] ?? null },
        Computer: { _text: 'ws1.acme.test' },
        Security: { _attributes: { UserID: 'S-1-5-18' } },
      },
      EventData: { Data: each((name, value) => ({ _attributes: { Name: name }, ...filled('_text', value) }))(data) },
    },
  }),
  'names and values': (system, data) => ({
    System: marked('')(system),
    EventData: { Data: each((name, value) => ({ Name: name, Value: value }))(data) },
  }),
  'names and content': (system, data) => ({
    Event: {
      System: marked('')(system),
      EventData: { Data: each((name, value) => ({ Name: name, ...filled('content', value) }))(data) },
    },
  }),
  EvtxECmd: (system, data) => ({
    RecordNumber: 7,
    EventId: system['id'] ?? null,
    Channel: system['channel'] ?? null,
    Provider: system['provider'] ?? null,
    TimeCreated: '2026-01-02T03:04:05.0000000Z',
    Computer: 'ws1.acme.test',
    UserId: 'S-1-5-18',
    Payload: JSON.stringify({
      EventData: { Data: each((name, value) => ({ '@Name': name, ...filled('#text', value) }))(data) },
    }),
  }),
  'flat, with a list': (system, data) => ({
    EventID: system['id'] ?? null,
    Channel: system['channel'] ?? null,
    ProviderName: system['provider'] ?? null,
    TimeCreated: '2026-01-02T03:04:05.0000000Z',
    Computer: 'ws1.acme.test',
    UserID: 'S-1-5-18',
    EventData: each((name, value) => ({ Name: name, Value: value }))(data),
  }),
};

function read(event: JsonObject): JsonObject {
  const [first, ...others] = decodeText(JSON.stringify(event), 'x').events;
  expect(others).toEqual([]);
  return first?.event ?? {};
}

describe.each(Object.entries(converters))('%s', (_name, write) => {
  const sysmon = read(write({ id: 1, channel: SYSMON, provider: 'Microsoft-Windows-Sysmon' }, creation));
  const security = read(
    write({ id: 4624, channel: 'Security', provider: 'Microsoft-Windows-Security-Auditing' }, logon),
  );

  test('Sysmon', () => {
    const sigma = show(sysmon, 'sigma');
    expect(sigma.logType).toBe('windows.sysmon');
    expect(sigma.get('logsource.category')).toEqual(['process_creation']);
    const ecs = show(sysmon, 'ecs');
    expect(ecs.all()).toMatchObject({
      '@timestamp': '2026-01-02T03:04:05.0000000Z',
      'event.provider': 'Microsoft-Windows-Sysmon',
      'host.name': 'ws1.acme.test',
      'process.name': 'WinDump.exe',
      'process.command_line': 'WinDump.exe -i 1',
      'user.name': 'alice',
      'user.id': 'S-1-5-18',
    });
    expect(ecs.get('winlog.event_data.ProcessId')).toBe('4460');
    expect(ecs.get('winlog.event_data.RuleName')).toBeUndefined();
    expect(show(sysmon, 'kusto', 'DeviceProcessEvents').all()).toMatchObject({
      FileName: 'WinDump.exe',
      ProcessId: 4460n,
      AccountName: 'alice',
    });
  });

  test('security', () => {
    const ecs = show(security, 'ecs');
    expect(ecs.logType).toBe('windows.security');
    expect(ecs.all()).toMatchObject({ 'event.code': expect.anything(), 'source.ip': '203.0.113.7' });
    expect(ecs.get('winlog.event_data.TargetUserName')).toBe('bob');
    expect(show(security, 'kusto', 'DeviceLogonEvents').all()).toMatchObject({
      ActionType: 'LogonSuccess',
      AccountName: 'bob',
      RemoteIP: '203.0.113.7',
    });
    expect(show(security, 'kusto', 'SecurityEvent').all()).toMatchObject({ EventID: 4624n });
  });
});

test('elements of one name are numbered, texts without a name stay together', () => {
  const event = {
    Event: {
      System: { Provider: { '@Name': 'x' }, Channel: 'y', EventID: 1 },
      EventData: { Data: [{ '@Name': 'a', '#text': '1' }, { '@Name': 'a', '#text': '2' }, 'b'] },
    },
  };
  expect(read(event)['Event']).toMatchObject({ EventData: { a: '1', a_1: '2', Data: { '#text': ['b'] } } });
});

test('what is in a usual form stays as it is', () => {
  const system = { Provider: { '#attributes': { Name: 'x' } }, Channel: 'y', EventID: 1 };
  for (const EventData of [
    null,
    { Data: 'a' },
    { Data: ['a', 'b'] },
    { Data: { '#text': ['a'] } },
    { Data: [{ a: 1 }] },
  ]) {
    const event = { Event: { System: system, EventData } };
    expect(read(event)).toEqual(event);
  }
});
