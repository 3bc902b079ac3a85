import { call, list, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { below, declare, type Terms } from '../declaration.ts';
import { has } from '../record-tests.ts';
import { camelCase, snakeCase } from '../spelling.ts';
import { choose, isOneOf, own } from '../view-terms.ts';

const result = own('outcome.result');

/** Fields by the names that Elastic's integration gives them. */
const OKTA =
  'eventType displayMessage uuid version severity legacyEventType actor.alternateId actor.displayName actor.id actor.type client.ipAddress client.device client.zone client.userAgent.rawUserAgent client.userAgent.os client.userAgent.browser outcome.result outcome.reason target.alternateId target.displayName target.id target.type transaction.id transaction.type securityContext.isProxy securityContext.asNumber securityContext.isp securityContext.domain authenticationContext.externalSessionId authenticationContext.authenticationProvider authenticationContext.authenticationStep authenticationContext.credentialType authenticationContext.credentialProvider debugContext.debugData.requestUri debugContext.debugData.url debugContext.debugData.deviceFingerprint debugContext.debugData.threatSuspected request.ipChain.ip'.split(
    ' ',
  );

/** Custom tables flatten paths with `_` and put the type behind. */
const COLUMNS: Terms = Object.fromEntries(
  OKTA.map((name) => [`${name.replaceAll('.', '_')}${/isProxy$/.test(name) ? '_b' : '_s'}`, name]),
);

export const oktaSystem: LogType = declare({
  name: 'okta.system',
  description: 'Okta System Log',
  recognises: (event) =>
    has(event, 'eventType', 'published') && (has(event, 'actor.alternateId') || has(event, 'uuid')),
  time: 'published',
  sigma: { product: 'okta', service: 'okta', fields: { eventtype: 'eventType', displaymessage: 'displayMessage' } },
  ecs: {
    module: 'okta',
    dataset: 'okta.system',
    documents: { below: 'okta' },
    fields: {
      'event.action': 'eventType',
      'event.id': 'uuid',
      'event.outcome': choose(
        [
          [isOneOf(result, ['SUCCESS', 'ALLOW']), text('success')],
          [isOneOf(result, ['FAILURE', 'DENY']), text('failure')],
        ],
        text('unknown'),
      ),
      'client.ip': call('view.ip', [own('client.ipAddress')]),
      'source.ip': call('view.ip', [own('client.ipAddress')]),
      'client.user.full_name': 'actor.displayName',
      'client.user.id': 'actor.id',
      'source.user.full_name': 'actor.displayName',
      'source.user.id': 'actor.id',
      'user.name': 'actor.alternateId',
      'user.full_name': 'actor.displayName',
      'user_agent.original': 'client.userAgent.rawUserAgent',
      ...Object.fromEntries(OKTA.map((name) => [`okta.${snakeCase(name)}`, name])),
      'okta.client.ip': 'client.ipAddress',
      'okta.client.user_agent.raw_user_agent': 'client.userAgent.rawUserAgent',
    },
    families: [
      below('okta.debug_context.debug_data.flattened.', (rest) =>
        own(`debugContext.debugData.${rest}`, `debugContext.debugData.${camelCase(rest)}`),
      ),
      below('okta.', (rest) => own(camelCase(rest))),
    ],
  },
  panther: 'Okta.SystemLog',
  tables: {
    Okta_CL: COLUMNS,
    OktaV2_CL: {
      EventOriginalType: 'eventType',
      OriginalSeverity: 'severity',
      ActorUsername: 'actor.alternateId',
      ActorUserId: 'actor.id',
      ActorDisplayName: 'actor.displayName',
      SrcIpAddr: 'client.ipAddress',
      OriginalOutcomeResult: 'outcome.result',
      OutcomeReason: 'outcome.reason',
      EventMessage: 'displayMessage',
      HttpUserAgent: 'client.userAgent.rawUserAgent',
      OriginalTarget: list([own('target')]),
    },
  },
});
