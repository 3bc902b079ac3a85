import type { Json } from '../../../base/json.ts';
import { readArray } from '../../../state/plain.ts';
import type { RecordId } from '../../../state/state-row.ts';
import type { Row } from '../row.ts';
import { type EventOf, readEngineRow, recordsOf, storeEngineRow } from '../stored-row.ts';
import type { Collector } from './collector.ts';

/** An operator that keeps rows as they are, and nothing else. */
export abstract class KeepingRows implements Collector {
  protected readonly kept: Row[] = [];

  abstract push(row: Row): void;

  abstract rows(): Iterable<Row>;

  references(): Iterable<RecordId> {
    return recordsOf(this.kept);
  }

  snapshot(): Json {
    return this.kept.map(storeEngineRow);
  }

  restore(stored: Json, eventOf: EventOf): void {
    for (const row of readArray(stored)) this.kept.push(readEngineRow(row, eventOf));
  }
}
