import { isAscii } from 'node:buffer';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { AuditJoiner } from './auditd-join.ts';
import { type AuditRecord, parseAuditLine } from './auditd-record.ts';
import { BatchCollector, type DecodedBatch } from './batch.ts';
import { envelopeRecords, recordLineFeeds } from './envelope.ts';
import { EvtxDecoder } from './evtx/evtx-decoder.ts';
import { JsonScanner, MAX_NESTING } from './json-scanner.ts';
import { parseJson } from './json-value.ts';
import { type LineDecoder, type LineScanner, type LinesTold, ScannedLines } from './line-scanner.ts';
import { parseSyslogLine } from './syslog.ts';
import { contentKind, SNIFFED_BYTES, type TextSegment, TextSegments } from './text-segments.ts';

/** The longest line, and the longest single record, in UTF-16 units (bytes, where the text is ASCII). */
export const MAX_RECORD: number = 64 * 1024 * 1024;

/**
 * How much text may be read a second time after what began as a JSON value over many lines turned out to be none:
 * so much, and as much again as was read. Without a bound, a hostile file would take quadratic time.
 */
const REREAD_ALLOWANCE = 1024 * 1024;

/** What the text at the cursor is taken for. */
type Mode =
  /** Between records, outside of arrays. */
  | 'line'
  /** Inside a JSON value that goes over several lines, or of which several stand in one line. */
  | 'value'
  /** Inside a JSON array, between two elements. */
  | 'array'
  /** Inside an element of an array. */
  | 'element'
  /** Dropping the rest of a line. */
  | 'skip-line'
  /** At the start of a line, after a broken value: looking for where to go on. */
  | 'resume';

/**
 * Decodes one file's bytes, pushed in pieces of any size; where they are cut makes no difference. What it reads:
 *
 * - NDJSON; a line may also hold an array of records, an envelope (see `envelopeRecords`), or several values;
 * - JSON values pretty-printed over many lines; arrays of any length, record by record;
 * - auditd records, joined to events (see `auditEvent`), also behind a syslog header;
 * - syslog, in files whose first line that can be read is one;
 * - Windows event logs (EVTX), see `EvtxDecoder`: there a record counts as a line.
 *
 * A value that stops being JSON on the way is reported at its first line, and reading goes on at the next line that is indented
 * no deeper and closes nothing: after a line cut short, the next record is found.
 */
export class LogDecoder {
  private readonly out: BatchCollector;
  private readonly audit: AuditJoiner;
  private readonly utf8: InvalidUtf8 = { first: 0, last: 0, count: 0 };
  private sniffed: Uint8Array[] | undefined = [];
  private sniffedLength = 0;
  private segments: TextSegments | undefined;
  private evtx: EvtxDecoder | undefined;
  private readonly lineScanner: LineScanner | undefined;
  private scanned: ScannedLines | undefined;

  /** The text at hand, read up to `at`. */
  private text = '';
  private at = 0;
  /** Where `text` begins in the whole text. */
  private offset = 0;
  /** The line of `text[at]`, from 1; while a value is scanned, the line it began on. */
  private line = 1;
  /** How many blanks the line begins with, and whether nothing else came yet. */
  private indent = 0;
  private inIndent = true;
  /** What came before `text` and belongs to the line or value being read; dropped when it is longer than `MAX_RECORD`. */
  private held: string[] = [];
  private heldLength = 0;

  private mode: Mode = 'line';
  private scanner = new JsonScanner();
  /** Where reading goes on after the line that is skipped. */
  private afterSkip: 'line' | 'array' | 'resume' = 'line';
  private broken: BrokenValue = { indent: 0, isElement: false };
  /** The last line that a top-level value began or ended on, and how many began there before. */
  private valueLine = 0;
  private valuesOnLine = 0;
  private array: ArrayState = { line: 1, record: 0, isFirst: true, needsComma: false, isBroken: false };
  /** What the first readable line was: only a file that begins as syslog is read as such. */
  private family: 'unknown' | 'syslog' | 'other' = 'unknown';

  private rereadLength = 0;
  private endsInsideLine = false;
  private linesTaken = 0;

  /** `lineScanner`: reads lines of JSON in the decoder's place, and gives only the records that are wanted. */
  constructor(file: string, lineScanner?: LineScanner) {
    this.lineScanner = lineScanner;
    this.out = new BatchCollector(file);
    this.audit = new AuditJoiner((event, line) => this.out.emit(event, line));
  }

  /** The line the decoder has come to, from 1. */
  get currentLine(): number {
    return this.evtx === undefined ? this.line : this.evtx.records + 1;
  }

  push(chunk: Uint8Array): void {
    if (this.evtx !== undefined) {
      this.evtx.push(chunk);
      return;
    }
    if (this.sniffed === undefined) {
      this.pushText(chunk);
      return;
    }
    if (this.sniffedLength === 0 && chunk.length >= SNIFFED_BYTES) {
      this.sniff([chunk]);
      return;
    }
    this.sniffed.push(Uint8Array.from(chunk));
    this.sniffedLength += chunk.length;
    if (this.sniffedLength >= SNIFFED_BYTES) this.sniff(this.sniffed);
  }

  /** To be called before the first piece, where that is known: the bytes are UTF-8, without a byte order mark. */
  beginText(): void {
    if (this.sniffed === undefined) return;
    this.sniffed = undefined;
    this.readAsText('utf-8');
  }

  /** Whether lines that were scanned elsewhere may come next. */
  get takesLines(): boolean {
    return this.scanned?.isBetweenLines === true;
  }

  /** Takes lines that were scanned; gives how many bytes of them need not be pushed. */
  tell(lines: LinesTold): number {
    return this.scanned?.tell(lines) ?? 0;
  }

  /** To be called once, after the last piece. */
  end(): void {
    if (this.sniffed !== undefined) this.sniff(this.sniffed);
    this.evtx?.end();
    this.scanned?.end();
    if (this.segments !== undefined) {
      this.addText(this.segments.end());
      this.run(true);
      this.audit.flush();
    }
    const { first: line, count } = this.utf8;
    if (count > 0) this.out.note(diagnostic('logs/invalid-utf8', { file: this.out.file, line, count }));
    this.out.close();
  }

  /** What was decoded since the last call. */
  take(): DecodedBatch {
    const lines = this.evtx?.records ?? this.line - 1 + (this.endsInsideLine ? 1 : 0);
    const batch = this.out.take(lines - this.linesTaken);
    this.linesTaken = lines;
    return batch;
  }

  private sniff(chunks: readonly Uint8Array[]): void {
    const [only] = chunks;
    const bytes = only !== undefined && chunks.length === 1 ? viewOf(only) : Buffer.concat(chunks);
    this.sniffed = undefined;
    const { file } = this.out;
    const found = contentKind(bytes);
    switch (found.kind) {
      case 'text':
        this.readAsText(found.encoding);
        this.pushText(bytes.subarray(found.skip));
        break;
      case 'evtx':
        this.evtx = new EvtxDecoder(this.out);
        this.evtx.push(bytes);
        break;
      case 'archive':
        this.out.note(diagnostic('logs/archive', { file }));
        break;
      case 'binary':
        this.out.note(diagnostic('logs/binary', { file, format: found.format }));
        break;
    }
  }

  private readAsText(encoding: 'utf-8' | 'utf-16le' | 'utf-16be'): void {
    this.segments = new TextSegments(encoding);
    if (this.lineScanner !== undefined && encoding === 'utf-8') {
      this.scanned = new ScannedLines(this.lineScanner, this.lineDecoder());
    }
  }

  private pushText(bytes: Uint8Array): void {
    if (this.scanned === undefined) this.readText(bytes);
    else this.scanned.push(bytes);
  }

  private readText(bytes: Uint8Array): void {
    if (this.segments === undefined) return;
    for (const part of partsOf(bytes)) {
      this.addText(this.segments.push(part));
      this.run(false);
    }
  }

  /** What a scanner of lines needs of the decoder. */
  private lineDecoder(): LineDecoder {
    const decoder = this;
    return {
      get isBetweenLines() {
        return decoder.mode === 'line' && decoder.heldLength === 0 && decoder.inIndent && decoder.indent === 0;
      },
      get currentLine() {
        return decoder.line;
      },
      read: (bytes) => decoder.readText(bytes),
      pass: (lines, bytes) => {
        decoder.line += lines;
        decoder.offset += bytes;
        // More than line feeds: these were records.
        if (bytes > lines) decoder.family = 'other';
      },
      count: (blank, quiet) => decoder.out.countScanned(blank, quiet),
      emitScanned: (read, line, scanned) => decoder.out.emitScanned(read, line, scanned),
    };
  }

  private addText(segment: TextSegment): void {
    // Lines end only in what was held already, or in what a value was scanned over.
    const start = this.line + (this.isScanning() ? this.scanner.lineFeeds : 0);
    for (const feeds of segment.invalidLines) countInvalid(this.utf8, start + feeds);
    this.offset += this.at;
    this.text = this.at < this.text.length ? this.text.slice(this.at) + segment.text : segment.text;
    this.at = 0;
  }

  private isScanning(): boolean {
    return this.mode === 'value' || this.mode === 'element';
  }

  /** Reads what can be read of the text; when it returns, all of it was read or is held. */
  private run(isEnd: boolean): void {
    for (let goesOn = true; goesOn; ) {
      switch (this.mode) {
        case 'line':
          goesOn = this.readLine(isEnd);
          break;
        case 'value':
        case 'element':
          goesOn = this.readValue(isEnd);
          break;
        case 'array':
          goesOn = this.readBetweenElements(isEnd);
          break;
        case 'skip-line':
          goesOn = this.skipLine(isEnd);
          break;
        case 'resume':
          goesOn = this.resume(isEnd);
          break;
      }
    }
  }

  /** Keeps the rest of the text until more has come. */
  private hold(): void {
    const rest = this.text.slice(this.at);
    this.heldLength += rest.length;
    if (this.heldLength > MAX_RECORD) this.held = [];
    else if (rest !== '') this.held.push(rest);
    this.offset += this.text.length;
    this.text = '';
    this.at = 0;
  }

  /** Takes what was held and the text up to `end`, and moves there; undefined when that is too long. */
  private release(end: number): string | undefined {
    const rest = this.text.slice(this.at, end);
    const whole = this.held.length === 0 ? rest : this.held.join('') + rest;
    const isTooLong = this.heldLength + rest.length > MAX_RECORD;
    this.held = [];
    this.heldLength = 0;
    this.at = end;
    return isTooLong ? undefined : whole;
  }

  private beginLine(start: number): void {
    this.at = start;
    this.line += 1;
    this.indent = 0;
    this.inIndent = true;
  }

  // Lines

  private readLine(isEnd: boolean): boolean {
    const { text } = this;
    if (this.heldLength === 0) {
      const start = skipBlanks(text, this.at);
      if (this.inIndent) this.indent += start - this.at;
      this.at = start;
      // An array is read element by element, however long its line is.
      if (text.charCodeAt(start) === 0x5b) {
        this.inIndent = false;
        this.array = { line: this.line, record: 0, isFirst: true, needsComma: false, isBroken: false };
        this.mode = 'array';
        return true;
      }
    }
    const start = this.at;
    const feed = text.indexOf('\n', start);
    if (feed === -1 && !isEnd) {
      this.hold();
      return false;
    }
    const end = feed === -1 ? text.length : feed;
    if (feed === -1 && this.heldLength === 0 && start === end) {
      this.endsInsideLine = !this.inIndent || this.indent > 0;
      return false;
    }
    const wasHeld = this.heldLength > 0;
    const line = this.release(end);
    if (line === undefined) {
      this.out.reject(1, () => this.tooLong(this.line));
    } else if (!this.decodeLine(line)) {
      if (wasHeld) {
        this.offset -= line.length - end;
        this.text = line + text.slice(end);
        this.at = 0;
      } else {
        this.at = start;
      }
      this.beginValue('value');
      return true;
    }
    if (feed === -1) {
      this.endsInsideLine = true;
      return false;
    }
    this.beginLine(feed + 1);
    return true;
  }

  /** Decodes a line (without its leading blanks), or reports it; false when it may begin something longer. */
  private decodeLine(line: string): boolean {
    const first = line.charCodeAt(0);
    if (first === 0x7b) {
      const parsed = parseJson(line);
      if (parsed.ok) {
        this.family = 'other';
        this.emitTopLevel(parsed.value, this.line, undefined);
      } else if (parsed.tooDeep) {
        this.out.reject(1, () => this.tooDeep(this.line));
      } else {
        return false;
      }
      return true;
    }
    const isRest = this.valueLine === this.line;
    if (line === '') {
      if (!isRest) this.out.countBlank();
      return true;
    }
    if (isRest && first === 0x2c && skipBlanks(line, 1) === line.length) return true;
    if (this.decodeTextLine(line.endsWith('\r') ? line.slice(0, -1) : line)) return true;
    this.out.reject(1, () => {
      const parsed = parseJson(line);
      if (parsed.ok) return this.notAnObject(this.line, parsed.value);
      const what = isRest ? 'something after a JSON value' : 'neither JSON, nor an auditd or syslog line';
      return this.notJson(this.line, what);
    });
    return true;
  }

  private decodeTextLine(line: string): boolean {
    const record = parseAuditLine(line);
    if (record !== undefined) {
      if (this.family === 'unknown') this.family = 'other';
      this.audit.add(record, this.line);
      return true;
    }
    if (this.family === 'other' && !line.includes('audit(')) return false;
    const message = parseSyslogLine(line);
    if (message === undefined) return false;
    const forwarded = forwardedAuditRecord(message);
    if (forwarded !== undefined) {
      this.audit.add(forwarded, this.line);
      return true;
    }
    if (this.family === 'other') return false;
    this.family = 'syslog';
    this.out.emit(message, this.line);
    return true;
  }

  private skipLine(isEnd: boolean): boolean {
    const feed = this.text.indexOf('\n', this.at);
    if (feed === -1) {
      if (isEnd) this.endsInsideLine = true;
      this.at = this.text.length;
      return false;
    }
    this.beginLine(feed + 1);
    this.mode = this.afterSkip;
    return true;
  }

  // Values over several lines, several values on a line, elements of arrays

  private beginValue(mode: 'value' | 'element'): void {
    this.mode = mode;
    this.scanner = new JsonScanner();
    this.inIndent = false;
  }

  private readValue(isEnd: boolean): boolean {
    const found = this.scanner.scan(this.text, this.at);
    switch (found.kind) {
      case 'more':
        if (!isEnd) {
          this.hold();
          return false;
        }
        if (this.scanner.wholeAtEnd) this.endValue(this.text.length);
        else this.recover('the text ends inside of a value', this.text.length);
        return true;
      case 'done':
        this.endValue(found.at);
        return true;
      case 'bad':
        this.recover(found.tooDeep ? undefined : found.reason, found.at);
        return true;
    }
  }

  /** Decodes the value that ends before `end`. */
  private endValue(end: number): void {
    const { line } = this;
    const isElement = this.mode === 'element';
    const text = this.release(end);
    this.line += this.scanner.lineFeeds;
    if (this.scanner.lineFeeds > 0) this.indent = 0;
    this.mode = isElement ? 'array' : 'line';
    this.array.needsComma = true;
    const parsed = text === undefined ? undefined : parseJson(text);
    if (parsed === undefined) {
      this.out.reject(1, () => this.tooLong(line));
    } else if (!parsed.ok) {
      this.out.reject(1, () => this.notJson(line, parsed.reason));
    } else {
      this.family = 'other';
      if (isElement) {
        this.emitElement(parsed.value, line, text ?? '');
        return;
      }
      this.emitTopLevel(parsed.value, line, text);
    }
    if (isElement) this.array.record += 1;
    else this.noteValueLine();
  }

  /**
   * What was scanned is no value. It is reported at its first line, and reading goes on at the next line that is
   * indented no deeper than that one and does not begin with what can only stand inside a value; where there is none
   * before `at`, from the line after that of `at` on.
   */
  private recover(reason: string | undefined, at: number): void {
    const { line, indent } = this;
    const isElement = this.mode === 'element';
    const begin = this.offset + this.at - this.heldLength;
    const length = this.heldLength + at - this.at;
    const isRead = length <= MAX_RECORD && this.rereadLength + length <= REREAD_ALLOWANCE + begin;
    let next: number | undefined;
    let rejected = 1;
    if (isRead) {
      this.text = this.held.join('') + this.text.slice(this.at);
      this.offset = begin;
      this.at = 0;
      next = resumeAt(this.text, length, { indent, isElement });
      const passed = this.text.slice(0, next ?? length);
      rejected = this.text
        .slice(0, next ?? length + 1)
        .split('\n')
        .filter((one) => one.trim() !== '').length;
      this.line += countLineFeeds(passed);
      this.rereadLength += length - (next ?? length);
      this.at = next ?? length;
    } else {
      this.line += this.scanner.lineFeeds;
      this.at = at;
    }
    this.held = [];
    this.heldLength = 0;
    this.out.reject(rejected, () => (reason === undefined ? this.tooDeep(line) : this.notJson(line, reason)));
    if (isElement) {
      this.array.record += 1;
      this.array.isBroken = true;
      this.array.needsComma = false;
    }
    const after = isElement ? 'array' : 'line';
    if (next === undefined) {
      this.mode = 'skip-line';
      this.afterSkip = this.scanner.lineFeeds > 0 ? 'resume' : after;
      this.broken = { indent, isElement };
    } else {
      this.mode = after;
      this.indent = 0;
      this.inIndent = true;
    }
  }

  /** Passes lines that are still part of the value that broke; see `recover`. */
  private resume(isEnd: boolean): boolean {
    const { text, broken } = this;
    const start = skipBlanks(text, this.at);
    this.indent += start - this.at;
    this.at = start;
    if (start === text.length) {
      if (isEnd) this.endsInsideLine = this.indent > 0;
      return false;
    }
    if (text.charCodeAt(start) === 0x0a) {
      this.beginLine(start + 1);
    } else if (resumesAt(text.charAt(start), this.indent, broken)) {
      this.mode = broken.isElement ? 'array' : 'line';
    } else {
      this.out.countUndecodable();
      this.mode = 'skip-line';
    }
    return true;
  }

  // Arrays

  /** Reads blanks, commas and the closing bracket; false when more text is needed. `at` may be on the opening bracket. */
  private readBetweenElements(isEnd: boolean): boolean {
    const { text, array } = this;
    while (this.at < text.length) {
      const char = text.charCodeAt(this.at);
      if (char === 0x0a) {
        this.beginLine(this.at + 1);
        continue;
      }
      if (isBlank(char)) {
        if (this.inIndent) this.indent += 1;
      } else if (char === 0x5d) {
        this.at += 1;
        this.inIndent = false;
        this.family = 'other';
        this.mode = 'line';
        this.noteValueLine();
        return true;
      } else if (char === 0x2c && (array.needsComma || array.isBroken)) {
        array.needsComma = false;
      } else if (char === 0x5b && array.isFirst) {
        array.isFirst = false;
      } else {
        this.startElement(char);
        return true;
      }
      this.at += 1;
    }
    if (isEnd) {
      this.endsInsideLine = !this.inIndent;
      if (!array.isBroken) this.out.reject(1, () => this.notJson(array.line, 'the text ends inside of an array'));
    }
    return false;
  }

  private startElement(char: number): void {
    const { array, line } = this;
    const isObject = char === 0x7b;
    if (array.record === 0 && !array.needsComma && !isObject && char !== 0x5b && char !== 0x22) {
      // `[2024-01-01 10:00:00] …`: a line of text, as many programs log it.
      this.rejectLine('line', () => this.notJson(line, 'neither JSON, nor an auditd or syslog line'));
    } else if (array.isBroken && char === 0x5b) {
      // The array that broke was cut short: here begins another.
      this.mode = 'line';
    } else if (array.isBroken && !isObject) {
      this.rejectLine('array', () => this.notJson(line, 'left over from a broken element of an array'));
    } else if (array.needsComma && !array.isBroken) {
      array.isBroken = true;
      const found = (): Diagnostic => this.notJson(line, 'a comma or `]` is missing after an element of an array');
      if (isObject) this.out.reject(0, found);
      else this.rejectLine('array', found);
    } else {
      this.beginValue('element');
    }
  }

  private rejectLine(next: 'line' | 'array', found: () => Diagnostic): void {
    this.out.reject(1, found);
    this.mode = 'skip-line';
    this.afterSkip = next;
  }

  // Records

  private noteValueLine(): void {
    if (this.valueLine !== this.line) this.valuesOnLine = 0;
    this.valueLine = this.line;
  }

  /** Gives out a top-level value: a record, or an envelope of records. `text` is given where it may have several lines. */
  private emitTopLevel(value: Json, line: number, text: string | undefined): void {
    if (this.valueLine === line) this.valuesOnLine += 1;
    else this.valuesOnLine = 0;
    this.valueLine = line;
    const place = this.valuesOnLine === 0 ? undefined : this.valuesOnLine;
    if (!isJsonObject(value)) {
      this.out.reject(1, () => this.notAnObject(line, value));
      return;
    }
    const envelope = envelopeRecords(value);
    if (envelope === undefined) this.out.emit(value, line, place);
    else this.emitEnvelope(envelope, line, text, 0);
  }

  private emitElement(value: Json, line: number, text: string): void {
    const { array } = this;
    const envelope = isJsonObject(value) ? envelopeRecords(value) : undefined;
    if (envelope !== undefined) {
      this.emitEnvelope(envelope, line, text, array.record);
      array.record += envelope.length;
      return;
    }
    if (isJsonObject(value)) this.out.emit(value, line, array.record);
    else this.out.reject(1, () => this.notAnObject(line, value));
    array.record += 1;
  }

  private emitEnvelope(records: readonly JsonObject[], line: number, text: string | undefined, from: number): void {
    const feeds = text?.includes('\n') ? recordLineFeeds(text) : [];
    for (const [index, record] of records.entries()) {
      this.out.emit(record, line + (feeds[index] ?? 0), from + index);
    }
  }

  // Diagnostics

  private notJson(line: number, reason: string): Diagnostic {
    return diagnostic('logs/not-json', { file: this.out.file, line, reason });
  }

  private notAnObject(line: number, value: Json): Diagnostic {
    const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
    return diagnostic('logs/not-an-object', { file: this.out.file, line, found });
  }

  private tooLong(line: number): Diagnostic {
    return diagnostic('logs/too-long', { file: this.out.file, line, limit: MAX_RECORD });
  }

  private tooDeep(line: number): Diagnostic {
    return diagnostic('logs/too-deep', { file: this.out.file, line, limit: MAX_NESTING });
  }
}

/** One character beyond Latin 1 makes a whole string take twice the room and time: so many bytes are made one at once. */
const PART = 16 * 1024;

/** The bytes, cut after ends of lines where one of them is not ASCII. */
function* partsOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  if (bytes.length <= PART || isAscii(bytes)) {
    yield bytes;
    return;
  }
  for (let from = 0; from < bytes.length; ) {
    const end = from + PART < bytes.length ? bytes.lastIndexOf(0x0a, from + PART) + 1 : bytes.length;
    const to = end > from ? end : Math.min(bytes.length, from + PART);
    yield bytes.subarray(from, to);
    from = to;
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

interface ArrayState {
  /** The line of its opening bracket. */
  readonly line: number;
  /** The place of the next record. */
  record: number;
  /** The opening bracket was not passed yet. */
  isFirst: boolean;
  needsComma: boolean;
  /** It holds something that is not JSON: what separates its elements is no longer held to the letter. */
  isBroken: boolean;
}

interface InvalidUtf8 {
  first: number;
  last: number;
  count: number;
}

function countInvalid(found: InvalidUtf8, line: number): void {
  if (line === found.last) return;
  if (found.count === 0) found.first = line;
  found.last = line;
  found.count += 1;
}

interface BrokenValue {
  /** Of its first line. */
  readonly indent: number;
  readonly isElement: boolean;
}

/** Where to go on after a value that broke off at `limit`: the start of a line at or before `limit`, see `recover`. */
function resumeAt(text: string, limit: number, broken: BrokenValue): number | undefined {
  for (let feed = text.indexOf('\n'); feed !== -1 && feed < limit; feed = text.indexOf('\n', feed + 1)) {
    const first = skipBlanks(text, feed + 1);
    if (resumesAt(text.charAt(first), first - feed - 1, broken)) return feed + 1;
  }
  return undefined;
}

/** Whether a line that begins with `char`, after `indent` blanks, is no longer part of a broken value. */
function resumesAt(char: string, indent: number, broken: BrokenValue): boolean {
  if (indent > broken.indent || char === '' || char === '\n') return false;
  return !'}]":,'.includes(char) || (char === ']' && broken.isElement);
}

function countLineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A blank inside of a line; also the byte order marks that are left where files were put together. */
function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0d || char === 0xfeff;
}

/** The first place from `at` on that is no blank; line feeds are none. */
function skipBlanks(text: string, at: number): number {
  let next = at;
  while (isBlank(text.charCodeAt(next))) next += 1;
  return next;
}

/**
 * An audit record inside a syslog message: behind the tag of audispd (`audispd: node=… type=…`), or the kernel's own
 * (`kernel: audit: type=1400 audit(…): …`). The syslog host is the node where the record names none.
 */
function forwardedAuditRecord(message: JsonObject): AuditRecord | undefined {
  const { message: content, hostname, appname } = message;
  if (typeof content !== 'string' || !content.includes('audit(')) return undefined;
  const record = parseAuditLine(appname === 'audit' ? `audit: ${content}` : content);
  if (record === undefined || record.node !== undefined || typeof hostname !== 'string') return record;
  return { ...record, node: hostname };
}
