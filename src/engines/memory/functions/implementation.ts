import type { Value } from '../../../values/value.ts';
import type { Clock } from '../row.ts';

/** How the memory engine computes a function. Arguments are never null or missing where the signature says `propagate`. */
export type Implementation = (args: readonly Value[], clock: Clock) => Value;
