import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { openCarried } from './carried.ts';
import { readCloudTrailRow, readConsoleRow } from './cloudtrail-rows.ts';
import { readJournalEntry, readLaurel } from './linux-records.ts';
import { readOcsfCloudTrail } from './ocsf-records.ts';
import { readShippedLine } from './shipped-line.ts';
import { readSyslogObject } from './syslog-records.ts';
import { readWebRecord } from './web-records.ts';
import { readWindowsRecord, splunkEvent } from './windows-records.ts';
import { recordOfLine, recordOfText } from './wrapped-text.ts';

export { openAnswer } from './service-answers.ts';
export { recordOfText } from './wrapped-text.ts';

/** A record in a form that is read as another one; undefined where it is read as it stands. */
export function readForeignForm(record: JsonObject): JsonObject | undefined {
  if (Object.hasOwn(record, 'MESSAGE') && hasOne(record, '__REALTIME_TIMESTAMP', '__CURSOR'))
    return readJournalEntry(record);
  if (Object.hasOwn(record, 'ID') && hasOne(record, 'SYSCALL', 'EXECVE', 'PATH', 'PROCTITLE', 'USER_CMD', 'CWD')) {
    return readLaurel(record);
  }
  if (Object.hasOwn(record, 'full_log') && Object.hasOwn(record, 'location')) return readWazuhLine(record);
  if (Object.hasOwn(record, 'eventsource') && Object.hasOwn(record, 'eventname')) return readCloudTrailRow(record);
  if (Object.hasOwn(record, 'class_uid') && Object.hasOwn(record, 'api')) return readOcsfCloudTrail(record);
  if (Object.hasOwn(record, '_raw')) return readSplunkRow(record);
  if (Object.hasOwn(record, 'agent') && Object.hasOwn(record, 'message')) return readShippedLine(record);
  if (Object.hasOwn(record, 'Event source') && Object.hasOwn(record, 'Event ID')) return readConsoleRow(record);
  return readWindowsRecord(record) ?? readWebRecord(record) ?? readSyslogObject(record) ?? openCarried(record);
}

function hasOne(record: JsonObject, ...keys: readonly string[]): boolean {
  return keys.some((key) => Object.hasOwn(record, key));
}

/** Wazuh's alerts and archives hold the line that they are about; where that is of no known form they stay as they are. */
function readWazuhLine(record: JsonObject): JsonObject | undefined {
  const windows = readWindowsRecord(record);
  if (windows !== undefined) return windows;
  const line = record['full_log'];
  if (typeof line !== 'string') return undefined;
  return line.trimStart().startsWith('{') ? recordOfText(line) : recordOfLine(line);
}

/** What Splunk indexed, where that is of a known form; else the fields that it cut out. */
function readSplunkRow(record: JsonObject): JsonObject | undefined {
  const { _raw: raw } = record;
  if (isJsonObject(raw)) return raw;
  return (typeof raw === 'string' ? recordOfText(raw) : undefined) ?? splunkEvent(record);
}
