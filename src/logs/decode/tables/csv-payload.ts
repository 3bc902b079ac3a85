import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { recordOfText } from '../records/index.ts';

/** Columns of exports that hold the record as it came, as collectors call them. */
const WHOLE =
  /^(?:utf8[ _]?)?payload(?:asutf8?)?$|^raw(?:[ _]?(?:log|line|message|msg|data|payload|text|syslog|record))?$|^original(?:[ _]?(?:log|line|message|event|record))?$|^event[._]original$|^full[ _]?log$/i;
/** Columns that may hold a whole line, or only the text of one whose other parts are other columns. */
const LINE = /^(?:message|msg|log|line|syslog|(?:log|syslog)[ _]?(?:line|message|entry))$/i;

/** The column that holds what a row is about as it came, if there is one. */
export function payloadColumn(names: readonly string[]): string | undefined {
  return names.find((name) => WHOLE.test(name)) ?? names.find((name) => LINE.test(name));
}

/** The record that a cell of such a column is; undefined where it is of no known form. */
export function payloadRecord(column: string, cell: Json | undefined): JsonObject | undefined {
  if (typeof cell === 'string') return recordOfText(cell.trim());
  return WHOLE.test(column) && isJsonObject(cell) ? cell : undefined;
}
