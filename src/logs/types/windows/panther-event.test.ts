import { expect, test } from 'vitest';
import type { JsonObject } from '../../../base/json.ts';
import { recognise } from '../../registry.ts';
import { schemaEvent } from '../../schema-event.ts';

function eventOf(record: JsonObject): JsonObject {
  const { type, shape } = recognise(record);
  return schemaEvent('panther', type, shape.name, record);
}

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

test('fields of the system part, of the data, and beside them the record', () => {
  const record = {
    Event: {
      System: { EventID: 1, Channel: SYSMON, Provider: { Name: 'Microsoft-Windows-Sysmon' }, Computer: 'pc' },
      EventData: { Image: 'C:\\a.exe', User: 'CORP\\ann' },
    },
  };
  const data = { Image: 'C:\\a.exe', User: 'CORP\\ann' };
  expect(eventOf(record)).toEqual({
    EventID: '1',
    Channel: SYSMON,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    Computer: 'pc',
    ProviderName: 'Microsoft-Windows-Sysmon',
    ...data,
    ExtraEventData: data,
    Event: record.Event,
  });
});

test('what a flat record says itself comes first, and stays as it is', () => {
  const record = { event_id: '4688', LogName: 'Security', NewProcessName: 'x', ComputerName: 'pc' };
  const event = eventOf(record);
  expect(Object.keys(event).slice(0, 4)).toEqual(Object.keys(record));
  expect(event).toMatchObject({ ...record, EventID: '4688', Channel: 'Security', Computer: 'pc' });
  expect(event['ExtraEventData']).toEqual({ NewProcessName: 'x' });
  // Panther's own form.
  const own = { EventID: '1', Channel: SYSMON, ExtraEventData: { Image: 'C:\\a.exe' } };
  expect(eventOf(own)).toEqual({ ...own, Image: 'C:\\a.exe' });
});

test('what shippers have moved and taken apart is made again', () => {
  const shipped = {
    winlog: { channel: SYSMON, event_id: 1, event_data: { Company: 'c' } },
    process: { executable: 'C:\\a.exe', hash: { md5: 'aa', sha1: 'bb' } },
    user: { name: 'ann', domain: 'CORP' },
  };
  expect(eventOf(shipped)).toMatchObject({
    EventID: '1',
    Company: 'c',
    Image: 'C:\\a.exe',
    User: 'CORP\\ann',
    Hashes: 'SHA1=bb,MD5=aa',
    user: { name: 'ann', domain: 'CORP' },
  });
});

test('names with spaces, unnamed data and the element that each provider names', () => {
  const user = { RuleAndFileData: { PolicyName: 'EXE', FilePath: 'C:\\a.exe' } };
  const channel = 'Microsoft-Windows-AppLocker/EXE and DLL';
  expect(eventOf({ System: { EventID: 8004, Channel: channel }, UserData: user })).toMatchObject({
    PolicyName: 'EXE',
    FilePath: 'C:\\a.exe',
  });
  const defender = {
    System: { EventID: 1116, Channel: 'x' },
    EventData: { 'Threat Name': 't', Data: { '#text': 'd' } },
  };
  expect(eventOf(defender)).toMatchObject({ 'Threat Name': 't', ThreatName: 't', Data: 'd' });
});

test('a row of Advanced Hunting is in the envelope of the streaming API, and beside it', () => {
  const row = { Timestamp: '2026-01-02T03:04:05Z', ActionType: 'ProcessCreated', DeviceName: 'pc', FileName: 'a.exe' };
  const event = eventOf(row);
  expect(event).toEqual({
    time: row.Timestamp,
    category: 'AdvancedHunting-DeviceProcessEvents',
    operationName: 'Publish',
    properties: row,
    ...row,
  });
  expect(eventOf(event)).toEqual(event);
});

test('a log type whose records are events already gives the record itself', () => {
  const record = { p_log_type: 'AWS.CloudTrail', eventName: 'x' };
  expect(eventOf(record)).toBe(record);
});
