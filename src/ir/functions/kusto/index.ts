import type { Signature } from '../signature.ts';
import { type KustoIpFunction, kustoIpFunctions } from './ip.ts';
import { type KustoJsonFunction, kustoJsonFunctions } from './json.ts';
import { type KustoNumberFunction, kustoNumberFunctions } from './number.ts';
import { type KustoTextFunction, kustoTextFunctions } from './text.ts';
import { type KustoTimeFunction, kustoTimeFunctions } from './time.ts';
import { type KustoValueFunction, kustoValueFunctions } from './value.ts';

/** Scalar functions and operators with Kusto's semantics. */
export type KustoFunction =
  | KustoValueFunction
  | KustoTextFunction
  | KustoTimeFunction
  | KustoNumberFunction
  | KustoJsonFunction
  | KustoIpFunction;

export const kustoFunctions: Record<KustoFunction, Signature> = {
  ...kustoValueFunctions,
  ...kustoTextFunctions,
  ...kustoTimeFunctions,
  ...kustoNumberFunctions,
  ...kustoJsonFunctions,
  ...kustoIpFunctions,
};
