import type { Binding } from '../passes/bind.ts';
import type { LogType, Shape } from './log-type.ts';

/** A log type in one of its shapes, for `bind`. */
export function bindingOf(type: LogType, shape: Shape): Binding {
  return {
    logType: type.name,
    shape: shape.name,
    view: (schema, table) => type.views.find((view) => view.schema === schema && view.table === table),
    time: type.time,
    locate: (path) => shape.locate(path),
    ...(shape.document && { document: shape.document }),
  };
}
