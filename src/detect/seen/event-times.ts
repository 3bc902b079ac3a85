import type { JsonObject } from '../../base/json.ts';
import { compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { relocate } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { type EventTime, readEventTime } from '../../values/moment.ts';
import type { DateTime } from '../../values/value.ts';

/** When records happened, by what their log types say of where that stands; and which was the last. */
export class EventTimes {
  private readonly readers = new Map<Shape, Evaluate>();
  private last: DateTime | undefined;

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
    if (time.kind === 'moment' && (this.last === undefined || time.at.ticks > this.last.ticks)) this.last = time.at;
  }

  /** Goes on from the latest time that was followed elsewhere. */
  goOn(latest: DateTime): void {
    this.last = latest;
  }

  /** The latest time that was followed. */
  get latest(): DateTime | undefined {
    return this.last;
  }
}
