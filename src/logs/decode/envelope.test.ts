import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../base/json.ts';
import { recordLineFeeds } from './envelope.ts';
import { decodeText } from './index.ts';

/** What is read of a value, written on one line and over several. */
function decoded(value: Json): Json[] {
  const onOneLine = decodeText(JSON.stringify(value), 'x').events.map(({ event }) => event);
  const overMany = decodeText(JSON.stringify(value, null, 2), 'x').events.map(({ event }) => event);
  expect(overMany).toEqual(onOneLine);
  return onOneLine;
}

const trail = { eventVersion: '1.08', eventSource: 's3.amazonaws.com', eventName: 'GetObject', n: 7 };
const told = '{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","n":12345678901234567}';
const exact = { ...trail, n: 12345678901234567n };

describe('what services answer', () => {
  it('CloudTrail: LookupEvents, and one event of it', () => {
    const event = { EventId: 'e1', EventName: 'GetObject', Resources: [], CloudTrailEvent: told };
    expect(decoded({ Events: [event, { ...event, EventId: 'e2' }], NextToken: 'x' })).toEqual([exact, exact]);
    expect(decoded(event)).toEqual([exact]);
    const broken = { EventId: 'e1', CloudTrailEvent: '{"eventVersion"' };
    expect(decoded({ Events: [broken] })).toEqual([broken]);
  });

  it('Elasticsearch: the hits of a search, and one hit', () => {
    const hit = (source: Json): Json => ({ _index: 'i', _id: '1', _score: null, _source: source, sort: [1] });
    const answer = {
      took: 1,
      timed_out: false,
      _shards: { total: 1 },
      hits: { total: 2, hits: [hit({ a: 1 }), hit({ a: 2 })] },
    };
    const names = { _index: 'i', _id: '1' };
    expect(decoded(answer)).toEqual([
      { a: 1, ...names },
      { a: 2, ...names },
    ]);
    expect(decoded(hit({ a: 1 }))).toEqual([{ a: 1, ...names }]);
    expect(decoded(hit({ _id: 'own' }))).toEqual([{ _id: 'own', _index: 'i' }]);
    expect(decoded({ hits: { hits: [{ _index: 'i', fields: { 'a.b': ['c'], d: [1, 2] } }] } })).toEqual([
      { 'a.b': 'c', d: [1, 2], _index: 'i' },
    ]);
  });

  it('Log Analytics: the rows of tables', () => {
    const columns = [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Type', type: 'string' },
      { name: 'Claims_d', type: 'dynamic' },
    ];
    const rows = [
      ['2026-01-02T03:04:05Z', 'AzureActivity', '{"upn":"a@acme.test"}'],
      ['2026-01-02T03:04:06Z', 'AzureActivity', null],
    ];
    expect(decoded({ tables: [{ name: 'PrimaryResult', columns, rows }] })).toEqual([
      { TimeGenerated: '2026-01-02T03:04:05Z', Type: 'AzureActivity', Claims_d: { upn: 'a@acme.test' } },
      { TimeGenerated: '2026-01-02T03:04:06Z', Type: 'AzureActivity', Claims_d: null },
    ]);
  });

  it('advanced hunting, by both of its interfaces', () => {
    const row = { Timestamp: '2026-01-02T03:04:05Z', ActionType: 'ProcessCreated', DeviceName: 'ws1' };
    expect(decoded({ Stats: {}, Schema: [{ Name: 'Timestamp', Type: 'DateTime' }], Results: [row] })).toEqual([row]);
    const graph = { '@odata.context': 'x', schema: [{ name: 'Timestamp', type: 'DateTime' }], results: [row] };
    expect(decoded(graph)).toEqual([row]);
  });

  it('Splunk: an export line by line, and the results of a search', () => {
    const raw = { _time: 't', _raw: told };
    expect(decoded({ preview: false, offset: 0, result: raw })).toEqual([exact]);
    const fields = { _time: 't', _raw: 'no JSON', EventCode: '1' };
    expect(decoded({ preview: false, offset: 1, lastrow: true, result: fields })).toEqual([fields]);
    expect(
      decoded({ preview: false, init_offset: 0, messages: [], fields: [], results: [raw, fields], highlighted: {} }),
    ).toEqual([exact, fields]);
  });

  it("Splunk: the HTTP event collector's events", () => {
    const event = { time: 1, host: 'h', source: 's', sourcetype: '_json', index: 'main', event: trail };
    expect(decoded(event)).toEqual([trail]);
    expect(decoded({ sourcetype: 'x', event: told })).toEqual([exact]);
    const text = { sourcetype: 'x', event: 'no JSON' };
    expect(decoded(text)).toEqual([text]);
  });

  it('CloudWatch Logs: subscriptions, FilterLogEvents, GetLogEvents', () => {
    const event = { id: '1', timestamp: 1, message: told };
    const plain = { id: '2', timestamp: 2, message: 'no JSON' };
    const data = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'g', logStream: 's', subscriptionFilters: ['f'] };
    expect(decoded({ ...data, logEvents: [event, plain] })).toEqual([exact, plain]);
    expect(decoded({ events: [{ ...event, ingestionTime: 3 }], searchedLogStreams: [] })).toEqual([exact]);
    expect(
      decoded({ events: [{ ...event, ingestionTime: 3 }], nextForwardToken: 'f', nextBackwardToken: 'b' }),
    ).toEqual([exact]);
  });

  it("EventBridge: CloudTrail's events", () => {
    const event = { version: '0', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.s3', detail: trail };
    expect(decoded(event)).toEqual([trail]);
    const finding = {
      version: '0',
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      detail: { a: 1 },
    };
    expect(decoded(finding)).toEqual([finding]);
  });

  it('one in the other', () => {
    const hec = { sourcetype: 'x', event: { EventId: 'e', CloudTrailEvent: told } };
    expect(decoded({ records: [hec, { a: 1 }] })).toEqual([exact, { a: 1 }]);
    expect(decoded({ sourcetype: 'x', event: { Records: [trail, trail] } })).toEqual([trail, trail]);
  });
});

it('lines are those of the records', () => {
  const lines = (value: Json): number[] =>
    decodeText(JSON.stringify(value, null, 1), 'x').events.map(({ source }) => source.line);
  expect(
    lines({ took: 1, _shards: { list: [{}] }, hits: { total: 1, hits: [{ _source: { a: [{}] } }, { _source: {} }] } }),
  ).toEqual([11, 18]);
  expect(lines({ tables: [{ columns: [{ name: 'a', type: 'string' }], rows: [['x'], ['y']] }] })).toEqual([11, 14]);
  expect(lines({ Schema: [{ Name: 'a' }], Results: [{ a: 1 }, { a: [{ b: 1 }] }, { a: 3 }] })).toEqual([8, 11, 18]);
});

it('records with fields of such names are records', () => {
  for (const record of [
    { hits: 3 },
    { hits: { hits: [{ _source: {} }] }, host: 'a' },
    { tables: [{ name: 'a' }] },
    { results: [{ a: 1 }] },
    { preview: true, result: { a: 1 }, user: 'x' },
    { Events: [{ EventId: 'e' }] },
    { events: [{ message: 'x' }] },
    { logEvents: [{ message: 'x' }] },
    { event: { kind: 'event' }, '@timestamp': 't' },
    { event: { a: 1 }, sourcetype: 'x', user: 'y' },
    { _index: 'i', _source: { a: 1 }, user: 'y' },
    { detail: { a: 1 }, 'detail-type': 'x' },
  ]) {
    expect(decoded(record)).toEqual([record]);
  }
});

describe('any value', () => {
  const keys = fc.constantFrom(
    ...['Event', 'System', 'EventData', 'Data', 'Provider', '@Name', 'Name', '$', '#text', '_', '__proto__', 'EventID'],
    ...[
      'records',
      'Records',
      'value',
      'hits',
      '_source',
      '_index',
      'fields',
      'tables',
      'columns',
      'rows',
      'name',
      'type',
    ],
    ...['Schema', 'Results', 'schema', 'results', 'preview', 'result', '_raw', 'Events', 'EventId', 'CloudTrailEvent'],
    ...['resourceLogs', 'scopeLogs', 'logRecords', 'body', 'kvlistValue', 'values', 'key', 'stringValue', 'arrayValue'],
    ...['class_uid', 'category_uid', 'type_uid', 'metadata', 'product', 'unmapped', 'api', 'actor', 'user', 'time'],
    ...[
      'AuditData',
      'auditData',
      'protoPayload',
      'items',
      'entries',
      'diffResults',
      'added',
      'snapshot',
      'data',
      'log',
    ],
    ...['full_log', 'agent', 'Payload', 'Properties', 'Id', 'ProviderName', 'StringInserts', 'event_id', 'provider'],
    ...['logGroup', 'logEvents', 'events', 'message', 'ingestionTime', 'detail', 'detail-type', 'sourcetype', 'event'],
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom<Json>(
        6003,
        '6003',
        'CloudTrail',
        'filebeat',
        '<Event><System/></Event>',
        'type=A msg=audit(1.1:1): a=b',
        'x',
        '',
        1,
        null,
        true,
        '{"a":1}',
        '{"records":[{}]}',
        '{',
        ' via CloudTrail',
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    ),
  }));

  it('is read without throwing, each record an object', () => {
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 5 }), (object) => {
        const text = JSON.stringify(object);
        for (const { event } of decodeText(text, 'x').events) expect(event).toBeInstanceOf(Object);
        expect(recordLineFeeds(text).every((feeds) => feeds === 0)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
