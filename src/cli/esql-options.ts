import { type EsqlParameters, type EsqlParameterValue, readEsqlParameter } from '../index.ts';
import { UsageError } from './exit.ts';

/** What the command line gives for ES|QL queries beside their text. */
export interface EsqlArguments {
  readonly param?: readonly string[];
}

/** What `loadRules` and `query` are given of it. */
export function esqlOptions({ param }: EsqlArguments): { readonly parameters?: EsqlParameters } {
  return param === undefined ? {} : { parameters: new Map(param.map(parameter)) };
}

/** `NAME=VALUE`; NAME may be a place, from 1. */
function parameter(text: string): readonly [string, EsqlParameterValue] {
  const [, name, written = ''] = /^([A-Za-z_][A-Za-z0-9_]*|[1-9]\d*)=(.*)$/s.exec(text) ?? [];
  const value = readEsqlParameter(written);
  if (name === undefined || value === undefined) {
    const hint =
      'write it as NAME=VALUE, or 1=VALUE for the first `?`; VALUE is a text, a number, true, false, null or a list';
    throw new UsageError(`--param ${text} is not a parameter`, hint);
  }
  return [name, value];
}
