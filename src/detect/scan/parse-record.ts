import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { parseJson } from '../../logs/decode/json/json-value.ts';

/** Parses a line that the kernel found to be a JSON object. */
export function parseRecord(line: string): JsonObject {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('the scan kernel took for a record what is none');
  return parsed.value;
}
