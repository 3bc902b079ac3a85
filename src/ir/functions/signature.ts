import type { ValueType } from '../types.ts';

/** A parameter: a type, or `scalar` for any. */
export type ParameterType = ValueType | 'scalar';

/**
 * One row of the registry: what a function takes and gives. `nulls`: `propagate`, any null or missing argument gives
 * null without a call; `handled`, the function sees nulls itself.
 */
export interface Signature {
  readonly parameters: readonly ParameterType[];
  /** How often the last parameter may be repeated or left out. */
  readonly rest?: boolean;
  readonly optional?: number;
  readonly result: ValueType | 'scalar';
  readonly nulls: 'propagate' | 'handled';
  /** What it does, in one line; shown in the reference. */
  readonly doc: string;
}
