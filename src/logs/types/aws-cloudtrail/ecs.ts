import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { View, ViewField } from '../../../ir/view.ts';
import {
  agentFields,
  capture,
  choose,
  constant,
  fieldOf,
  fields,
  given,
  isOneOf,
  labels,
  lower,
  own,
} from '../view-terms.ts';

/** ECS category and types of the API calls that Elastic's pipeline knows; all others are `info`. */
const KINDS: readonly (readonly [category: string, types: readonly string[], calls: readonly string[]])[] = [
  [
    'iam',
    ['group', 'change'],
    [
      'AddUserToGroup',
      'AttachGroupPolicy',
      'DeleteGroupPolicy',
      'PutGroupPolicy',
      'RemoveUserFromGroup',
      'UpdateGroup',
    ],
  ],
  ['authentication', ['info'], ['AssumeRole', 'ConsoleLogin']],
  [
    'iam',
    ['user', 'change'],
    [
      'AttachUserPolicy',
      'ChangePassword',
      'CreateAccessKey',
      'CreateVirtualMFADevice',
      'DeactivateMFADevice',
      'DeleteAccessKey',
      'DeleteSSHPublicKey',
      'DeleteUserPermissionsBoundary',
      'DeleteUserPolicy',
      'DeleteVirtualMFADevice',
      'DetachUserPolicy',
      'EnableMFADevice',
      'PutUserPermissionsBoundary',
      'PutUserPolicy',
      'TagUser',
      'UntagUser',
      'UpdateAccessKey',
      'UpdateLoginProfile',
      'UpdateSSHPublicKey',
      'UpdateUser',
    ],
  ],
  ['file', ['creation'], ['CreateBucket']],
  ['file', ['deletion'], ['DeleteBucket']],
  ['iam', ['group', 'creation'], ['CreateGroup']],
  ['iam', ['group', 'deletion'], ['DeleteGroup']],
  ['iam', ['admin', 'creation'], ['CreateKeyPair']],
  ['iam', ['user', 'creation'], ['CreateUser']],
  ['iam', ['user', 'deletion'], ['DeleteUser']],
  [
    'iam',
    ['group', 'info'],
    ['GetGroup', 'GetGroupPolicy', 'ListAttachedGroupPolicies', 'ListGroupPolicies', 'ListGroups', 'ListGroupsForUser'],
  ],
  ['iam', ['user', 'info'], ['GetUser', 'ListAttachedUserPolicies', 'ListUserPolicies', 'ListUsers', 'ListUserTags']],
  [
    'iam',
    ['admin', 'change'],
    ['SetDefaultPolicyVersion', 'SetSecurityTokenServicePreferences', 'UpdateAccountPasswordPolicy', 'UpdateRole'],
  ],
];

const action = own('eventName');
const login = own('responseElements.ConsoleLogin');
const isLogin = isOneOf(action, ['ConsoleLogin']);

function callsWhere(fits: (category: string, types: readonly string[]) => boolean): Expr {
  return isOneOf(
    action,
    KINDS.flatMap(([category, types, calls]) => (fits(category, types) ? calls : [])),
  );
}

const known = callsWhere(() => true);
const CATEGORIES = ['authentication', 'file', 'iam'] as const;
const TYPES = ['admin', 'change', 'creation', 'deletion', 'group', 'user'] as const;

const issuer = 'userIdentity.sessionContext.sessionIssuer';
const userName = own(`${issuer}.userName`, 'userIdentity.userName');
const has = (subject: Expr): Expr => ({ kind: 'exists', subject, counts: 'value' });

/** The four parts of a record whose form depends on the call: as text, and as fields below `flattened`. */
const FREE_PARTS: Readonly<Record<string, string>> = {
  request_parameters: 'requestParameters',
  response_elements: 'responseElements',
  additional_eventdata: 'additionalEventData',
  service_event_details: 'serviceEventDetails',
};

const flag = (name: string): Expr =>
  given(isLogin, given(has(own(name)), given(isOneOf(own(name), ['No']), text('false'), text('true'))));

const ip = call('view.ip', [own('sourceIPAddress')]);
/** What the pipeline's date processor reads; anything else it leaves out. */
const ISO_8601 = String.raw`^(\d{4}-\d\d-\d\dT.*)$`;
const LOGIN = 'aws.cloudtrail.console_login.additional_eventdata';
const IDENTITY = 'aws.cloudtrail.user_identity';
const SESSION = `${IDENTITY}.session_context`;

/**
 * The ECS fields that Elastic's ingest pipeline for CloudTrail makes, by its own spelling of the record's names (it asks
 * for `requestId` where records have `requestID`, so that field is never there), and those that the agent adds. Not made: fields that
 * need a geographic database or a parser of user agents (`user_agent.original` is there, `user_agent.name` is not).
 */
export function cloudTrailEcs(logType: string): View {
  return {
    schema: 'ecs',
    logType,
    when: null,
    fields: new Map<string, ViewField>([
      ...agentFields({
        module: 'aws',
        dataset: 'aws.cloudtrail',
        indices: ['logs-aws.cloudtrail-default', 'filebeat-8.0.0'],
      }),
      ['cloud.provider', constant('aws')],
      ['@timestamp', fieldOf(own('eventTime', 'digestEndTime'), 'date')],
      ...fields('keyword', {
        'event.action': action,
        'event.provider': own('eventSource'),
        'event.id': own('eventID'),
        'event.outcome': choose(
          [
            [{ kind: 'and', items: [isLogin, has(login)] }, lower(login)],
            [{ kind: 'or', items: [has(own('errorCode')), has(own('errorMessage'))] }, text('failure')],
          ],
          given(has(own('eventVersion')), text('success')),
        ),
        'event.category': labels(
          CATEGORIES.map((category) => [category, callsWhere((one) => one === category)] as const),
        ),
        'event.type': labels([
          ...TYPES.map((type) => [type, callsWhere((_, types) => types.includes(type))] as const),
          [
            'info',
            { kind: 'or', items: [{ kind: 'not', item: known }, callsWhere((_, types) => types.includes('info'))] },
          ],
        ]),
        'cloud.region': own('awsRegion'),
        'cloud.account.id': own('awsAccountId', 'userIdentity.accountId', 'recipientAccountId'),
        'user.name': userName,
        'user.id': own('userIdentity.principalId'),
        'user.target.name': own('requestParameters.userName'),
        'related.user': list([own('requestParameters.userName'), own('requestParameters.newUserName')]),
        'source.address': own('sourceIPAddress'),
        'user_agent.original': own('userAgent'),
        'tls.client.server_name': own('tlsDetails.clientProvidedHostHeader'),
        'aws.cloudtrail.event_version': own('eventVersion'),
        'aws.cloudtrail.event_category': own('eventCategory'),
        'aws.cloudtrail.event_type': own('eventType'),
        'aws.cloudtrail.error_code': own('errorCode'),
        'aws.cloudtrail.error_message': own('errorMessage'),
        'aws.cloudtrail.request_id': own('requestId'),
        'aws.cloudtrail.api_version': own('apiVersion'),
        'aws.cloudtrail.management_event': own('managementEvent'),
        'aws.cloudtrail.recipient_account_id': own('recipientAccountId'),
        'aws.cloudtrail.shared_event_id': own('sharedEventId'),
        'aws.cloudtrail.vpc_endpoint_id': own('vpcEndpointId'),
        'aws.cloudtrail.session_credential_from_console': own('sessionCredentialFromConsole'),
        'aws.cloudtrail.resources.arn': own('resources.ARN'),
        'aws.cloudtrail.resources.account_id': own('resources.accountId'),
        'aws.cloudtrail.resources.type': own('resources.type'),
        [`${IDENTITY}.type`]: own('userIdentity.type'),
        [`${IDENTITY}.arn`]: own('userIdentity.arn'),
        [`${IDENTITY}.access_key_id`]: own('userIdentity.accessKeyId'),
        [`${IDENTITY}.invoked_by`]: own('userIdentity.invokedBy'),
        [`${SESSION}.mfa_authenticated`]: own('userIdentity.sessionContext.attributes.mfaAuthenticated'),
        [`${SESSION}.session_issuer.type`]: own(`${issuer}.type`),
        [`${SESSION}.session_issuer.principal_id`]: own(`${issuer}.principalId`),
        [`${SESSION}.session_issuer.arn`]: own(`${issuer}.arn`),
        [`${SESSION}.session_issuer.account_id`]: own(`${issuer}.accountId`),
        [`${LOGIN}.login_to`]: given(isLogin, own('additionalEventData.LoginTo')),
        'aws.cloudtrail.digest.s3_bucket': own('digestS3Bucket'),
        'aws.cloudtrail.digest.previous_s3_bucket': own('previousDigestS3Bucket'),
        'aws.cloudtrail.digest.previous_hash_algorithm': own('previousDigestHashAlgorithm'),
        'aws.cloudtrail.digest.public_key_fingerprint': own('publicKeyFingerprint'),
        'aws.cloudtrail.digest.signature_algorithm': own('digestSignatureAlgorithm'),
        'aws.cloudtrail.digest.log_files': own('logFiles'),
        'file.path': own('previousDigestS3Object'),
        'file.hash.sha256': given(
          isOneOf(own('previousDigestHashAlgorithm'), ['SHA-256']),
          own('previousDigestSignature'),
        ),
        'related.hash': own('previousDigestSignature'),
      }),
      ...fields(
        'keyword',
        Object.fromEntries(
          Object.entries(FREE_PARTS).map(([name, part]) => [
            `aws.cloudtrail.${name}`,
            call('view.java-text', [own(part)]),
          ]),
        ),
      ),
      ...fields('boolean', {
        'aws.cloudtrail.read_only': own('readOnly'),
        [`${LOGIN}.mobile_version`]: flag('additionalEventData.MobileVersion'),
        [`${LOGIN}.mfa_used`]: flag('additionalEventData.MFAUsed'),
      }),
      ...fields('date', {
        [`${SESSION}.creation_date`]: capture(own('userIdentity.sessionContext.attributes.creationDate'), ISO_8601),
        'aws.cloudtrail.digest.start_time': own('digestStartTime'),
        'aws.cloudtrail.digest.end_time': own('digestEndTime'),
        'aws.cloudtrail.digest.newest_event_time': own('newestEventTime'),
        'aws.cloudtrail.digest.oldest_event_time': own('oldestEventTime'),
      }),
      ...fields('ip', { 'source.ip': ip, 'related.ip': ip }),
    ]),
    families: [
      ...Object.entries(FREE_PARTS).map(([name, part]) => ({
        prefix: `aws.cloudtrail.flattened.${name}.`,
        field: (rest: string): ViewField => fieldOf(own(`${part}.${rest}`), 'flattened'),
        members: { of: own(part) },
      })),
      {
        prefix: 'aws.cloudtrail.digest.log_files.',
        field: (rest) => fieldOf(own(`logFiles.${rest}`)),
        members: { of: own('logFiles') },
      },
      {
        prefix: 'aws.cloudtrail.insight_details.',
        field: (rest) => fieldOf(own(`insightDetails.${rest}`)),
        members: { of: own('insightDetails') },
      },
    ],
    otherwise: 'missing',
  };
}
