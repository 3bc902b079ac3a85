import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '../../../base/json.ts';
import { DONE, ODD_LINE, OUT_FULL, UNKNOWN_CLASS, WATCH_SIGN_KIND, WATCH_SIGN_VALUE } from './layout.ts';
import { recorded } from './read-recorder.ts';
import type { ScanClass } from './scan-class.ts';
import { ScanKernel } from './scan-kernel.ts';
import type { GramWeight } from './slot-tables.ts';

/** What the scanner needs to know of records. `T` is what recognition gives: the same object for records of the same class. */
export interface Recognition<T> {
  recognise(event: JsonObject): T;
  /** Parses a line that the kernel found to be a JSON object. */
  parse(text: string): JsonObject;
  /**
   * What rules look for in such records; `none` where no rule wants them; `unable` where the kernel cannot look for it, so
   * that all of them come out as odd lines.
   */
  scanOf(recognised: T): ScanClass | 'none' | 'unable';
}

/** Takes what a scan gives, in the order of lines. Offsets are in the scanned bytes; lines count from 0. */
export interface LineSink<T> {
  /** A line that some target may want. `targets` is valid during the call. */
  candidate(start: number, end: number, line: number, recognised: T, targets: Uint32Array): void;
  /** A line for the reference: not a JSON object, not UTF-8, or too unusual. */
  odd(start: number, end: number, line: number): void;
}

/**
 * Keys whose values `recognise` does not look at, only at what kind of value they have. Were one of them read after all,
 * its replaced value would give another result for some records: those are never learned.
 */
const KIND_ONLY: ReadonlySet<string> = new Set([
  'TimeGenerated',
  'Timestamp',
  'timestamp',
  'message',
  'hostname',
  'appname',
  'eventVersion',
  'awsRegion',
  'eventSource',
  'eventName',
]);

const NEVER = 'never';

/** Scans chunks of lines for candidates, learning on the way what classes of records there are. */
export class RawScanner<T extends object> {
  readonly kernel: ScanKernel;
  private readonly recognition: Recognition<T>;
  private readonly weigh: GramWeight;
  private readonly ids = new Map<T, number | typeof NEVER>();
  private readonly recognised: T[] = [];

  constructor(recognition: Recognition<T>, weigh: GramWeight, capacity?: number) {
    this.recognition = recognition;
    this.weigh = weigh;
    this.kernel = new ScanKernel(capacity);
  }

  /** Lines seen of each class, odd ones not counted. */
  *counts(): Generator<readonly [T, number]> {
    for (const [index, recognised] of this.recognised.entries()) yield [recognised, this.kernel.linesOf(index)];
  }

  /**
   * Scans whole lines: the last byte must be a line feed. A line longer than the kernel's capacity is odd.
   * Gives the number of lines, and of blank ones among them.
   */
  scan(bytes: Buffer, sink: LineSink<T>): { readonly lines: number; readonly blank: number } {
    let lines = 0;
    let blank = 0;
    const { capacity } = this.kernel;
    for (let from = 0; from < bytes.length; ) {
      let end = bytes.length;
      if (end - from > capacity) {
        end = bytes.lastIndexOf(0x0a, from + capacity - 1) + 1;
        if (end <= from) {
          end = bytes.indexOf(0x0a, from) + 1;
          sink.odd(from, end - 1, lines);
          lines += 1;
          from = end;
          continue;
        }
      }
      const part = bytes.subarray(from, end);
      const done = isUtf8(part) ? this.scanPart(part, from, lines, sink) : this.scanByLine(part, from, lines, sink);
      lines += done.lines;
      blank += done.blank;
      from = end;
    }
    return { lines, blank };
  }

  /** Of a part that is not all UTF-8, the lines that are. */
  private scanByLine(
    part: Buffer,
    origin: number,
    before: number,
    sink: LineSink<T>,
  ): { lines: number; blank: number } {
    let lines = 0;
    let blank = 0;
    let good = 0;
    const flush = (end: number): void => {
      if (end === good) return;
      const done = this.scanPart(part.subarray(good, end), origin + good, before + lines, sink);
      lines += done.lines;
      blank += done.blank;
    };
    for (let at = 0; at < part.length; ) {
      const end = part.indexOf(0x0a, at) + 1;
      if (!isUtf8(part.subarray(at, end))) {
        flush(at);
        sink.odd(origin + at, origin + end - 1, before + lines);
        lines += 1;
        good = end;
      }
      at = end;
    }
    flush(part.length);
    return { lines, blank };
  }

  private scanPart(part: Buffer, origin: number, before: number, sink: LineSink<T>): { lines: number; blank: number } {
    const { kernel } = this;
    kernel.load(part);
    let lines = 0;
    let blank = 0;
    for (let from = 0; ; ) {
      const state = kernel.run(from, part.length);
      this.deliver(origin, before + lines, sink);
      lines += state.lines;
      blank += state.blank;
      from = state.at;
      if (state.reason === DONE) return { lines, blank };
      if (state.reason === OUT_FULL) continue;
      if (state.reason === UNKNOWN_CLASS && this.learn(part.toString('utf8', state.at, state.end))) continue;
      if (state.reason === ODD_LINE || state.reason === UNKNOWN_CLASS) {
        sink.odd(origin + state.at, origin + state.end, before + lines);
        lines += 1;
        from = state.end + 1;
      }
    }
  }

  private deliver(origin: number, before: number, sink: LineSink<T>): void {
    const { words, origin: input } = this.kernel.output();
    for (let at = 0; at < words.length; ) {
      const count = words[at + 4] ?? 0;
      const recognised = this.recognised[words[at + 3] ?? 0];
      const targets = words.subarray(at + 5, at + 5 + count);
      if (recognised === undefined) throw new Error('the scan kernel gave a class that there is not');
      const shift = origin - input;
      sink.candidate(
        (words[at] ?? 0) + shift,
        (words[at + 1] ?? 0) + shift,
        before + (words[at + 2] ?? 0),
        recognised,
        targets,
      );
      at += 5 + count;
    }
  }

  /** Finds out what a line is, and teaches it to the kernel; false where the kernel cannot be taught. */
  private learn(text: string): boolean {
    const event = this.recognition.parse(text);
    const { event: noted, reads } = recorded(event, KIND_ONLY);
    const recognised = this.recognition.recognise(noted);
    if (reads.beyond || recognised !== this.recognition.recognise(event)) return false;
    let isNew = false;
    for (const { path, asked } of reads.paths.values()) {
      const node = this.kernel.keys.nodeOf(path);
      if (node === undefined) return false;
      if (this.kernel.keys.mark(node, asked === 'value' ? WATCH_SIGN_VALUE : WATCH_SIGN_KIND)) isNew = true;
    }
    if (isNew) {
      // The line comes again, with a signature that has all of what was read.
      this.kernel.keys.commit();
      this.kernel.forgetSignatures();
      return true;
    }
    const id = this.idOf(recognised);
    if (id === NEVER) return false;
    this.kernel.learn(id);
    return true;
  }

  private idOf(recognised: T): number | typeof NEVER {
    const known = this.ids.get(recognised);
    if (known !== undefined) return known;
    const scan = this.recognition.scanOf(recognised);
    const id =
      scan === 'unable' ? NEVER : (this.kernel.addClass(scan === 'none' ? undefined : scan, this.weigh) ?? NEVER);
    this.ids.set(recognised, id);
    if (id !== NEVER) this.recognised[id] = recognised;
    return id;
  }
}
