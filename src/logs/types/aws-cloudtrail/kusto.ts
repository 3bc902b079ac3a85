import { text } from '../../../ir/construct.ts';
import type { View } from '../../../ir/view.ts';
import { kustoTable } from '../kusto-view.ts';
import { columns, own } from '../view-terms.ts';

const issuer = 'userIdentity.sessionContext.sessionIssuer';

/** The table AWSCloudTrail. Columns that hold a part of the record hold its JSON text. */
export function cloudTrailKusto(logType: string): View {
  return kustoTable(logType, 'AWSCloudTrail', null, [
    ...columns('datetime', {
      TimeGenerated: own('eventTime'),
      SessionCreationDate: own('userIdentity.sessionContext.attributes.creationDate'),
    }),
    ...columns('guid', {
      AwsEventId: own('eventID'),
      AwsRequestId: own('requestID', 'requestId'),
      SharedEventId: own('sharedEventID', 'sharedEventId'),
    }),
    ...columns('bool', {
      ReadOnly: own('readOnly'),
      ManagementEvent: own('managementEvent'),
      SessionMfaAuthenticated: own('userIdentity.sessionContext.attributes.mfaAuthenticated'),
    }),
    ...columns('string', {
      EventVersion: own('eventVersion'),
      EventSource: own('eventSource'),
      EventName: own('eventName'),
      EventTypeName: own('eventType'),
      OperationName: text('CloudTrail'),
      Category: own('eventCategory'),
      AWSRegion: own('awsRegion'),
      SourceIpAddress: own('sourceIPAddress'),
      UserAgent: own('userAgent'),
      ErrorCode: own('errorCode'),
      ErrorMessage: own('errorMessage'),
      RequestParameters: own('requestParameters'),
      ResponseElements: own('responseElements'),
      AdditionalEventData: own('additionalEventData'),
      ServiceEventDetails: own('serviceEventDetails'),
      Resources: own('resources'),
      APIVersion: own('apiVersion'),
      AwsRequestId_: own('requestID', 'requestId'),
      RecipientAccountId: own('recipientAccountId'),
      VpcEndpointId: own('vpcEndpointId'),
      TlsVersion: own('tlsDetails.tlsVersion'),
      CipherSuite: own('tlsDetails.cipherSuite'),
      ClientProvidedHostHeader: own('tlsDetails.clientProvidedHostHeader'),
      CidrIp: own('requestParameters.cidrIp', 'requestParameters.ipPermissions.items.ipRanges.items.cidrIp'),
      IpProtocol: own('requestParameters.ipProtocol', 'requestParameters.ipPermissions.items.ipProtocol'),
      SourcePort: own('requestParameters.fromPort', 'requestParameters.ipPermissions.items.fromPort'),
      DestinationPort: own('requestParameters.toPort', 'requestParameters.ipPermissions.items.toPort'),
      EC2RoleDelivery: own('userIdentity.sessionContext.ec2RoleDelivery'),
      UserIdentityType: own('userIdentity.type'),
      UserIdentityPrincipalid: own('userIdentity.principalId'),
      UserIdentityArn: own('userIdentity.arn'),
      UserIdentityAccountId: own('userIdentity.accountId'),
      UserIdentityInvokedBy: own('userIdentity.invokedBy'),
      UserIdentityAccessKeyId: own('userIdentity.accessKeyId'),
      UserIdentityUserName: own('userIdentity.userName'),
      SessionIssuerType: own(`${issuer}.type`),
      SessionIssuerPrincipalId: own(`${issuer}.principalId`),
      SessionIssuerArn: own(`${issuer}.arn`),
      SessionIssuerAccountId: own(`${issuer}.accountId`),
      SessionIssuerUserName: own(`${issuer}.userName`),
      SourceSystem: text('Aws'),
      Type: text('AWSCloudTrail'),
    }),
  ]);
}
