import type { JsonObject } from '../../../base/json.ts';
import { call, list, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { declare, streams } from '../declaration.ts';
import { has, hasAny } from '../record-tests.ts';
import { capture, choose, coalesce, concat, given, isOneOf, mapped, own } from '../view-terms.ts';

function isAccess(event: JsonObject): boolean {
  if (hasAny(event, 'squid_result', 's-action')) return false;
  if (has(event, 'remote_addr') && hasAny(event, 'time_local', 'request_method', 'request_uri', 'request'))
    return has(event, 'status');
  return isW3c(event);
}

/** A line of a web server by a `#Fields` header: it names the client and what it asked for. */
function isW3c(event: JsonObject): boolean {
  return (
    hasAny(event, 'software', 'x-edge-location') &&
    hasAny(event, 'cs-uri-stem', 'cs-method') &&
    hasAny(event, 'c-ip', 's-ip')
  );
}

const method = own('request_method', 'cs-method');
const target = own('request_uri', 'uri');
const stem = coalesce(own('cs-uri-stem'), capture(target, '^(?:[a-z]+://[^/]+)?([^?#]*)'));
const query = coalesce(own('cs-uri-query', 'args', 'query_string'), capture(target, String.raw`^[^?]*\?(.*)$`));
/** Many rules ask `cs-uri-query` for a path: it also is the whole target. */
const whole = coalesce(target, concat(own('cs-uri-stem'), text('?'), own('cs-uri-query')), own('cs-uri-stem'));
const agent = own('http_user_agent', 'cs-user-agent');
const referer = own('http_referer', 'cs-referer');
const status = own('status', 'sc-status');
const client = own('remote_addr', 'c-ip');
const host = coalesce(own('host', 'http_host', 'cs-host', 'vhost', 'server_name'));
const isFailed: Expr = {
  kind: 'match',
  subject: status,
  pattern: { kind: 'prefix', text: '4' },
  collation: 'exact',
  quantifier: 'any',
  onMissing: 'false',
};
const isBroken: Expr = {
  kind: 'match',
  subject: status,
  pattern: { kind: 'prefix', text: '5' },
  collation: 'exact',
  quantifier: 'any',
  onMissing: 'false',
};
const dataset = choose(
  [[{ kind: 'exists', subject: own('software'), counts: 'value' }, text('iis.access')]],
  text('apache.access'),
);

/** Access logs of web servers. */
export const webAccess: LogType = declare({
  name: 'web.access',
  description: 'Access logs of web servers: common and combined format, W3C (IIS), nginx as JSON',
  recognises: isAccess,
  time: 'time-utc|time_local|time_iso8601|msec|timestamp|@timestamp|time',
  sigma: {
    category: 'webserver',
    fields: {
      'cs-method': method,
      'cs-uri-stem': stem,
      'cs-uri-query': list([query, whole]),
      'c-uri': whole,
      'cs-uri': whole,
      'sc-status': status,
      'cs-user-agent': agent,
      'c-useragent': agent,
      'cs-referer': referer,
      'cs-username': own('remote_user', 'cs-username'),
      'cs-host': host,
      'c-ip': client,
      src_ip: client,
      'sc-bytes': own('body_bytes_sent', 'bytes_sent', 'sc-bytes'),
      'cs-cookie': own('http_cookie', 'cs-cookie'),
      'cs-content-type': own('content_type', 'cs-content-type'),
    },
  },
  ecs: {
    module: 'apache',
    dataset: 'apache.access',
    fields: {
      'event.dataset': dataset,
      'data_stream.dataset': dataset,
      'event.module': call('view.capture', [dataset, text('^([a-z]+)'), { kind: 'literal', type: 'int', value: '1' }]),
      _index: list(
        ['apache.access', 'nginx.access', 'iis.access']
          .map((name) => text(`logs-${name}-default`))
          .concat([text('filebeat-8.0.0')]),
      ),
      'event.category': text('web'),
      'event.type': text('access'),
      'event.outcome': given(
        { kind: 'exists', subject: status, counts: 'value' },
        choose(
          [
            [isFailed, text('failure')],
            [isBroken, text('failure')],
          ],
          text('success'),
        ),
      ),
      'http.request.method': method,
      'http.response.status_code': status,
      'http.response.body.bytes': own('body_bytes_sent', 'bytes_sent', 'sc-bytes'),
      'http.request.referrer': referer,
      'url.original': whole,
      'url.path': stem,
      'url.query': query,
      'url.domain': host,
      'user_agent.original': agent,
      'user.name': own('remote_user', 'cs-username'),
      'source.ip': call('view.ip', [client]),
      'source.address': client,
    },
  },
  tables: {
    W3CIISLog: {
      csMethod: method,
      csUriStem: stem,
      csUriQuery: query,
      scStatus: status,
      cIP: client,
      sIP: own('s-ip'),
      sPort: own('s-port'),
      csUserAgent: agent,
      csReferer: referer,
      csUserName: own('remote_user', 'cs-username'),
      csHost: host,
      TimeTaken: own('time-taken'),
      scSubStatus: own('sc-substatus'),
      scWin32Status: own('sc-win32-status'),
      csBytes: own('cs-bytes'),
      scBytes: own('sc-bytes'),
      sSiteName: own('s-sitename'),
      sComputerName: own('s-computername'),
    },
  },
});

/** Error logs of Apache and nginx. Their times are local. */
export const webError: LogType = declare({
  name: 'web.error',
  description: 'Error logs of Apache and nginx',
  recognises: (event) => has(event, 'error_time', 'server', 'message'),
  time: 'utc_time',
  sigma: { service: mapped(own('server'), { apache: 'apache', nginx: 'nginx' }), fields: { 'c-ip': own('client') } },
  ecs: {
    module: 'apache',
    dataset: 'apache.error',
    fields: {
      'event.module': own('server'),
      ...streams(own('server'), { apache: 'apache.error', nginx: 'nginx.error' }),
      'event.category': text('web'),
      'event.type': text('error'),
      message: 'message',
      'log.level': 'level',
      'process.pid': 'pid',
      'process.thread.id': 'tid',
      'source.address': 'client',
      'apache.error.module': given(isOneOf(own('server'), ['apache']), own('module')),
    },
  },
});
