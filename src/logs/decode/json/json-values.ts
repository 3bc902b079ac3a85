import type { BatchCollector } from '../batch.ts';
import { NO_KNOWN_LINE, notJson, nulBlock, tooLong } from '../log-problems.ts';
import {
  type ArrayState,
  after,
  type BetweenElements,
  LINE,
  type Mode,
  type Next,
  type Resuming,
  type Seeking,
} from '../reading-mode.ts';
import { isBlank, type TextCursor } from '../text/text-cursor.ts';
import { brokenEnvelope } from './broken-envelope.ts';
import { firstKeyOf } from './element-seek.ts';
import type { JsonRecords } from './json-records.ts';
import { JsonScanner } from './json-scanner.ts';
import { parseJson } from './json-value.ts';
import { ValueRecovery } from './value-recovery.ts';

const NO_ENVELOPE = { envelope: undefined, outer: undefined, indent: 0 };

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
  beginArray(of: Pick<ArrayState, 'envelope' | 'outer' | 'indent'> = NO_ENVELOPE): Mode {
    const { cursor } = this;
    cursor.inIndent = false;
    const place = { line: cursor.line, record: of.outer?.record ?? 0, firstKey: undefined };
    return { kind: 'array', array: { ...of, ...place, isFirst: true, needsComma: false, isBroken: false } };
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

  /** See `ValueRecovery.seek`. */
  seek(mode: Seeking, isEnd: boolean): Next {
    return this.recovery.seek(mode, isEnd);
  }

  private recover(reason: string | undefined, at: number, array: ArrayState | undefined): Next {
    const { recovery, scanner } = this;
    const text = recovery.takeBack(at);
    const opened = text === undefined ? undefined : this.openBroken(text, array);
    return opened ?? recovery.recover({ reason, at, text, scanner }, array);
  }

  /** Goes on at the list of an envelope that is broken, whose text begins at the cursor. */
  private openBroken(text: string, outer: ArrayState | undefined): Mode | undefined {
    // What breaks inside of a list that is read so is one of its records.
    const envelope = outer?.envelope === undefined ? brokenEnvelope(text) : undefined;
    if (envelope === undefined) return undefined;
    const { cursor } = this;
    this.recovery.charge(text.length - envelope.at);
    if (outer !== undefined) outer.needsComma = true;
    const { indent } = cursor;
    cursor.line += envelope.lineFeeds;
    cursor.at += envelope.at;
    return this.beginArray({ envelope, outer, indent });
  }

  /** Decodes the value that ends before `end`. */
  private endValue(end: number, array: ArrayState | undefined): Mode {
    const { cursor, out, records } = this;
    const { line } = cursor;
    const text = cursor.release(end);
    const parsed = text === undefined ? undefined : parseJson(text);
    if (text !== undefined && parsed?.ok === false && this.recovery.mayReread(text.length)) {
      cursor.takeBack(text);
      const opened = this.openBroken(text, array);
      if (opened !== undefined) return opened;
      cursor.at += text.length;
    }
    cursor.line += this.scanner.lineFeeds;
    if (this.scanner.lineFeeds > 0) cursor.indent = 0;
    if (array !== undefined) array.needsComma = true;
    if (parsed?.ok) {
      this.sawValue();
      if (array !== undefined) array.firstKey ??= firstKeyOf(text ?? '');
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
        return this.endArray(array);
      } else if (cursor.hasBlockAt(cursor.at)) {
        const { line } = cursor;
        out.reject(1, () => nulBlock(out.file, line));
        cursor.passBlock(cursor.at);
        continue;
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

  private endArray({ envelope, outer, indent, record }: ArrayState): Mode {
    this.records.endOn(this.cursor.line);
    if (envelope === undefined) return LINE;
    if (outer !== undefined) outer.record = record;
    return { kind: 'tail', depth: envelope.depth, where: 'between', isTold: false, indent, outer };
  }

  private beginElement(char: number, mode: BetweenElements): Mode {
    const { array } = mode;
    const isObject = char === 0x7b || (array.envelope !== undefined && char === 0x5b);
    if (
      array.envelope === undefined &&
      array.record === 0 &&
      !array.needsComma &&
      !isObject &&
      char !== 0x5b &&
      char !== 0x22
    ) {
      // `[2024-01-01 10:00:00] …`: a line of text, as many programs log it.
      const { line } = this.cursor;
      this.out.reject(1, () => notJson(this.out.file, line, NO_KNOWN_LINE));
      return { kind: 'skip-line', then: LINE };
    }
    // The array that broke was cut short: here begins another.
    if (array.isBroken && char === 0x5b && !isObject) return LINE;
    if (array.isBroken && !isObject) return this.rejectRest(array, 'left over from a broken element of an array');
    if (array.needsComma && !array.isBroken) {
      array.isBroken = true;
      const reason = 'a comma or `]` is missing after an element of an array';
      if (!isObject) return this.rejectRest(array, reason);
      const { line } = this.cursor;
      this.out.reject(0, () => notJson(this.out.file, line, reason));
      return mode;
    }
    return this.beginValue(array);
  }

  /** What stands where no element can begin is passed, up to the next element or the end of the line. */
  private rejectRest(array: ArrayState, reason: string): Mode {
    const { line } = this.cursor;
    this.out.reject(1, () => notJson(this.out.file, line, reason));
    return { kind: 'seek', array, back: 0, open: [], inString: false };
  }
}
