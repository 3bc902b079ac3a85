import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { auditEvent } from '../auditd/auditd-join.ts';
import { type AuditRecord, auditRecordOf } from '../auditd/auditd-record.ts';
import { priorityNames } from '../text/syslog.ts';

/** A text, or a list of bytes, as journald writes a message that is not valid UTF-8. */
function messageOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const bytes = value.map(Number);
  return bytes.every((one) => Number.isInteger(one) && one >= 0 && one < 256)
    ? Buffer.from(bytes).toString('utf8')
    : undefined;
}

/** Microseconds since 1970 in ISO 8601. */
function timeOf(value: Json | undefined): string | undefined {
  const micros = typeof value === 'string' && /^\d{15,17}$/.test(value) ? value : undefined;
  if (micros === undefined) return undefined;
  return new Date(Number(micros.slice(0, -3))).toISOString().replace(/(\.\d{3})Z$/, `$1${micros.slice(-3)}Z`);
}

/**
 * An entry of systemd's journal (systemd.journal-fields(7)), as JSON or as its export: as the line of syslog that it is, with the
 * entry's own fields in `journal`; one of the audit transport as the audit record that it is.
 */
export function readJournalEntry(entry: JsonObject): JsonObject | undefined {
  const message = messageOf(entry['MESSAGE']);
  const time = timeOf(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? timeOf(entry['__REALTIME_TIMESTAMP']);
  if (entry['_TRANSPORT'] === 'audit' && typeof entry['_AUDIT_TYPE_NAME'] === 'string' && message !== undefined) {
    const type = entry['_AUDIT_TYPE_NAME'];
    const text = message.startsWith(type) ? message.slice(type.length).trimStart() : message;
    const record = auditRecordOf(type, String(entry['_AUDIT_ID'] ?? '0'), text, textAt(entry, '_HOSTNAME'));
    const { timestamp: _, ...event } = auditEvent([record]);
    return { ...event, ...given('timestamp', time) };
  }
  const priority = Number(textAt(entry, 'PRIORITY') ?? Number.NaN);
  const facility = Number(textAt(entry, 'SYSLOG_FACILITY') ?? Number.NaN);
  return {
    ...(time !== undefined && { timestamp: time }),
    ...given('hostname', textAt(entry, '_HOSTNAME')),
    ...given('appname', textAt(entry, 'SYSLOG_IDENTIFIER') ?? textAt(entry, '_COMM')),
    ...given('pid', textAt(entry, 'SYSLOG_PID') ?? textAt(entry, '_PID')),
    ...priorityNames(facility, priority),
    message: message ?? '',
    journal: entry,
  };
}

function textAt(entry: JsonObject, key: string): string | undefined {
  const value = entry[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function given(key: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value };
}

const AUDIT_ID = /^(\d{1,15}(?:\.\d{1,9})?):(\d{1,20})$/;

/** LAUREL's objects: an event, its records by type, lists of arguments as `ARGV`. As the audit event that it is. */
export function readLaurel(event: JsonObject): JsonObject | undefined {
  const id = AUDIT_ID.exec(typeof event['ID'] === 'string' ? event['ID'] : '');
  if (id === null) return undefined;
  const [, seconds = '', serial = ''] = id;
  const node = typeof event['NODE'] === 'string' ? { node: event['NODE'] } : {};
  const records: AuditRecord[] = [];
  for (const [type, value] of Object.entries(event)) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(type) || type === 'ID' || type === 'NODE' || type === 'PARENT_INFO') continue;
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (isJsonObject(one))
        records.push({ type, ...node, seconds, serial, fields: laurelFields(type, one), text: '' });
    }
  }
  return records.length === 0 ? undefined : auditEvent(records);
}

function laurelFields(type: string, record: JsonObject): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(record)) {
    const values = Array.isArray(value) ? value.map((one: Json) => String(one)) : undefined;
    if (name === 'ARGV' && values !== undefined) {
      if (type === 'EXECVE') for (const [at, argument] of values.entries()) fields.set(`a${at}`, argument);
      else fields.set(type.toLowerCase(), values.join(' '));
    } else if (name === 'ARGV_STR') {
      if (type === 'EXECVE')
        for (const [at, argument] of String(value).split(' ').entries()) fields.set(`a${at}`, argument);
      else fields.set(type.toLowerCase(), String(value));
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      fields.set(name, name === 'arch' ? String(value).replace(/^0x/, '') : String(value));
    } else if (values !== undefined) {
      fields.set(name, values.join('\x01'));
    }
  }
  return fields;
}
