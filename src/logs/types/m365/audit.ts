import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import { capture, choose, coalesce, given, isOneOf, mapped, own } from '../view-terms.ts';

function isAudit(event: JsonObject): boolean {
  if (has(event, 'CreationTime', 'Operation', 'Workload'))
    return hasAny(event, 'RecordType', 'UserId', 'UserType', 'OrganizationId');
  return has(event, 'OfficeWorkload', 'Operation', 'TimeGenerated');
}

const NAMES = [
  'Workload|OfficeWorkload|o365.audit.Workload',
  'Operation|o365.audit.Operation|event.action',
  'ResultStatus|o365.audit.ResultStatus',
  'ObjectId|OfficeObjectId|o365.audit.ObjectId',
  'UserId|o365.audit.UserId',
  'ApplicationId|AppId|o365.audit.ApplicationId',
];

/** Names of record types (Office 365 Management Activity API schema, AuditLogRecordType); others keep their numbers. */
const recordType = mapped(
  own('RecordType'),
  {
    '1': 'ExchangeAdmin',
    '2': 'ExchangeItem',
    '4': 'SharePoint',
    '6': 'SharePointFileOperation',
    '8': 'AzureActiveDirectory',
    '15': 'AzureActiveDirectoryStsLogon',
    '25': 'MicrosoftTeams',
    '40': 'SecurityComplianceAlerts',
  },
  own('RecordType'),
);

const parameters = own('Parameters', 'o365.audit.Parameters');
const result = own('ResultStatus');
const succeeded = isOneOf(result, ['Succeeded', 'True', 'Success', 'PartiallySucceeded'], true);
/** `203.0.113.9:5000`, `[2001:db8::1]:5000`, and addresses as they are. */
const address = coalesce(own('ClientIP'), own('ClientIPAddress'), own('ActorIpAddress'), own('Client_IPAddress'));
const ip = call('view.ip', [
  coalesce(
    capture(address, String.raw`^\[?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:.]*[0-9a-f])\]?(?::\d+)?$`),
    address,
  ),
]);
const named = (column: string, name: string, value = 'Value'): Expr =>
  call('view.named', [own(column), text('Name'), text(value), text(name)]);

/** The unified audit log of Microsoft 365. */
export const m365Audit: LogType = declare({
  name: 'm365.audit',
  description: 'Microsoft 365 unified audit log: Management API, Purview, Search-UnifiedAuditLog, Log Analytics',
  recognises: isAudit,
  time: 'CreationTime|TimeGenerated',
  names: NAMES,
  sigma: {
    product: 'm365',
    service: list(['audit', 'exchange', 'threat_management', 'threat_detection'].map((one) => text(one))),
    fields: {
      eventSource: 'Workload|OfficeWorkload',
      eventName: given(
        isOneOf(own('Operation'), ['AlertTriggered', 'AlertEntityGenerated']),
        coalesce(own('Name'), own('Operation')),
        own('Operation'),
      ),
      status: choose([[succeeded, text('success')]], own('ResultStatus')),
      Parameters: list([parameters, own('Parameters.Name'), own('Parameters.Value')]),
      RequestType: coalesce(named('ExtendedProperties', 'RequestType'), own('RequestType')),
      'ExtendedProperties.RequestType': named('ExtendedProperties', 'RequestType'),
      ClientAppId: own('ClientAppId'),
    },
  },
  ecs: {
    module: 'o365',
    dataset: 'o365.audit',
    documents: {
      below: 'o365.audit',
      moved: { Workload: ['event.provider'], Operation: ['event.action'], UserId: ['user.id'] },
    },
    fields: {
      'event.action': 'Operation',
      'event.provider': 'Workload|OfficeWorkload',
      'event.code': recordType,
      'event.outcome': choose(
        [[isOneOf(result, ['failed', 'false', 'failure'], true), text('failure')]],
        given({ kind: 'exists', subject: own('Operation'), counts: 'value' }, text('success')),
      ),
      'event.id': 'Id',
      'user.id': 'UserId',
      'user.name': capture(own('UserId'), '^([^@]+)@'),
      'user.domain': capture(own('UserId'), '@([^@]+)$'),
      'user.email': 'UserId',
      'client.ip': ip,
      'client.address': ip,
      'source.ip': ip,
      'organization.id': 'OrganizationId',
      'user_agent.original': coalesce(own('UserAgent'), named('ExtendedProperties', 'UserAgent')),
      'file.name': 'SourceFileName',
      'file.extension': 'SourceFileExtension',
      'url.original': 'ObjectId',
      'rule.name': given(isOneOf(own('Operation'), ['AlertTriggered']), own('Name')),
    },
    families: [
      below('o365.audit.Parameters.', (rest) => coalesce(named('Parameters', rest), own(`Parameters.${rest}`))),
      below('o365.audit.ExtendedProperties.', (rest) =>
        coalesce(named('ExtendedProperties', rest), own(`ExtendedProperties.${rest}`)),
      ),
      below('o365.audit.ModifiedProperties.', (rest) => {
        const [name = '', which = 'NewValue'] = rest.split('.');
        const values: Expr = call('view.named', [
          own('ModifiedProperties'),
          text('Name'),
          text(which === 'Old_Value' ? 'OldValue' : which === 'New_Value' ? 'NewValue' : which),
          text(name.replaceAll('_', ' ')),
        ]);
        return coalesce(values, named('ModifiedProperties', name, which));
      }),
      below('o365.audit.', (rest) => own(rest)),
    ],
  },
  panther: mapped(
    own('Workload'),
    {
      AzureActiveDirectory: 'Microsoft365.Audit.AzureActiveDirectory',
      Exchange: 'Microsoft365.Audit.Exchange',
      SharePoint: 'Microsoft365.Audit.SharePoint',
      OneDrive: 'Microsoft365.Audit.SharePoint',
    },
    text('Microsoft365.Audit.General'),
  ),
  tables: {
    OfficeActivity: {
      Operation: 'Operation',
      OfficeWorkload: 'Workload|OfficeWorkload',
      OfficeObjectId: 'ObjectId|OfficeObjectId',
      OfficeId: 'Id|OfficeId',
      UserId: 'UserId',
      UserKey: 'UserKey',
      RecordType: recordType,
      ResultStatus: 'ResultStatus',
      ClientIP: own('ClientIP', 'ClientIPAddress', 'Client_IPAddress'),
      Parameters: 'Parameters',
      ExtendedProperties: 'ExtendedProperties',
      ModifiedProperties: 'ModifiedProperties',
      OrganizationId: 'OrganizationId',
      UserAgent: 'UserAgent',
      SourceFileName: 'SourceFileName',
      SourceFileExtension: 'SourceFileExtension',
      Site_Url: 'SiteUrl|Site_Url',
    },
  },
});
