import type { Json, JsonObject } from '../../src/base/json.ts';
import { compileExpr, rowOf } from '../../src/engines/memory/index.ts';
import { PLAIN } from '../../src/ir/construct.ts';
import type { Expr } from '../../src/ir/expr.ts';
import { mapChildren } from '../../src/ir/traverse.ts';
import type { SchemaName } from '../../src/ir/types.ts';
import type { View } from '../../src/ir/view.ts';
import type { Shape } from '../../src/logs/log-type.ts';
import { recognise } from '../../src/logs/registry.ts';
import { viewField } from '../../src/passes/bind.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { toJson } from '../../src/values/text-of.ts';

/** One record as a view shows it: the value of any field, as JSON; undefined where it is missing or null. */
export interface Shown {
  readonly view: View;
  readonly logType: string;
  readonly shape: string;
  get(field: string): Json | undefined;
  /** Every declared field that has a value. */
  all(): Readonly<Record<string, Json>>;
  /** Whether the record is an event of the view's table. */
  readonly holds: boolean;
}

export function show(event: JsonObject, schema: SchemaName, table?: string): Shown {
  const { type, shape } = recognise(event);
  const view = type.views.find((one) => one.schema === schema && one.table === table);
  if (view === undefined) throw new Error(`${type.name} has no view ${schema} ${table ?? ''}`);
  const read = (expr: Expr): Json | undefined => {
    const value = compileExpr(relocated(expr, shape), { now: fromEpochMs(0) })(rowOf(event));
    const json = value === undefined || value === null ? undefined : toJson(value);
    return Array.isArray(json) && json.length === 0 ? undefined : json;
  };
  const get = (field: string): Json | undefined => {
    const found = viewField(view, field);
    if (found !== undefined) return read(found.expr);
    return view.otherwise === 'raw' ? read({ kind: 'raw', paths: [[field], field.split('.')], ...PLAIN }) : undefined;
  };
  return {
    view,
    logType: type.name,
    shape: shape.name,
    get,
    all: () =>
      Object.fromEntries(
        [...view.fields.keys()].flatMap((field) => {
          const value = get(field);
          return value === undefined ? [] : [[field, value]];
        }),
      ),
    holds: view.when === null || read(view.when) === true,
  };
}

function relocated(expr: Expr, shape: Shape): Expr {
  if (expr.kind === 'raw') return { ...expr, paths: expr.paths.flatMap((path) => shape.locate(path)) };
  return mapChildren(expr, (child) => relocated(child, shape));
}
