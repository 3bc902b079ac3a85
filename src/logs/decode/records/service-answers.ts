import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { recordOfText } from './wrapped-text.ts';

/**
 * What services answer when they are asked for their audit logs, and what they deliver: each known by keys of its own beside the list.
 * The records inside may be wrapped once more.
 */
interface Answer {
  readonly key: string;
  readonly open: (object: JsonObject) => readonly JsonObject[] | undefined;
}

const ANSWERS: readonly Answer[] = [
  // Elasticsearch's bulk requests: what is to be done with the document in the next line.
  { key: 'index', open: bulkAction },
  { key: 'create', open: bulkAction },
  // Kubernetes: a list of audit events. Google's Reports API: activities, each of several events. 1Password: events.
  {
    key: 'items',
    open: (object) => {
      const items = listAt(object, 'items');
      if (items === undefined) return undefined;
      if (object['kind'] === 'EventList') return items;
      if (textAt(object, 'kind').startsWith('admin#reports#'))
        return items.flatMap((item) => reportEvents(item) ?? [item]);
      return 'cursor' in object && 'has_more' in object ? items : undefined;
    },
  },
  // Google's Reports API: one activity.
  { key: 'events', open: reportEvents },
  // Slack: the audit logs.
  { key: 'entries', open: (object) => ('response_metadata' in object ? listAt(object, 'entries') : undefined) },
  // Zoom: the operation logs.
  { key: 'operation_logs', open: (object) => listAt(object, 'operation_logs') },
  // Duo's Admin API, in its versions.
  {
    key: 'response',
    open: (object) => {
      if (object['stat'] !== 'OK') return undefined;
      const { response } = object;
      if (isRecordList(response)) return response;
      return isJsonObject(response) ? (listAt(response, 'authlogs') ?? listAt(response, 'items')) : undefined;
    },
  },
  // GuardDuty: GetFindings; Security Hub.
  { key: 'Findings', open: (object) => listAt(object, 'Findings') },
  // Okta: an event hook. OneLogin: a page. Google's Pub/Sub and others: the record alone.
  {
    key: 'data',
    open: (object) => {
      const { data } = object;
      if (isRecordList(data)) return 'pagination' in object || 'meta' in object ? data : undefined;
      if (!isJsonObject(data)) return undefined;
      if ('eventTypeVersion' in object && 'cloudEventsVersion' in object) return listAt(data, 'events');
      return Object.keys(object).length === 1 ? [data] : undefined;
    },
  },
  // Pub/Sub: a message that is pushed, or that is pulled.
  {
    key: 'message',
    open: (object) => {
      const { message } = object;
      if (!isJsonObject(message) || typeof message['data'] !== 'string') return undefined;
      if (!('subscription' in object || 'ackId' in object || 'messageId' in message)) return undefined;
      const inner = recordOfText(Buffer.from(message['data'], 'base64').toString('utf8'));
      return inner === undefined ? undefined : [inner];
    },
  },
  { key: 'resourceLogs', open: openTelemetryLogs },
  // osquery: rows by batches, and whole results.
  { key: 'diffResults', open: (object) => osqueryRows(object, object['diffResults']) },
  {
    key: 'snapshot',
    open: (object) => {
      const rows = 'hostIdentifier' in object ? listAt(object, 'snapshot') : undefined;
      return rows?.map((columns) => ({ ...without(object, 'snapshot'), columns, action: 'snapshot' }));
    },
  },
  // Microsoft 365: Search-UnifiedAuditLog, Purview's CSV, Graph.
  { key: 'AuditData', open: (object) => one(objectOf(object['AuditData'])) },
  {
    key: 'auditData',
    open: (object) => ('auditLogRecordType' in object ? one(objectOf(object['auditData'])) : undefined),
  },
  // What Okta, Auth0 and GuardDuty have EventBridge deliver.
  {
    key: 'detail-type',
    open: (object) => {
      const isDelivered = /^aws\.partner\/|^aws\.guardduty$/.test(textAt(object, 'source'));
      return isDelivered && isJsonObject(object['detail']) ? [object['detail']] : undefined;
    },
  },
];

/** The records of an answer; undefined where the object is none. */
export function openAnswer(object: JsonObject): readonly JsonObject[] | undefined {
  for (const { key, open } of ANSWERS) {
    const found = Object.hasOwn(object, key) ? open(object) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** No record, where an object says nothing but where a document goes. */
function bulkAction(object: JsonObject): readonly [] | undefined {
  const [action, ...others] = Object.values(object);
  const isAction =
    others.length === 0 &&
    isJsonObject(action) &&
    Object.keys(action).every((key) => key.startsWith('_') || key === 'pipeline' || key === 'routing');
  return isAction ? [] : undefined;
}

function listAt(object: JsonObject, key: string): readonly JsonObject[] | undefined {
  const list = object[key];
  return isRecordList(list) ? list : undefined;
}

function isRecordList(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((element) => isJsonObject(element));
}

function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

function one(record: JsonObject | undefined): readonly JsonObject[] | undefined {
  return record === undefined ? undefined : [record];
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  return typeof value === 'string' && value.startsWith('{') ? recordOfText(value) : undefined;
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...others } = object;
  return others;
}

/** Each event of an activity by itself, its parameters as a map, as Panther has them. */
function reportEvents(activity: JsonObject): readonly JsonObject[] | undefined {
  const id = activity['id'];
  const events = listAt(activity, 'events');
  if (!isJsonObject(id) || !('applicationName' in id) || events === undefined) return undefined;
  return events.map(({ parameters, ...event }) => ({
    ...without(activity, 'events'),
    ...event,
    ...(isRecordList(parameters) && { parameters: parameterMap(parameters) }),
  }));
}

function parameterMap(parameters: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(
    parameters.map(({ name, value, ...other }) => [String(name), value ?? Object.values(other)[0] ?? null] as const),
  );
}

function osqueryRows(result: JsonObject, found: Json | undefined): readonly JsonObject[] | undefined {
  if (!isJsonObject(found)) return undefined;
  const { diffResults: _, ...others } = result;
  return ['added', 'removed'].flatMap((action) =>
    (listAt(found, action) ?? []).map((columns) => ({ ...others, columns, action })),
  );
}

/** OTLP as JSON (opentelemetry.io/docs/specs/otlp): the bodies of log records; one that is a text, as what it says. */
function openTelemetryLogs(object: JsonObject): readonly JsonObject[] | undefined {
  const resources = listAt(object, 'resourceLogs');
  return resources?.flatMap((resource) =>
    (listAt(resource, 'scopeLogs') ?? listAt(resource, 'instrumentationLibraryLogs') ?? []).flatMap((scope) =>
      (listAt(scope, 'logRecords') ?? []).map((record) => telemetryRecord(record, resource)),
    ),
  );
}

function telemetryRecord(record: JsonObject, resource: JsonObject): JsonObject {
  const body = anyValue(record['body']);
  if (isJsonObject(body)) return body;
  const read = typeof body === 'string' ? recordOfText(body) : undefined;
  if (read !== undefined) return read;
  const of = isJsonObject(resource['resource']) ? keyValues(resource['resource']['attributes']) : {};
  const { timeUnixNano, severityText } = record;
  return {
    ...(timeUnixNano !== undefined && { timestamp: timeUnixNano }),
    ...(severityText !== undefined && { severity: severityText }),
    ...(body !== undefined && { body }),
    attributes: keyValues(record['attributes']),
    resource: of,
  };
}

function keyValues(list: Json | undefined): JsonObject {
  if (!isRecordList(list)) return {};
  return Object.fromEntries(list.map(({ key, value }) => [String(key), anyValue(value) ?? null] as const));
}

/** `{stringValue}`, `{intValue}`, `{kvlistValue: {values}}` and the like. */
function anyValue(value: Json | undefined): Json | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kvlistValue: map, arrayValue: list } = value;
  if (isJsonObject(map)) return keyValues(map['values']);
  if (isJsonObject(list))
    return Array.isArray(list['values']) ? list['values'].map((one: Json) => anyValue(one) ?? null) : [];
  return value['stringValue'] ?? value['intValue'] ?? value['doubleValue'] ?? value['boolValue'] ?? value['bytesValue'];
}
