import type { Value } from '../../values/value.ts';
import { type TypeName, type TypeSet, types } from '../static-type.ts';
import type { TypeRule } from './type-rules.ts';

export interface Parameter {
  readonly name: string;
  readonly types: TypeSet;
  /** The only texts it takes, where they are the function's own words and no rule's. */
  readonly words?: readonly string[];
  /** `any`: the last parameter, left out or repeated. */
  readonly times: 'once' | 'optional' | 'any';
}

/** Arguments, and what the function gives for them. The engines' tests run every example. */
export type Example = readonly [args: readonly Value[], result: Value];

/** What a function does with values that are none, or several. */
export interface Semantics {
  /** `propagate`: a null or missing argument gives null without a call. `handled`: the function sees it. */
  readonly nulls: 'propagate' | 'handled';
  /**
   * What a list means where a function takes one value. `whole`: a value as any other. `each`: a list of what the function
   * gives for its elements. `any`: whether it holds for some element. `null`: nothing.
   */
  readonly many: 'whole' | 'each' | 'any' | 'null';
  /** It may look at the time of the run, or tells of functions that fail inside of it: then nothing in it is folded. */
  readonly reads?: 'clock' | 'failures';
}

/** One row of the registry: what a function takes and gives. */
export interface Signature extends Semantics {
  readonly parameters: readonly Parameter[];
  readonly result: TypeSet | TypeRule;
  /** What it does, in one sentence or two. */
  readonly doc: string;
  readonly examples: readonly [Example, ...Example[]];
}

/**
 * Writes a row. Parameters are named in their order: `name` must be given, `name?` may be left out, `name*` is the last and
 * comes any number of times. Without `semantics`, nulls are handled and a list is one value.
 */
export function row(
  parameters: Readonly<Record<string, TypeName | readonly string[]>>,
  result: TypeName | TypeRule,
  doc: string,
  examples: Signature['examples'],
  semantics: Partial<Semantics> = {},
): Signature {
  return {
    parameters: Object.entries(parameters).map(([name, type]) => parameter(name, type)),
    result: typeof result === 'string' ? types(result) : result,
    nulls: 'handled',
    many: 'whole',
    ...semantics,
    doc,
    examples,
  };
}

function parameter(written: string, type: TypeName | readonly string[]): Parameter {
  const name = written.replace(/[?*]$/, '');
  const times = written.endsWith('?') ? 'optional' : written.endsWith('*') ? 'any' : 'once';
  return typeof type === 'string'
    ? { name, types: types(type), times }
    : { name, types: types('string'), words: type, times };
}
