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

/** How many steps a name may have for all its spellings to be tried: their number doubles with each. */
const MOST_STEPS = 5;

/**
 * Every way in which dots may be part of keys: `a.b.c` is `c` in `b` in `a`, `b.c` in `a`, `c` in `a.b`, or a key of that
 * name, as documents mean the same by all of them. Of longer names only those that `spelledOut` gives.
 */
export function everySpelling(path: readonly string[]): readonly (readonly string[])[] {
  const usual = spelledOut(path);
  const steps = path.join('.').split('.');
  if (steps.length < 3 || steps.length > MOST_STEPS) return usual;
  const known = new Set(usual.map((way) => way.join('\0')));
  let ways: (readonly string[])[] = [steps.slice(0, 1)];
  for (const step of steps.slice(1)) {
    ways = ways.flatMap((way) => [
      [...way, step],
      [...way.slice(0, -1), `${way.at(-1)}.${step}`],
    ]);
  }
  return [...usual, ...ways.filter((way) => !known.has(way.join('\0')))];
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
