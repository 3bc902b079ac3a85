import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import { show } from './view-values.ts';

const SUBSCRIPTION = '0a1b2c3d-0000-4000-8000-0123456789ab';
const record: JsonObject = {
  time: '2026-03-04T05:06:07.1234567Z',
  resourceId: `/SUBSCRIPTIONS/${SUBSCRIPTION}/RESOURCEGROUPS/NET/PROVIDERS/MICROSOFT.NETWORK/NETWORKWATCHERS/W1/PACKETCAPTURES/P1`,
  operationName: 'Microsoft.Network/networkWatchers/packetCaptures/write',
  category: 'Administrative',
  resultType: 'Start',
  resultSignature: 'Started.Accepted',
  durationMs: '21',
  callerIpAddress: '203.0.113.5',
  correlationId: 'c1',
  level: 'Information',
  tenantId: 't1',
  identity: {
    claims: {
      name: 'Ann Other',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'ann@acme.test',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ann@acme.test',
      appid: 'a1',
    },
    authorization: { evidence: { role: 'Owner', principalType: 'User' } },
  },
  properties: {
    eventCategory: 'Administrative',
    statusCode: 'Created',
    requestbody: '{"properties":{"roleDefinitionId":"r1"}}',
  },
};

describe('azure.activity as ECS', () => {
  const outcome = (resultType: string | undefined, result?: string) =>
    show({ ...record, resultType: resultType ?? null, properties: { result: result ?? null } }, 'ecs').get(
      'event.outcome',
    );

  test.each([
    ['Success', undefined, 'success'],
    ['FAILURE', undefined, 'failure'],
    ['success', undefined, 'success'],
    ['Succeeded', undefined, undefined],
    ['Start', undefined, undefined],
    ['Accept', 'success', 'success'],
    ['Accept', 'Success', undefined],
    [undefined, undefined, undefined],
  ])('the outcome of %s (and %s) is %s', (resultType, result, wanted) => {
    expect(outcome(resultType, result)).toBe(wanted);
  });

  test('the operation keeps its case, claims lose their dots', () => {
    const { get } = show(record, 'ecs');
    expect(get('azure.activitylogs.operation_name')).toBe(record['operationName']);
    expect(get('event.action')).toBe(record['operationName']);
    const claims = 'azure.activitylogs.identity.claims';
    expect(get(`${claims}.http://schemas_xmlsoap_org/ws/2005/05/identity/claims/upn`)).toBe('ann@acme.test');
    expect(get(`${claims}.appid`)).toBe('a1');
    expect(get(`${claims}.name`)).toBeUndefined();
    expect(get('azure.activitylogs.identity.authorization.evidence.principal_type')).toBe('User');
    expect(get('azure.activitylogs.identity.authorization.evidence.principalType')).toBeUndefined();
    expect(get('azure.activitylogs.properties.requestbody.properties.roleDefinitionId')).toBe('r1');
  });

  test('the rest of the pipeline', () => {
    expect(show(record, 'ecs').all()).toMatchObject({
      'event.dataset': 'azure.activitylogs',
      'event.module': 'azure',
      'event.duration': 21_000_000,
      'data_stream.dataset': 'azure.activitylogs',
      _index: ['logs-azure.activitylogs-default', 'filebeat-8.0.0'],
      'source.ip': '203.0.113.5',
      'user.full_name': 'Ann Other',
      'user.name': 'ann',
      'user.domain': 'acme.test',
      'user.email': 'ann@acme.test',
      'azure.subscription_id': SUBSCRIPTION,
      'azure.resource.group': 'NET',
      'azure.resource.provider': 'MICROSOFT.NETWORK/NETWORKWATCHERS',
      'azure.resource.name': 'W1/PACKETCAPTURES/P1',
      'azure.correlation_id': 'c1',
      'log.level': 'Information',
    });
  });

  test('an address that is none is no source.ip', () => {
    const { get } = show({ ...record, callerIpAddress: 'internal' }, 'ecs');
    expect(get('source.ip')).toBeUndefined();
    expect(get('source.address')).toBe('internal');
  });

  test('fields of wrong types are missing, not errors', () => {
    const broken = { ...record, identity: 'none', properties: 7, resourceId: 'x', durationMs: {}, callerIpAddress: 5 };
    const shown = show(broken, 'ecs');
    expect(shown.get('user.name')).toBeUndefined();
    expect(shown.get('event.duration')).toBeUndefined();
    expect(shown.get('azure.resource.group')).toBeUndefined();
    expect(shown.get('azure.activitylogs.identity.claims.appid')).toBeUndefined();
  });
});

test('azure.activity as AzureActivity', () => {
  expect(show(record, 'kusto', 'AzureActivity').all()).toMatchObject({
    TimeGenerated: '2026-03-04T05:06:07.1234567Z',
    OperationNameValue: record['operationName'],
    ActivityStatusValue: 'Start',
    ActivityStatus: 'Started',
    ActivitySubstatusValue: 'Accepted',
    Caller: 'ann@acme.test',
    CallerIpAddress: '203.0.113.5',
    CategoryValue: 'Administrative',
    ResourceGroup: 'NET',
    ResourceProviderValue: 'MICROSOFT.NETWORK',
    Resource: 'P1',
    SubscriptionId: SUBSCRIPTION,
    Properties_d: record['properties'],
    Type: 'AzureActivity',
  });
});

test('azure.activity for Sigma and Panther', () => {
  const sigma = show(record, 'sigma');
  expect(sigma.get('logsource.product')).toBe('azure');
  expect(sigma.get('logsource.service')).toBe('activitylogs');
  expect(sigma.get('operationName')).toBe(record['operationName']);
  expect(sigma.get('properties.statusCode')).toBe('Created');
  expect(show(record, 'panther').get('p_log_type')).toBe('Azure.MonitorActivity');
});

test('an answer of the API is read as the exported record', () => {
  const given = {
    authorization: { action: 'Microsoft.Network/networkWatchers/packetCaptures/write', role: 'Owner', scope: '/x' },
    caller: 'alice@acme.test',
    category: { localizedValue: 'Administrative', value: 'Administrative' },
    claims: {
      ipaddr: '203.0.113.9',
      name: 'Alice',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'alice@acme.test',
    },
    correlationId: 'c-1',
    eventDataId: 'd-1',
    eventTimestamp: '2026-01-02T03:04:05.1234567Z',
    httpRequest: { clientIpAddress: '203.0.113.7', clientRequestId: 'r', method: 'PUT' },
    level: 'Informational',
    operationId: 'o-1',
    operationName: {
      localizedValue: 'Create packet capture',
      value: 'Microsoft.Network/networkWatchers/packetCaptures/write',
    },
    properties: { statusCode: 'Created', eventCategory: null },
    resourceGroupName: 'g',
    resourceId:
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.Network/networkWatchers/w/packetCaptures/p',
    status: { localizedValue: 'Succeeded', value: 'Succeeded' },
    subStatus: { localizedValue: 'Created (HTTP Status Code: 201)', value: 'Created' },
    submissionTimestamp: '2026-01-02T03:05:00Z',
    subscriptionId: '11111111-2222-3333-4444-555555555555',
    tenantId: null,
  };
  const read = (event: JsonObject): JsonObject => decodeText(JSON.stringify([event]), 'x').events[0]?.event ?? {};
  const answer = read(given);
  const ecs = show(answer, 'ecs');
  expect(ecs).toMatchObject({ logType: 'azure.activity', shape: 'export-record' });
  expect(answer).toMatchObject({ caller: 'alice@acme.test', resultType: 'Success', callerIpAddress: '203.0.113.7' });
  expect(ecs.all()).toMatchObject({
    '@timestamp': '2026-01-02T03:04:05.1234567Z',
    'azure.activitylogs.operation_name': 'Microsoft.Network/networkWatchers/packetCaptures/write',
    'azure.activitylogs.result_type': 'Success',
    'azure.activitylogs.result_signature': 'Created',
    'azure.activitylogs.properties.status_code': 'Created',
    'event.outcome': 'success',
    'source.ip': '203.0.113.7',
    'user.full_name': 'Alice',
    'azure.resource.group': 'g',
  });
  expect(ecs.get('azure.activitylogs.identity.claims.ipaddr')).toBe('203.0.113.9');
  const sigma = show(answer, 'sigma');
  expect(sigma.get('OperationNameValue')).toBe('Microsoft.Network/networkWatchers/packetCaptures/write');
  expect(sigma.get('operationName')).toBe('Microsoft.Network/networkWatchers/packetCaptures/write');
  expect(sigma.get('resultType')).toBe('Success');
  expect(show(answer, 'kusto', 'AzureActivity').all()).toMatchObject({
    TimeGenerated: '2026-01-02T03:04:05.1234567Z',
    ActivityStatusValue: 'Success',
    ActivityStatus: 'Succeeded',
    ActivitySubstatusValue: 'Created',
    Caller: 'alice@acme.test',
    CallerIpAddress: '203.0.113.7',
    CategoryValue: 'Administrative',
    Level: 'Informational',
    EventDataId: 'd-1',
    OperationId: 'o-1',
    ResourceGroup: 'g',
  });
  expect(show(read({ ...given, status: { value: 'Failed' } }), 'ecs').get('event.outcome')).toBe('failure');
  expect(show(read({ ...given, status: { value: 'Started' } }), 'ecs').get('event.outcome')).toBeUndefined();
});
