import type { Json, JsonObject } from '../../base/json.ts';
import { compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import { field } from '../../ir/construct.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { bindingOf } from '../../logs/binding.ts';
import { META_FIELDS, sourceOf } from '../../logs/index-documents.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { bind } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { toJson } from '../../values/text-of.ts';

type Document = (event: JsonObject) => JsonObject;

const known = new WeakMap<Shape, WeakMap<LogType, Document>>();

/**
 * A record as a document of ECS: a document of an index as it stands there, a record of any other log type with what its view
 * gives, or as it is where it has none. Fields are written with dots in their names.
 */
export function ecsDocument(event: JsonObject, type: LogType, shape: Shape): JsonObject {
  const byType = known.get(shape) ?? new WeakMap<LogType, Document>();
  known.set(shape, byType);
  let made = byType.get(type);
  if (made === undefined) {
    made = compile(type, shape);
    byType.set(type, made);
  }
  return made(event);
}

function compile(type: LogType, shape: Shape): Document {
  const view = type.views.find(({ schema }) => schema === 'ecs');
  if (view === undefined || view.otherwise === 'raw') return sourceOf;
  const input: Plan = { kind: 'source', schema: 'ecs', scope: null };
  // A view may name indices that the record could lie in: of what it is in, a document says nothing.
  const names = [...view.fields.keys()].filter((name) => !META_FIELDS.has(name));
  const columns = names.map((name) => ({ name, expr: field(name) }));
  const bound = bind({ kind: 'project', input, columns }, bindingOf(type, shape));
  if (bound.kind !== 'project') return sourceOf;
  const clock = { now: fromEpochMs(0) };
  const reads = bound.columns.map(({ name, expr }): readonly [string, Evaluate] => [name, compileExpr(expr, clock)]);
  return (event) => {
    const row = rowOf(event);
    const found: [string, Json][] = [];
    for (const [name, read] of reads) {
      const value = read(row);
      if (value !== undefined && value !== null) found.push([name, toJson(value)]);
    }
    return Object.fromEntries(found);
  };
}
