import type { BatchCollector } from './batch.ts';
import type { JsonRecords } from './json-records.ts';
import { JsonScanner } from './json-scanner.ts';
import { parseJson } from './json-value.ts';
import { NO_KNOWN_LINE, notJson, tooLong } from './log-problems.ts';
import {
  type ArrayState,
  after,
  type BetweenElements,
  LINE,
  type Mode,
  type Next,
  type Resuming,
} from './reading-mode.ts';
import { isBlank, type TextCursor } from './text-cursor.ts';
import { ValueRecovery } from './value-recovery.ts';

/** Reads JSON values over several lines, several values on a line, and the elements of arrays. */
export class JsonValues {
  private readonly cursor: TextCursor;
  private readonly out: BatchCollector;
  private readonly records: JsonRecords;
  private readonly recovery: ValueRecovery;
  /** To be called when a value was read. */
  private readonly sawValue: () => void;
  private scanner = new JsonScanner();

  constructor(cursor: TextCursor, out: BatchCollector, records: JsonRecords, sawValue: () => void) {
    this.cursor = cursor;
    this.out = out;
    this.records = records;
    this.recovery = new ValueRecovery(cursor, out);
    this.sawValue = sawValue;
  }

  /** Line feeds inside the value that is being read. */
  get lineFeeds(): number {
    return this.scanner.lineFeeds;
  }

  beginValue(array?: ArrayState): Mode {
    this.scanner = new JsonScanner();
    this.cursor.inIndent = false;
    return { kind: 'value', array };
  }

  /** `at` is on the opening bracket. */
  beginArray(): Mode {
    const { cursor } = this;
    cursor.inIndent = false;
    const { line } = cursor;
    return { kind: 'array', array: { line, record: 0, isFirst: true, needsComma: false, isBroken: false } };
  }

  readValue(array: ArrayState | undefined, isEnd: boolean): Next {
    const { cursor, scanner } = this;
    const found = scanner.scan(cursor.text, cursor.at);
    switch (found.kind) {
      case 'more': {
        if (!isEnd) {
          cursor.hold();
          return 'wait';
        }
        const at = cursor.text.length;
        if (scanner.wholeAtEnd) return this.endValue(at, array);
        return this.recover('the text ends inside of a value', at, array);
      }
      case 'done':
        return this.endValue(found.at, array);
      case 'bad':
        return this.recover(found.tooDeep ? undefined : found.reason, found.at, array);
    }
  }

  /** See `ValueRecovery.resume`. */
  resume(mode: Resuming): Next {
    return this.recovery.resume(mode);
  }

  private recover(reason: string | undefined, at: number, array: ArrayState | undefined): Next {
    return this.recovery.recover({ reason, at, lineFeeds: this.scanner.lineFeeds }, array);
  }

  /** Decodes the value that ends before `end`. */
  private endValue(end: number, array: ArrayState | undefined): Mode {
    const { cursor, out, records } = this;
    const { line } = cursor;
    const text = cursor.release(end);
    cursor.line += this.scanner.lineFeeds;
    if (this.scanner.lineFeeds > 0) cursor.indent = 0;
    if (array !== undefined) array.needsComma = true;
    const parsed = text === undefined ? undefined : parseJson(text);
    if (parsed?.ok) {
      this.sawValue();
      if (array !== undefined) records.emitElement(parsed.value, line, text ?? '', array);
      else records.emitTopLevel(parsed.value, line, text);
    } else {
      out.reject(1, () => (parsed === undefined ? tooLong(out.file, line) : notJson(out.file, line, parsed.reason)));
      if (array !== undefined) array.record += 1;
    }
    if (array === undefined) records.endOn(cursor.line);
    return after(array);
  }

  /** Reads blanks, commas and the closing bracket. `at` may be on the opening bracket. */
  readBetweenElements(mode: BetweenElements, isEnd: boolean): Next {
    const { cursor, out } = this;
    const { array } = mode;
    const { text } = cursor;
    while (cursor.at < text.length) {
      const char = text.charCodeAt(cursor.at);
      if (char === 0x0a) {
        cursor.beginLine(cursor.at + 1);
        continue;
      }
      if (isBlank(char)) {
        if (cursor.inIndent) cursor.indent += 1;
      } else if (char === 0x5d) {
        cursor.at += 1;
        cursor.inIndent = false;
        this.sawValue();
        this.records.endOn(cursor.line);
        return LINE;
      } else if (char === 0x2c && (array.needsComma || array.isBroken)) {
        array.needsComma = false;
      } else if (char === 0x5b && array.isFirst) {
        array.isFirst = false;
      } else {
        return this.beginElement(char, mode);
      }
      cursor.at += 1;
    }
    if (isEnd && !array.isBroken) {
      out.reject(1, () => notJson(out.file, array.line, 'the text ends inside of an array'));
    }
    return 'wait';
  }

  private beginElement(char: number, mode: BetweenElements): Mode {
    const { array } = mode;
    const isObject = char === 0x7b;
    if (array.record === 0 && !array.needsComma && !isObject && char !== 0x5b && char !== 0x22) {
      // `[2024-01-01 10:00:00] …`: a line of text, as many programs log it.
      return this.rejectLine(LINE, NO_KNOWN_LINE);
    }
    // The array that broke was cut short: here begins another.
    if (array.isBroken && char === 0x5b) return LINE;
    if (array.isBroken && !isObject) return this.rejectLine(mode, 'left over from a broken element of an array');
    if (array.needsComma && !array.isBroken) {
      array.isBroken = true;
      const reason = 'a comma or `]` is missing after an element of an array';
      if (!isObject) return this.rejectLine(mode, reason);
      const { line } = this.cursor;
      this.out.reject(0, () => notJson(this.out.file, line, reason));
      return mode;
    }
    return this.beginValue(array);
  }

  private rejectLine(then: Mode, reason: string): Mode {
    const { line } = this.cursor;
    this.out.reject(1, () => notJson(this.out.file, line, reason));
    return { kind: 'skip-line', then };
  }
}
