import type { JsonObject } from '../../base/json.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { DateTime } from '../../values/value.ts';
import type { EventTimes } from './event-times.ts';

/** When records must have happened to reach rules: from a moment on, and before another. */
export class TimeRange {
  readonly from: DateTime | undefined;
  readonly before: DateTime | undefined;
  /** Records that some rule might have wanted, and that happened at another time. */
  outside = 0;
  /** Such records of which nobody knows when they happened: they are left out too. */
  untimed = 0;

  constructor(from: DateTime | undefined, before: DateTime | undefined) {
    this.from = from;
    this.before = before;
  }

  takes(event: JsonObject, type: LogType, shape: Shape, times: EventTimes): boolean {
    const time = times.of(event, type, shape);
    if (time.kind !== 'moment') {
      this.untimed += 1;
      return false;
    }
    const { ticks } = time.at;
    const isWithin =
      (this.from === undefined || ticks >= this.from.ticks) && (this.before === undefined || ticks < this.before.ticks);
    if (!isWithin) this.outside += 1;
    return isWithin;
  }
}
