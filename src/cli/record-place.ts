import { existsSync } from 'node:fs';
import type { RecordSource } from '../index.ts';

/** One record of a file: the line it begins at, and its place in an envelope or array there. */
export interface RecordPlace {
  readonly line: number;
  readonly record: number | undefined;
}

const PLACE = /^(.+?):(\d{1,15})(?::(\d{1,15})|\[(\d{1,15})\])?$/s;

/** `FILE:LINE`, `FILE:LINE:RECORD` and `FILE:LINE[RECORD]`, as results name records. A file that exists as it is written is that file. */
export function recordPlace(
  text: string,
  exists: (path: string) => boolean = existsSync,
): { readonly path: string; readonly place: RecordPlace | undefined } {
  const [, path, line, record, inBrackets] = exists(text) ? [] : (PLACE.exec(text) ?? []);
  if (path === undefined || line === undefined) return { path: text, place: undefined };
  const inner = record ?? inBrackets;
  // `FILE:3:1` of a file that is called `FILE:3` is its first line.
  if (record !== undefined && exists(`${path}:${line}`)) {
    return { path: `${path}:${line}`, place: { line: Number(record), record: undefined } };
  }
  return { path, place: { line: Number(line), record: inner === undefined ? undefined : Number(inner) } };
}

export function isAt({ line, record }: RecordSource, place: RecordPlace): boolean {
  return line === place.line && (place.record === undefined || record === place.record);
}

export function placeInWords({ line, record }: RecordPlace): string {
  return record === undefined ? `line ${line}` : `line ${line}, record ${record}`;
}
