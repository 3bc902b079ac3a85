import type { FunctionRanges } from './block-coverage.ts';

/** Half-open ranges of offsets, ascending, that do not touch: start, end, start, end … */
export type Intervals = readonly number[];

/** The parts of a function that did not run. Its ranges lie in each other; the innermost says how often a place ran. */
export function unreachedOf({ ranges }: FunctionRanges): Intervals {
  const [whole, ...blocks] = ranges;
  if (whole === undefined) return [];
  if (blocks.every(({ count }) => count > 0)) return [];
  const places = [...new Set(ranges.flatMap(({ startOffset, endOffset }) => [startOffset, endOffset]))].sort(
    (a, b) => a - b,
  );
  const unreached: number[] = [];
  for (const [at, start] of places.entries()) {
    const end = places[at + 1];
    if (end === undefined || innermost(ranges, start) > 0) continue;
    if (unreached.at(-1) === start) unreached[unreached.length - 1] = end;
    else unreached.push(start, end);
  }
  return unreached;
}

/** How often the place ran: the profiler lists outer ranges before those in them. */
function innermost(ranges: FunctionRanges['ranges'], place: number): number {
  let count = 0;
  for (const range of ranges) if (range.startOffset <= place && place < range.endOffset) count = range.count;
  return count;
}

/** What is in both. */
export function common(one: Intervals, other: Intervals): Intervals {
  const both: number[] = [];
  for (let a = 0, b = 0; a < one.length && b < other.length; ) {
    const start = Math.max(one[a] ?? 0, other[b] ?? 0);
    const end = Math.min(one[a + 1] ?? 0, other[b + 1] ?? 0);
    if (start < end) both.push(start, end);
    if ((one[a + 1] ?? 0) < (other[b + 1] ?? 0)) a += 2;
    else b += 2;
  }
  return both;
}

export function sizeOf(intervals: Intervals): number {
  let size = 0;
  for (let at = 0; at < intervals.length; at += 2) size += (intervals[at + 1] ?? 0) - (intervals[at] ?? 0);
  return size;
}
