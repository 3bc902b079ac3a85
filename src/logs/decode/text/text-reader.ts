import type { BatchCollector } from '../batch.ts';
import { passTail } from '../envelope-tail.ts';
import { JsonRecords } from '../json/json-records.ts';
import { parseJson } from '../json/json-value.ts';
import { JsonValues } from '../json/json-values.ts';
import { LONGEST_LINE } from '../lines/line-form.ts';
import { NO_KNOWN_LINE, notAnObject, notJson, nulBlock, tooLong } from '../log-problems.ts';
import { LINE, type Mode, type Next } from '../reading-mode.ts';
import { isEventMarkup, LONGEST_MARK } from '../xml/event-marks.ts';
import { XmlEvents } from '../xml/xml-events.ts';
import { NulBlocks } from './nul-blocks.ts';
import { skipBlanks, TextCursor } from './text-cursor.ts';
import { TextLines } from './text-lines.ts';
import type { TextSegment } from './text-segments.ts';

/** So many characters of a line tell an array from a line of text in brackets, and events in XML from syslog. */
const SURE = LONGEST_MARK;
/** A time or a word in brackets, as servers begin their lines: no value of JSON. */
const TEXT_IN_BRACKETS = /^\[(?:[A-Z]|\d{1,4}[/-])/;

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/**
 * Reads a text that arrives in pieces: lines, and JSON values that are longer or shorter than a line.
 *
 * A value that stops being JSON on the way is reported at its first line, and reading goes on at the next line that is indented
 * no deeper and closes nothing: after a line cut short, the next record is found.
 */
export class TextReader {
  private readonly out: BatchCollector;
  private readonly cursor = new TextCursor();
  private readonly nuls = new NulBlocks();
  /** The last line on which there was a block of NULs. */
  private nulLine = 0;
  private readonly records: JsonRecords;
  private readonly lines: TextLines;
  private readonly values: JsonValues;
  private readonly xml: XmlEvents;
  private mode: Mode = LINE;
  private hasEnded = false;

  /** `takesAny`: lines of no known form are records of their text. */
  constructor(out: BatchCollector, takesAny: boolean) {
    this.out = out;
    this.records = new JsonRecords(out);
    this.lines = new TextLines(out, (record, line) => this.records.emitTopLevel(record, line, undefined), takesAny);
    this.values = new JsonValues(this.cursor, out, this.records, () => this.lines.sawOther());
    this.xml = new XmlEvents(this.cursor, out, () => this.lines.sawOther());
  }

  /** From 1; of a value that is being read, the line it began on. */
  get line(): number {
    return this.cursor.line;
  }

  /** Lines read so far; at the end one without a line feed, too. */
  get linesRead(): number {
    return this.cursor.line - 1 + (this.hasEnded && this.cursor.endsInsideLine ? 1 : 0);
  }

  /** Whether what comes next begins a line, and nothing before it is still being read. */
  get isBetweenLines(): boolean {
    const { cursor, mode, lines } = this;
    if (mode.kind !== 'line' || lines.isOpen || this.nuls.holds) return false;
    return !cursor.holds && cursor.inIndent && cursor.indent === 0;
  }

  /** Moves on over lines that were read elsewhere. To be called between lines. */
  pass(lines: number, bytes: number): void {
    this.cursor.pass(lines, bytes);
    // More than line feeds: these were records.
    if (bytes > lines) this.lines.sawOther();
  }

  /** Reads what can be read of the text; when it returns, all of it was read or is held. */
  read(segment: TextSegment, onInvalid: (line: number) => void, isEnd: boolean): void {
    // Lines end only in what was held already, or in what a value was scanned over.
    const start = this.cursor.line + this.heldFeeds;
    for (const feeds of segment.invalidLines) onInvalid(start + feeds);
    this.cursor.add(this.nuls.squeeze(segment.text, isEnd));
    for (let next = this.step(isEnd); next !== 'wait'; next = this.step(isEnd)) this.mode = next;
    this.hasEnded = isEnd;
    if (isEnd) this.lines.end();
  }

  /** Line feeds in what is held of a value, or of an event in XML. */
  private get heldFeeds(): number {
    if (this.mode.kind === 'value') return this.values.lineFeeds;
    return this.mode.kind === 'xml' ? this.xml.lineFeeds : 0;
  }

  private step(isEnd: boolean): Next {
    const { mode, values } = this;
    switch (mode.kind) {
      case 'line':
        return this.readLine(isEnd);
      case 'value':
        return values.readValue(mode.array, isEnd);
      case 'array':
        return values.readBetweenElements(mode, isEnd);
      case 'skip-line':
        return this.skipLine(mode.then);
      case 'resume':
        return values.resume(mode);
      case 'xml':
        return this.xml.read(isEnd);
      case 'seek':
        return values.seek(mode, isEnd);
      case 'tail':
        return passTail(this.cursor, this.out, mode);
    }
  }

  private readLine(isEnd: boolean): Next {
    const { cursor } = this;
    const { text } = cursor;
    // Blanks before the cells of a table, or inside of a message, are part of them.
    if (!cursor.holds && !this.lines.isOpen) {
      const start = skipBlanks(text, cursor.at);
      if (cursor.inIndent) cursor.indent += start - cursor.at;
      cursor.at = start;
      if (cursor.hasBlockAt(start)) return this.passNuls(start);
      const begun = this.beginLong(start, isEnd);
      if (begun !== undefined) return begun;
    }
    const stop = cursor.lineEnd();
    if (stop === -1 && !isEnd) {
      cursor.hold();
      return 'wait';
    }
    const end = stop === -1 ? text.length : stop;
    if (stop === -1 && !cursor.holds && cursor.at === end) return 'wait';
    const line = cursor.release(end);
    if (line === undefined) {
      this.out.reject(1, () => tooLong(this.out.file, cursor.line));
    } else if (!this.decodeLine(line)) {
      cursor.takeBack(line);
      return this.beginLonger();
    }
    if (stop === -1) return 'wait';
    // `takeBack` may have moved the text since.
    if (text.charCodeAt(stop) === 0) return this.passNuls(stop);
    cursor.beginLine(stop + 1);
    return LINE;
  }

  /** What begins at the cursor, perhaps behind blanks, and may be longer than the line. */
  private beginLonger(): Mode {
    const { cursor, values } = this;
    const start = skipBlanks(cursor.text, cursor.at);
    cursor.indent += start - cursor.at;
    cursor.at = start;
    const first = cursor.text.charCodeAt(start);
    if (first === 0x3c) return { kind: 'xml' };
    return first === 0x5b ? values.beginArray() : values.beginValue();
  }

  /** A block of NULs ends a line without being one: a record may stand before it, and another behind. */
  private passNuls(at: number): Next {
    const { line } = this.cursor;
    this.out.reject(1, () => nulBlock(this.out.file, line));
    this.nulLine = line;
    this.cursor.passBlock(at);
    return LINE;
  }

  /** What is read piece by piece, however long its line is: an array, and events in XML. */
  private beginLong(start: number, isEnd: boolean): Next | undefined {
    const { text } = this.cursor;
    const first = text.charCodeAt(start);
    if (first !== 0x5b && first !== 0x3c) return undefined;
    // A few characters more say what it is.
    if (text.length - start < SURE && !isEnd && !text.includes('\n', start)) return 'wait';
    if (first === 0x5b)
      return TEXT_IN_BRACKETS.test(text.slice(start, start + 9)) ? undefined : this.values.beginArray();
    return isEventMarkup(text, start) ? { kind: 'xml' } : undefined;
  }

  /** Decodes a line (without its leading blanks), or reports it; false when it may begin something longer. */
  private decodeLine(text: string): boolean {
    const { out, records } = this;
    const { line } = this.cursor;
    const first = text.charCodeAt(0);
    const isRest = records.isOn(line);
    // Nothing stands behind a block of NULs.
    if (this.nulLine === line && withoutReturn(text) === '') return true;
    const isTooLong = text.length > LONGEST_LINE;
    if (this.lines.isOpen && !isRest && !isTooLong) {
      if (this.lines.decode(withoutReturn(text), line)) return true;
      // A table goes on behind what begins here.
      if (this.lines.isOpen) return false;
    }
    if (first === 0x7b) {
      const parsed = parseJson(text);
      if (parsed.ok) {
        this.lines.sawOther();
        records.emitTopLevel(parsed.value, line, undefined);
        return true;
      }
      return false;
    }
    if (text === '') {
      if (!isRest) out.countBlank();
      return true;
    }
    if (isRest && first === 0x2c && skipBlanks(text, 1) === text.length) return true;
    if (isTooLong) {
      out.reject(1, () => tooLong(out.file, line, LONGEST_LINE));
      return true;
    }
    if (this.lines.decode(withoutReturn(text), line)) return true;
    out.reject(1, () => {
      const parsed = parseJson(text);
      if (parsed.ok) return notAnObject(out.file, line, parsed.value);
      return notJson(out.file, line, isRest ? 'something after a JSON value' : NO_KNOWN_LINE);
    });
    return true;
  }

  private skipLine(then: Mode): Next {
    const { cursor } = this;
    const stop = cursor.lineEnd();
    if (stop === -1) {
      cursor.at = cursor.text.length;
      return 'wait';
    }
    if (cursor.text.charCodeAt(stop) === 0) this.passNuls(stop);
    else cursor.beginLine(stop + 1);
    return then;
  }
}
