import type { Json, JsonObject } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import {
  NotStored,
  readArray,
  readBoolean,
  readId,
  readObject,
  readText,
  readValue,
  storeId,
  storeValue,
} from '../../state/plain.ts';
import type { RecordId } from '../../state/state-row.ts';
import type { KindName, Kinds, RecordKind, Seen } from './seen-record.ts';

/** A record of a log type that the session does not know. */
export class UnknownLogType extends NotStored {
  readonly logType: string;

  constructor(logType: string) {
    super(`there is no log type ${logType}`);
    this.logType = logType;
  }
}

/** A record with its id; its kind only where the record does not look like that. */
export function storeSeen({ id, record, type, shape }: Seen, kinds: Kinds): Json {
  return [storeId(id), storeValue(record.event), storeKind({ type, shape }, record.event, kinds)];
}

/** Throws `NotStored`. */
export function readSeen(stored: Json, kinds: Kinds): Seen {
  const [storedId, storedEvent, kind = null] = readArray(stored);
  const id = readId(storedId);
  const event = readEvent(storedEvent);
  const { type, shape } = readKind(kind, event, kinds);
  return { id, type, shape, record: { event, logType: type.name, shape: shape.name, source: id.place } };
}

export function readEvent(stored: Json | undefined): JsonObject {
  const event = readValue(stored);
  if (!isJsonObject(event)) throw new NotStored('a record is missing');
  return event;
}

/** `event`: one that has the kind, if there is any at hand. */
export function storeKind({ type, shape }: RecordKind, event: JsonObject | undefined, kinds: Kinds): Json {
  const looks = event && kinds.recognise(event);
  if (looks?.type === type && looks.shape === shape) return null;
  return { type: type.name, shape: shape.name, declared: type.declared };
}

export function readKind(stored: Json, event: JsonObject | undefined, kinds: Kinds): RecordKind {
  if (stored === null && event !== undefined) return kinds.recognise(event);
  const { type, shape, declared } = readObject(stored);
  const name: KindName = { type: readText(type), shape: readText(shape), declared: readBoolean(declared) };
  const kind = kinds.named(name);
  if (kind === undefined) throw new UnknownLogType(name.type);
  return kind;
}

/** The events of records, by their ids. */
export function eventsOf(records: { get(id: RecordId): Seen | undefined }): (id: RecordId) => JsonObject | undefined {
  return (id) => records.get(id)?.record.event;
}
