import type { Schema } from '../ir/view.ts';

/** Log types whose values are numbers in one form of their records and in another the texts that spell them. */
const EITHER_SPELLING: ReadonlySet<string> = new Set(['Windows.EventLogs']);

/** What is known of the fields of Panther's log types (`table` is the log type). Panther does not publish its schemas. */
export const pantherSchema: Schema = {
  name: 'panther',
  typeOf: (_field, logType) => (logType !== undefined && EITHER_SPELLING.has(logType) ? 'keyword' : undefined),
  fieldNames: () => undefined,
};
