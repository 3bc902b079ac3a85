import type { Json } from '../../base/json.ts';
import {
  type Clock,
  compilePipeline,
  type EventOf,
  type Row,
  type RowStep,
  readEngineRow,
  storeEngineRow,
} from '../../engines/memory/index.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { NotStored, readArray, readBoolean, readText } from '../../state/plain.ts';
import type { RecordId } from '../../state/state-row.ts';

/** A row that waits for the end of the run: for others of its kind, or for the time of the run. */
interface WaitingRow {
  readonly row: Row;
  /** What is still to do to it, where that needs the clock: the row is the record then, as it was read. */
  readonly late: Plan | undefined;
}

/** The rows of a rule that wait, by the feeds that they came out of. */
export class WaitingRows {
  private readonly byFeed = new Map<string, WaitingRow[]>();
  private readonly compiled = new Map<Plan, RowStep>();

  get isEmpty(): boolean {
    return this.byFeed.size === 0;
  }

  has(feed: string): boolean {
    return this.byFeed.has(feed);
  }

  add(feed: string, row: Row, late: Plan | undefined): void {
    const waiting = this.byFeed.get(feed);
    if (waiting === undefined) this.byFeed.set(feed, [{ row, late }]);
    else waiting.push({ row, late });
  }

  /** The rows of a feed, now that the time of the run is known. */
  *of(feed: string, clock: Clock): Generator<Row> {
    for (const { row, late } of this.byFeed.get(feed) ?? []) {
      if (late === undefined) {
        yield row;
        continue;
      }
      const run = this.compiled.get(late) ?? compilePipeline(late, clock);
      this.compiled.set(late, run);
      yield* run(row);
    }
  }

  clear(): void {
    this.byFeed.clear();
  }

  *references(): Generator<RecordId> {
    for (const rows of this.byFeed.values()) {
      for (const { row } of rows) if (row.id !== undefined) yield row.id;
    }
  }

  snapshot(): Json {
    return [...this.byFeed].map(([feed, rows]) => [
      feed,
      rows.map(({ row, late }) => [storeEngineRow(row), late !== undefined]),
    ]);
  }

  /** `lateOf`: what is still to do to rows of a feed that stand for a record. Throws `NotStored`. */
  restore(stored: Json, eventOf: EventOf, lateOf: (feed: string, id: RecordId) => Plan | undefined): void {
    for (const one of readArray(stored)) {
      const [name, rows] = readArray(one);
      const feed = readText(name);
      for (const waiting of readArray(rows)) {
        const [storedRow, isLate] = readArray(waiting);
        const row = readEngineRow(storedRow, eventOf);
        const late = readBoolean(isLate) && row.id !== undefined ? lateOf(feed, row.id) : undefined;
        if (isLate === true && late === undefined) throw new NotStored('a row waits for what is not to be done');
        this.add(feed, row, late);
      }
    }
  }
}
