import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, textOf } from '../record-tests.ts';
import { camelCase, pascalCase } from '../spelling.ts';
import { capture, choose, coalesce, given, isOneOf, lower, own } from '../view-terms.ts';

function isAudit(event: JsonObject): boolean {
  // Intune's audit has the same category, but other properties.
  if (has(event, 'operationName', 'properties.activityDisplayName')) return textOf(event, 'category') === 'AuditLogs';
  if (has(event, 'activityDisplayName', 'activityDateTime', 'loggedByService')) return true;
  return has(event, 'OperationName', 'TargetResources', 'InitiatedBy', 'TimeGenerated');
}

const OPERATION =
  'operationName|properties.activityDisplayName|activityDisplayName|OperationName|ActivityDisplayName|azure.auditlogs.operation_name|azure.auditlogs.properties.activity_display_name';
const NAMES = [
  `${OPERATION}|properties.message|ActivityType|activityType`,
  'Category|properties.category|category|azure.auditlogs.properties.category',
  'Status|properties.result|result|Result|azure.auditlogs.properties.result',
  'LoggedByService|properties.loggedByService|loggedByService|azure.auditlogs.properties.logged_by_service',
  'properties.operationType|operationType|AADOperationType',
  'ResultReason|properties.resultReason|resultReason|ResultDescription|azure.auditlogs.properties.result_reason',
  'properties.id|id|Id|azure.auditlogs.properties.id',
  'properties.correlationId|correlationId|CorrelationId|azure.auditlogs.properties.correlation_id',
];

/** A value below a map that stands at several names, whatever the case of the keys below. */
function folded(...places: readonly string[]): Expr {
  return { kind: 'raw', paths: places.map((place) => place.split('.')), keys: 'ignore-case', arrays: 'each' };
}

const TARGETS = ['properties.targetResources', 'targetResources', 'TargetResources'];
const INITIATOR = ['properties.initiatedBy', 'initiatedBy', 'InitiatedBy'];
const target = (path: string): Expr =>
  coalesce(
    folded(...TARGETS.map((place) => `${place}.${path}`)),
    call('view.json-path', [own(...TARGETS), text(path)]),
  );
const initiator = (path: string): Expr =>
  coalesce(
    folded(...INITIATOR.map((place) => `${place}.${path}`)),
    call('view.json-path', [own(...INITIATOR), text(path)]),
  );
const who = coalesce(initiator('user.userPrincipalName'), initiator('app.displayName'));
const upn = initiator('user.userPrincipalName');
const details = own('properties.additionalDetails', 'additionalDetails', 'AdditionalDetails');
const result = lower(own('properties.result', 'result', 'Result'));

/** The list of targets as a map of their places, which is what Elastic's pipeline makes of it. */
function targetField(rest: string): Expr {
  const [place = '', ...path] = rest.replaceAll('`', '').split('.');
  const of = call('view.item', [
    own(...TARGETS),
    { kind: 'literal', type: 'int', value: /^\d{1,4}$/.test(place) ? place : '9999' },
  ]);
  return call('view.json-path', [of, text(camelCase(path.join('.')))]);
}

/** The directory's audit log of Microsoft Entra ID. */
export const entraAudit: LogType = declare({
  name: 'azure.audit',
  description: 'Microsoft Entra audit log: diagnostic settings, Microsoft Graph, Log Analytics',
  recognises: isAudit,
  time: 'properties.activityDateTime|activityDateTime|ActivityDateTime|TimeGenerated|time',
  names: NAMES,
  sigma: {
    product: 'azure',
    service: 'auditlogs',
    fields: {
      category: own('properties.category', 'Category', 'category'),
      'targetResources.type': target('type'),
      'TargetResources.type': target('type'),
      'TargetResources.Type': target('type'),
      'targetResources.displayName': target('displayName'),
      'TargetResources.DisplayName': target('displayName'),
      'TargetResources.ModifiedProperties.DisplayName': target('modifiedProperties.displayName'),
      'TargetResources.ModifiedProperties.NewValue': target('modifiedProperties.newValue'),
      'TargetResources.ModifiedProperties.OldValue': target('modifiedProperties.oldValue'),
      'targetResources.modifiedProperties.displayName': target('modifiedProperties.displayName'),
      'targetResources.modifiedProperties.newValue': target('modifiedProperties.newValue'),
      'properties.initiatedBy': who,
      Initiatedby: who,
      InitiatedBy: who,
      'Initiatied.By': who,
      'additionalDetails.additionalInfo': list([
        call('view.named', [details, text('key'), text('value'), text('additionalInfo')]),
        folded('properties.additionalDetails.value', 'additionalDetails.value', 'AdditionalDetails.value'),
      ]),
    },
  },
  ecs: {
    module: 'azure',
    dataset: 'azure.auditlogs',
    indices: ['logs-azure.auditlogs-default', 'filebeat-8.0.0'],
    documents: { below: 'azure.auditlogs' },
    fields: {
      'event.action': OPERATION,
      'event.outcome': choose([
        [isOneOf(result, ['success']), text('success')],
        [isOneOf(result, ['failure']), text('failure')],
      ]),
      'event.id': '@properties.id',
      'cloud.provider': text('azure'),
      'client.ip': call('view.ip', [initiator('user.ipAddress')]),
      'source.ip': call('view.ip', [initiator('user.ipAddress')]),
      'user.name': coalesce(capture(upn, '^([^@]+)@'), upn),
      'user.id': initiator('user.id'),
      'azure.tenant_id': 'tenantId|TenantId|AADTenantId',
      'azure.correlation_id': '@correlationId',
      'azure.auditlogs.category': own('category', 'Category'),
      'azure.auditlogs.identity': 'identity|Identity',
      'azure.auditlogs.operation_name': OPERATION,
      'azure.auditlogs.properties.activity_display_name': OPERATION,
      'azure.auditlogs.properties.category': 'properties.category|category|Category',
      'azure.auditlogs.properties.result': 'properties.result|result|Result',
      'azure.auditlogs.properties.result_reason': '@ResultReason',
      'azure.auditlogs.properties.logged_by_service': '@loggedByService',
      'azure.auditlogs.properties.operation_type': '@operationType',
      'azure.auditlogs.properties.initiated_by.user.userPrincipalName': upn,
      'azure.auditlogs.properties.initiated_by.user.ipAddress': initiator('user.ipAddress'),
      'azure.auditlogs.properties.initiated_by.app.displayName': initiator('app.displayName'),
    },
    families: [
      below('azure.auditlogs.properties.target_resources.', targetField),
      below('azure.auditlogs.properties.', (rest) =>
        own(`properties.${camelCase(rest)}`, camelCase(rest), pascalCase(rest)),
      ),
    ],
  },
  panther: given({ kind: 'exists', subject: own('properties'), counts: 'value' }, text('Azure.Audit')),
  tables: {
    AuditLogs: {
      OperationName: OPERATION,
      ActivityDisplayName: OPERATION,
      Category: 'properties.category|category|Category',
      Result: 'properties.result|result|Result',
      ResultReason: '@ResultReason',
      LoggedByService: '@loggedByService',
      AADOperationType: '@operationType',
      InitiatedBy: own(...INITIATOR),
      TargetResources: own(...TARGETS),
      AdditionalDetails: details,
      CorrelationId: '@correlationId',
      Id: '@properties.id',
      Identity: 'identity|Identity',
      ActivityDateTime: 'properties.activityDateTime|activityDateTime|ActivityDateTime',
    },
  },
});
