import { compileExpr, fromEpochMs } from '../engines/memory/index.ts';
import type { Expr } from '../ir/expr.ts';
import type { Value } from '../ir/value.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import { claims } from '../logs/registry.ts';
import type { Binding } from '../passes/bind.ts';

/** A log type in one of its shapes, for `bind`. */
export function bindingOf(type: LogType, shape: Shape): Binding {
  return {
    logType: type.name,
    view: (schema, table) => type.views.find((view) => view.schema === schema && view.table === table),
    time: type.time,
    locate: (path) => shape.locate(path),
    ...(shape.document && { document: shape.document }),
    generic: type.declared ? undefined : { claims },
  };
}

/** Constants are what the reference engine says; `simplify` never asks for one that reads the clock. */
export function evaluateConstant(expr: Expr): Value {
  return compileExpr(expr, { now: fromEpochMs(0) })({ event: undefined, columns: new Map() });
}
