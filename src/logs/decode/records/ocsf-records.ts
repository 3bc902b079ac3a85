import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { parseJson } from '../json/json-value.ts';
import { present } from './present.ts';

/** `class_uid` of API activity. */
const API_ACTIVITY = '6003';

/**
 * A record of CloudTrail that was written in OCSF (Amazon Security Lake), as CloudTrail writes it, as far as OCSF keeps it; the
 * event itself stays in `ocsf`. Undefined for anything else.
 */
export function readOcsfCloudTrail(record: JsonObject): JsonObject | undefined {
  const product = at(record, 'metadata', 'product', 'name');
  if (String(record['class_uid']) !== API_ACTIVITY || product !== 'CloudTrail') return undefined;
  const unmapped = nested(membersOf(record['unmapped']));
  const user = at(record, 'actor', 'user');
  const seconds = record['time'];
  return {
    ...unmapped,
    ...present({
      eventVersion: at(record, 'metadata', 'product', 'version') ?? at(record, 'metadata', 'version'),
      eventTime: record['time_dt'] ?? (typeof seconds === 'number' ? new Date(seconds).toISOString() : seconds),
      eventID: at(record, 'metadata', 'uid'),
      eventName: at(record, 'api', 'operation'),
      eventSource: at(record, 'api', 'service', 'name'),
      awsRegion: at(record, 'cloud', 'region'),
      sourceIPAddress: at(record, 'src_endpoint', 'ip') ?? at(record, 'src_endpoint', 'domain'),
      userAgent: at(record, 'http_request', 'user_agent'),
      errorCode: at(record, 'api', 'response', 'error'),
      errorMessage: at(record, 'api', 'response', 'message') ?? at(record, 'api', 'response', 'error_message'),
      requestParameters: parsed(at(record, 'api', 'request', 'data')) ?? unmapped['requestParameters'],
      responseElements: parsed(at(record, 'api', 'response', 'data')) ?? unmapped['responseElements'],
      recipientAccountId: unmapped['recipientAccountId'] ?? at(record, 'cloud', 'account', 'uid'),
      userIdentity: present({
        ...objectOf(unmapped['userIdentity']),
        type: at(record, 'actor', 'user', 'type'),
        arn: at(record, 'actor', 'user', 'uid'),
        principalId: at(record, 'actor', 'user', 'uid_alt'),
        userName: isJsonObject(user) ? user['name'] : undefined,
        accountId: at(record, 'actor', 'user', 'account', 'uid') ?? at(record, 'actor', 'user', 'account_uid'),
        accessKeyId: at(record, 'actor', 'user', 'credential_uid'),
        invokedBy: at(record, 'actor', 'invoked_by'),
      }),
    }),
    ocsf: record,
  };
}

function at(value: Json, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) found = isJsonObject(found) ? found[step] : undefined;
  return found ?? undefined;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** `unmapped` is a map, or the list of pairs that Parquet's readers make of one. */
function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  if (isJsonObject(value)) return Object.entries(value);
  if (!Array.isArray(value)) return [];
  return (value as readonly Json[]).flatMap((pair) => {
    const [name, member = null] = Array.isArray(pair)
      ? (pair as readonly Json[])
      : isJsonObject(pair)
        ? [pair['key'], pair['value']]
        : [];
    return typeof name === 'string' ? [[name, member] as const] : [];
  });
}

/** `requestParameters.roleName` and others with it in one object. */
function nested(members: readonly (readonly [string, Json])[]): JsonObject {
  const found: Record<string, Json> = {};
  for (const [name, value] of members) {
    const dot = name.indexOf('.');
    if (dot === -1) found[name] = value;
    else {
      const [head, rest] = [name.slice(0, dot), name.slice(dot + 1)];
      found[head] = { ...objectOf(found[head]), ...nested([[rest, value]]) };
    }
  }
  return found;
}

function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  const read = parseJson(value);
  return read.ok ? read.value : undefined;
}
