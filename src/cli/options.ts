import { type DateTime, readEventTime } from '../index.ts';
import { UsageError } from './exit.ts';

/** The moment that `--now` names, in any of the spellings that event times have. */
export function parseNow(text: string | undefined): DateTime | undefined {
  if (text === undefined) return undefined;
  const read = readEventTime(text);
  if (read.kind !== 'moment') {
    throw new UsageError(`--now ${text} is not a time`, 'write it as 2026-02-06T12:00:00Z');
  }
  return read.at;
}
