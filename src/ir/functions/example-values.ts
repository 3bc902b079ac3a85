import { parseDateTime, parseTimeSpan } from '../../values/date-time.ts';
import type { DateTime, TimeSpan } from '../../values/value.ts';

/** Moments and durations as examples write them. */

export function at(text: string): DateTime {
  const moment = parseDateTime(text);
  if (moment === undefined) throw new Error(`an example's moment cannot be read: ${text}`);
  return moment;
}

export function span(text: string): TimeSpan {
  const duration = parseTimeSpan(text);
  if (duration === undefined) throw new Error(`an example's duration cannot be read: ${text}`);
  return duration;
}
