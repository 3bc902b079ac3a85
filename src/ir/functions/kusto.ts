import type { Signature } from './signature.ts';

/** Scalar functions and operators with Kusto's semantics. */
export type KustoFunction = 'kusto.now';

export const kustoFunctions: Record<KustoFunction, Signature> = {
  'kusto.now': {
    parameters: [],
    result: 'datetime',
    nulls: 'handled',
    doc: 'The time the query runs at; one value for the whole query.',
  },
};
