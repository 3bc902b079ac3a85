import type { JsonObject } from '../../../base/json.ts';
import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, hasAny, textOf } from '../record-tests.ts';
import { camelCase, pascalCase } from '../spelling.ts';
import { capture, choose, coalesce, given, isOneOf, own } from '../view-terms.ts';

/** The categories that diagnostic settings export sign-ins in. */
const CATEGORIES = new Set([
  'SignInLogs',
  'NonInteractiveUserSignInLogs',
  'ServicePrincipalSignInLogs',
  'ManagedIdentitySignInLogs',
  'ADFSSignInLogs',
]);

/** Tables of Log Analytics that hold them. */
const SIGN_IN_TABLES: readonly string[] = [
  'SigninLogs',
  'AADNonInteractiveUserSignInLogs',
  'AADServicePrincipalSignInLogs',
  'AADManagedIdentitySignInLogs',
];

function isSignIn(event: JsonObject): boolean {
  if (has(event, 'properties', 'category')) return CATEGORIES.has(textOf(event, 'category') ?? '');
  if (has(event, 'createdDateTime', 'status.errorCode'))
    return hasAny(event, 'appId', 'servicePrincipalId', 'appDisplayName');
  if (has(event, 'Date (UTC)', 'Request ID'))
    return hasAny(event, 'Sign-in error code', 'User', 'Service principal ID');
  if (has(event, 'TimeGenerated', 'Type')) return SIGN_IN_TABLES.includes(textOf(event, 'Type') ?? '');
  return (
    has(event, 'ResultType') &&
    hasAny(event, 'ConditionalAccessStatus', 'AuthenticationRequirement') &&
    has(event, 'TimeGenerated')
  );
}

/** A datum of a column that holds a map, or its JSON. */
function inside(columns: string, path: string): Expr {
  return coalesce(
    own(...columns.split('|').map((column) => `${column}.${path}`)),
    call('view.json-path', [own(...columns.split('|')), text(path)]),
  );
}

const DEVICE = 'properties.deviceDetail|deviceDetail|DeviceDetail|azure.signinlogs.properties.device_detail';

/** Export, Graph, portal CSV, Log Analytics and Elastic's documents, and how SigmaHQ's rules spell it (reference of each vendor). */
const NAMES = [
  'resultType|ResultType|properties.status.errorCode|status.errorCode|Sign-in error code|azure.signinlogs.result_type|azure.signinlogs.properties.status.error_code',
  'resultDescription|ResultDescription|Resultdescription|properties.status.failureReason|status.failureReason|Failure reason|azure.signinlogs.result_description',
  'userAgent|properties.userAgent|UserAgent|User agent|user_agent.original',
  'properties.authenticationRequirement|authenticationRequirement|AuthenticationRequirement|Authentication requirement|azure.signinlogs.properties.authentication_requirement',
  'callerIpAddress|properties.ipAddress|ipAddress|IPAddress|IP address|source.ip',
  'properties.appId|appId|AppId|Application ID|azure.signinlogs.properties.app_id',
  'properties.appDisplayName|appDisplayName|AppDisplayName|Application|azure.signinlogs.properties.app_display_name',
  'conditionalAccessStatus|properties.conditionalAccessStatus|ConditionalAccessStatus|Conditional Access|azure.signinlogs.properties.conditional_access_status',
  'ResourceDisplayName|properties.resourceDisplayName|resourceDisplayName|Resource|azure.signinlogs.properties.resource_display_name',
  'RiskState|properties.riskState|riskState|azure.signinlogs.properties.risk_state',
  'NetworkLocationDetails|properties.networkLocationDetails|networkLocationDetails|azure.signinlogs.properties.network_location_details',
  'homeTenantId|properties.homeTenantId|HomeTenantId|azure.signinlogs.properties.home_tenant_id',
  'resourceTenantId|properties.resourceTenantId|ResourceTenantId|azure.signinlogs.properties.resource_tenant_id',
  'ClientApp|properties.clientAppUsed|clientAppUsed|ClientAppUsed|Client app|azure.signinlogs.properties.client_app_used',
  'Username|properties.userPrincipalName|userPrincipalName|UserPrincipalName|azure.signinlogs.properties.user_principal_name',
  'properties.authenticationProtocol|authenticationProtocol|AuthenticationProtocol|azure.signinlogs.properties.authentication_protocol',
  'properties.userId|userId|UserId|User ID|azure.signinlogs.properties.user_id',
  'properties.userDisplayName|userDisplayName|UserDisplayName|User|azure.signinlogs.properties.user_display_name',
  'properties.correlationId|correlationId|CorrelationId|Correlation ID|azure.correlation_id',
  'properties.id|id|Id|Request ID|azure.signinlogs.properties.id',
  'properties.isInteractive|isInteractive|IsInteractive|azure.signinlogs.properties.is_interactive',
  'properties.riskLevelAggregated|riskLevelAggregated|RiskLevelAggregated|azure.signinlogs.properties.risk_level_aggregated',
  'properties.riskLevelDuringSignIn|riskLevelDuringSignIn|RiskLevelDuringSignIn|azure.signinlogs.properties.risk_level_during_signin',
  'properties.riskDetail|riskDetail|RiskDetail|azure.signinlogs.properties.risk_detail',
  'properties.servicePrincipalId|servicePrincipalId|ServicePrincipalId|azure.signinlogs.properties.service_principal_id',
  'properties.servicePrincipalName|servicePrincipalName|ServicePrincipalName|azure.signinlogs.properties.service_principal_name',
  'properties.createdDateTime|createdDateTime|CreatedDateTime|Date (UTC)|azure.signinlogs.properties.created_at',
  'operationName|OperationName|azure.signinlogs.operation_name',
];

const at = (name: string): Expr => own(...(NAMES.find((row) => row.split('|').includes(name)) ?? name).split('|'));
const country = coalesce(
  inside('properties.location|location|LocationDetails', 'countryOrRegion'),
  own('Location', 'location', 'source.geo.country_iso_code'),
);
const succeeded = isOneOf(at('resultType'), ['0']);
const upn = at('userPrincipalName');

const device = (name: string): Expr => inside(DEVICE, name);

/** Sign-ins of Microsoft Entra ID, of users, service principals and managed identities. */
export const entraSignIn: LogType = declare({
  name: 'azure.signin',
  description: 'Microsoft Entra sign-ins: diagnostic settings, Microsoft Graph, the portal, Log Analytics',
  recognises: isSignIn,
  time: 'properties.createdDateTime|createdDateTime|CreatedDateTime|Date (UTC)|TimeGenerated|time',
  names: NAMES,
  sigma: {
    product: 'azure',
    service: 'signinlogs',
    fields: {
      location: country,
      Location: country,
      Status: given(
        { kind: 'exists', subject: at('resultType'), counts: 'value' },
        choose([[succeeded, text('Success')]], text('Failure')),
      ),
      'DeviceDetail.deviceId': device('deviceId'),
      'DeviceDetail.isCompliant': device('isCompliant'),
      'DeviceDetail.trusttype': device('trustType'),
      'DeviceDetail.trustType': device('trustType'),
      'properties.deviceDetail.deviceId': device('deviceId'),
      'properties.deviceDetail.isCompliant': device('isCompliant'),
      'properties.message': choose([
        [isOneOf(at('authenticationProtocol'), ['deviceCode'], true), text('Device Code')],
        [isOneOf(at('authenticationProtocol'), ['ropc'], true), text('ROPC')],
      ]),
    },
  },
  ecs: {
    module: 'azure',
    dataset: 'azure.signinlogs',
    indices: ['logs-azure.signinlogs-default', 'filebeat-8.0.0'],
    documents: { below: 'azure.signinlogs' },
    fields: {
      'event.action': coalesce(own('operationName', 'OperationName'), text('Sign-in activity')),
      'event.category': text('authentication'),
      'event.type': text('info'),
      'event.outcome': choose(
        [[succeeded, text('success')]],
        given({ kind: 'exists', subject: at('resultType'), counts: 'value' }, text('failure')),
      ),
      'event.id': '@properties.id',
      'source.ip': call('view.ip', [at('ipAddress')]),
      'client.ip': call('view.ip', [at('ipAddress')]),
      'source.geo.country_iso_code': country,
      'user_agent.original': '@userAgent',
      'user.id': '@userId',
      'user.full_name': '@userDisplayName',
      'user.name': coalesce(capture(upn, '^([^@]+)@'), upn),
      'user.domain': capture(upn, '@([^@]+)$'),
      'cloud.provider': text('azure'),
      'azure.tenant_id': 'tenantId|TenantId|AADTenantId',
      'azure.correlation_id': '@correlationId',
      'azure.signinlogs.category': 'category|Category',
      'azure.signinlogs.operation_name': '@operationName',
      'azure.signinlogs.result_type': '@resultType',
      'azure.signinlogs.result_description': '@resultDescription',
      'azure.signinlogs.identity': 'identity|Identity',
      'azure.signinlogs.properties.status.error_code': call('view.integer', [at('resultType')]),
      'azure.signinlogs.properties.status.failure_reason': '@resultDescription',
      'azure.signinlogs.properties.authentication_requirement': '@authenticationRequirement',
      'azure.signinlogs.properties.authentication_protocol': '@authenticationProtocol',
      'azure.signinlogs.properties.conditional_access_status': '@conditionalAccessStatus',
      'azure.signinlogs.properties.app_id': '@appId',
      'azure.signinlogs.properties.app_display_name': '@appDisplayName',
      'azure.signinlogs.properties.client_app_used': '@clientAppUsed',
      'azure.signinlogs.properties.resource_display_name': '@resourceDisplayName',
      'azure.signinlogs.properties.user_principal_name': '@userPrincipalName',
      'azure.signinlogs.properties.user_id': '@userId',
      'azure.signinlogs.properties.user_type': 'properties.userType|userType|UserType',
      'azure.signinlogs.properties.home_tenant_id': '@homeTenantId',
      'azure.signinlogs.properties.resource_tenant_id': '@resourceTenantId',
      'azure.signinlogs.properties.is_interactive': '@isInteractive',
      'azure.signinlogs.properties.risk_state': '@riskState',
      'azure.signinlogs.properties.risk_level_aggregated': '@riskLevelAggregated',
      'azure.signinlogs.properties.risk_level_during_signin': '@riskLevelDuringSignIn',
      'azure.signinlogs.properties.device_detail.trust_type': device('trustType'),
      'azure.signinlogs.properties.device_detail.is_compliant': device('isCompliant'),
      'azure.signinlogs.properties.device_detail.device_id': device('deviceId'),
      'azure.signinlogs.properties.device_detail.browser': device('browser'),
      'azure.signinlogs.properties.device_detail.operating_system': device('operatingSystem'),
    },
    families: [
      below('azure.signinlogs.properties.', (rest) =>
        own(`properties.${camelCase(rest)}`, camelCase(rest), pascalCase(rest)),
      ),
    ],
  },
  panther: given({ kind: 'exists', subject: own('properties'), counts: 'value' }, text('Azure.Audit')),
  tables: Object.fromEntries(
    SIGN_IN_TABLES.map((table) => [
      table,
      {
        ResultType: '@resultType',
        ResultDescription: '@resultDescription',
        UserPrincipalName: '@userPrincipalName',
        UserDisplayName: '@userDisplayName',
        UserId: '@userId',
        AppDisplayName: '@appDisplayName',
        AppId: '@appId',
        IPAddress: '@ipAddress',
        Location: country,
        UserAgent: '@userAgent',
        ClientAppUsed: '@clientAppUsed',
        AuthenticationRequirement: '@authenticationRequirement',
        AuthenticationProtocol: '@authenticationProtocol',
        ConditionalAccessStatus: '@conditionalAccessStatus',
        ResourceDisplayName: '@resourceDisplayName',
        HomeTenantId: '@homeTenantId',
        ResourceTenantId: '@resourceTenantId',
        RiskState: '@riskState',
        RiskDetail: '@riskDetail',
        RiskLevelAggregated: '@riskLevelAggregated',
        RiskLevelDuringSignIn: '@riskLevelDuringSignIn',
        IsInteractive: '@isInteractive',
        CorrelationId: '@correlationId',
        Id: '@properties.id',
        ServicePrincipalId: '@servicePrincipalId',
        ServicePrincipalName: '@servicePrincipalName',
        CreatedDateTime: '@createdDateTime',
        OperationName: '@operationName',
        Category: 'category|Category',
        Status: 'properties.status|status|Status',
        DeviceDetail: 'properties.deviceDetail|deviceDetail|DeviceDetail',
        LocationDetails: 'properties.location|location|LocationDetails',
        ConditionalAccessPolicies:
          'properties.appliedConditionalAccessPolicies|appliedConditionalAccessPolicies|ConditionalAccessPolicies',
        AuthenticationDetails: 'properties.authenticationDetails|authenticationDetails|AuthenticationDetails',
        NetworkLocationDetails: '@networkLocationDetails',
      },
    ]),
  ),
});
