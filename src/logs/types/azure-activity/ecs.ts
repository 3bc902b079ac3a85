import { call, MISSING, match, not, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { EVERYTHING, type View, type ViewField } from '../../../ir/view.ts';
import {
  agentFields,
  capture,
  choose,
  coalesce,
  constant,
  fieldOf,
  fields,
  given,
  isOneOf,
  mapped,
  own,
  ownPath,
} from '../view-terms.ts';

const GUID = String.raw`\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?`;
const GROUP = `/subscriptions/${GUID}/resourcegroups/([^/]+)`;
const RULE = `${GROUP}/providers/([^/]+)/namespaces/([^/]+)/authorizationrules/(.+)`;
const RESOURCE = String.raw`${GROUP}/providers/(\w+\.[\w.]+/\w+)/(.+)`;

const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

const resultType = own('resultType');
const operation = own('operationName');
const resource = own('resourceId');
const fullName = own('identity.claims.name');
const ip = call('view.ip', [own('callerIpAddress')]);

function claim(name: string): Expr {
  return ownPath('identity', 'claims', `${CLAIMS}/${name}`);
}

/** A part of a resource's id; the pipeline reads the ids of authorization rules by another pattern. */
function resourcePart(group: number): Expr {
  const below = capture(resource, `${GROUP}/providers/(.*)`, 2);
  const isRule = match(below, { kind: 'contains', text: 'authorizationrules' }, { collation: 'ignore-case' });
  return given(not(isRule), capture(resource, RESOURCE, group));
}

/** The pipeline makes the map of the initiating user from the `name` claim; without it the others find no place. */
function initiated(name: string): Expr {
  return given({ kind: 'exists', subject: fullName, counts: 'present' }, claim(name));
}

const address = coalesce(initiated('name'), claim('emailaddress'));
const ADDRESS = String.raw`([\w.-]+)@((?:[0-9a-z][0-9a-z-]{0,62})(?:\.[0-9a-z][0-9a-z-]{0,62})*)`;

const provider = coalesce(capture(resource, RULE, 2), resourcePart(2), capture(resource, '/providers/(.+)'));

/** Raw names that the pipeline moves away from below `azure.activitylogs`. */
const MOVED = new Set([
  'time',
  'resourceId',
  'callerIpAddress',
  'level',
  'Level',
  'durationMs',
  'location',
  'resultType',
  'operationName',
  'resultSignature',
  'correlationId',
  'tenantId',
  'identity.claims.name',
  'properties.serviceRequestId',
  'properties.statusMessage',
  'properties.statusCode',
  'identity.authorization.evidence.roleAssignmentScope',
  'identity.authorization.evidence.roleDefinitionId',
  'identity.authorization.evidence.roleAssignmentId',
  'identity.authorization.evidence.principalId',
  'identity.authorization.evidence.principalType',
]);

const EVIDENCE = 'azure.activitylogs.identity.authorization.evidence';
const INITIATED = 'azure.activitylogs.identity.claims_initiated_by_user';

const keywords = fields('keyword', {
  'azure.activitylogs.operation_name': operation,
  'azure.activitylogs.result_type': resultType,
  'azure.activitylogs.result_signature': own('resultSignature'),
  'azure.activitylogs.event_category': choose(
    [
      [{ kind: 'exists', subject: own('properties.eventCategory'), counts: 'value' }, own('properties.eventCategory')],
      [{ kind: 'exists', subject: own('properties.policies'), counts: 'value' }, text('Policy')],
    ],
    text('Administrative'),
  ),
  'azure.activitylogs.properties.service_request_id': own('properties.serviceRequestId'),
  'azure.activitylogs.properties.status_code': own('properties.statusCode'),
  [`${EVIDENCE}.role_assignment_scope`]: own('identity.authorization.evidence.roleAssignmentScope'),
  [`${EVIDENCE}.role_definition_id`]: own('identity.authorization.evidence.roleDefinitionId'),
  [`${EVIDENCE}.role_assignment_id`]: own('identity.authorization.evidence.roleAssignmentId'),
  [`${EVIDENCE}.principal_id`]: own('identity.authorization.evidence.principalId'),
  [`${EVIDENCE}.principal_type`]: own('identity.authorization.evidence.principalType'),
  [`${INITIATED}.fullname`]: fullName,
  [`${INITIATED}.surname`]: initiated('surname'),
  [`${INITIATED}.name`]: initiated('name'),
  [`${INITIATED}.givenname`]: initiated('givenname'),
  [`${INITIATED}.schema`]: given({ kind: 'exists', subject: initiated('name'), counts: 'value' }, text(CLAIMS)),
  'azure.resource.id': resource,
  'azure.resource.group': capture(resource, `${GROUP}/providers/`),
  'azure.resource.provider': provider,
  'azure.resource.namespace': capture(resource, RULE, 3),
  'azure.resource.authorization_rule': capture(resource, RULE, 4),
  'azure.resource.name': resourcePart(3),
  'azure.subscription_id': capture(resource, `/subscriptions/(${GUID})`),
  'azure.tenant_id': own('tenantId'),
  'azure.correlation_id': own('correlationId'),
  // The names that later versions of the integration use.
  'azure.resource_group.name': capture(resource, GROUP),
  'azure.resource_provider.namespace': provider,
  'azure.correlation.id': own('correlationId'),
  'azure.tenant.id': coalesce(own('tenantId'), capture(resource, `/tenants/(${GUID})`)),
  'cloud.account.id': capture(resource, `/subscriptions/(${GUID})`),
  'cloud.resource_id': resource,
  'related.entity': resource,
  'event.action': operation,
  'event.outcome': choose([
    [isOneOf(resultType, ['success'], true), text('success')],
    [isOneOf(resultType, ['failure'], true), text('failure')],
    [isOneOf(own('properties.result'), ['success']), text('success')],
    [isOneOf(own('properties.result'), ['failure']), text('failure')],
    [isOneOf(own('properties.result'), ['unknown']), text('unknown')],
  ]),
  'event.type': choose([
    [isOneOf(own('category'), ['write', 'action'], true), text('change')],
    [isOneOf(own('category'), ['read'], true), text('access')],
    [isOneOf(own('category'), ['delete'], true), text('deletion')],
  ]),
  'log.level': mapped(
    own('level', 'Level'),
    { '1': 'Critical', '2': 'Error', '3': 'Warning', '4': 'Informational', '5': 'Verbose' },
    own('level', 'Level'),
  ),
  'geo.name': own('location'),
  'source.address': given(not({ kind: 'exists', subject: ip, counts: 'value' }), own('callerIpAddress')),
  'user.full_name': fullName,
  'user.name': capture(address, ADDRESS, 1),
  'user.domain': capture(address, ADDRESS, 2),
  'user.email': given(
    { kind: 'exists', subject: capture(address, ADDRESS, 1), counts: 'value' },
    capture(address, String.raw`^\s*(.*?)\s*$`),
  ),
});

const CLAIM_PREFIX = 'azure.activitylogs.identity.claims.';
const REQUEST_PREFIX = 'azure.activitylogs.properties.requestbody.';

/**
 * The ECS fields that Elastic's ingest pipeline for Azure activity logs makes, and those that the agent adds.
 * Not made: geographic and network-owner fields, which need a database.
 */
export function azureActivityEcs(logType: string): View {
  return {
    schema: 'ecs',
    logType,
    when: null,
    fields: new Map<string, ViewField>([
      ...agentFields({
        module: 'azure',
        dataset: 'azure.activitylogs',
        indices: ['logs-azure.activitylogs-default', 'filebeat-8.0.0'],
      }),
      ['cloud.provider', constant('azure')],
      ...keywords,
      ['@timestamp', fieldOf(own('time'), 'date')],
      [
        'event.duration',
        fieldOf(call('view.multiply', [own('durationMs'), { kind: 'literal', type: 'int', value: '1000000' }]), 'long'),
      ],
      ...fields('ip', { 'source.ip': ip, 'client.ip': ip, 'related.ip': ip }),
      ['message', fieldOf(own('properties.statusMessage'), 'match_only_text')],
    ]),
    families: [
      {
        prefix: CLAIM_PREFIX,
        field: (rest) =>
          fieldOf(rest === 'name' ? MISSING : call('view.lookup-normalised', [own('identity.claims'), text(rest)])),
        members: { of: call('view.normalised', [own('identity.claims')]), except: ['name'] },
      },
      {
        prefix: REQUEST_PREFIX,
        field: (rest) => fieldOf(call('view.json-path', [own('properties.requestbody'), text(rest)])),
        members: { of: call('view.json-path', [own('properties.requestbody'), text('')]) },
      },
      {
        prefix: 'azure.activitylogs.',
        field: (rest) => fieldOf(MOVED.has(rest) ? MISSING : own(rest)),
        members: { of: EVERYTHING, except: MOVED },
      },
    ],
    otherwise: 'missing',
  };
}
