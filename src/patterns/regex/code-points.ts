/**
 * A set of code points: sorted, disjoint, not adjacent ranges, flat: `[from, to, from, to, …]`, both ends included.
 * Lone surrogates are code points of their own, as in V8's Unicode mode and in re2js.
 */
export type CodePoints = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const EVERYTHING: CodePoints = [0, MAX_CODE_POINT];
export const NOTHING: CodePoints = [];

/** Normalises ranges in any order. */
export function codePoints(ranges: readonly (readonly [number, number])[]): CodePoints {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [from, to] of sorted) {
    const last = out[out.length - 1];
    if (last !== undefined && from <= last + 1) out[out.length - 1] = Math.max(last, to);
    else out.push(from, to);
  }
  return out;
}

export function rangesOf(set: CodePoints): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) out.push([set[i] ?? 0, set[i + 1] ?? 0]);
  return out;
}

/** Each half is merged first, so that many small sets cost no more than their points times the halvings. */
export function union(sets: readonly CodePoints[]): CodePoints {
  const [first = NOTHING, second] = sets;
  if (second === undefined) return first;
  if (sets.length === 2) return merged(first, second);
  const half = sets.length >> 1;
  return merged(union(sets.slice(0, half)), union(sets.slice(half)));
}

function merged(a: CodePoints, b: CodePoints): CodePoints {
  if (a === b || b.length === 0 || a === EVERYTHING) return a;
  if (a.length === 0 || b === EVERYTHING) return b;
  const out: number[] = [];
  let last = -2;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const takesA = j >= b.length || (i < a.length && (a[i] ?? 0) <= (b[j] ?? 0));
    const from = (takesA ? a[i] : b[j]) ?? 0;
    const to = (takesA ? a[i + 1] : b[j + 1]) ?? 0;
    if (takesA) i += 2;
    else j += 2;
    if (from > last + 1) out.push(from, to);
    else if (to > last) out[out.length - 1] = to;
    last = Math.max(last, to);
  }
  return out;
}

export function negate(set: CodePoints): CodePoints {
  const out: number[] = [];
  let from = 0;
  for (const [lo, hi] of rangesOf(set)) {
    if (lo > from) out.push(from, lo - 1);
    from = hi + 1;
  }
  if (from <= MAX_CODE_POINT) out.push(from, MAX_CODE_POINT);
  return out;
}

export function overlaps(a: CodePoints, b: CodePoints): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if ((a[i + 1] ?? 0) < (b[j] ?? 0)) i += 2;
    else if ((b[j + 1] ?? 0) < (a[i] ?? 0)) j += 2;
    else return true;
  }
  return false;
}

export function contains(set: CodePoints, point: number): boolean {
  let low = 0;
  let high = set.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (set[2 * middle] ?? 0)) high = middle - 1;
    else if (point > (set[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

/** The one code point of a set that has exactly one. */
export function singlePoint(set: CodePoints): number | undefined {
  return set.length === 2 && set[0] === set[1] ? set[0] : undefined;
}
