import { readEventTime } from './moment.ts';
import type { DateTime, Value } from './value.ts';

/** Written so, in the same length, times come one after the other as their texts do. */
const IN_ORDER = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?Z$/;

/** The latest of many times of events. */
export class LatestTime {
  private last: DateTime | undefined;
  /** How the last was written, where texts of that form need not be read to be known to be earlier. */
  private written: string | undefined;

  follow(value: Value): void {
    const isOrdered = typeof value === 'string' && IN_ORDER.test(value);
    if (isOrdered && value.length === this.written?.length && value <= this.written) return;
    const time = readEventTime(value);
    if (time.kind !== 'moment' || !this.isLater(time.at)) return;
    this.last = time.at;
    this.written = isOrdered ? value : undefined;
  }

  /** A time that was found elsewhere. */
  goOn(time: DateTime): void {
    if (!this.isLater(time)) return;
    this.last = time;
    this.written = undefined;
  }

  get latest(): DateTime | undefined {
    return this.last;
  }

  /** The latest time, which is forgotten with this. */
  take(): DateTime | undefined {
    const { last } = this;
    this.last = undefined;
    this.written = undefined;
    return last;
  }

  private isLater(time: DateTime): boolean {
    return this.last === undefined || time.ticks > this.last.ticks;
  }
}
