import type { JsonObject } from '../../base/json.ts';
import type { Shape } from '../log-type.ts';

/** A path and, where a step holds dots, the path that the dots spell: `a.b` is first a key of that name, then `b` in `a`. */
export function spelledOut(path: readonly string[]): readonly (readonly string[])[] {
  if (!path.some((step) => step.includes('.')) && path.length === 1) return [path];
  const joined = path.join('.');
  const steps = joined.split('.');
  const ways = [[joined], path, steps];
  return ways.filter((way, at) => ways.findIndex((other) => other.join('\0') === way.join('\0')) === at);
}

/** Fields lie where the log type's own names say. */
export function direct(recognises: (event: JsonObject) => boolean): Shape {
  return { name: 'json', recognises, locate: spelledOut };
}

/** The text at a key, or undefined when it is no text. */
export function textAt(event: JsonObject, key: string): string | undefined {
  const value = event[key];
  return typeof value === 'string' ? value : undefined;
}
