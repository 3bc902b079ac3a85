import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';
import { MAX_NESTING } from './json/json-scanner.ts';
import { MAX_RECORD } from './text/text-cursor.ts';

export const NO_KNOWN_LINE = 'no form of a log line that is known';

export function notJson(file: string, line: number, reason: string): Diagnostic {
  return diagnostic('logs/not-json', { file, line, reason });
}

export function notAnObject(file: string, line: number, value: Json): Diagnostic {
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return diagnostic('logs/not-an-object', { file, line, found });
}

/** An element of an envelope that is none of its records. */
export function notARecord(file: string, line: number): Diagnostic {
  return diagnostic('logs/not-an-object', { file, line, found: 'something else in a list of records' });
}

/** NULs that a crash, or a rotation, left in a text. */
export function nulBlock(file: string, line: number): Diagnostic {
  return notJson(file, line, 'a block of NUL bytes');
}

export function tooLong(file: string, line: number, limit: number = MAX_RECORD): Diagnostic {
  return diagnostic('logs/too-long', { file, line, limit });
}

export function tooDeep(file: string, line: number): Diagnostic {
  return diagnostic('logs/too-deep', { file, line, limit: MAX_NESTING });
}
