import type { JsonObject } from '../../base/json.ts';
import { compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import type { View } from '../../ir/view.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { relocate } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { toJson } from '../../values/text-of.ts';

const readers = new WeakMap<View, Map<string, Evaluate>>();

/**
 * What Panther calls a record's log type: what the log type's view says, as in plans that are bound to it, else the record itself.
 * They differ only where the user says that a record is something else. Of several names it is the first that is `wanted`.
 */
export function pantherLogType(
  type: LogType,
  shape: Shape,
  event: JsonObject,
  wanted: readonly string[],
): string | undefined {
  return wantedOf(pantherLogTypes(type, shape, event), wanted);
}

/** Of the names of a record's log type the first that is wanted, else the first. */
export function wantedOf(names: readonly string[], wanted: readonly string[]): string | undefined {
  return names.find((name) => wanted.includes(name)) ?? names[0];
}

/** All that Panther calls a record's log type. */
export function pantherLogTypes(type: LogType, shape: Shape, event: JsonObject): readonly string[] {
  const view = type.views.find(({ schema }) => schema === 'panther');
  const said = view?.fields.get('p_log_type')?.expr;
  if (said?.kind === 'literal') return [String(said.value)];
  const own = event['p_log_type'];
  if (view === undefined || said === undefined) return typeof own === 'string' ? [own] : [];
  const byShape = readers.get(view) ?? new Map<string, Evaluate>();
  readers.set(view, byShape);
  const read = byShape.get(shape.name) ?? compileExpr(relocate(said, bindingOf(type, shape)), { now: fromEpochMs(0) });
  byShape.set(shape.name, read);
  const found = toJson(read(rowOf(event)));
  return (Array.isArray(found) ? found : [found]).filter((one) => typeof one === 'string');
}
