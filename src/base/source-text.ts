import type { Span } from './span.ts';

/** A text that parsers read and that spans point into. */
export interface SourceText {
  /** What spans call it: a file path or a name such as `<query>`. */
  readonly name: string;
  readonly text: string;
  /** The place of `text[start, end)`: in the file that holds the text, where it is embedded in one. */
  span(start: number, end: number): Span;
}

/** One run of an embedded text that lies unbroken in the file: text offset `at` is file offset `file`. */
export interface Segment {
  readonly at: number;
  readonly file: number;
}

/** A text that is a whole file, or that was typed. */
export function sourceText(name: string, text: string): SourceText {
  return { name, text, span: (start, end) => ({ source: name, start, end }) };
}

/**
 * A text taken out of a file (a query in YAML or TOML), of which some runs were dropped on the way: indentation, escapes.
 * `segments` are ordered by `at`; the first starts at 0.
 */
export function embeddedText(name: string, text: string, segments: readonly Segment[]): SourceText {
  const toFile = (offset: number): number => {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((segments[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const segment = segments[low];
    return segment === undefined ? offset : segment.file + (offset - segment.at);
  };
  return {
    name,
    text,
    span: (start, end) => ({
      source: name,
      start: toFile(start),
      end: end > start ? toFile(end - 1) + 1 : toFile(start),
    }),
  };
}
