import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { compileExpr, rowOf } from '../../src/engines/memory/index.ts';
import type { Expr, WildcardPart } from '../../src/ir/expr.ts';
import { bindingOf } from '../../src/logs/binding.ts';
import { recognise } from '../../src/logs/registry.ts';
import { bind } from '../../src/passes/bind.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';

/** What a search over fields sees: every field for null, else those whose names fit. */
function values(event: JsonObject, name: readonly WildcardPart[] | null): readonly unknown[] {
  const { type, shape } = recognise(event);
  const leaves: Expr = { kind: 'leaves', name };
  const plan = bind(
    {
      kind: 'extend',
      input: { kind: 'source', schema: 'ecs', scope: null },
      columns: [{ name: 'found', expr: leaves }],
    },
    bindingOf(type, shape),
  );
  const bound = plan.kind === 'extend' ? plan.columns[0]?.expr : undefined;
  if (bound === undefined) throw new Error('not bound');
  const found = compileExpr(bound, { now: fromEpochMs(0) })(rowOf(event));
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

const below = (text: string): readonly WildcardPart[] => [{ text }, { any: 'many' }];

describe('a search over fields sees the members of families', () => {
  const azure: JsonObject = {
    time: '2026-03-01T10:15:30Z',
    resourceId: '/SUBSCRIPTIONS/1',
    operationName: 'X/WRITE',
    category: 'Administrative',
    resultType: 'Success',
    identity: { claims: { 'http://a.b/c': 'of a claim', name: 'bob' } },
    properties: { requestbody: '{"q":{"z":"of the body"}}', other: 'of a property', list: [{ k: 'of a list' }] },
  };

  test('azure.activity: claims, the request body, and all else that the record has', () => {
    const all = values(azure, null);
    for (const value of ['of a claim', 'of the body', 'of a property', 'of a list']) expect(all).toContain(value);
  });

  test.each<[string, readonly string[]]>([
    ['azure.activitylogs.identity.claims.', ['of a claim']],
    // Keys are spelt as the pipeline spells them.
    ['azure.activitylogs.identity.claims.http://a_b', ['of a claim']],
    ['azure.activitylogs.identity.claims.http://a.b', []],
    ['azure.activitylogs.properties.requestbody.', ['of the body']],
    ['azure.activitylogs.properties.o', ['of a property']],
    ['azure.activitylogs.properties.list.k', ['of a list']],
    // The pipeline moves these away.
    ['azure.activitylogs.resourceId', []],
    ['azure.other.', []],
  ])('%s*', (prefix, want) => {
    expect(values(azure, below(prefix))).toEqual(want);
  });

  const data: JsonObject = { Image: String.raw`C:\x.exe`, Odd: 'of the data' };
  const channel = 'Microsoft-Windows-Sysmon/Operational';
  test.each<[string, JsonObject]>([
    ['flat', { EventID: 1, Channel: channel, ...data }],
    ['event-data', { EventID: 1, Channel: channel, EventData: data }],
    ['nested', { Event: { System: { EventID: 1, Channel: channel }, EventData: data } }],
    ['winlogbeat', { winlog: { channel, event_id: 1, event_data: data } }],
    ['winlogbeat-dotted', { 'winlog.channel': channel, 'winlog.event_id': 1, 'winlog.event_data.Odd': 'of the data' }],
  ])('Windows events in the form %s', (form, event) => {
    expect(recognise(event).shape.name).toBe(form);
    expect(values(event, null)).toContain('of the data');
    expect(values(event, below('winlog.event_data.O'))).toEqual(['of the data']);
    expect(values(event, below('winlog.event_data.Q'))).toEqual([]);
    expect(values(event, below('process.O'))).toEqual([]);
  });

  test('aws.cloudtrail: the free parts', () => {
    const event = {
      eventVersion: '1.08',
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      eventTime: '2026-03-01T10:15:30Z',
      awsRegion: 'eu-west-1',
      userIdentity: {},
      requestParameters: { bucketName: 'of a parameter' },
    };
    expect(values(event, null)).toContain('of a parameter');
    expect(values(event, below('aws.cloudtrail.flattened.request_parameters.b'))).toEqual(['of a parameter']);
  });
});
