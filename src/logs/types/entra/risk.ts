import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, textOf } from '../record-tests.ts';
import { camelCase } from '../spelling.ts';
import { own, ownPath } from '../view-terms.ts';

const CATEGORIES = new Set(['UserRiskEvents', 'RiskyUsers', 'ServicePrincipalRiskEvents', 'RiskyServicePrincipals']);

function isRisk(event: JsonObject): boolean {
  if (has(event, 'properties', 'category')) return CATEGORIES.has(textOf(event, 'category') ?? '');
  return (
    has(event, 'riskEventType', 'detectionTimingType') ||
    has(event, 'RiskEventType', 'DetectionTimingType', 'TimeGenerated')
  );
}

const NAMES = [
  'riskEventType|properties.riskEventType|RiskEventType|azure.identityprotection.properties.risk_event_type',
  'riskLevel|properties.riskLevel|RiskLevel|azure.identityprotection.properties.risk_level',
  'riskState|properties.riskState|RiskState|azure.identityprotection.properties.risk_state',
  'riskDetail|properties.riskDetail|RiskDetail|azure.identityprotection.properties.risk_detail',
  'source|properties.source|Source|azure.identityprotection.properties.source',
  'activity|properties.activity|Activity|azure.identityprotection.properties.activity',
  'detectionTimingType|properties.detectionTimingType|DetectionTimingType',
  'ipAddress|properties.ipAddress|IpAddress',
  'userPrincipalName|properties.userPrincipalName|UserPrincipalName',
  'userDisplayName|properties.userDisplayName|UserDisplayName',
  'userId|properties.userId|UserId',
  'requestId|properties.requestId|RequestId',
  'correlationId|properties.correlationId|CorrelationId',
  'properties.id|id|Id',
];

/** Detections of Entra ID Protection. */
export const entraRisk: LogType = declare({
  name: 'azure.risk',
  description: 'Microsoft Entra ID Protection: risk detections and risky users',
  recognises: isRisk,
  time: 'properties.activityDateTime|activityDateTime|ActivityDateTime|TimeGenerated|time|detectedDateTime',
  names: NAMES,
  sigma: { product: 'azure', service: 'riskdetection' },
  ecs: {
    module: 'azure',
    dataset: 'azure.identity_protection',
    indices: ['logs-azure.identity_protection-default', 'filebeat-8.0.0'],
    documents: { below: 'azure.identityprotection' },
    fields: {
      'event.action': 'operationName|OperationName',
      'source.ip': call('view.ip', [own('properties.ipAddress', 'ipAddress', 'IpAddress')]),
      'user.name': '@userPrincipalName',
      'user.id': '@userId',
      'user.full_name': '@userDisplayName',
      'azure.identityprotection.category': 'category',
      'azure.identityprotection.properties.risk_event_type': '@riskEventType',
      'azure.identityprotection.properties.risk_level': '@riskLevel',
      'azure.identityprotection.properties.risk_state': '@riskState',
      'azure.identityprotection.properties.risk_detail': '@riskDetail',
    },
    families: [
      below('azure.identityprotection.properties.', (rest) => own(`properties.${camelCase(rest)}`, camelCase(rest))),
      below('azure.identityprotection.', (rest) => own(camelCase(rest))),
    ],
  },
  tables: {
    AADUserRiskEvents: {
      RiskEventType: '@riskEventType',
      RiskLevel: '@riskLevel',
      RiskState: '@riskState',
      RiskDetail: '@riskDetail',
      Source: '@source',
      Activity: '@activity',
      DetectionTimingType: '@detectionTimingType',
      IpAddress: '@ipAddress',
      UserPrincipalName: '@userPrincipalName',
      UserDisplayName: '@userDisplayName',
      UserId: '@userId',
      RequestId: '@requestId',
      CorrelationId: '@correlationId',
    },
  },
});

const TYPE = text('#microsoft[.]graph[.]([a-z0-9]+)');

/**
 * Alerts of Privileged Identity Management, as Microsoft Graph has them. What SigmaHQ's rules call `riskEventType` are the types of the alerts'
 * incidents (`#microsoft.graph.<type>`), and for one rule the type of the definition's configuration.
 */
export const entraPim: LogType = declare({
  name: 'azure.pim',
  description: 'Alerts of Microsoft Entra Privileged Identity Management',
  recognises: (event) => has(event, 'alertDefinitionId', 'incidentCount'),
  time: 'lastModifiedDateTime',
  sigma: {
    product: 'azure',
    service: 'pim',
    fields: {
      riskEventType: list([
        call('view.captures', [call('view.join', [ownPath('alertIncidents', '@odata.type'), text(' ')]), TYPE]),
        call('view.captures', [call('view.join', [ownPath('alertConfiguration', '@odata.type'), text(' ')]), TYPE]),
        own('riskEventType'),
      ]),
    },
  },
  ecs: {
    module: 'azure',
    dataset: 'azure.pim',
    fields: { 'event.kind': text('alert'), 'rule.name': 'alertDefinitionId' },
  },
});
