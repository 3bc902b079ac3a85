import { type KustoDynamicFunction, kustoDynamicFunctions } from './kusto-dynamic.ts';
import { type KustoNetFunction, kustoNetFunctions } from './kusto-net.ts';
import { type KustoNumberFunction, kustoNumberFunctions } from './kusto-number.ts';
import { type KustoTextFunction, kustoTextFunctions } from './kusto-text.ts';
import { type KustoTimeFunction, kustoTimeFunctions } from './kusto-time.ts';
import { type KustoValueFunction, kustoValueFunctions } from './kusto-value.ts';
import type { Signature } from './signature.ts';

/** Scalar functions and operators with Kusto's semantics. */
export type KustoFunction =
  | KustoValueFunction
  | KustoTextFunction
  | KustoTimeFunction
  | KustoNumberFunction
  | KustoDynamicFunction
  | KustoNetFunction;

export const kustoFunctions: Record<KustoFunction, Signature> = {
  ...kustoValueFunctions,
  ...kustoTextFunctions,
  ...kustoTimeFunctions,
  ...kustoNumberFunctions,
  ...kustoDynamicFunctions,
  ...kustoNetFunctions,
};
