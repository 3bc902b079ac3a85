import { type ConvertFunction, convertFunctions } from './convert.ts';
import { type ElasticFunction, elasticFunctions } from './elastic.ts';
import { type EqlFunction, eqlFunctions } from './eql.ts';
import { type EsqlFunction, esqlFunctions } from './esql/index.ts';
import { type KustoFunction, kustoFunctions } from './kusto/index.ts';
import { type PantherFunction, pantherFunctions } from './panther.ts';
import { type PythonFunction, pythonFunctions } from './python.ts';
import { type SigmaFunction, sigmaFunctions } from './sigma.ts';
import type { Signature } from './signature.ts';
import { type TextFunction, textFunctions } from './text.ts';
import { type ViewFunction, viewFunctions } from './view.ts';

export type FunctionName =
  | TextFunction
  | ViewFunction
  | ConvertFunction
  | ElasticFunction
  | EqlFunction
  | EsqlFunction
  | KustoFunction
  | PantherFunction
  | SigmaFunction
  | PythonFunction;

/** Every scalar function that IR can call. Engines map each name to their own way, or say that they cannot. */
export const functions: Readonly<Record<FunctionName, Signature>> = {
  ...textFunctions,
  ...viewFunctions,
  ...convertFunctions,
  ...elasticFunctions,
  ...eqlFunctions,
  ...esqlFunctions,
  ...kustoFunctions,
  ...pantherFunctions,
  ...sigmaFunctions,
  ...pythonFunctions,
};
