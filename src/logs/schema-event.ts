import type { JsonObject } from '../base/json.ts';
import type { SchemaName } from '../ir/types.ts';
import type { LogType } from './log-type.ts';

const made = new WeakMap<JsonObject, Map<string, JsonObject>>();

/** The whole event that rules of a schema are given for a record: the record itself where the log type's view says nothing else. */
export function schemaEvent(schema: SchemaName, type: LogType, shape: string, record: JsonObject): JsonObject {
  const event = type.views.find((view) => view.schema === schema)?.event;
  if (event === undefined) return record;
  // Many rules read it, and each of them field by field.
  const ofRecord = made.get(record) ?? new Map<string, JsonObject>();
  made.set(record, ofRecord);
  const key = `${schema} ${type.name} ${shape}`;
  const found = ofRecord.get(key) ?? event(record, shape);
  ofRecord.set(key, found);
  return found;
}
