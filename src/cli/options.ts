import { ROW_LIMITS, type RowLimits } from '../base/row-limits.ts';
import { type DateTime, readEventTime } from '../index.ts';
import { UsageError } from './exit.ts';

/** The moment that `--now` names, in any of the spellings that event times have. */
export function parseNow(text: string | undefined): DateTime | undefined {
  return text === undefined ? undefined : parseTime('--now', text);
}

/** The moment that an option names, in any of the spellings that event times have. */
export function parseTime(option: string, text: string): DateTime {
  const read = readEventTime(text);
  if (read.kind !== 'moment') {
    throw new UsageError(`${option} ${text} is not a time`, 'write it as 2026-02-06T12:00:00Z');
  }
  return read.at;
}

/** What `--limit-rows` and `--limit-seconds` say, or else the defaults. */
export function rowLimitsOf(given: { readonly limitRows?: number; readonly limitSeconds?: number }): RowLimits {
  return { rows: given.limitRows ?? ROW_LIMITS.rows, seconds: given.limitSeconds ?? ROW_LIMITS.seconds };
}
