import type { Diagnostic } from '../../base/diagnostic.ts';
import type { LineScanner, LinesTold } from './line-scanner.ts';

/** A part of a file of UTF-8: the lines that start in it. */
export interface FilePart {
  /** A descriptor of this process, open until the part is scanned. */
  readonly file: number;
  readonly from: number;
  /** Up to here, this byte excluded. */
  readonly to: number;
  /** Whether a line starts at `from` for sure: it is where the text begins. */
  readonly isStart: boolean;
}

/** Whole lines of a file, from one offset to another, that were scanned. */
export interface PartTold {
  readonly from: number;
  readonly end: number;
  readonly lines: LinesTold;
  /** Bytes of memory that are held until the lines are told. */
  readonly size: number;
}

/** A stretch of a log, ready for the decoder. */
export interface Piece {
  /** Whether it is known to be UTF-8 text (without a byte order mark): nobody need find out. */
  readonly isText: boolean;
  /** What the lines that it begins with gave when they were scanned. */
  readonly told: LinesTold | undefined;
  /** Its bytes from an offset on. Each chunk is valid until the next is asked for. */
  bytes(from: number): Iterable<Uint8Array>;
}

/** Scans logs before the decoder comes to them, several pieces at the same time where there are threads for it. */
export interface LinesAhead {
  /** Scans what could not be scanned ahead. */
  readonly here: LineScanner;
  /** What made threads fail; what they had in hand is scanned by `here`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Lines of a part, as many of them as are whole and not too long; undefined where there are none, or it failed. */
  scanPart(part: FilePart): Promise<PartTold | undefined>;
  /** How many pieces of memory may wait; 0 where a stream is as well scanned as it comes. */
  readonly depth: number;
  /** Memory to write a piece of a stream to; there is enough for `depth` pieces and two more. */
  take(): Uint8Array;
  /** Scans whole lines at the start of such memory; undefined where that failed. */
  scanPiece(lines: Uint8Array): Promise<LinesTold | undefined>;
  /** The memory may be used for another piece. */
  release(memory: Uint8Array): void;
}
