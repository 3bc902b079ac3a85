import { call, text } from '../../../ir/construct.ts';
import type { View } from '../../../ir/view.ts';
import { kustoTable } from '../kusto-view.ts';
import { afterLast, capture, coalesce, columns, lower, mapped, own, ownPath } from '../view-terms.ts';

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const resource = own('resourceId');
const claims = own('identity.claims');
const authorization = own('identity.authorization');
const properties = own('properties');
const status = own('resultType');
const providerName = capture(resource, '/providers/([^/]+)');
/** Older records say the kind of operation where newer ones say the category of the event. */
const category = coalesce(
  own('properties.eventCategory'),
  mapped(
    call('text.lower', [own('category')]),
    { write: 'Administrative', action: 'Administrative', delete: 'Administrative', read: 'Administrative' },
    own('category'),
  ),
);
/** Where the caller is a user the name it signed in with, else the object that acts. */
const caller = coalesce(
  ownPath('identity', 'claims', `${CLAIMS}/upn`),
  ownPath('identity', 'claims', `${CLAIMS}/name`),
  ownPath('identity', 'claims', 'http://schemas.microsoft.com/identity/claims/objectidentifier'),
  own('identity.claims.appid'),
);

/**
 * The table AzureActivity, each column from what its documentation says it holds. Columns in display language
 * (`OperationName`, `ResourceProvider`) hold what the record says; it carries no translation.
 */
export function azureActivityKusto(logType: string): View {
  return kustoTable(logType, 'AzureActivity', null, [
    ...columns('datetime', {
      TimeGenerated: own('time'),
      EventSubmissionTimestamp: own('properties.eventSubmissionTimestamp', 'time'),
    }),
    ...columns('guid', {
      TenantId: own('tenantId'),
      SubscriptionId: capture(resource, '/subscriptions/([^/]+)'),
    }),
    ...columns('dynamic', { Properties_d: properties, Claims_d: claims, Authorization_d: authorization }),
    ...columns('string', {
      OperationNameValue: own('operationName'),
      OperationName: own('properties.operationName', 'operationName'),
      ActivityStatusValue: status,
      ActivityStatus: mapped(
        status,
        { Start: 'Started', Accept: 'Accepted', Success: 'Succeeded', Failure: 'Failed' },
        status,
      ),
      ActivitySubstatusValue: coalesce(
        capture(own('resultSignature'), String.raw`^[^.]*\.(.*)$`),
        own('resultSignature'),
      ),
      ActivitySubstatus: own('properties.statusCode'),
      Caller: caller,
      CallerIpAddress: own('callerIpAddress'),
      Category: category,
      CategoryValue: category,
      Claims: claims,
      Authorization: authorization,
      Properties: properties,
      HTTPRequest: own('properties.httpRequest', 'httpRequest'),
      CorrelationId: own('correlationId'),
      OperationId: own('operationId', 'properties.operationId', 'correlationId'),
      EventDataId: own('properties.eventDataId', 'eventDataId'),
      Level: own('level', 'Level'),
      Hierarchy: own('properties.hierarchy'),
      Resource: afterLast(resource, '/'),
      ResourceGroup: capture(resource, '/resourcegroups/([^/]+)'),
      ResourceId: resource,
      _ResourceId: lower(resource),
      ResourceProvider: providerName,
      ResourceProviderValue: providerName,
      SourceSystem: text('Azure'),
      Type: text('AzureActivity'),
    }),
  ]);
}
