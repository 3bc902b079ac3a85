import type { Signature } from '../signature.ts';
import { type KustoDigestFunction, kustoDigestFunctions } from './digest.ts';
import { type KustoEncodingFunction, kustoEncodingFunctions } from './encoding.ts';
import { type KustoIpFunction, kustoIpFunctions } from './ip.ts';
import { type KustoJsonFunction, kustoJsonFunctions } from './json.ts';
import { type KustoNumberFunction, kustoNumberFunctions } from './number.ts';
import { type KustoSeriesFunction, kustoSeriesFunctions } from './series.ts';
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
  | KustoIpFunction
  | KustoSeriesFunction
  | KustoEncodingFunction
  | KustoDigestFunction;

export const kustoFunctions: Record<KustoFunction, Signature> = {
  ...kustoValueFunctions,
  ...kustoTextFunctions,
  ...kustoTimeFunctions,
  ...kustoNumberFunctions,
  ...kustoJsonFunctions,
  ...kustoIpFunctions,
  ...kustoSeriesFunctions,
  ...kustoEncodingFunctions,
  ...kustoDigestFunctions,
};
