import type { JsonObject } from '../../../base/json.ts';
import { priority } from '../text/syslog.ts';

/** What rsyslog, syslog-ng, Fluent Bit and others call the program of a line; a tag may have its number behind it. */
const PROGRAM = ['programname', 'PROGRAM', 'program', 'ident', 'app_name', 'app-name', 'syslogtag', 'tag'];
const HOST = ['hostname', 'HOSTNAME', 'host', 'HOST', 'fromhost', 'source_host'];
const TIME = ['timestamp', '@timestamp', 'timereported', 'ISODATE', 'DATE', 'time', 'date'];
const PID = ['procid', 'PID', 'pid'];
const FACILITY = ['facility', 'syslogfacility-text', 'syslogfacility', 'FACILITY'];
const SEVERITY = ['severity', 'syslogseverity-text', 'syslogseverity', 'PRIORITY', 'LEVEL', 'priority'];
const TAG = /^([^:[\s]{1,128})(?:\[(\d{1,10})\])?:?$/;

/** A line of syslog as an object of other names than the decoder's own; undefined where the record is none. */
export function readSyslogObject(record: JsonObject): JsonObject | undefined {
  if (!PROGRAM.some((key) => Object.hasOwn(record, key)) || Object.hasOwn(record, 'appname')) return undefined;
  const message = text(record, 'message') ?? text(record, 'MESSAGE') ?? text(record, 'msg');
  if (message === undefined) return undefined;
  const tag = TAG.exec(first(record, PROGRAM) ?? '');
  const hostname = tag === null ? undefined : first(record, HOST);
  const facility = first(record, FACILITY);
  const severity = first(record, SEVERITY);
  const pri = text(record, 'pri');
  if (tag === null || hostname === undefined || (facility ?? severity ?? pri) === undefined) return undefined;
  const timestamp = first(record, TIME);
  const pid = first(record, PID) ?? tag[2];
  return {
    ...(timestamp !== undefined && { timestamp }),
    hostname,
    appname: tag[1] ?? '',
    ...(pid !== undefined && { pid }),
    ...priority(pri),
    ...(facility !== undefined && { facility }),
    ...(severity !== undefined && { severity }),
    message: message.trimStart(),
  };
}

function text(record: JsonObject, key: string): string | undefined {
  const value = record[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function first(record: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const found = text(record, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
