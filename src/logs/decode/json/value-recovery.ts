import type { BatchCollector } from '../batch.ts';
import { notJson, tooDeep } from '../log-problems.ts';
import { type ArrayState, after, LINE, type Next, type Resuming, type Seeking } from '../reading-mode.ts';
import { MAX_RECORD, skipBlanks, type TextCursor } from '../text/text-cursor.ts';
import { firstKeyOf, lastStringLength, seekElement } from './element-seek.ts';
import type { JsonScanner } from './json-scanner.ts';

/**
 * How much text may be read a second time after what began as a JSON value over many lines turned out to be none:
 * so much, and as much again as was read. Without a bound, a hostile file would take quadratic time.
 */
const REREAD_ALLOWANCE = 1024 * 1024;

/** How much is looked over at most for the next element on a line. */
const SEEK_COST = 1 << 20;

/** What a scan of a value came to before it broke. */
export interface BrokenScan {
  /** Undefined: it is nested too deep. */
  readonly reason: string | undefined;
  readonly at: number;
  /** What was scanned, from the cursor on; undefined where it is not read again. */
  readonly text: string | undefined;
  readonly scanner: JsonScanner;
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

  /** Whether so much text may be read a second time. */
  mayReread(length: number): boolean {
    return length <= MAX_RECORD && this.rereadLength + length <= REREAD_ALLOWANCE + this.cursor.begin;
  }

  /** Counts text that is read a second time. */
  charge(length: number): void {
    this.rereadLength += length;
  }

  /** Goes back to where the value began that breaks at `at`, and gives its text up to there; undefined where it must not be read again. */
  takeBack(at: number): string | undefined {
    const { cursor } = this;
    const length = cursor.lengthTo(at);
    if (!this.mayReread(length)) return undefined;
    cursor.restoreHeld();
    return cursor.text.slice(0, length);
  }

  /**
   * What was scanned is no value. It is reported at its first line, and reading goes on at the next line that is
   * indented no deeper than that one and does not begin with what can only stand inside a value; where there is none
   * before the place where it broke, behind the element on the same line, or from the next line on.
   */
  recover({ reason, at, text: scanned, scanner }: BrokenScan, array: ArrayState | undefined): Next {
    const { cursor } = this;
    const { line, indent } = cursor;
    const { lineFeeds } = scanner;
    let next: number | undefined;
    let rejected: number;
    if (scanned !== undefined) {
      const { length } = scanned;
      const { text } = cursor;
      if (array !== undefined) array.firstKey ??= firstKeyOf(scanned);
      next = resumeAt(text, length, indent, array);
      const passed = text.slice(0, next ?? length);
      rejected = text
        .slice(0, next ?? length + 1)
        .split('\n')
        .filter((one) => one.trim() !== '').length;
      cursor.line += countLineFeeds(passed);
      this.charge(length - (next ?? length));
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
    if (next !== undefined) {
      cursor.indent = 0;
      cursor.inIndent = true;
      return after(array);
    }
    if (lineFeeds > 0) return { kind: 'skip-line', then: { kind: 'resume', indent, array } };
    if (array === undefined) return { kind: 'skip-line', then: LINE };
    const back = scanned === undefined ? 0 : lastStringLength(scanned);
    cursor.at -= back;
    const { openBrackets: open, isInString: inString } = scanner;
    return { kind: 'seek', array, back, open: [...open], inString };
  }

  /** See `seekElement`. */
  seek(mode: Seeking, isEnd: boolean): Next {
    const { cursor } = this;
    const from = cursor.at;
    const found = seekElement(cursor.text, from, mode, !this.mayReread(SEEK_COST), isEnd);
    switch (found.kind) {
      case 'wait':
        return 'wait';
      case 'element':
        cursor.at = found.at;
        this.charge(Math.max(0, found.read - found.at));
        return after(mode.array);
      case 'line':
        cursor.at = found.at;
        return { kind: 'skip-line', then: after(mode.array) };
    }
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
export function resumesAt(char: string, indent: number, ofBroken: number, array: ArrayState | undefined): boolean {
  if (indent > ofBroken || char === '' || char === '\n') return false;
  return !'}]":,'.includes(char) || (char === ']' && array !== undefined);
}

function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
