import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { envelopeRecords, isRecordPlace } from '../envelope.ts';

/** The list of records in the text of an envelope that is not JSON as a whole. */
export interface BrokenEnvelope {
  /** Where the list's bracket opens, and how many line feeds come before. */
  readonly at: number;
  readonly lineFeeds: number;
  /** Brackets that are open around the list. */
  readonly depth: number;
  /** The records that an element of the list is; undefined where it is none. */
  recordsOf(element: Json): readonly JsonObject[] | undefined;
}

/** Beyond this depth no list is an envelope's. */
const DEEPEST = 4;

/**
 * Finds the list of records in a text that begins with an envelope and breaks off, or stops being JSON, somewhere: the records before
 * and behind the bad one can be read. Undefined for the text of a single record.
 */
export function brokenEnvelope(text: string): BrokenEnvelope | undefined {
  const found = findList(text);
  if (found === undefined) return undefined;
  const { at, closers, later } = found;
  let head: Json;
  try {
    head = JSON.parse(`${text.slice(0, at)}[]${closers}`);
  } catch {
    return undefined;
  }
  const list = emptyListAt(head, found.path);
  if (list === undefined || !isJsonObject(head)) return undefined;
  const envelope: JsonObject = { ...head, ...Object.fromEntries(later.map((key) => [key, null])) };
  // What is asked of each record is asked when it is there; what else stands in the envelope, here.
  if (envelopeRecords(envelope) === undefined) return undefined;
  return {
    at,
    lineFeeds: found.lineFeeds,
    depth: closers.length,
    recordsOf: (element) => {
      list.splice(0, 1, element);
      const records = envelopeRecords(envelope)?.flatMap((record) => {
        if (record === undefined) return [];
        // Where this envelope was cut off, another may seem to be in its list.
        return envelopeRecords(record)?.flatMap((inner) => (inner === undefined ? [] : [inner])) ?? [record];
      });
      return records?.length === 0 ? undefined : records;
    },
  };
}

interface FoundList {
  readonly at: number;
  readonly lineFeeds: number;
  readonly closers: string;
  readonly path: string;
  /** Keys beside the list that come behind it. */
  readonly later: readonly string[];
}

/** Reads what may be no JSON as if it were: strings, brackets, and the keys before them. */
function findList(text: string): FoundList | undefined {
  const open: { readonly path: string; readonly isList: boolean }[] = [];
  const later: string[] = [];
  let list: Omit<FoundList, 'later'> | undefined;
  let lineFeeds = 0;
  let word = '';
  let key = '';
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x0a:
        lineFeeds += 1;
        break;
      case 0x22: {
        const start = at + 1;
        for (at += 1; at < text.length && text.charCodeAt(at) !== 0x22; at += 1) {
          if (text.charCodeAt(at) === 0x5c) at += 1;
        }
        if (open.length <= DEEPEST) word = text.slice(start, at);
        break;
      }
      case 0x3a:
        key = word;
        if (list !== undefined && open.length === 1) later.push(key);
        break;
      case 0x7b:
      case 0x5b: {
        const isList = text.charCodeAt(at) === 0x5b;
        const above = open.at(-1);
        const path = pathBelow(above, key);
        const isPlace = isList && above?.isList === false && isRecordPlace(path);
        if (list === undefined && isPlace && open.length < DEEPEST) {
          const closers = open
            .map((one) => (one.isList ? ']' : '}'))
            .reverse()
            .join('');
          list = { at, lineFeeds, closers, path };
        }
        open.push({ path, isList });
        break;
      }
      case 0x7d:
      case 0x5d:
        open.pop();
        // What comes behind the envelope is none of it.
        if (open.length === 0) return list && { ...list, later };
        break;
    }
  }
  return list && { ...list, later };
}

function pathBelow(above: { readonly path: string; readonly isList: boolean } | undefined, key: string): string {
  if (above === undefined) return '';
  if (above.isList) return above.path;
  return above.path === '' ? key : `${above.path}.${key}`;
}

/** The list that stands at a path; lists on the way are of one element so far. */
function emptyListAt(head: Json, path: string): Json[] | undefined {
  let value: Json | undefined = head;
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = (value as readonly Json[]).at(-1);
    if (value === undefined || !isJsonObject(value)) return undefined;
    value = value[key];
  }
  return Array.isArray(value) ? (value as Json[]) : undefined;
}
