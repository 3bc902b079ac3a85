import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { mapAt } from '../../kind-at.ts';

/** Access logs of servers that write JSON of their own, by nginx' names of variables; undefined for anything else. */
export function readWebRecord(record: JsonObject): JsonObject | undefined {
  if (record['RequestMethod'] !== undefined && record['DownstreamStatus'] !== undefined) return traefik(record);
  const request = record['status'] === undefined ? undefined : mapAt(record, 'request');
  const isCaddy =
    request?.['uri'] !== undefined && request['method'] !== undefined && request['remote_ip'] !== undefined;
  return isCaddy ? caddy(record, request) : undefined;
}

/** Caddy: the request in a map of its own, headers as lists. */
function caddy(record: JsonObject, request: JsonObject): JsonObject {
  return present({
    remote_addr: request['client_ip'] ?? request['remote_ip'],
    remote_user: record['user_id'],
    time_iso8601: record['ts'],
    request_method: request['method'],
    request_uri: request['uri'],
    server_protocol: request['proto'],
    host: request['host'],
    status: record['status'],
    body_bytes_sent: record['size'],
    http_referer: header(request, 'Referer'),
    http_user_agent: header(request, 'User-Agent'),
  });
}

function header(request: JsonObject, name: string): Json | undefined {
  const { headers } = request;
  const values = isJsonObject(headers) ? headers[name] : undefined;
  return Array.isArray(values) ? (values as readonly Json[])[0] : values;
}

/** Traefik; `request_…` are the headers that it was told to keep. */
function traefik(record: JsonObject): JsonObject {
  return present({
    remote_addr: record['ClientHost'],
    remote_user: record['ClientUsername'] === '-' ? undefined : record['ClientUsername'],
    time_iso8601: record['StartUTC'] ?? record['time'],
    request_method: record['RequestMethod'],
    request_uri: record['RequestPath'],
    server_protocol: record['RequestProtocol'],
    host: record['RequestHost'],
    status: record['DownstreamStatus'],
    body_bytes_sent: record['DownstreamContentSize'],
    http_referer: record['request_Referer'],
    http_user_agent: record['request_User-Agent'],
  });
}

function present(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const found: Record<string, Json> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined && value !== '') found[name] = value;
  return found;
}
