import { isJsonObject, type JsonObject } from '../base/json.ts';
import { parseJson } from '../logs/decode/json-value.ts';

/** Parses a line when it is first asked for: most matches are only counted. The bytes must stay as they are. */
export function readLater(line: Uint8Array): () => JsonObject {
  let record: JsonObject | undefined;
  return () => {
    record ??= parseRecord(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8'));
    return record;
  };
}

/** Parses a line that the kernel found to be a JSON object. */
export function parseRecord(line: string): JsonObject {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('the scan kernel took for a record what is none');
  return parsed.value;
}
