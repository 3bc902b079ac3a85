import type { Signature } from '../signature.ts';
import { kustoRow as row } from './row.ts';

export type KustoTimeFunction =
  | 'kusto.start-of'
  | 'kusto.end-of'
  | 'kusto.datetime-add'
  | 'kusto.datetime-diff'
  | 'kusto.datetime-part'
  | 'kusto.day-of-week'
  | 'kusto.make-datetime'
  | 'kusto.make-timespan'
  | 'kusto.format-datetime'
  | 'kusto.format-timespan'
  | 'kusto.unix-time';

/** Kusto's functions of moments and durations. All is UTC; a week starts on Sunday. */
export const kustoTimeFunctions: Record<KustoTimeFunction, Signature> = {
  'kusto.start-of': row(
    'string datetime long?',
    'datetime',
    'The start of the day, week, month or year, so many of them later.',
    true,
  ),
  'kusto.end-of': row(
    'string datetime long?',
    'datetime',
    'The last tick of the day, week, month or year, so many of them later.',
    true,
  ),
  'kusto.datetime-add': row('string long datetime', 'datetime', 'The moment so many parts later.', true),
  'kusto.datetime-diff': row(
    'string datetime datetime',
    'long',
    'How many boundaries of a part lie between the second and the first.',
    true,
  ),
  'kusto.datetime-part': row('string datetime', 'int', 'A part of the moment as a number.', true),
  'kusto.day-of-week': row('datetime', 'timespan', 'The time since Sunday, in whole days.', true),
  'kusto.make-datetime': row(
    'long long long long? long? real?',
    'datetime',
    'The moment of year, month, day, hour, minute, second; null when there is none.',
  ),
  'kusto.make-timespan': row('long*', 'timespan', 'The duration of [days,] hours, minutes[, seconds].'),
  'kusto.format-datetime': row('datetime string', 'string', 'The moment in a format.', true),
  'kusto.format-timespan': row('timespan string', 'string', 'The duration in a format.', true),
  'kusto.unix-time': row(
    'scalar long',
    'datetime',
    'The moment so many units after 1970; the second says how many units a second has.',
    true,
  ),
};
