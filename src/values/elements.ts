import type { Value } from './value.ts';

/** The elements of an array and of arrays inside it, without nulls. Iterative, because records may be nested very deeply. */
export function elementsOf(array: readonly Value[]): Value[] {
  const found: Value[] = [];
  const open: Value[] = [array];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (let at = value.length - 1; at >= 0; at -= 1) open.push(value[at]);
    else if (value !== undefined && value !== null) found.push(value);
  }
  return found;
}
