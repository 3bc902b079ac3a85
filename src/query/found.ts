import type { Match } from '../alerts/match.ts';
import type { Json } from '../base/json.ts';
import type { ColumnType } from '../ir/plan/plan.ts';
import type { EsqlColumn } from '../languages/esql/index.ts';
import type { LogRecord } from '../logs/record.ts';

/** An event that a query found. */
export interface FoundEvent {
  readonly record: LogRecord;
  readonly time: string | undefined;
}

/** A sequence or a sample: its join keys, and the event of each step; null where the query asks that there is none. */
export interface FoundSequence {
  readonly keys: readonly Json[];
  readonly events: readonly (LogRecord | null)[];
}

/** A column of a result: of ES|QL queries with its type there. */
export type QueryColumn = ColumnType | EsqlColumn;

/** What was found, as a table. */
export interface FoundTable {
  readonly columns: readonly ColumnType[];
  readonly rows: readonly (readonly Json[])[];
  readonly events: readonly FoundEvent[] | undefined;
}

const EVENT_COLUMNS: readonly ColumnType[] = [
  { name: 'time', type: 'datetime' },
  { name: 'log_type', type: 'string' },
  { name: 'source', type: 'string' },
  { name: 'event', type: 'dynamic' },
];

export function eventsOf(matches: readonly Match[]): readonly FoundEvent[] {
  return matches.flatMap(({ record, time }) => (record === undefined ? [] : [{ record, time }]));
}

export function eventsResult(events: readonly FoundEvent[]): FoundTable {
  return { columns: EVENT_COLUMNS, rows: events.map(eventRow), events };
}

function eventRow({ record, time }: FoundEvent): Json[] {
  return [time ?? null, record.logType, placeOf(record), record.event];
}

/** Where a record was read, as text. */
export function placeOf({ source: { file, line, record } }: LogRecord): string {
  return `${file}:${line}${record === undefined ? '' : `[${record}]`}`;
}
