import type { Json, JsonObject } from '../../base/json.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { readArray, readNumber, storeValue } from '../../state/plain.ts';
import type { Kinds, RecordKind } from './seen-record.ts';
import { readEvent, readKind, storeKind } from './stored-record.ts';

/** Records of one log type in one shape. */
export interface SeenKind extends RecordKind {
  readonly records: number;
}

/** Counts records by what they are. */
export class SeenCounts {
  private readonly byType = new Map<LogType, Map<Shape, number>>();

  add(type: LogType, shape: Shape, records: number): void {
    const byShape = this.byType.get(type) ?? new Map<Shape, number>();
    this.byType.set(type, byShape);
    byShape.set(shape, (byShape.get(shape) ?? 0) + records);
  }

  kinds(): readonly SeenKind[] {
    return [...this.byType].flatMap(([type, byShape]) =>
      [...byShape].map(([shape, records]) => ({ type, shape, records })),
    );
  }
}

/** One record of each type that is not declared: what its records are taken for is found again by how one of them looks. */
export class Examples {
  private readonly events = new Map<LogType, JsonObject>();

  note(type: LogType, event: JsonObject): void {
    if (!type.declared && !this.events.has(type)) this.events.set(type, event);
  }

  of(type: LogType): JsonObject | undefined {
    return this.events.get(type);
  }
}

export function storeCounts(seen: readonly SeenKind[], examples: Examples, kinds: Kinds): Json {
  return seen.map((kind) => {
    const example = examples.of(kind.type);
    return [kind.records, storeKind(kind, example, kinds), example === undefined ? null : storeValue(example)];
  });
}

/** Throws `NotStored`. */
export function readCounts(stored: Json | undefined, kinds: Kinds): readonly SeenKind[] {
  return readArray(stored).map((one) => {
    const [records, kind = null, example = null] = readArray(one);
    const event = example === null ? undefined : readEvent(example);
    return { ...readKind(kind, event, kinds), records: readNumber(records) };
  });
}
