import type { Json, JsonObject } from '../../../base/json.ts';
import { kindAt, mapAt } from '../../kind-at.ts';
import { recordOfText } from './wrapped-text.ts';

/**
 * Records of collectors that hold the record or line itself in one member: what Docker and Fluentd write (`log`, `stream`), GELF
 * (`short_message`), Logstash and others that read nothing out of a line (`message` beside `@timestamp`), an export's column of whole
 * records. As the record inside; undefined where that is of no known form.
 *
 * Keys are asked for one by one, not listed: a reader of lines learns by what is asked.
 */
export function openCarried(record: JsonObject): JsonObject | undefined {
  const inside = carriedBy(record);
  if (inside === undefined) return undefined;
  if (typeof inside === 'string') return recordOfText(inside.trim());
  return typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? (inside as JsonObject) : undefined;
}

/** Columns of exports that hold a whole record. */
const COLUMNS = ['eventJson', 'event_json', 'rawEvent', 'raw_event'];

function carriedBy(record: JsonObject): Json | undefined {
  if (kindAt(record, 'log') === 'text') {
    return record['stream'] === 'stdout' || record['stream'] === 'stderr' ? record['log'] : undefined;
  }
  if (kindAt(record, 'message') === 'text') return isUnread(record) ? record['message'] : undefined;
  if (kindAt(record, 'short_message') === 'text') {
    const isGelf = kindAt(record, 'version') === 'text' && kindAt(record, 'host') === 'text';
    return isGelf ? (record['full_message'] ?? record['short_message']) : undefined;
  }
  const column = COLUMNS.find((name) => Object.hasOwn(record, name));
  return column === undefined ? undefined : record[column];
}

/** Agents of Elastic's that read lines say so by these. */
const READ = ['agent', 'winlog', 'ecs'];

/** Whether a document with a `message` has nothing that was read out of it. */
function isUnread(record: JsonObject): boolean {
  if (kindAt(record, '@timestamp') === undefined) return false;
  if (READ.some((key) => Object.hasOwn(record, key))) return false;
  const event = mapAt(record, 'event');
  return (
    event === undefined ||
    (event['dataset'] ?? event['module'] ?? event['category'] ?? event['kind'] ?? event['code']) === undefined
  );
}
