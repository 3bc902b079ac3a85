import { embeddedText, type Segment, type SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';

/** A value of a data file (TOML, JSON) with its place. */
export type Located =
  | LocatedText
  | LocatedNumber
  | LocatedBoolean
  | LocatedNull
  | LocatedDate
  | LocatedList
  | LocatedTable;

interface Place {
  readonly span: Span;
}

export interface LocatedText extends Place {
  readonly kind: 'string';
  readonly value: string;
  /** The string with the place of each of its characters; worked out when asked for. */
  source(): SourceText;
  /** How a text is written inside this string: what an edit of it has to put into the file. */
  escape(text: string): string;
}

interface LocatedNumber extends Place {
  readonly kind: 'number';
  readonly value: number | bigint;
}

interface LocatedBoolean extends Place {
  readonly kind: 'boolean';
  readonly value: boolean;
}

interface LocatedNull extends Place {
  readonly kind: 'null';
}

/** A TOML date or time, as written. */
interface LocatedDate extends Place {
  readonly kind: 'date';
  readonly value: string;
}

interface LocatedList extends Place {
  readonly kind: 'list';
  readonly items: readonly Located[];
}

export interface LocatedTable extends Place {
  readonly kind: 'table';
  readonly entries: ReadonlyMap<string, LocatedEntry>;
  /** Keys that come again later, where the format allows that. */
  readonly repeated?: readonly LocatedKey[];
}

export interface LocatedKey {
  readonly key: string;
  readonly span: Span;
}

export interface LocatedEntry {
  readonly keySpan: Span;
  readonly value: Located;
}

/** The tables that a value is or lists, and those of a page of an API (under `data`). */
export function tablesIn(value: Located): readonly LocatedTable[] {
  if (value.kind === 'list') return value.items.flatMap(tablesIn);
  if (value.kind !== 'table') return [];
  const data = value.entries.get('data')?.value;
  return data?.kind === 'list' ? data.items.flatMap(tablesIn) : [value];
}

/** The keys that a value's tables, however deep, have twice. */
export function repeatedKeys(value: Located): readonly LocatedKey[] {
  if (value.kind === 'list') return value.items.flatMap(repeatedKeys);
  if (value.kind !== 'table') return [];
  const below = [...value.entries.values()].flatMap((entry) => repeatedKeys(entry.value));
  return [...(value.repeated ?? []), ...below];
}

/** The kind in words, for messages. */
export function kindInWords(value: Located): string {
  switch (value.kind) {
    case 'null':
      return 'nothing';
    case 'string':
    case 'number':
    case 'boolean':
    case 'date':
    case 'list':
    case 'table':
      return `a ${value.kind}`;
  }
}

/**
 * A string of a file in which some characters are written as escapes. `segments` as for `embeddedText`; `ends` has, for the
 * offset in the text of each character that is an escape, where the escape ends in the file.
 */
export function escapedText(
  name: string,
  text: string,
  segments: readonly Segment[],
  ends: ReadonlyMap<number, number>,
): SourceText {
  const embedded = embeddedText(name, text, segments);
  return {
    ...embedded,
    span: (start, end) => {
      const span = embedded.span(start, end);
      const escapeEnd = end > start ? ends.get(end - 1) : undefined;
      return escapeEnd === undefined ? span : { ...span, end: escapeEnd };
    },
  };
}

/** The text of a scalar. */
export function scalarText(value: Located): string | undefined {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'date':
    case 'null':
    case 'list':
    case 'table':
      return undefined;
  }
}
