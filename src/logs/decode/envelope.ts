import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { readAzureAnswer } from './azure-answer.ts';
import { parseJson } from './json/json-value.ts';
import { openAnswer, readForeignForm, recordOfText } from './records/index.ts';
import { readXmlForm } from './windows-xml.ts';

/** What the elements of an envelope are, in their order: undefined for one that is no record. */
export type Records = readonly (JsonObject | undefined)[];

/**
 * The records of an envelope, or undefined where the object is a record itself. Envelopes are
 * - `{"records": […]}` (Azure Monitor diagnostic export) and `{"Records": […]}` (AWS CloudTrail): the list is the only key,
 *   for an event may well have a field of that name among others (a DNS answer);
 * - `{"value": […]}`, a page of an answer of Microsoft Graph or Azure Resource Manager: beside the list there are only
 *   `@odata.…`, `nextLink` and `count`;
 * - what other services answer when they are asked for events, and what forwarders wrap a record in: see `LISTS` and `WRAPPERS`.
 *   Each is known by keys of its own, and by having no others;
 * - an event in a form that is read as another one: a Windows event as XML converters write it (see `readXmlForm`), one of
 *   the Azure activity log as its API answers (see `readAzureAnswer`).
 */
export function envelopeRecords(object: JsonObject): Records | undefined {
  // A Windows event as most forwarders write it: it is in no list, and nothing is around it.
  const isEvent = object['Channel'] !== undefined && object['EventID'] !== undefined;
  if (!isEvent && hasListKey(object)) {
    for (const { key, open } of LISTS) {
      const records = key in object ? open(object) : undefined;
      if (records !== undefined) return records.map((record) => record && single(record));
    }
  }
  return openWrapper(object, isEvent);
}

/** A record that is wrapped once more, alone, is that record. */
function single(record: JsonObject): JsonObject {
  const opened = openWrapper(record, false);
  const [first] = opened ?? [];
  return opened?.length === 1 && first !== undefined ? first : record;
}

function openWrapper(object: JsonObject, isEvent: boolean): Records | undefined {
  if (!isEvent && hasWrapperKey(object)) {
    for (const { key, beside, open } of WRAPPERS) {
      const inner = key in object && beside in object ? open(object) : undefined;
      if (inner !== undefined) return envelopeRecords(inner) ?? [inner];
    }
  }
  const answer = isEvent ? undefined : openAnswer(object);
  if (answer !== undefined) return answer.map(single);
  const event = readForeignForm(object) ?? readXmlForm(object);
  return event === undefined ? undefined : [event];
}

/** Whether one of the keys of `LISTS` is there. Every record is asked: keys by their names are much the fastest. */
function hasListKey(object: JsonObject): boolean {
  return (
    object['records'] !== undefined ||
    object['Records'] !== undefined ||
    object['value'] !== undefined ||
    object['hits'] !== undefined ||
    object['tables'] !== undefined ||
    object['Results'] !== undefined ||
    object['results'] !== undefined ||
    object['Events'] !== undefined ||
    object['events'] !== undefined ||
    object['logEvents'] !== undefined
  );
}

/** Whether one of the keys of `WRAPPERS` is there. */
function hasWrapperKey(object: JsonObject): boolean {
  return (
    object['_source'] !== undefined ||
    object['CloudTrailEvent'] !== undefined ||
    object['detail-type'] !== undefined ||
    object['eventTimestamp'] !== undefined ||
    object['preview'] !== undefined ||
    object['sourcetype'] !== undefined
  );
}

/** How an envelope with a key is opened. */
interface List {
  readonly key: string;
  readonly open: (object: JsonObject) => Records | undefined;
}

const LISTS: readonly List[] = [
  { key: 'records', open: (object) => listAt(object, 'records', []) },
  { key: 'Records', open: (object) => listAt(object, 'Records', []) },
  { key: 'value', open: (object) => listAt(object, 'value', ['nextLink', 'count']) },
  // Elasticsearch: the answer to a search.
  { key: 'hits', open: (object) => (isJsonObject(object['hits']) ? hitsOf(object, object['hits']) : undefined) },
  // Log Analytics: the answer to a query.
  { key: 'tables', open: tableRows },
  // Advanced hunting: the answers of the Defender API and of Microsoft Graph. Splunk: that of a search.
  {
    key: 'Results',
    open: (object) => ('Schema' in object ? listAt(object, 'Results', ['Schema', 'Stats']) : undefined),
  },
  {
    key: 'results',
    open: (object) => {
      if ('schema' in object) return listAt(object, 'results', ['schema']);
      return 'preview' in object
        ? listAt(object, 'results', SPLUNK)?.map((found) => found && splunkResult(found))
        : undefined;
    },
  },
  // CloudTrail: the answer to LookupEvents.
  {
    key: 'Events',
    open: (object) => {
      const events = listAt(object, 'Events', ['NextToken']);
      return holds(events, (event) => 'CloudTrailEvent' in event) ? events : undefined;
    },
  },
  // CloudWatch Logs: what a subscription delivers, and the answers to FilterLogEvents and GetLogEvents.
  {
    key: 'logEvents',
    open: (object) => ('logGroup' in object ? listAt(object, 'logEvents', SUBSCRIPTION)?.map(logEvent) : undefined),
  },
  {
    key: 'events',
    open: (object) => {
      const events = listAt(object, 'events', LOG_EVENTS);
      return holds(events, (event) => 'message' in event && 'ingestionTime' in event)
        ? events?.map(logEvent)
        : undefined;
    },
  },
];

const SPLUNK = [
  'preview',
  'offset',
  'lastrow',
  'init_offset',
  'post_process_count',
  'messages',
  'fields',
  'highlighted',
];
const SUBSCRIPTION = ['messageType', 'owner', 'logGroup', 'logStream', 'subscriptionFilters', 'policyLevel'];
const LOG_EVENTS = ['searchedLogStreams', 'nextToken', 'nextForwardToken', 'nextBackwardToken'];
const SEARCH = new Set([
  'took',
  'timed_out',
  'terminated_early',
  '_shards',
  '_clusters',
  'hits',
  'aggregations',
  'suggest',
  'profile',
  'num_reduce_phases',
  '_scroll_id',
  'pit_id',
  'status',
]);
const HEC = new Set(['time', 'host', 'source', 'sourcetype', 'index', 'event', 'fields']);

/** What a forwarder or an export puts around one record. */
interface Wrapper {
  readonly key: string;
  readonly beside: string;
  readonly open: (object: JsonObject) => JsonObject | undefined;
}

const WRAPPERS: readonly Wrapper[] = [
  // Elasticsearch: one hit, as dumps hold them.
  {
    key: '_source',
    beside: '_index',
    open: (object) => (Object.keys(object).every(isHitKey) ? documentOf(object) : undefined),
  },
  // CloudTrail: one event of LookupEvents.
  { key: 'CloudTrailEvent', beside: 'EventId', open: (object) => parsed(object['CloudTrailEvent']) },
  // The Azure activity log as its API answers.
  { key: 'eventTimestamp', beside: 'operationName', open: readAzureAnswer },
  // CloudTrail's events as EventBridge delivers them.
  {
    key: 'detail-type',
    beside: 'detail',
    open: (object) =>
      Object.keys(object).length > 2 && String(object['detail-type']).endsWith(' via CloudTrail')
        ? objectAt(object, 'detail')
        : undefined,
  },
  // Splunk: one line of an export; one event for its HTTP event collector.
  {
    key: 'preview',
    beside: 'result',
    open: (object) => {
      const result = objectAt(object, 'result');
      return result !== undefined && hasOnly(object, ['result', ...SPLUNK]) ? splunkResult(result) : undefined;
    },
  },
  {
    key: 'sourcetype',
    beside: 'event',
    open: (object) =>
      Object.keys(object).every((key) => HEC.has(key))
        ? (objectAt(object, 'event') ?? textRecord(object['event']))
        : undefined,
  },
];

/** The objects of a list at a key, where there are no others than these keys and `@odata.…`. */
function listAt(object: JsonObject, key: string, others: readonly string[]): Records | undefined {
  const list = object[key];
  if (list === undefined || !isRecordList(list) || !hasOnly(object, [key, ...others])) return undefined;
  return list.map((element) => (isJsonObject(element) ? element : undefined));
}

/** Whether a list is of records of a kind: one that is not of it does not hide the others. */
function holds(list: Records | undefined, isOfKind: (record: JsonObject) => boolean): boolean {
  return list !== undefined && (list.length === 0 || list.some((record) => record !== undefined && isOfKind(record)));
}

function hasOnly(object: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(object).every((key) => keys.includes(key) || key.startsWith('@odata.'));
}

function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isJsonObject(value) ? value : undefined;
}

/** A list of records, of which some may be none; of other values alone it is part of a record. */
function isRecordList(value: Json): value is readonly Json[] {
  return Array.isArray(value) && (value.length === 0 || value.some((element) => isJsonObject(element)));
}

/** The object that a text is the JSON of. */
function parsed(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string' || !/^\s*\{/.test(text)) return undefined;
  const read = parseJson(text);
  return read.ok && isJsonObject(read.value) ? read.value : undefined;
}

function hitsOf(answer: JsonObject, found: JsonObject): Records | undefined {
  const { hits } = found;
  if (hits === undefined || !isRecordList(hits) || !Object.keys(answer).every((key) => SEARCH.has(key)))
    return undefined;
  const documents = hits.map((hit) => (isJsonObject(hit) ? documentOf(hit) : undefined));
  return holds(documents, () => true) ? documents : undefined;
}

/** What a hit says of its document beside it: rules ask for the index, and an alert names the document. */
const NAMED_BY = ['_index', '_id'] as const;

/** The document of a hit, with the names of its index and of itself. */
function documentOf(hit: JsonObject): JsonObject | undefined {
  const document = objectAt(hit, '_source') ?? fieldsOf(hit);
  if (document === undefined) return undefined;
  const names = NAMED_BY.flatMap((key) => {
    const name = hit[key];
    return typeof name === 'string' && !Object.hasOwn(document, key) ? [[key, name] as const] : [];
  });
  return names.length === 0 ? document : { ...document, ...Object.fromEntries(names) };
}

/** A document by its fields, each of which comes as a list of its values. */
function fieldsOf(hit: JsonObject): JsonObject | undefined {
  const fields = objectAt(hit, 'fields');
  if (fields === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [
      name,
      Array.isArray(values) && values.length === 1 ? (values[0] as Json) : values,
    ]),
  );
}

/** What Elasticsearch says of a document begins with an underscore, but for these. */
function isHitKey(key: string): boolean {
  return key.startsWith('_') || ['sort', 'fields', 'highlight', 'matched_queries', 'inner_hits'].includes(key);
}

/** The event as it was indexed, where that is JSON; else the fields that Splunk extracted. */
function splunkResult(result: JsonObject): JsonObject {
  return parsed(result['_raw']) ?? readForeignForm(result) ?? result;
}

/** A log event's message, where that is JSON. */
function logEvent(event: JsonObject | undefined): JsonObject | undefined {
  return event && (textRecord(event['message']) ?? event);
}

function textRecord(text: Json | undefined): JsonObject | undefined {
  return typeof text === 'string' ? recordOfText(text) : undefined;
}

/** `{"tables": [{"columns": [{"name", "type"}], "rows": [[…]]}]}` as one object a row. */
function tableRows(object: JsonObject): Records | undefined {
  const tables = listAt(object, 'tables', ['statistics', 'render', 'visualization', 'error']);
  if (tables === undefined) return undefined;
  const records: (JsonObject | undefined)[] = [];
  for (const table of tables) {
    if (table === undefined) return undefined;
    const { columns, rows } = table;
    if (!isColumnList(columns) || !Array.isArray(rows)) return undefined;
    for (const row of rows as readonly Json[]) records.push(rowRecord(columns, row));
  }
  return records;
}

function isColumnList(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((element) => isJsonObject(element));
}

function rowRecord(columns: readonly JsonObject[], row: Json): JsonObject | undefined {
  if (!Array.isArray(row) || row.length !== columns.length) return undefined;
  return Object.fromEntries(columns.map(({ name, type }, at) => [String(name), cell(row[at] as Json, type)] as const));
}

/** Dynamic columns come as the JSON text of their value. */
function cell(value: Json, type: Json | undefined): Json {
  if (type !== 'dynamic' || typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const read = parseJson(value);
  return read.ok ? read.value : value;
}

/** Where records stand in an envelope's text: the keys of the lists on the way to them. */
const PLACES: ReadonlySet<string> = new Set([
  'records',
  'Records',
  'value',
  'hits.hits',
  'tables.rows',
  'Results',
  'results',
  'Events',
  'logEvents',
  'events',
  'items',
  'entries',
  'operation_logs',
  'response',
  'response.authlogs',
  'Findings',
  'data',
  'data.events',
]);

/** Whether records of an envelope stand in the list at a path of keys. */
export function isRecordPlace(path: string): boolean {
  return PLACES.has(path);
}

/** How many line feeds stand before each record of an envelope's text, which is valid JSON. */
export function recordLineFeeds(text: string): readonly number[] {
  const found: number[] = [];
  /** The key that each open bracket is the value of; lists pass on their own. */
  const open: { readonly path: string; readonly isList: boolean }[] = [];
  let lineFeeds = 0;
  let key = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x0a) {
      lineFeeds += 1;
    } else if (char === 0x22) {
      const start = at + 1;
      for (at += 1; text.charCodeAt(at) !== 0x22; at += 1) if (text.charCodeAt(at) === 0x5c) at += 1;
      // Records may be large; their keys are of no interest.
      if (open.length <= 4) key = text.slice(start, at);
    } else if (char === 0x7b || char === 0x5b) {
      const above = open.at(-1);
      const isElement = above?.isList === true;
      if (isElement && open.length <= 4 && PLACES.has(above.path)) found.push(lineFeeds);
      const path = above === undefined ? '' : isElement ? above.path : above.path === '' ? key : `${above.path}.${key}`;
      // Below a record, and inside a row, no list is the envelope's.
      const isBelow = isElement && PLACES.has(above.path);
      open.push({ path: isBelow ? '\0' : path, isList: char === 0x5b });
    } else if (char === 0x7d || char === 0x5d) {
      open.pop();
    }
  }
  return found;
}
