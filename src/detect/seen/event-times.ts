import type { JsonObject } from '../../base/json.ts';
import { compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import type { Raw } from '../../ir/expr.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { relocate } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { LatestTime } from '../../values/latest-time.ts';
import { type EventTime, readEventTime } from '../../values/moment.ts';
import type { DateTime } from '../../values/value.ts';

/** When records happened, by what their log types say of where that stands; and which was the last. */
export class EventTimes {
  private readonly readers = new Map<Shape, Evaluate>();
  private readonly last = new LatestTime();

  of(event: JsonObject, type: LogType, shape: Shape): EventTime {
    let read = this.readers.get(shape);
    if (read === undefined) {
      read = compileExpr(relocate(type.time, bindingOf(type, shape)), { now: fromEpochMs(0) });
      this.readers.set(shape, read);
    }
    return readEventTime(read(rowOf(event)));
  }

  /** Takes a record's time into account for `latest`. */
  follow(event: JsonObject, type: LogType, shape: Shape): void {
    const time = this.of(event, type, shape);
    if (time.kind === 'moment') this.last.goOn(time.at);
  }

  /** Goes on from the latest time that was followed elsewhere. */
  goOn(latest: DateTime): void {
    this.last.goOn(latest);
  }

  /** The one place where the time of such records stands; undefined where it is made of others. */
  placeOf(type: LogType, shape: Shape): Raw | undefined {
    const time = relocate(type.time, bindingOf(type, shape));
    return time.kind === 'raw' && time.keys === 'exact' && time.of === undefined ? time : undefined;
  }

  /** The latest time that was followed. */
  get latest(): DateTime | undefined {
    return this.last.latest;
  }
}
