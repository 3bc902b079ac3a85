import { isUtf8 } from 'node:buffer';
import { DONE, ODD_LINE, OUT_FULL, STAMPS_END, UNKNOWN_CLASS } from './layout.ts';
import type { ScanKernel } from './scan-kernel.ts';

/** Takes what a scan gives, in the order of lines. Offsets are in the scanned bytes; lines count from 0. */
export interface CandidateSink {
  /**
   * A line that some target may want, of the class of that number. `targets` is valid during the call; those of which nothing is
   * left to decide are marked by `CERTAIN`.
   */
  candidate(start: number, end: number, line: number, of: number, targets: Uint32Array): void;
  /**
   * A line that is not read here: not a JSON object, not UTF-8, or too unusual; `isUnknown`: or only of no class that is known.
   * False ends the scan after this line.
   */
  odd(start: number, end: number, line: number, isUnknown: boolean): boolean;
}

/** How far a scan came. */
export interface Scanned {
  readonly lines: number;
  /** Of these lines. */
  readonly blank: number;
  /** All that there were, but where a sink ended the scan. */
  readonly bytes: number;
}

/** Teaches a kernel while it reads. */
export interface Teacher {
  /** Makes known what a line is; false where that cannot be. */
  teach(line: string): boolean;
  /** How far to read at once. */
  stepEnd(part: Buffer, from: number): number;
  /** Takes a line that has targets, and gives those that others are to see. */
  pass(line: () => string, of: number, targets: Uint32Array): Uint32Array;
  /** So many known lines were read, which took so many milliseconds. */
  rest(took: number, lines: number): void;
}

/** Reads chunks of lines with a kernel. */
export class KernelReader {
  readonly kernel: ScanKernel;
  private readonly teacher: Teacher | undefined;

  /** Without a teacher, lines of no known class are odd. */
  constructor(kernel: ScanKernel, teacher?: Teacher) {
    this.kernel = kernel;
    this.teacher = teacher;
  }

  /** Scans whole lines: the last byte must be a line feed. A line longer than the kernel's capacity is odd. */
  scan(bytes: Buffer, sink: CandidateSink): Scanned {
    let lines = 0;
    let blank = 0;
    const { capacity } = this.kernel;
    let from = 0;
    while (from < bytes.length) {
      let end = bytes.length;
      if (end - from > capacity) {
        end = bytes.lastIndexOf(0x0a, from + capacity - 1) + 1;
        if (end <= from) {
          end = bytes.indexOf(0x0a, from) + 1;
          lines += 1;
          if (!sink.odd(from, end - 1, lines - 1, false)) return { lines, blank, bytes: end };
          from = end;
          continue;
        }
      }
      const part = bytes.subarray(from, end);
      const done = isUtf8(part) ? this.scanPart(part, from, lines, sink) : this.scanByLine(part, from, lines, sink);
      lines += done.lines;
      blank += done.blank;
      from += done.bytes;
      if (done.bytes < part.length) break;
    }
    return { lines, blank, bytes: from };
  }

  /** Of a part that is not all UTF-8, the lines that are. */
  private scanByLine(part: Buffer, origin: number, before: number, sink: CandidateSink): Scanned {
    let lines = 0;
    let blank = 0;
    let good = 0;
    const flush = (end: number): boolean => {
      if (end === good) return true;
      const done = this.scanPart(part.subarray(good, end), origin + good, before + lines, sink);
      lines += done.lines;
      blank += done.blank;
      good += done.bytes;
      return good === end;
    };
    for (let at = 0; at < part.length; ) {
      const end = part.indexOf(0x0a, at) + 1;
      if (!isUtf8(part.subarray(at, end))) {
        if (!flush(at)) return { lines, blank, bytes: good };
        lines += 1;
        good = end;
        if (!sink.odd(origin + at, origin + end - 1, before + lines - 1, false)) return { lines, blank, bytes: good };
      }
      at = end;
    }
    flush(part.length);
    return { lines, blank, bytes: good };
  }

  private scanPart(part: Buffer, origin: number, before: number, sink: CandidateSink): Scanned {
    const { kernel, teacher } = this;
    kernel.load(part);
    let lines = 0;
    let blank = 0;
    for (let from = 0; ; ) {
      const started = performance.now();
      const state = kernel.run(from, teacher?.stepEnd(part, from) ?? part.length);
      this.deliver(part, origin, before + lines, sink);
      teacher?.rest(performance.now() - started, state.lines);
      lines += state.lines;
      blank += state.blank;
      from = state.at;
      if (state.reason === DONE) {
        if (from === part.length) return { lines, blank, bytes: from };
        continue;
      }
      if (state.reason === OUT_FULL) continue;
      if (state.reason === STAMPS_END) {
        kernel.forgetStamps();
        continue;
      }
      const isUnknown = state.reason === UNKNOWN_CLASS;
      if (isUnknown && teacher?.teach(part.toString('utf8', state.at, state.end))) continue;
      if (state.reason === ODD_LINE || isUnknown) {
        lines += 1;
        from = state.end + 1;
        const line = before + lines - 1;
        if (!sink.odd(origin + state.at, origin + state.end, line, isUnknown)) return { lines, blank, bytes: from };
      }
    }
  }

  private deliver(part: Buffer, origin: number, before: number, sink: CandidateSink): void {
    const { words, origin: input } = this.kernel.output();
    for (let at = 0; at < words.length; ) {
      const first = at + 5;
      const next = first + (words[at + 4] ?? 0);
      const of = words[at + 3] ?? 0;
      const start = (words[at] ?? 0) - input;
      const end = (words[at + 1] ?? 0) - input;
      const all = words.subarray(first, next);
      const targets = this.teacher?.pass(() => part.toString('utf8', start, end), of, all) ?? all;
      if (targets.length > 0) {
        sink.candidate(origin + start, origin + end, before + (words[at + 2] ?? 0), of, targets);
      }
      at = next;
    }
  }
}
