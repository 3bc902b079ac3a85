import type { ArrayState, Seeking } from '../reading-mode.ts';
import { skipBlanks } from '../text/text-cursor.ts';

/** So far behind the place where it broke, the end of an element is looked for. */
const FARTHEST = 1 << 20;
/** So much text must be at hand behind a place to tell what begins there. */
const LONGEST_KEY = 1 << 10;
const KEY = /^\{\s*("(?:[^"\\]|\\.){0,200}")\s*:/;

/** Where reading goes on, and how far was read to find it: at an element or behind the broken one, at the end of the line, or where more text has shown it. */
export type Sought =
  | { readonly kind: 'element'; readonly at: number; readonly read: number }
  | { readonly kind: 'line'; readonly at: number }
  | { readonly kind: 'wait' };

/** The first key of an object, in its quotes. */
export function firstKeyOf(text: string): string | undefined {
  return KEY.exec(text.slice(0, LONGEST_KEY))?.[1];
}

/** How much of a text that breaks at its end is its last string. */
export function lastStringLength(text: string): number {
  const last = quoteBefore(text, text.length);
  if (last === -1) return 0;
  const opening = text.slice(last + 1).trim() === '' ? quoteBefore(text, last) : last;
  return text.length - (opening === -1 ? last : opening);
}

/** The place of the last quote before `end` that no backslash escapes, as far back as is looked; -1 without one. */
function quoteBefore(text: string, end: number): number {
  const least = Math.max(0, text.length - FARTHEST);
  for (let at = text.lastIndexOf('"', end - 1); at >= least && end > 0; at = text.lastIndexOf('"', at - 1)) {
    let slash = at - 1;
    while (slash >= least && text.charCodeAt(slash) === 0x5c) slash -= 1;
    if ((at - slash) % 2 === 1) return at;
    if (at === 0) break;
  }
  return -1;
}

/**
 * Looks on the same line for the next element of an array, behind one that broke: where the brackets of the broken one close, or,
 * where it was cut and they never do, where an object behind a comma begins with the same key as the elements before. The first
 * `mode.back` characters are the last string of the broken element: where that was cut in a string, the next element seems to begin
 * in it. `isHasty`: the first such object is taken at once.
 */
export function seekElement(text: string, from: number, mode: Seeking, isHasty: boolean, isEnd: boolean): Sought {
  const { array } = mode;
  const broke = from + mode.back;
  for (let at = text.indexOf('{', from); at !== -1 && at < broke; at = text.indexOf('{', at + 1)) {
    if (!isEnd && text.length < at + LONGEST_KEY && !text.includes('\n', at)) return { kind: 'wait' };
    if (beginsElement(text, at, array)) return { kind: 'element', at, read: broke };
  }
  const open = [...mode.open];
  let { inString } = mode;
  let isLost = open.length === 0;
  let candidate: number | undefined;
  const limit = Math.min(text.length, broke + FARTHEST);
  let at = broke;
  for (; at < limit; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x0a || char === 0) break;
    if (char === 0x7b && candidate === undefined && beginsElement(text, at, array)) candidate = at;
    if (candidate !== undefined && (isLost || isHasty)) break;
    if (isLost) continue;
    if (inString) {
      if (char === 0x5c && text.charCodeAt(at + 1) >= 0x20) at += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) {
      inString = true;
    } else if (char === 0x7b || char === 0x5b) {
      open.push(char === 0x7b);
    } else if (char === 0x7d || char === 0x5d) {
      isLost = open.pop() !== (char === 0x7d);
      if (!isLost && open.length === 0) return { kind: 'element', at: at + 1, read: at + 1 };
    }
  }
  const isAllThere = isEnd || at < limit || text.length >= broke + FARTHEST + LONGEST_KEY;
  if (!isAllThere) return { kind: 'wait' };
  return candidate === undefined ? { kind: 'line', at } : { kind: 'element', at: candidate, read: at };
}

function beginsElement(text: string, at: number, { firstKey }: ArrayState): boolean {
  let before = at - 1;
  while (before >= 0 && ' \t\r'.includes(text.charAt(before))) before -= 1;
  if (text.charAt(before) !== ',') return false;
  const key = skipBlanks(text, at + 1);
  if (firstKey === undefined) return text.charCodeAt(key) === 0x22;
  return text.startsWith(firstKey, key) && text.charCodeAt(skipBlanks(text, key + firstKey.length)) === 0x3a;
}
