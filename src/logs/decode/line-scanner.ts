import type { JsonObject } from '../../base/json.ts';
import type { LogType, Shape } from '../log-type.ts';

/** What a scanner knows of a record: what it is, and which rules it matches, by the scanner's own numbers. */
export interface ScannedRecord {
  readonly type: LogType;
  readonly shape: Shape;
  readonly rules: readonly number[];
  /** The scanner, whose numbers these are. */
  readonly by: object;
}

/** Something that reads lines of JSON quicker than the decoder, and gives only those records that are wanted. */
export interface LineScanner {
  /** Scans whole lines of UTF-8; the last byte is a line feed. */
  scan(lines: Buffer, sink: LineSink): LinesScanned;
}

/** What scanning whole lines elsewhere gave. */
export interface LinesTold {
  /** Gives what the scan would have given. */
  tell(sink: LineSink): LinesScanned;
}

/** Takes what a scan gives, in the order of lines, which count from 0. */
export interface LineSink {
  /** A record that is wanted. `read` parses it, from bytes of its own. */
  record(read: () => JsonObject, line: number, scanned: ScannedRecord): void;
  /** A line that the decoder has to read, with its line feed; `start` is its offset. False ends the scan after it. */
  odd(bytes: Uint8Array, start: number, line: number): boolean;
}

export interface LinesScanned {
  readonly lines: number;
  /** Of these lines; they hold nothing but their line feed. */
  readonly blank: number;
  /** Fewer than there were only where the sink ended the scan. */
  readonly bytes: number;
}

/** The decoder, as far as a scanner's lines concern it. */
export interface LineDecoder {
  /** Whether what comes next begins a line, and nothing before it is still being read. */
  readonly isBetweenLines: boolean;
  readonly currentLine: number;
  read(bytes: Uint8Array): void;
  /** Moves on over lines that were read already. */
  pass(lines: number, bytes: number): void;
  /** Counts them: `quiet` are records that nobody wanted. */
  count(blank: number, quiet: number): void;
  emitScanned(read: () => JsonObject, line: number, scanned: ScannedRecord): void;
}

/** After so many odd lines in a row the rest of a piece goes to the decoder: the log is not of JSON lines. */
export const MOST_ODD = 16;
/** The start of a longer line goes to the decoder, which bounds it. */
const MOST_HELD = 1 << 20;
const LINE_FEED = 0x0a;

/** Gives whole lines to a scanner wherever the decoder is between lines, and all else to the decoder. */
export class ScannedLines {
  private readonly scanner: LineScanner;
  private readonly decoder: LineDecoder;
  /** The start of a line whose end has not come yet. */
  private held: Uint8Array[] = [];
  private heldLength = 0;

  constructor(scanner: LineScanner, decoder: LineDecoder) {
    this.scanner = scanner;
    this.decoder = decoder;
  }

  push(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let from = 0;
    if (this.held.length > 0) {
      from = bytes.indexOf(LINE_FEED) + 1;
      if (from === 0) {
        this.hold(bytes);
        return;
      }
      const line = Buffer.concat([...this.held, bytes.subarray(0, from)]);
      this.held = [];
      this.heldLength = 0;
      this.readLines(line);
    }
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > from) this.readLines(bytes.subarray(from, end));
    if (bytes.length > Math.max(from, end)) this.hold(bytes.subarray(Math.max(from, end)));
  }

  end(): void {
    for (const bytes of this.held) this.decoder.read(bytes);
    this.held = [];
    this.heldLength = 0;
  }

  /** The caller's buffer may be used again, so what is held is copied; a decoder inside of a value holds for itself. */
  private hold(bytes: Uint8Array): void {
    if (this.held.length === 0 && !this.decoder.isBetweenLines) {
      this.decoder.read(bytes);
      return;
    }
    this.held.push(Uint8Array.from(bytes));
    this.heldLength += bytes.length;
    if (this.heldLength > MOST_HELD) this.end();
  }

  /** Whether the decoder is at the start of a line, and holds nothing. */
  get isBetweenLines(): boolean {
    return this.held.length === 0 && this.decoder.isBetweenLines;
  }

  /** Takes what comes next from a scan elsewhere, as far as it goes: how many bytes. To be called between lines. */
  tell(lines: LinesTold): number {
    return this.follow((sink) => lines.tell(sink)).bytes;
  }

  private readLines(lines: Buffer): void {
    let from = 0;
    while (from < lines.length && this.decoder.isBetweenLines) {
      const rest = from === 0 ? lines : lines.subarray(from);
      const { bytes, wasOdd } = this.follow((sink) => this.scanner.scan(rest, sink));
      from += bytes;
      if (wasOdd) break;
    }
    if (from < lines.length) this.decoder.read(lines.subarray(from));
  }

  private follow(scan: (sink: LineSink) => LinesScanned): { bytes: number; wasOdd: boolean } {
    const { decoder } = this;
    let passedLines = 0;
    let passedBytes = 0;
    let records = 0;
    let odd = 0;
    let inARow = 0;
    const pass = (line: number, byte: number): void => {
      if (line === passedLines) return;
      inARow = 0;
      decoder.pass(line - passedLines, byte - passedBytes);
    };
    const scanned = scan({
      record: (read, line, known) => {
        records += 1;
        decoder.emitScanned(read, decoder.currentLine + line - passedLines, known);
      },
      odd: (bytes, start, line) => {
        pass(line, start);
        decoder.read(bytes);
        passedLines = line + 1;
        passedBytes = start + bytes.length;
        odd += 1;
        inARow += 1;
        return decoder.isBetweenLines && inARow < MOST_ODD;
      },
    });
    pass(scanned.lines, scanned.bytes);
    decoder.count(scanned.blank, scanned.lines - scanned.blank - odd - records);
    return { bytes: scanned.bytes, wasOdd: inARow >= MOST_ODD };
  }
}
