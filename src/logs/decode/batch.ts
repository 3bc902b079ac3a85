import type { Diagnostic } from '../../base/diagnostic.ts';
import { diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Said } from '../input/log-path.ts';
import type { RecordSource } from '../record.ts';
import type { ScannedRecord } from './line-scanner.ts';

/** A record as it was read; its log type is not known yet, unless a scanner found it (`ScannedEvent`). */
export interface DecodedEvent {
  readonly event: JsonObject;
  readonly source: RecordSource;
}

/** What one stretch of a file gave. The counters are of this batch alone: a file's totals are their sums. */
export interface DecodedBatch {
  readonly file: string;
  readonly events: readonly DecodedEvent[];
  readonly diagnostics: readonly Diagnostic[];
  /** Lines read, blank ones included. */
  readonly lines: number;
  /** Lines between records that hold nothing. */
  readonly blank: number;
  /** Lines, and elements of arrays or envelopes, that gave no record. */
  readonly undecodable: number;
  /** Records that a scanner read and that nobody wanted. */
  readonly quiet: number;
  /** What the user says of the records. */
  readonly said?: Said;
}

/** A record that a scanner found: parsed when its event is first asked for. */
export class ScannedEvent implements DecodedEvent {
  readonly source: RecordSource;
  readonly scanned: ScannedRecord;
  private readonly read: () => JsonObject;

  constructor(read: () => JsonObject, source: RecordSource, scanned: ScannedRecord) {
    this.read = read;
    this.source = source;
    this.scanned = scanned;
  }

  get event(): JsonObject {
    return this.read();
  }
}

/** How many lines of one file are reported one by one; the others are only counted. */
export const MAX_REPORTED = 20;

/** Gathers what a decoder finds in one file until it is taken as a batch. */
export class BatchCollector {
  readonly file: string;
  private events: DecodedEvent[] = [];
  private diagnostics: Diagnostic[] = [];
  private undecodable = 0;
  private blank = 0;
  private quiet = 0;
  private reported = 0;
  private unreported = 0;

  constructor(file: string) {
    this.file = file;
  }

  emit(event: JsonObject, line: number, record?: number): void {
    const { file } = this;
    this.events.push({ event, source: record === undefined ? { file, line } : { file, line, record } });
  }

  /** A record that a scanner gave; `read` parses it. */
  emitScanned(read: () => JsonObject, line: number, scanned: ScannedRecord): void {
    this.events.push(new ScannedEvent(read, { file: this.file, line }, scanned));
  }

  /** Counts what a scanner passed over. */
  countScanned(blank: number, quiet: number): void {
    this.blank += blank;
    this.quiet += quiet;
  }

  note(found: Diagnostic): void {
    this.diagnostics.push(found);
  }

  countBlank(): void {
    this.blank += 1;
  }

  /**
   * Counts one thing that gave no record; `found` is built only while the file's cap lasts. `count` is how many lines it takes up,
   * 0 where nothing is lost.
   */
  reject(count: number, found: () => Diagnostic): void {
    this.undecodable += count;
    if (this.reported < MAX_REPORTED) {
      this.reported += 1;
      this.diagnostics.push(found());
    } else {
      this.unreported += 1;
    }
  }

  /** Counts one more line of what was rejected already. */
  countUndecodable(): void {
    this.undecodable += 1;
  }

  /** To be called once, at the file's end. */
  close(): void {
    if (this.unreported > 0) {
      this.note(diagnostic('logs/more-undecodable', { file: this.file, count: this.unreported }));
    }
  }

  /** Hands out what was gathered since the last call. */
  take(lines: number): DecodedBatch {
    const { file, events, diagnostics, blank, undecodable, quiet } = this;
    this.events = [];
    this.diagnostics = [];
    this.blank = 0;
    this.undecodable = 0;
    this.quiet = 0;
    return { file, events, diagnostics, lines, blank, undecodable, quiet };
  }
}
