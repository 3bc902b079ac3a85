import type { BatchCollector } from './batch.ts';
import { notJson, tooDeep } from './log-problems.ts';
import { type ArrayState, after, type Next, type Resuming } from './reading-mode.ts';
import { MAX_RECORD, skipBlanks, type TextCursor } from './text-cursor.ts';

/**
 * How much text may be read a second time after what began as a JSON value over many lines turned out to be none:
 * so much, and as much again as was read. Without a bound, a hostile file would take quadratic time.
 */
const REREAD_ALLOWANCE = 1024 * 1024;

/** What a scan of a value came to before it broke. */
export interface BrokenScan {
  /** Undefined: it is nested too deep. */
  readonly reason: string | undefined;
  readonly at: number;
  readonly lineFeeds: number;
}

/** Finds where reading goes on after what was scanned for a value is none. */
export class ValueRecovery {
  private readonly cursor: TextCursor;
  private readonly out: BatchCollector;
  private rereadLength = 0;

  constructor(cursor: TextCursor, out: BatchCollector) {
    this.cursor = cursor;
    this.out = out;
  }

  /**
   * What was scanned is no value. It is reported at its first line, and reading goes on at the next line that is
   * indented no deeper than that one and does not begin with what can only stand inside a value; where there is none
   * before the place where it broke, from the line after that place on.
   */
  recover({ reason, at, lineFeeds }: BrokenScan, array: ArrayState | undefined): Next {
    const { cursor } = this;
    const { line, indent, begin } = cursor;
    const length = cursor.lengthTo(at);
    const isRead = length <= MAX_RECORD && this.rereadLength + length <= REREAD_ALLOWANCE + begin;
    let next: number | undefined;
    let rejected: number;
    if (isRead) {
      cursor.restoreHeld();
      const { text } = cursor;
      next = resumeAt(text, length, indent, array);
      const passed = text.slice(0, next ?? length);
      rejected = text
        .slice(0, next ?? length + 1)
        .split('\n')
        .filter((one) => one.trim() !== '').length;
      cursor.line += countLineFeeds(passed);
      this.rereadLength += length - (next ?? length);
      cursor.at = next ?? length;
    } else {
      // Blank lines inside are no longer told from others.
      const isLineStart = at === cursor.text.length && !cursor.endsInsideLine;
      rejected = isLineStart ? lineFeeds : lineFeeds + 1;
      cursor.line += lineFeeds;
      cursor.at = at;
      cursor.dropHeld();
    }
    const { file } = this.out;
    this.out.reject(rejected, () => (reason === undefined ? tooDeep(file, line) : notJson(file, line, reason)));
    if (array !== undefined) {
      array.record += 1;
      array.isBroken = true;
      array.needsComma = false;
    }
    if (next === undefined) {
      return { kind: 'skip-line', then: lineFeeds > 0 ? { kind: 'resume', indent, array } : after(array) };
    }
    cursor.indent = 0;
    cursor.inIndent = true;
    return after(array);
  }

  /** Passes lines that are still part of the value that broke. */
  resume(mode: Resuming): Next {
    const { cursor } = this;
    const { text } = cursor;
    const start = skipBlanks(text, cursor.at);
    cursor.indent += start - cursor.at;
    cursor.at = start;
    if (start === text.length) return 'wait';
    if (text.charCodeAt(start) === 0x0a) {
      cursor.beginLine(start + 1);
      return mode;
    }
    if (resumesAt(text.charAt(start), cursor.indent, mode.indent, mode.array)) return after(mode.array);
    this.out.countUndecodable();
    return { kind: 'skip-line', then: mode };
  }
}

/** Where to go on after a value that broke off at `limit`: the start of a line at or before `limit`, see `recover`. */
function resumeAt(text: string, limit: number, ofBroken: number, array: ArrayState | undefined): number | undefined {
  for (let feed = text.indexOf('\n'); feed !== -1 && feed < limit; feed = text.indexOf('\n', feed + 1)) {
    const first = skipBlanks(text, feed + 1);
    if (resumesAt(text.charAt(first), first - feed - 1, ofBroken, array)) return feed + 1;
  }
  return undefined;
}

/** Whether a line that begins with `char`, after `indent` blanks, is no longer part of a value that broke. */
function resumesAt(char: string, indent: number, ofBroken: number, array: ArrayState | undefined): boolean {
  if (indent > ofBroken || char === '' || char === '\n') return false;
  return !'}]":,'.includes(char) || (char === ']' && array !== undefined);
}

function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
