import { type CodePoints, codePoints, contains, rangesOf } from './code-points.ts';

/** Simple case folding maps these two onto nothing else; JavaScript's upper and lower case of them do. */
const DOTTED_CAPITAL_I = 0x130;
const DOTLESS_SMALL_I = 0x131;
/** Beyond ASCII only these fold into ASCII: the long s and the Kelvin sign. */
const ASCII_EXTRAS: ReadonlyMap<number, number> = new Map([
  [0x53, 0x17f],
  [0x73, 0x17f],
  [0x4b, 0x212a],
  [0x6b, 0x212a],
]);
/** No cased letter lies above the Adlam and Garay blocks' plane. */
const LAST_CASED = 0x1ffff;

let orbits: ReadonlyMap<number, readonly number[]> | undefined;

/**
 * All code points that differ from one of the set only by case, by Unicode's simple case folding (no folding to
 * several characters: `ß` meets `ẞ`, not `ss`; no Turkish i). Both engines are given the result, never a flag, so they
 * cannot disagree about it.
 */
export function closeOverCase(set: CodePoints): CodePoints {
  const last = set[set.length - 1];
  if (last === undefined) return set;
  if (last < 0x80) return closeAscii(set);
  orbits ??= buildOrbits();
  const added: [number, number][] = rangesOf(set);
  for (const [point, orbit] of orbits) {
    if (!contains(set, point)) continue;
    for (const other of orbit) if (!contains(set, other)) added.push([other, other]);
  }
  return codePoints(added);
}

/** Of single code points below 128, of which most patterns consist. */
const singles: CodePoints[] = [];

function closeAscii(set: CodePoints): CodePoints {
  const [first = 0, last] = set;
  if (set.length > 2 || first !== last) return closeRanges(set);
  singles[first] ??= closeRanges(set);
  return singles[first];
}

function closeRanges(set: CodePoints): CodePoints {
  const added: [number, number][] = rangesOf(set);
  for (const [lo, hi] of rangesOf(set)) {
    for (let point = Math.max(lo, 0x41); point <= Math.min(hi, 0x7a); point += 1) {
      if (point > 0x5a && point < 0x61) continue;
      added.push([point ^ 0x20, point ^ 0x20]);
      const extra = ASCII_EXTRAS.get(point);
      if (extra !== undefined) added.push([extra, extra]);
    }
  }
  return codePoints(added);
}

/** Groups of code points that share their upper or lower case, from the runtime's own Unicode tables. */
function buildOrbits(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  const join = (a: number, b: number): void => {
    const left = groups.get(a) ?? [a];
    const right = groups.get(b) ?? [b];
    if (left === right) return;
    left.push(...right);
    for (const point of left) groups.set(point, left);
  };
  for (let point = 0x41; point <= LAST_CASED; point += 1) {
    if (point === DOTTED_CAPITAL_I || point === DOTLESS_SMALL_I || (point >= 0xd800 && point <= 0xdfff)) continue;
    const text = String.fromCodePoint(point);
    for (const mapped of [text.toLowerCase(), text.toUpperCase()]) {
      const other = onlyPoint(mapped);
      if (other !== undefined && other !== point) join(point, other);
    }
  }
  return groups;
}

function onlyPoint(text: string): number | undefined {
  const point = text.codePointAt(0);
  return point !== undefined && text.length === (point > 0xffff ? 2 : 1) ? point : undefined;
}
