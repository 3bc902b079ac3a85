import type { Json, JsonObject } from '../../base/json.ts';
import { NotStored, readArray, readBigInt, readCells, readId, storeCells, storeId } from '../../state/plain.ts';
import type { RecordId } from '../../state/state-row.ts';
import type { Row } from './row.ts';

/** The event of a record that rows which are kept refer to. */
export type EventOf = (id: RecordId) => JsonObject | undefined;

/** A row that an operator keeps. Its event is not stored with it: whoever keeps records does that, once for all rows. */
export function storeEngineRow({ id, at, event, columns }: Row): Json {
  return [id === undefined ? null : storeId(id), event !== undefined, at?.toString() ?? null, storeCells(columns)];
}

/** Throws `NotStored`. */
export function readEngineRow(stored: Json | undefined, eventOf: EventOf): Row {
  const [storedId = null, hasEvent, at = null, cells] = readArray(stored);
  const id = storedId === null ? undefined : readId(storedId);
  const event = hasEvent === true && id !== undefined ? eventOf(id) : undefined;
  if (hasEvent === true && event === undefined) throw new NotStored('the record of a row is missing');
  return {
    event,
    columns: readCells(cells),
    ...(id !== undefined && { id }),
    ...(at !== null && { at: readBigInt(at) }),
  };
}

/** The records that rows stand for. */
export function* recordsOf(rows: Iterable<Row>): Generator<RecordId> {
  for (const { id } of rows) if (id !== undefined) yield id;
}
