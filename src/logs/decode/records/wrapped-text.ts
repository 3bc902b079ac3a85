import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { auditEvent } from '../auditd/auditd-join.ts';
import { parseAuditLine } from '../auditd/auditd-record.ts';
import { parseJson } from '../json/json-value.ts';
import { LINE_FORMS } from '../lines/index.ts';
import { LONGEST_LINE } from '../lines/line-form.ts';
import { parseSyslogLine } from '../text/syslog.ts';
import { isEventMarkup } from '../xml/event-marks.ts';
import { eventOfXml } from '../xml/event-xml.ts';

/** The record that a text inside of another record is: JSON, a Windows event in XML, or a line of any form; undefined where it is none. */
export function recordOfText(text: string): JsonObject | undefined {
  const start = text.trimStart();
  if (start.startsWith('{')) return jsonObject(start);
  if (isEventMarkup(start, 0)) return eventOfXml(start);
  return start.includes('\n') ? undefined : recordOfLine(start);
}

/** The record that a line is. A record of auditd is an event of its own: what belongs to it is in other records. */
export function recordOfLine(line: string): JsonObject | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const record = parseAuditLine(line);
  if (record !== undefined) return auditEvent([record]);
  for (const form of LINE_FORMS) {
    const found = form(line);
    if (found !== undefined) return found;
  }
  return parseSyslogLine(line);
}

function jsonObject(text: string): JsonObject | undefined {
  const read = parseJson(text);
  return read.ok && isJsonObject(read.value) ? read.value : undefined;
}
