import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/**
 * The records of an envelope, or undefined where the object is a record itself. Envelopes are
 * - `{"records": […]}` (Azure Monitor diagnostic export) and `{"Records": […]}` (AWS CloudTrail): the list is the only key,
 *   for an event may well have a field of that name among others (a DNS answer);
 * - `{"value": […]}`, a page of an answer of Microsoft Graph or Azure Resource Manager: beside the list there are only
 *   `@odata.…`, `nextLink` and `count`.
 * and every element is an object.
 */
export function envelopeRecords(object: JsonObject): readonly JsonObject[] | undefined {
  const records = object['records'] ?? object['Records'];
  if (records !== undefined) {
    return isRecordList(records) && Object.keys(object).length === 1 ? records : undefined;
  }
  const page = object['value'];
  if (page === undefined || !isRecordList(page)) return undefined;
  return Object.keys(object).every((key) => isPageKey(key)) ? page : undefined;
}

function isPageKey(key: string): boolean {
  return key === 'value' || key === 'nextLink' || key === 'count' || key.startsWith('@odata.');
}

function isRecordList(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((element) => isJsonObject(element));
}

/**
 * How many line feeds stand before each record of an envelope's text, which is valid JSON: the one list of objects at the
 * first level is the envelope's.
 */
export function recordLineFeeds(text: string): readonly number[] {
  const found: number[] = [];
  let depth = 0;
  let lineFeeds = 0;
  let isList = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x0a) {
      lineFeeds += 1;
    } else if (char === 0x22) {
      for (at += 1; text.charCodeAt(at) !== 0x22; at += 1) if (text.charCodeAt(at) === 0x5c) at += 1;
    } else if (char === 0x7b || char === 0x5b) {
      if (depth === 1) isList = char === 0x5b;
      if (depth === 2 && isList && char === 0x7b) found.push(lineFeeds);
      depth += 1;
    } else if (char === 0x7d || char === 0x5d) {
      depth -= 1;
    }
  }
  return found;
}
