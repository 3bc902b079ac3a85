import { type DateTime, parseDateTime } from '../index.ts';
import { UsageError } from './exit.ts';

/** The moment that `--now` names. */
export function parseNow(text: string | undefined): DateTime | undefined {
  if (text === undefined) return undefined;
  const moment = parseDateTime(text);
  if (moment === undefined) {
    throw new UsageError(`--now ${text} is not a time`, 'write it as 2026-02-06T12:00:00Z');
  }
  return moment;
}
