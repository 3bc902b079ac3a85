import type { JsonObject } from '../../../base/json.ts';
import { type LineForm, present } from './line-form.ts';

/** `10/Oct/2000:13:55:36 -0700` (httpd.apache.org, mod_log_config `%t`). */
const TIME = String.raw`\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]`;
const TEXT = String.raw`"([^"\\]*(?:\\.[^"\\]*)*)"`;
const LINE = new RegExp(
  String.raw`^(?:([\w.-]+(?::\d+)?) )?(\S+) (\S+) (.{1,256}?) ${TIME} ${TEXT} (\d{3}|-) (\d+|-)(?: ${TEXT} ${TEXT})?`,
);
const REQUEST = /^([A-Z][A-Z_-]{1,30}) (\S.*?)(?: (HTTP\/[\d.]+))?$/;
const SQUID_RESULT = /^((?:TCP|UDP|NONE|TAG)_?[A-Z_]*):([A-Z_]+)/;

/**
 * The common and the combined log format of Apache and nginx, with a virtual host before it and more behind it; by nginx' names of
 * variables. Squid writes the combined format too, with `TCP_MISS:HIER_DIRECT` at its end: that is a proxy's line.
 */
export const accessLog: LineForm = (line) => {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, vhost, client, identity, user, time, request = '', status, bytes, referer, agent] = found;
  const rest = line.slice(found[0].length).trim();
  const squid = SQUID_RESULT.exec(rest);
  return {
    ...present({
      remote_addr: client,
      remote_ident: identity,
      remote_user: user,
      time_local: time,
      ...requestOf(unescaped(request) ?? ''),
      status,
      body_bytes_sent: bytes,
      http_referer: unescaped(referer),
      http_user_agent: unescaped(agent),
      vhost: vhost?.replace(/:\d+$/, ''),
      ...(squid === null ? { more: rest } : { squid_result: squid[1], squid_hierarchy: squid[2] }),
    }),
  };
};

/** The parts of a request line; `-` or something broken has none. */
function requestOf(request: string): Readonly<Record<string, string | undefined>> {
  const parts = REQUEST.exec(request);
  return { request, request_method: parts?.[1], request_uri: parts?.[2], server_protocol: parts?.[3] };
}

/** Apache escapes quotes and backslashes with a backslash; what it writes as `\xHH` rules look for as it is written. */
function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/\\(["\\])/g, '$1');
}

/** `[Www Mon dd HH:MM:SS.us yyyy] [module:level] [pid n:tid n] …` (Apache 2.4), or `[…] [level] …` (2.2). */
const APACHE_ERROR =
  /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] \[(?:([\w-]*):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] (?:\[pid (\d+)(?::tid (\d+))?\] )?(?:\[client ([^\]]+)\] )?(.*)$/s;

export const apacheError: LineForm = (line) => {
  const found = APACHE_ERROR.exec(line);
  if (found === null) return undefined;
  const [, time, module, level, pid, tid, client, message = ''] = found;
  return { ...present({ error_time: time, module, level, pid, tid, client }), server: 'apache', message };
};

/** `yyyy/MM/dd HH:mm:ss [level] pid#tid: *connection message, client: …, server: …` */
const NGINX_ERROR =
  /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(emerg|alert|crit|error|warn|notice|info|debug)\] (\d+)#(\d+): (?:\*(\d+) )?(.*)$/s;
const NGINX_MORE = /, (client|server|request|upstream|host|referrer): ("[^"\\]*(?:\\.[^"\\]*)*"|[^,]+)/g;

export const nginxError: LineForm = (line) => {
  const found = NGINX_ERROR.exec(line);
  if (found === null) return undefined;
  const [, time, level, pid, tid, connection, message = ''] = found;
  const more: Record<string, string> = {};
  for (const [, name = '', value = ''] of message.matchAll(NGINX_MORE)) more[name] = value.replace(/^"|"$/g, '');
  return { ...present({ error_time: time, level, pid, tid, connection, ...more }), server: 'nginx', message };
};

/** Squid's own format: `epoch.ms elapsed client RESULT/status bytes METHOD url user HIERARCHY/server type`. */
const SQUID =
  /^(\d{9,10}\.\d{3}) +(\d+) (\S+) ([A-Z_]+)\/(\d{3}) (\d+) ([A-Z_]+) (\S+) (\S+) ([A-Z_]+)\/(\S+)(?: (\S+))?/;

export const squid: LineForm = (line): JsonObject | undefined => {
  const found = SQUID.exec(line);
  if (found === null) return undefined;
  const [, time, elapsed, client, result, status, bytes, method, url, user, hierarchy, server, type] = found;
  return present({
    time,
    elapsed,
    remote_addr: client,
    squid_result: result,
    status,
    bytes,
    request_method: method,
    url,
    remote_user: user,
    squid_hierarchy: hierarchy,
    server_addr: server,
    content_type: type,
  });
};

/** Classic Load Balancers: time, name, client, backend, three durations, two states, two sizes, request, agent, cipher, protocol. */
const ELB = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\dT\S+Z) (\S+) (\S+):(\d+) (\S+) (?:-1|[\d.]+) (?:-1|[\d.]+) (?:-1|[\d.]+) (\d{3}|-) (\d{3}|-) (\d+) (\d+) ${TEXT}(?: ${TEXT})?`,
);

export const elbAccess: LineForm = (line) => {
  const found = ELB.exec(line);
  if (found === null) return undefined;
  const [, time, balancer, client, port, backend, status, backendStatus, received, sent, request = '', agent] = found;
  return present({
    time_iso8601: time,
    load_balancer: balancer,
    remote_addr: client,
    remote_port: port,
    upstream_addr: backend,
    status,
    upstream_status: backendStatus,
    request_length: received,
    body_bytes_sent: sent,
    ...requestOf(unescaped(request) ?? ''),
    http_user_agent: unescaped(agent),
  });
};

/** HAProxy's `option httplog`, behind syslog or alone: client, time, frontend, backend and server, durations, state, size, …, request. */
const HAPROXY =
  /haproxy\[\d{1,10}\]: ([0-9A-Fa-f.:]{2,45}):(\d{1,5}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?)\] (\S+) ([^\s/]+)\/(\S+) [-+\d/]{5,100} (-?\d{1,3}) \+?(\d{1,20}) .{0,2000}?"([^"]*)"\s*$/;

export const haproxy: LineForm = (line) => {
  const found = line.includes('haproxy[') ? HAPROXY.exec(line) : null;
  if (found === null) return undefined;
  const [, client, port, time, frontend, backend, server, status, bytes, request = ''] = found;
  return present({
    remote_addr: client,
    remote_port: port,
    time_local: time,
    frontend,
    backend,
    upstream_addr: server,
    status,
    body_bytes_sent: bytes,
    ...requestOf(request),
  });
};
