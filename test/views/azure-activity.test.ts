import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
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
