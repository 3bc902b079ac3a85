import { ROW_LIMITS, type RowLimits } from '../base/row-limits.ts';
import { type DateTime, parseDuration, readEventTime, TimeRange } from '../index.ts';
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

/** What `--since` and `--until` say; a length of time is before `now`, or else before this moment. */
export function timeRange(
  given: { readonly since?: string; readonly until?: string },
  now: DateTime = parseTime('the clock', new Date().toISOString()),
): TimeRange | undefined {
  const [from, before] = (['since', 'until'] as const).map((name) => {
    const text = given[name];
    const ago = text === undefined ? undefined : parseDuration(text.replace(/^-/, ''));
    if (ago !== undefined) return { ...now, ticks: now.ticks - ago };
    return text === undefined ? undefined : parseTime(`--${name}`, text);
  });
  if (from === undefined && before === undefined) return undefined;
  if (from !== undefined && before !== undefined && from.ticks >= before.ticks) {
    throw new UsageError('--since is not before --until', 'no record can lie between them');
  }
  return new TimeRange(from, before);
}

/** What `--limit-rows` and `--limit-seconds` say, or else the defaults. */
export function rowLimitsOf(given: { readonly limitRows?: number; readonly limitSeconds?: number }): RowLimits {
  return { rows: given.limitRows ?? ROW_LIMITS.rows, seconds: given.limitSeconds ?? ROW_LIMITS.seconds };
}
