import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { LogType } from '../../log-type.ts';
import { declare } from '../declaration.ts';
import { has, hasAny, textOf } from '../record-tests.ts';
import { capture, coalesce, concat, given, isOneOf, own, unless } from '../view-terms.ts';

function isProxy(event: JsonObject): boolean {
  if (has(event, 'sourcetype', 'event')) return (textOf(event, 'sourcetype') ?? '').startsWith('zscalernss-web');
  // What the collector's envelope held.
  if (textOf(event, 'vendor') === 'Zscaler')
    return has(event, 'url') && hasAny(event, 'ClientIP', 'cip', 'requestmethod');
  return has(event, 'squid_result') || (has(event, 's-action') && hasAny(event, 'cs-host', 'cs-uri-scheme', 'cs-uri'));
}

const method = own(
  'request_method',
  'cs-method',
  'event.requestmethod',
  'requestmethod',
  'event.reqmethod',
  'reqmethod',
);
const agent = own(
  'http_user_agent',
  'cs-user-agent',
  'event.useragent',
  'useragent',
  'event.eua',
  'eua',
  'event.ua',
  'ua',
);
const port = unless(own('cs-uri-port'), '80', '443');
/** ProxySG's query begins with its question mark. */
const address = coalesce(
  own('url', 'cs-uri', 'request_uri', 'event.url', 'event.eurl', 'eurl'),
  concat(
    own('cs-uri-scheme'),
    text('://'),
    own('cs-host'),
    coalesce(concat(text(':'), port), text('')),
    coalesce(own('cs-uri-path'), text('')),
    coalesce(own('cs-uri-query'), text('')),
  ),
);
const host = coalesce(
  own('cs-host', 'event.hostname', 'hostname', 'event.ehost', 'ehost', 'event.host'),
  capture(address, '^(?:[a-z]+://)?([^/:?]+)'),
);
const query = coalesce(capture(own('cs-uri-query'), String.raw`^\??(.*)$`), capture(address, String.raw`\?(.*)$`));
const stem = coalesce(own('cs-uri-path', 'cs-uri-stem'), capture(address, '^(?:[a-z]+://[^/?]+)?([^?]*)'));
const status = own('status', 'sc-status', 'event.status', 'event.respcode', 'respcode');
const client = own('remote_addr', 'c-ip', 'event.ClientIP', 'ClientIP', 'event.cip', 'cip');
const server = own('server_addr', 'r-ip', 's-supplier-ip', 'event.serverip', 'serverip', 'event.sip', 'sip');
const user = own('remote_user', 'cs-username', 'event.user', 'user', 'event.login', 'login');

/** Logs of proxies. */
export const proxyAccess: LogType = declare({
  name: 'proxy.access',
  description: 'Access logs of proxies: Squid, ProxySG (W3C), Zscaler NSS',
  recognises: isProxy,
  time: 'time-utc|time|time_local|event.datetime|event.time|datetime',
  sigma: {
    category: 'proxy',
    fields: {
      'cs-method': method,
      'c-uri': address,
      'cs-uri': address,
      'c-uri-query': query,
      'cs-uri-query': query,
      'c-uri-stem': stem,
      'cs-uri-stem': stem,
      'c-uri-extension': coalesce(own('cs-uri-extension'), capture(stem, String.raw`\.([^./]+)$`)),
      'c-useragent': agent,
      'cs-user-agent': agent,
      'cs-host': host,
      'r-dns': host,
      'sc-status': status,
      'cs-username': user,
      'cs-referer': own('http_referer', 'cs-referer', 'event.refererURL', 'refererURL', 'event.ereferer', 'ereferer'),
      'cs-cookie': own('cs-cookie'),
      src_ip: client,
      'c-ip': client,
      dst_ip: server,
      'sc-bytes': own('bytes', 'sc-bytes', 'body_bytes_sent'),
    },
  },
  ecs: {
    module: 'proxy',
    dataset: 'proxy.access',
    indices: ['logs-squid.log-default', 'logs-proxysg.log-default', 'logs-zscaler_zia.web-default', 'filebeat-8.0.0'],
    fields: {
      'event.category': list([text('web'), text('network')]),
      'http.request.method': method,
      'http.response.status_code': status,
      'url.original': address,
      'url.domain': host,
      'url.path': stem,
      'url.query': query,
      'user_agent.original': agent,
      'source.ip': call('view.ip', [client]),
      'destination.ip': call('view.ip', [server]),
      'user.name': given({ kind: 'not', item: isOneOf(user, ['-']) }, user),
    },
  },
  panther: given({ kind: 'exists', subject: own('sourcetype'), counts: 'value' }, text('Zscaler.ZIA.WebLog')),
});
