/** A half-open range of UTF-16 offsets in a named source (a file path, or a name such as `<query>`). */
export interface Span {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** The smallest span that covers both; both must lie in one source. */
export function cover(first: Span, last: Span): Span {
  return { source: first.source, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
