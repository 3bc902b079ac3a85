import type { JsonObject } from '../../../base/json.ts';
import { and, call, list, not, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare, streams } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { camelCase } from '../spelling.ts';
import { afterLast, choose, coalesce, given, isOneOf, own } from '../view-terms.ts';

function isAudit(event: JsonObject): boolean {
  return (
    has(event, 'protoPayload.serviceName', 'protoPayload.methodName') ||
    has(event, 'protoPayload.authenticationInfo', 'protoPayload.methodName')
  );
}

const NAMES = [
  'protoPayload.methodName|data.protoPayload.methodName|gcp.audit.method_name|event.action',
  'protoPayload.serviceName|data.protoPayload.serviceName|gcp.audit.service_name|service.name|Servicename|protoPayload.Servicename',
  'protoPayload.authorizationInfo.permission|data.protoPayload.authorizationInfo.permission|gcp.audit.authorization_info.permission',
  'protoPayload.authorizationInfo.granted|data.protoPayload.authorizationInfo.granted|gcp.audit.authorization_info.granted',
  'resource.type|data.protoPayload.resource.type',
  'logName|data.protoPayload.logName|log.logger',
  'protoPayload.resourceName|data.protoPayload.resourceName|gcp.audit.resource_name',
  'protoPayload.authenticationInfo.principalEmail|data.protoPayload.authenticationInfo.principalEmail|gcp.audit.authentication_info.principal_email|client.user.email',
  'protoPayload.metadata.event.eventName|eventName',
];

const payload = (path: string): Expr => own(`protoPayload.${path}`);
const service = own('protoPayload.serviceName', 'service.name', 'gcp.audit.service_name');
const status = payload('status.code');
const granted = payload('authorizationInfo.granted');
const isThere = (subject: Expr): Expr => ({ kind: 'exists', subject, counts: 'value' });

/** Audit logs of Google Cloud, which also hold those of Workspace where an organization shares them. */
export const gcpAudit: LogType = declare({
  name: 'gcp.audit',
  description: 'Google Cloud audit logs (LogEntry)',
  recognises: isAudit,
  time: 'timestamp',
  names: NAMES,
  sigma: {
    product: 'gcp',
    service: list([
      text('gcp.audit'),
      given(isOneOf(service, ['admin.googleapis.com']), text('google_workspace.admin')),
      given(isOneOf(service, ['login.googleapis.com']), text('google_workspace.login')),
    ]),
    fields: { eventService: service },
  },
  ecs: {
    module: 'gcp',
    dataset: 'gcp.audit',
    documents: {
      moved: {
        'protoPayload.methodName': ['gcp.audit.method_name', 'event.action'],
        'protoPayload.serviceName': ['gcp.audit.service_name', 'service.name'],
        timestamp: ['@timestamp'],
      },
    },
    fields: {
      'event.action': 'protoPayload.methodName',
      'event.id': 'insertId',
      'event.provider': afterLast(own('logName'), '%2F'),
      'event.outcome': choose(
        [
          [isOneOf(status, ['0']), text('success')],
          [isThere(status), text('failure')],
          [and([isThere(granted), isOneOf(granted, ['false'], true)]), text('failure')],
          [or([isOneOf(granted, ['true'], true), not(isThere(payload('authorizationInfo')))]), text('success')],
        ],
        text('unknown'),
      ),
      'service.name': 'protoPayload.serviceName',
      'cloud.provider': text('gcp'),
      'cloud.project.id': own('resource.labels.project_id'),
      'client.user.email': 'protoPayload.authenticationInfo.principalEmail',
      'user.email': 'protoPayload.authenticationInfo.principalEmail',
      'source.ip': call('view.ip', [payload('requestMetadata.callerIp')]),
      'user_agent.original': 'protoPayload.requestMetadata.callerSuppliedUserAgent',
      'log.level': 'severity',
      'log.logger': 'logName',
      'orchestrator.cluster.name': given(isOneOf(service, ['k8s.io']), own('resource.labels.cluster_name')),
      'orchestrator.type': given(isOneOf(service, ['k8s.io']), text('kubernetes')),
      'gcp.audit.type': 'protoPayload.@type',
      'gcp.audit.method_name': 'protoPayload.methodName',
      'gcp.audit.service_name': 'protoPayload.serviceName',
      'gcp.audit.resource_name': 'protoPayload.resourceName',
      'gcp.audit.authentication_info.principal_email': 'protoPayload.authenticationInfo.principalEmail',
      'gcp.audit.authorization_info.permission': 'protoPayload.authorizationInfo.permission',
      'gcp.audit.authorization_info.granted': 'protoPayload.authorizationInfo.granted',
      'gcp.audit.authorization_info.resource': 'protoPayload.authorizationInfo.resource',
      'gcp.audit.status.code': status,
      'gcp.audit.status.message': 'protoPayload.status.message',
    },
    families: [
      below('gcp.audit.request.', (rest) => own(`protoPayload.request.${rest}`)),
      below('gcp.audit.response.', (rest) => own(`protoPayload.response.${rest}`)),
      below('gcp.audit.labels.', (rest) => own(`labels.${rest}`)),
      below('gcp.audit.', (rest) => own(`protoPayload.${camelCase(rest)}`)),
    ],
  },
  panther: 'GCP.AuditLog',
  tables: {
    GCPAuditLogs: {
      MethodName: 'protoPayload.methodName',
      ServiceName: 'protoPayload.serviceName',
      PrincipalEmail: 'protoPayload.authenticationInfo.principalEmail',
      GCPResourceName: 'protoPayload.resourceName',
      GCPResourceType: 'resource.type',
      CallerIp: payload('requestMetadata.callerIp'),
      UserAgent: 'protoPayload.requestMetadata.callerSuppliedUserAgent',
      AuthenticationInfo: 'protoPayload.authenticationInfo',
      AuthorizationInfo: 'protoPayload.authorizationInfo',
      RequestMetadata: 'protoPayload.requestMetadata',
      Request: 'protoPayload.request',
      Response: 'protoPayload.response',
      ServiceData: 'protoPayload.serviceData',
      Status: 'protoPayload.status',
      StatusMessage: 'protoPayload.status.message',
      ProjectId: own('resource.labels.project_id'),
      InsertId: 'insertId',
      LogName: 'logName',
      Severity: 'severity',
      Timestamp: 'timestamp',
      Metadata: 'protoPayload.metadata',
    },
  },
});

/** Applications that Elastic's integration has a data stream for. */
const DATASETS: Readonly<Record<string, string>> = Object.fromEntries(
  'admin login drive groups saml user_accounts token rules device access_transparency context_aware_access gcp group_enterprise keep'
    .split(' ')
    .map((one) => [one, `google_workspace.${one}`]),
);

const application = coalesce(own('id.applicationName'), own('event.provider'));

/** Activities of Google Workspace (Reports API), each event by itself. */
export const googleWorkspace: LogType = declare({
  name: 'google.workspace',
  description: 'Google Workspace activities (Reports API), each event of an activity by itself',
  recognises: (event: JsonObject) =>
    has(event, 'id.applicationName', 'name') || has(event, 'id.applicationName', 'events'),
  time: 'id.time',
  names: ['eventName|name|events.name|protoPayload.metadata.event.eventName|event.action'],
  sigma: {
    product: 'gcp',
    service: list([
      given(isOneOf(application, ['admin']), text('google_workspace.admin')),
      given(isOneOf(application, ['login']), text('google_workspace.login')),
    ]),
    fields: {
      eventService: call('text.concat', [application, text('.googleapis.com')]),
      'protoPayload.serviceName': call('text.concat', [application, text('.googleapis.com')]),
      setting_name: 'parameters.SETTING_NAME|google_workspace.admin.setting.name',
      new_value: 'parameters.NEW_VALUE|google_workspace.admin.new_value',
      old_value: 'parameters.OLD_VALUE|google_workspace.admin.old_value',
    },
  },
  ecs: {
    module: 'google_workspace',
    dataset: 'google_workspace.admin',
    indices: ['logs-google_workspace.admin-default', 'filebeat-8.0.0'],
    documents: {},
    fields: {
      ...streams(application, DATASETS),
      'event.action': 'name|events.name',
      'event.provider': 'id.applicationName',
      'event.id': 'id.uniqueQualifier',
      'user.email': 'actor.email',
      'user.id': 'actor.profileId',
      'source.ip': call('view.ip', [own('ipAddress')]),
      'google_workspace.event.type': 'type|events.type',
      'google_workspace.kind': 'kind',
      'google_workspace.admin.user.email': 'parameters.USER_EMAIL',
      'google_workspace.admin.setting.name': 'parameters.SETTING_NAME',
      'google_workspace.admin.new_value': 'parameters.NEW_VALUE',
      'google_workspace.admin.old_value': 'parameters.OLD_VALUE',
      'google_workspace.admin.role.name': 'parameters.ROLE_NAME',
      'google_workspace.admin.group.email': 'parameters.GROUP_EMAIL',
      'google_workspace.admin.application.name': 'parameters.APPLICATION_NAME',
      'google_workspace.admin.application.id': 'parameters.APP_ID',
      'google_workspace.admin.domain.name': 'parameters.DOMAIN_NAME',
      'google_workspace.admin.org_unit.name': 'parameters.ORG_UNIT_NAME',
      'google_workspace.admin.oauth2.application.name': 'parameters.OAUTH2_APP_NAME',
      'google_workspace.admin.oauth2.application.id': 'parameters.OAUTH2_APP_ID',
      'google_workspace.admin.oauth2.service.name': 'parameters.OAUTH2_SERVICE_NAME',
    },
    families: [
      below('google_workspace.drive.', (rest) => own(`parameters.${rest}`)),
      below('google_workspace.token.', (rest) => own(`parameters.${rest}`)),
      below('google_workspace.login.', (rest) => own(`parameters.login_${rest}`, `parameters.${rest}`)),
      below('google_workspace.admin.', (rest) => own(`parameters.${rest.replaceAll('.', '_').toUpperCase()}`)),
    ],
  },
  panther: given(isThere(own('events')), text('GSuite.Reports'), text('GSuite.ActivityEvent')),
});
