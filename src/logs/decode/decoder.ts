import { isAscii } from 'node:buffer';
import { diagnostic } from '../../base/diagnostic.ts';
import { BatchCollector, type DecodedBatch } from './batch.ts';
import { EvtxDecoder } from './evtx/evtx-decoder.ts';
import { type LineDecoder, type LineScanner, type LinesTold, ScannedLines } from './line-scanner.ts';
import { TextReader } from './text/text-reader.ts';
import { contentKind, type Encoding, SNIFFED_BYTES, TextSegments } from './text/text-segments.ts';

/**
 * Decodes one file's bytes, pushed in pieces of any size; where they are cut makes no difference. What it reads:
 *
 * - NDJSON; a line may also hold an array of records, an envelope (see `envelopeRecords`), or several values;
 * - JSON values pretty-printed over many lines; arrays of any length, record by record;
 * - auditd records, joined to events (see `auditEvent`), also behind a syslog header;
 * - syslog, tables, and lines of every form of `LINE_FORMS`, in any mixture;
 * - Windows event logs (EVTX), see `EvtxDecoder`: there a record counts as a line.
 */
export class LogDecoder {
  private readonly out: BatchCollector;
  private readonly reader: TextReader;
  private readonly utf8: InvalidUtf8 = { first: 0, last: 0, count: 0 };
  private sniffed: Uint8Array[] | undefined = [];
  private sniffedLength = 0;
  private segments: TextSegments | undefined;
  private evtx: EvtxDecoder | undefined;
  private readonly lineScanner: LineScanner | undefined;
  private scanned: ScannedLines | undefined;
  private linesTaken = 0;

  /**
   * `lineScanner`: reads lines of JSON in the decoder's place, and gives only the records that are wanted. `takesAny`: lines of no known
   * form are records of their text (`message`).
   */
  constructor(file: string, lineScanner?: LineScanner, takesAny: boolean = false) {
    this.lineScanner = lineScanner;
    this.out = new BatchCollector(file);
    this.reader = new TextReader(this.out, takesAny);
  }

  /** The line the decoder has come to, from 1. */
  get currentLine(): number {
    return this.evtx === undefined ? this.reader.line : this.evtx.records + 1;
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
    if (this.segments !== undefined) this.reader.read(this.segments.end(), this.countInvalid, true);
    const { first: line, count } = this.utf8;
    if (count > 0) this.out.note(diagnostic('logs/invalid-utf8', { file: this.out.file, line, count }));
    this.out.close();
  }

  /** What was decoded since the last call. */
  take(): DecodedBatch {
    const { evtx, reader } = this;
    const lines = evtx?.records ?? reader.linesRead;
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

  private readAsText(encoding: Encoding): void {
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
    for (const part of partsOf(bytes)) this.reader.read(this.segments.push(part), this.countInvalid, false);
  }

  /** What a scanner of lines needs of the decoder. */
  private lineDecoder(): LineDecoder {
    const { out, reader } = this;
    return {
      get isBetweenLines() {
        return reader.isBetweenLines;
      },
      get currentLine() {
        return reader.line;
      },
      read: (bytes) => this.readText(bytes),
      pass: (lines, bytes) => reader.pass(lines, bytes),
      count: (blank, quiet) => out.countScanned(blank, quiet),
      emitScanned: (read, line, scanned) => out.emitScanned(read, line, scanned),
    };
  }

  private readonly countInvalid = (line: number): void => {
    const found = this.utf8;
    if (line === found.last) return;
    if (found.count === 0) found.first = line;
    found.last = line;
    found.count += 1;
  };
}

/** Lines that are not valid UTF-8. */
interface InvalidUtf8 {
  first: number;
  last: number;
  count: number;
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
