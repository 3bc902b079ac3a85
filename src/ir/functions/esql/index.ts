import type { Signature } from '../signature.ts';
import { type EsqlConvertFunction, esqlConvertFunctions } from './convert.ts';
import { type EsqlDateFunction, esqlDateFunctions } from './date.ts';
import { type EsqlFieldFunction, esqlFieldFunctions } from './field.ts';
import { type EsqlMultiFunction, esqlMultiFunctions } from './multi.ts';
import { type EsqlNetFunction, esqlNetFunctions } from './net.ts';
import { type EsqlNumberFunction, esqlNumberFunctions } from './number.ts';
import { type EsqlParseFunction, esqlParseFunctions } from './parse.ts';
import { type EsqlTextFunction, esqlTextFunctions } from './text.ts';

/** Scalar functions with ES|QL's semantics. */
export type EsqlFunction =
  | EsqlFieldFunction
  | EsqlNumberFunction
  | EsqlTextFunction
  | EsqlDateFunction
  | EsqlConvertFunction
  | EsqlMultiFunction
  | EsqlNetFunction
  | EsqlParseFunction;

export const esqlFunctions: Record<EsqlFunction, Signature> = {
  ...esqlFieldFunctions,
  ...esqlNumberFunctions,
  ...esqlTextFunctions,
  ...esqlDateFunctions,
  ...esqlConvertFunctions,
  ...esqlMultiFunctions,
  ...esqlNetFunctions,
  ...esqlParseFunctions,
};
