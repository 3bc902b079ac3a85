import type { Diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import { recorded } from '../../engines/stream/index.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { readLogs } from '../../logs/input/index.ts';
import type { LogPath } from '../../logs/input/log-path.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { RecordSource } from '../../logs/record.ts';
import { type TypingOptions, typingsOf } from '../../logs/typing.ts';
import { displayText } from '../../values/text-of.ts';

/** Records of one log type in one of its forms, and what they were known by. */
export interface RecognisedKind {
  readonly logType: string;
  readonly form: string;
  readonly declared: boolean;
  readonly records: number;
  /** The first of them. */
  readonly first: RecordSource;
  /** `EventID`, `Channel = Security`: what of the first record was looked at and found; or what the user said. */
  readonly by: readonly string[];
  /** What records of an undeclared type are taken for, and by what. */
  readonly taken: readonly { readonly as: string; readonly by: string }[];
}

/** Records of undeclared types that have the same keys. */
export interface UnknownKeys {
  readonly keys: readonly string[];
  readonly records: number;
  readonly first: RecordSource;
}

export interface RecognisedLogs {
  /** Most records first. */
  readonly kinds: readonly RecognisedKind[];
  /** The commonest key sets of what nothing fits. */
  readonly unknown: readonly UnknownKeys[];
  readonly records: number;
  readonly undecodable: number;
  readonly diagnostics: readonly Diagnostic[];
}

const SHOWN_KEY_SETS = 3;
/** Of logs that are all different not every key set is kept. */
const MOST_KEY_SETS = 10_000;
/** Texts that a record is known by are short. */
const LONGEST_VALUE = 60;

/** What is recognised of logs, and why. `rules`: what records of undeclared types could be taken for. */
export async function recogniseLogs(
  paths: readonly LogPath[],
  options: TypingOptions,
  rules: readonly Rule[] = [],
  /** Of so many records; more than that are not read. */
  most?: number,
): Promise<RecognisedLogs> {
  const typings = typingsOf(options, rules);
  const kinds = new Map<LogType, Map<Shape, RecognisedKind>>();
  const unknown = new Map<string, UnknownKeys>();
  const diagnostics: Diagnostic[] = [];
  let records = 0;
  let undecodable = 0;
  for await (const batch of readLogs(paths, { typing: options })) {
    const { said } = batch;
    const typeOf = typings(said);
    const isSaid = (said?.logType ?? options.logType) !== undefined;
    diagnostics.push(...batch.diagnostics);
    records += batch.events.length;
    undecodable += batch.undecodable;
    for (const { event, source } of batch.events) {
      const { type, shape } = typeOf(event);
      const byShape = kinds.get(type) ?? new Map<Shape, RecognisedKind>();
      kinds.set(type, byShape);
      const known = byShape.get(shape);
      const kind = known ?? kindOf(type, shape, event, source, isSaid);
      byShape.set(shape, { ...kind, records: kind.records + 1 });
      if (!type.declared && type.undeclared?.taken.length === 0) countKeys(unknown, event, source);
    }
    if (most !== undefined && records >= most) break;
  }
  return {
    kinds: [...kinds.values()].flatMap((byShape) => [...byShape.values()]).sort((a, b) => b.records - a.records),
    unknown: [...unknown.values()].sort((a, b) => b.records - a.records).slice(0, SHOWN_KEY_SETS),
    records,
    undecodable,
    diagnostics,
  };
}

function kindOf(type: LogType, shape: Shape, event: JsonObject, first: RecordSource, isSaid: boolean): RecognisedKind {
  const taken = (type.undeclared?.taken ?? []).map(({ as, by }) => ({ as, by }));
  const by = isSaid ? ['what was said of it'] : type.declared ? foundIn(shape, event) : [];
  return { logType: type.name, form: shape.name, declared: type.declared, records: 0, first, by, taken };
}

const WHOLE = { kindOnly: new Set<string>(), startOnly: new Set<string>(), startLength: 0, names: new Set<string>() };

/** What of a record its shape looks at when it recognises it, and is there. */
function foundIn(shape: Shape, event: JsonObject): readonly string[] {
  const { event: watched, reads } = recorded(event, WHOLE);
  shape.recognises(watched);
  const found = [...reads.paths.values()].flatMap(({ path, asked }) => {
    const value = valueAt(event, path);
    if (value === undefined || (typeof value === 'object' && value !== null)) return [];
    const text = displayText(value) ?? '';
    const name = path.join('.');
    return [asked === 'value' && text.length <= LONGEST_VALUE ? `${name} = ${text}` : name];
  });
  const maps = [...reads.paths.values()].flatMap(({ path }) => {
    const value = valueAt(event, path);
    return typeof value === 'object' && value !== null ? [path.join('.')] : [];
  });
  // A map is told by what was found in it.
  return [...found, ...maps.filter((map) => !found.some((one) => one.startsWith(`${map}.`)))];
}

function valueAt(event: JsonObject, path: readonly string[]): JsonObject[string] | undefined {
  let value: JsonObject[string] | undefined = event;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step))
      return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

function countKeys(unknown: Map<string, UnknownKeys>, event: JsonObject, first: RecordSource): void {
  const keys = Object.keys(event).sort();
  const id = keys.join('\0');
  const known = unknown.get(id);
  if (known === undefined && unknown.size >= MOST_KEY_SETS) return;
  unknown.set(id, { keys, first, ...known, records: (known?.records ?? 0) + 1 });
}
