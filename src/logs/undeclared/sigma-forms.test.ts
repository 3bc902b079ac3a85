import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { recognise } from '../registry.ts';
import { bySigmaForm, SIGMA_FORMS } from './sigma-forms.ts';

const windows = 'C:\\Windows\\System32\\a.exe';
const unix = '/usr/bin/a';

/** One record of each form, as a converter writes it; without `EventID` where the fields alone tell. */
const RECORDS: readonly (readonly [category: string, record: JsonObject])[] = [
  ['process_creation', { Image: windows, CommandLine: 'a -x' }],
  ['network_connection', { Image: windows, DestinationIp: '192.0.2.1', DestinationPort: 443 }],
  ['image_load', { Image: windows, ImageLoaded: 'C:\\b.dll' }],
  ['dns_query', { Image: windows, QueryName: 'example.org', QueryStatus: '0' }],
  ['pipe_created', { Image: windows, PipeName: '\\p' }],
  ['registry_event and registry_set', { Image: windows, TargetObject: 'HKLM\\x', Details: 'y' }],
  ['create_remote_thread', { SourceImage: windows, TargetImage: 'C:\\b.exe', StartAddress: '0x1' }],
  ['process_access', { SourceImage: windows, TargetImage: 'C:\\b.exe', GrantedAccess: '0x1410' }],
  ['file_event', { EventID: 11, Image: windows, TargetFilename: 'C:\\c.txt' }],
  ['file_delete', { EventID: 23, Image: windows, TargetFilename: 'C:\\c.txt' }],
];

const as = (record: JsonObject): string | undefined => bySigmaForm(record)?.as;

describe('records in the field names of Sigma', () => {
  test('each form has a record here', () => {
    expect(RECORDS.map(([category]) => category)).toEqual(SIGMA_FORMS.map((form) => form.categories.join(' and ')));
  });

  test.each(RECORDS)('%s', (category, record) => {
    expect(as(record)).toBe(`windows ${category}`);
    expect(as({ ...record, More: 1, EventTime: 't' })).toBe(`windows ${category}`);
    for (const key of Object.keys(record)) {
      const { [key]: _left, ...rest } = record;
      expect(as(rest), `without ${key}`).toBeUndefined();
      if (key !== 'EventID') expect(as({ ...record, [key]: null }), `${key} null`).toBeUndefined();
      expect(as({ ...record, [key]: ['x'] }), `${key} a list`).toBeUndefined();
    }
  });

  test.each(RECORDS)('%s of Sysmon is of its log type', (_category, record) => {
    const form = SIGMA_FORMS.find((one) => bySigmaForm(record)?.as.endsWith(one.categories.join(' and ')));
    for (const id of form?.sysmon ?? []) {
      const event = { ...record, EventID: id, UtcTime: '2026-01-01 00:00:00.000' };
      expect(recognise(event)).toMatchObject({ type: { name: 'windows.sysmon' }, shape: { name: 'flat' } });
      expect(recognise({ ...event, EventID: String(id) }).type.name).toBe('windows.sysmon');
      expect(recognise({ ...event, EventID: 6 }).type.name).toBe('generic');
      expect(recognise({ ...event, protoPayload: {} }).type.name).toBe('generic');
    }
  });
});

describe('the path of the program says which product it is', () => {
  const record = (Image: string, more: JsonObject = {}): JsonObject => ({ Image, CommandLine: 'x', ...more });

  test.each([
    ['C:\\a.exe', 'windows process_creation'],
    ['d:\\a.exe', 'windows process_creation'],
    ['\\\\host\\share\\a.exe', 'windows process_creation'],
    ['\\\\?\\C:\\a.exe', 'windows process_creation'],
    [unix, 'process_creation of no product'],
    ['/Applications/A.app/a', 'process_creation of no product'],
    ['a.exe', 'process_creation of no product'],
    ['\\Device\\HarddiskVolume1\\a.exe', 'process_creation of no product'],
    ['C:/a.exe', 'process_creation of no product'],
    ['', 'process_creation of no product'],
  ])('%s: %s', (image, wanted) => {
    expect(as(record(image))).toBe(wanted);
  });

  test('Sysmon elsewhere than on Windows is of no product', () => {
    const event = record(unix, { EventID: 1, UtcTime: 't' });
    expect(recognise(event).type.name).toBe('generic');
    expect(as(event)).toBe('sysmon process_creation of no product');
  });

  test('a product that the record names must not contradict it', () => {
    expect(as(record(windows, { product: 'Windows' }))).toBe('windows process_creation');
    expect(as(record(windows, { product: 'my product' }))).toBe('windows process_creation');
    expect(as(record(windows, { product: 'okta' }))).toBeUndefined();
    expect(as(record(unix, { product: 'linux' }))).toBe('process_creation of no product');
    expect(as(record(unix, { product: 'windows' }))).toBeUndefined();
  });
});

test('the event id must be one of the form', () => {
  const record = { Image: windows, CommandLine: 'x' };
  expect(as({ ...record, EventID: 4688 })).toBe('windows process_creation');
  expect(as({ ...record, EventID: 5 })).toBeUndefined();
  expect(as({ ...record, EventID: null })).toBeUndefined();
});

test.each([
  ['protoPayload', {}],
  ['Workload', 'Exchange'],
  ['eventType', 'user.session.start'],
  ['apiVersion', 'audit.k8s.io/v1'],
  ['schema_version', 1],
  ['_path', 'conn'],
  ['event_simpleName', 'ProcessRollup2'],
  ['ActionType', 'ProcessCreated'],
  ['protoPayload', null],
])('%s names another system', (key, value) => {
  expect(as({ Image: windows, CommandLine: 'x', [key]: value })).toBeUndefined();
});
