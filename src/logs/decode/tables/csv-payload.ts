import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { recordOfText } from '../records/index.ts';
import { readXmlForm } from '../windows-xml.ts';

/** Columns of exports that hold the record as it came, as collectors call them. */
const WHOLE =
  /^(?:utf8[ _]?)?payload(?:asutf8?)?$|^raw(?:[ _]?(?:log|line|message|msg|data|payload|text|syslog|record))?$|^original(?:[ _]?(?:log|line|message|event|record))?$|^event[._]original$|^full[ _]?log$/i;
/** Columns that may hold a whole line, or only the text of one whose other parts are other columns. */
const LINE = /^(?:message|msg|log|line|syslog|(?:log|syslog)[ _]?(?:line|message|entry))$/i;

/** The column that holds what a row is about as it came, if there is one. */
export function payloadColumn(names: readonly string[]): string | undefined {
  return names.find((name) => WHOLE.test(name)) ?? names.find((name) => LINE.test(name));
}

/**
 * The record that such a column of a row holds; undefined where it is of no known form, and where the row as a whole is of one: the
 * other columns then say what the payload does not.
 */
export function payloadRecord(column: string, row: JsonObject): JsonObject | undefined {
  if (readXmlForm(row) !== undefined) return undefined;
  const cell = row[column];
  if (typeof cell === 'string') return recordOfText(cell.trim());
  return WHOLE.test(column) && isJsonObject(cell) ? cell : undefined;
}
