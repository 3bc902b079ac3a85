import type { JsonObject } from '../../../base/json.ts';
import { call, text } from '../../../ir/construct.ts';
import { kindAt } from '../../kind-at.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare } from '../declaration.ts';
import { has, hasAny, kindOf } from '../record-tests.ts';
import { camelCase } from '../spelling.ts';
import { choose, isOneOf, own } from '../view-terms.ts';

/** Audit logs of services whose records are small and flat. */

const ip = (...names: readonly string[]) => call('view.ip', [own(...names)]);

function isGitHub(event: JsonObject): boolean {
  if (kindAt(event, 'action') !== 'text' || kindAt(event, 'actor') !== 'text') return false;
  if (kindAt(event, '_document_id') !== undefined) return true;
  const isNumbered = kindAt(event, '@timestamp') === 'number' || kindAt(event, 'created_at') === 'number';
  if (isNumbered) return hasAny(event, 'org', 'business', 'repo', 'user', 'actor_id');
  // As a CSV export has it.
  return (
    has(event, 'created_at') && hasAny(event, 'actor_ip', 'actor_location.country_code') && hasAny(event, 'org', 'repo')
  );
}

export const githubAudit: LogType = declare({
  name: 'github.audit',
  description: 'GitHub audit log of organizations and enterprises',
  recognises: isGitHub,
  time: '@timestamp|created_at',
  sigma: { product: 'github', service: 'audit' },
  ecs: {
    module: 'github',
    dataset: 'github.audit',
    documents: { below: 'github' },
    fields: {
      'event.action': 'action',
      'event.id': '_document_id',
      'user.name': 'actor',
      'user.id': 'actor_id',
      'source.ip': ip('actor_ip'),
      'client.ip': ip('actor_ip'),
      'user_agent.original': 'user_agent',
      'github.category': call('view.capture', [
        own('action'),
        text(String.raw`^([^.]+)\.`),
        { kind: 'literal', type: 'int', value: '1' },
      ]),
    },
    families: [below('github.', (rest) => own(rest))],
  },
  panther: 'GitHub.Audit',
});

export const gitlabAudit: LogType = declare({
  name: 'gitlab.audit',
  description: 'GitLab audit events',
  recognises: (event) => has(event, 'entity_type', 'entity_path', 'author_id'),
  time: 'created_at|time',
  sigma: { product: 'gitlab', service: 'audit' },
  ecs: {
    module: 'gitlab',
    dataset: 'gitlab.audit',
    fields: { 'user.id': 'author_id', 'user.name': 'author_name', 'source.ip': ip('ip_address') },
  },
  panther: 'GitLab.Audit',
});

export const bitbucketAudit: LogType = declare({
  name: 'bitbucket.audit',
  description: 'Bitbucket audit log',
  recognises: (event) => has(event, 'auditType.action', 'auditType.category'),
  time: 'timestamp',
  sigma: { product: 'bitbucket', service: 'audit' },
  ecs: {
    module: 'atlassian_bitbucket',
    dataset: 'atlassian_bitbucket.audit',
    fields: {
      'event.action': 'auditType.action',
      'user.name': 'author.name',
      'user.id': 'author.id',
      'source.address': 'source',
    },
    families: [below('bitbucket.audit.', (rest) => own(camelCase(rest)))],
  },
});

const duoResult = own('result');

export const duoAuth: LogType = declare({
  name: 'duo.auth',
  description: 'Cisco Duo authentication log',
  recognises: (event) =>
    has(event, 'event_type', 'result') && hasAny(event, 'factor', 'reason') && hasAny(event, 'txid', 'user'),
  time: 'isotimestamp|timestamp',
  sigma: { product: 'cisco', service: 'duo' },
  ecs: {
    module: 'cisco_duo',
    dataset: 'cisco_duo.auth',
    documents: { below: 'cisco_duo.auth' },
    fields: {
      'event.action': 'event_type',
      'event.reason': 'reason',
      'event.category': text('authentication'),
      'event.outcome': choose(
        [
          [isOneOf(duoResult, ['success', 'SUCCESS']), text('success')],
          [isOneOf(duoResult, ['denied', 'DENIED', 'failure', 'FAILURE', 'fraud', 'FRAUD']), text('failure')],
        ],
        text('unknown'),
      ),
      'user.name': 'user.name|username',
      'user.email': 'email',
      'source.ip': ip('access_device.ip'),
    },
    families: [below('cisco_duo.auth.', (rest) => own(rest))],
  },
  panther: 'Duo.Authentication',
});

export const duoAdmin: LogType = declare({
  name: 'duo.admin',
  description: 'Cisco Duo administrator log',
  recognises: (event) => has(event, 'action', 'username', 'isotimestamp') && hasAny(event, 'object', 'description'),
  time: 'isotimestamp|timestamp',
  ecs: {
    module: 'cisco_duo',
    dataset: 'cisco_duo.admin',
    fields: {
      'event.action': 'action',
      'user.name': 'username',
      'cisco_duo.admin.action': 'action',
      'cisco_duo.admin.object': 'object',
    },
  },
  panther: 'Duo.Administrator',
});

export const oneLoginEvents: LogType = declare({
  name: 'onelogin.events',
  description: 'OneLogin events',
  recognises: (event) => has(event, 'event_type_id') && hasAny(event, 'user_id', 'account_id', 'user_name'),
  time: 'created_at|event_timestamp',
  sigma: { product: 'onelogin', service: 'onelogin.events' },
  ecs: {
    module: 'onelogin',
    dataset: 'onelogin.events',
    fields: {
      'event.code': 'event_type_id',
      'user.name': 'user_name',
      'user.id': 'user_id',
      'source.ip': ip('ipaddr'),
    },
  },
  panther: 'OneLogin.Events',
  event: (record) => {
    const { event_type_id: id } = record;
    return typeof id === 'number' ? { ...record, event_type_id: String(id) } : record;
  },
});

export const slackAudit: LogType = declare({
  name: 'slack.audit',
  description: 'Slack audit log',
  recognises: (event) =>
    has(event, 'action', 'actor.type') && hasAny(event, 'context.ip_address', 'context.ua', 'context.location'),
  time: 'date_create',
  ecs: {
    module: 'slack',
    dataset: 'slack.audit',
    fields: {
      'event.action': 'action',
      'event.id': 'id',
      'user.email': 'actor.user.email',
      'user.name': 'actor.user.name',
      'user.id': 'actor.user.id',
      'source.ip': ip('context.ip_address'),
      'user_agent.original': 'context.ua',
    },
    families: [below('slack.audit.', (rest) => own(rest))],
  },
  panther: 'Slack.AuditLogs',
});

export const onePassword: LogType = declare({
  name: 'onepassword.events',
  description: '1Password sign-in attempts and item usage',
  recognises: (event) =>
    has(event, 'category', 'type', 'target_user', 'client') || has(event, 'item_uuid', 'vault_uuid'),
  time: 'timestamp',
  ecs: {
    module: '1password',
    dataset: '1password.signin_attempts',
    fields: {
      'event.action': 'category|action',
      'user.email': 'target_user.email|user.email',
      'user.full_name': 'target_user.name|user.name',
      'source.ip': ip('client.ip_address'),
    },
  },
  panther: choose(
    [[{ kind: 'exists', subject: own('item_uuid'), counts: 'value' }, text('OnePassword.ItemUsage')]],
    text('OnePassword.SignInAttempt'),
  ),
});

export const zoomOperation: LogType = declare({
  name: 'zoom.operation',
  description: 'Zoom operation log',
  recognises: (event) => has(event, 'operation_detail', 'category_type', 'operator'),
  time: 'time',
  ecs: { module: 'zoom', dataset: 'zoom.operation', fields: { 'event.action': 'action', 'user.email': 'operator' } },
  panther: 'Zoom.Operation',
});

export const auth0Logs: LogType = declare({
  name: 'auth0.logs',
  description: 'Auth0 log stream',
  recognises: (event) => has(event, 'log_id', 'data.type', 'data.date'),
  time: 'data.date',
  ecs: {
    module: 'auth0',
    dataset: 'auth0.logs',
    fields: {
      'event.action': 'data.description',
      'event.id': 'log_id',
      'source.ip': ip('data.ip'),
      'user.name': 'data.user_name',
      'user.id': 'data.user_id',
      'auth0.logs.data.type': 'data.type',
    },
    families: [below('auth0.logs.data.', (rest) => own(`data.${rest}`))],
  },
  panther: 'Auth0.Events',
});

export const openCanary: LogType = declare({
  name: 'opencanary',
  description: 'OpenCanary honeypot',
  recognises: (event) => has(event, 'logtype', 'logdata', 'node_id') && kindOf(event, 'logdata') === 'map',
  time: 'utc_time|local_time',
  sigma: { product: 'opencanary', category: 'application' },
  ecs: {
    module: 'opencanary',
    dataset: 'opencanary.events',
    indices: ['logs-opencanary.events-default'],
    fields: {
      'source.ip': ip('src_host'),
      'source.port': 'src_port',
      'destination.ip': ip('dst_host'),
      'destination.port': 'dst_port',
      'event.code': 'logtype',
      'host.name': 'node_id',
    },
  },
});
