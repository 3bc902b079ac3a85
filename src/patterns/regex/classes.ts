import { type CodePoints, negate, union } from './code-points.ts';
import { pointEscape, setEscape } from './escapes.ts';
import { posixClass } from './named-class.ts';
import type { PatternCursor } from './pattern-cursor.ts';

/** class = "[" [ "^" ] item { item } "]"; a "]" that comes first is itself. */
export function characterClass(cursor: PatternCursor): CodePoints {
  const start = cursor.pos;
  cursor.pos += 1;
  const negated = cursor.accept('^');
  const sets: CodePoints[] = [];
  const foldable: [number, number][] = [];
  for (let first = true; first || cursor.peek() !== ']'; first = false) {
    if (cursor.atEnd) {
      cursor.fail('this [ is not closed', start);
      return [];
    }
    const itemStart = cursor.pos;
    const item = classItem(cursor);
    if (item === undefined) continue;
    if (typeof item !== 'number') {
      sets.push(item);
      continue;
    }
    const to = rangeEnd(cursor, itemStart);
    if (to === undefined) foldable.push([item, item]);
    else if (to < item) {
      cursor.fail('this range is in the wrong order', itemStart);
      return [];
    } else foldable.push([item, to]);
  }
  cursor.pos += 1;
  const set = union([cursor.foldedRanges(foldable), ...sets]);
  return negated ? negate(set) : set;
}

/** A code point, a set (`\d`, `[:alpha:]`), or nothing (`\E`). */
function classItem(cursor: PatternCursor): number | CodePoints | undefined {
  const start = cursor.pos;
  const posix = cursor.take(/\[:(\^?)([a-z]+):\]/y);
  if (posix !== undefined) {
    const set = posixClass(posix[2] ?? '');
    if (set === undefined) {
      cursor.fail(`no class is named [:${posix[2] ?? ''}:]`, start);
      return undefined;
    }
    const folded = cursor.folded(set);
    return posix[1] === '^' ? negate(folded) : folded;
  }
  if (cursor.take(/\[[.=]/y) !== undefined) {
    cursor.fail('POSIX collating elements are not supported', start);
    return undefined;
  }
  if (cursor.peek() !== '\\') return cursor.nextPoint();
  cursor.pos += 1;
  if (cursor.atEnd) {
    cursor.fail('a backslash ends the pattern', start);
    return undefined;
  }
  if (cursor.accept('Q')) return cursor.foldedRanges(cursor.quotedPoints().map((point) => [point, point]));
  if (cursor.accept('E')) return undefined;
  if (cursor.flavour === 'pcre' && /[NRX]/.test(cursor.peek())) {
    cursor.fail(`\\${cursor.peek()} cannot stand in a class`, start);
    return undefined;
  }
  return setEscape(cursor, start) ?? pointEscape(cursor, start, true);
}

/** The code point after a `-` that makes a range; without one the `-` is left for the next item. */
function rangeEnd(cursor: PatternCursor, itemStart: number): number | undefined {
  const mark = cursor.pos;
  if (!cursor.accept('-')) return undefined;
  if (cursor.peek() === ']' || cursor.peek() === '') {
    cursor.pos = mark;
    return undefined;
  }
  const end = classItem(cursor);
  if (typeof end === 'number') return end;
  if (cursor.problem === undefined && cursor.flavour === 're2')
    cursor.fail('a range needs a character at each end', itemStart);
  // PCRE reads the hyphen before a class such as \d as itself.
  if (cursor.problem === undefined) cursor.pos = mark;
  return undefined;
}
