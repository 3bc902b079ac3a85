import { isJsonObject, type Json } from '../base/json.ts';
import type { EsqlParameterValue } from '../languages/esql/index.ts';
import { parseExactJson } from '../logs/decode/json/exact-json.ts';

/**
 * The value that a text says for a parameter of ES|QL: what is JSON (`5`, `true`, `null`, `"5"`, `["a", "b"]`) is that value, any other
 * text is itself. Undefined where it is an object, which no parameter is.
 */
export function readEsqlParameter(text: string): EsqlParameterValue | undefined {
  if (!/^(?:["[{]|-?\d|true$|false$|null$)/.test(text)) return text;
  try {
    return valueIn(parseExactJson(text));
  } catch {
    return text;
  }
}

function valueIn(value: Json): EsqlParameterValue | undefined {
  if (isList(value)) {
    const items = value.map(valueIn);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  return isJsonObject(value) ? undefined : value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
