import type { JsonObject } from '../base/json.ts';
import type { LogType, Shape } from './log-type.ts';
import { logType, pantherType, recognise } from './registry.ts';

/** What a record is: what it looks like, or the log type that the user named. */
export function typeAs(name: string | undefined, event: JsonObject): { readonly type: LogType; readonly shape: Shape } {
  if (name === undefined) return recognise(event);
  const called = pantherType(name, event);
  if (called !== undefined) return called;
  const type = logType(name);
  return { type, shape: shapeOf(type, event) };
}

/** The shape a record has among those of a type that the user named; the first where it has none of them. */
export function shapeOf(type: LogType, event: JsonObject): Shape {
  const shape = type.shapes.find((one) => one.recognises(event)) ?? type.shapes[0];
  if (shape === undefined) throw new Error(`log type ${type.name} has no shape`);
  return shape;
}
