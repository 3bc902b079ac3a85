import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '../../../base/json.ts';
import { readFirst } from '../../memory/raw.ts';
import { DONE, ODD_LINE, OUT_FULL, STAMPS_END, UNKNOWN_CLASS, WATCH_SIGN_KIND, WATCH_SIGN_VALUE } from './layout.ts';
import { recorded } from './read-recorder.ts';
import type { ScanClass } from './scan-class.ts';
import { ScanKernel } from './scan-kernel.ts';
import type { Steps } from './steps.ts';

/** One place in a record: the value at the first path that exists. */
interface Selector {
  readonly paths: readonly (readonly string[])[];
}

/** What the scanner needs to know of records: `R`, what they are, and `T`, their class. */
export interface Recognition<R, T> {
  /** Undefined for what is no single record: the decoder takes it apart. */
  recognise(event: JsonObject): R | undefined;
  isSame(one: R, other: R): boolean;
  /** Places that say, beside recognition, which class a record is of. */
  selectorsOf(recognised: R): readonly Selector[];
  /** The class: the same object for records that are equal in what selectors and recognition read. */
  classOf(recognised: R, event: JsonObject): T;
  /** Parses a line that the kernel found to be a JSON object. */
  parse(text: string): JsonObject;
  /**
   * What rules look for in such records, of which none was seen yet; `none` where no rule wants them;
   * `unable` where the kernel cannot look for it, so that all of them come out as odd lines.
   */
  scanOf(of: T): ScanClass | 'none' | 'unable';
  /** The same, now that records of the class were seen. */
  indexOf(of: T, sample: readonly JsonObject[]): Steps<ScanClass>;
}

/** Takes what a scan gives, in the order of lines. Offsets are in the scanned bytes; lines count from 0. */
export interface LineSink<T> {
  /**
   * A line that some target may want. `targets` is valid during the call; those of which nothing is left to decide are marked
   * by `CERTAIN`.
   */
  candidate(start: number, end: number, line: number, of: T, targets: Uint32Array): void;
  /** A line for the reference: not a JSON object, not UTF-8, or too unusual. False ends the scan after this line. */
  odd(start: number, end: number, line: number): boolean;
}

/** How far a scan came. */
export interface Scanned {
  readonly lines: number;
  /** Of these lines. */
  readonly blank: number;
  /** All that there were, but where a sink ended the scan. */
  readonly bytes: number;
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
  'time',
  'eventTimestamp',
  'resourceId',
  'operationName',
]);

const NEVER = 'never';

/** Of how many records of a class its index is made, and after how many lines of the class they are gathered. */
interface Lesson {
  readonly after: number;
  readonly records: number;
}

/** The first index is made soon, as without one every rule is asked; later ones know more, and follow the log. */
const LESSONS: readonly Lesson[] = [
  { after: 0, records: 48 },
  { after: 2_000, records: 96 },
  { after: 20_000, records: 96 },
];
/** So long at least an index is worked on before lines are read again; else as long as reading took, which is slow without it. */
const AT_ONCE_MS = 4;
/** So many bytes are read at a time while records are gathered. */
const STEP = 1 << 17;

interface Learned<T> {
  readonly of: T;
  readonly id: number;
  /** While records are gathered: they all come out, with a target for that first. */
  sample: JsonObject[] | undefined;
  /** The lesson at hand, or the one to come. */
  lesson: number;
}

/** Scans chunks of lines for candidates, learning on the way what classes of records there are. */
export class RawScanner<R, T extends object> {
  readonly kernel: ScanKernel;
  private readonly recognition: Recognition<R, T>;
  private readonly lessons: readonly Lesson[];
  private readonly ids = new Map<T, number | typeof NEVER>();
  private readonly classes: Learned<T>[] = [];
  /** How many classes gather records. */
  private gathering = 0;
  /** Indexes that are being made. */
  private readonly building = new Map<Learned<T>, Steps<void>>();
  /** Offsets are those of what the kernel has at hand. */
  private part: Buffer = Buffer.alloc(0);

  /** `firstSample`: of so many records of a class its first index is made. */
  constructor(recognition: Recognition<R, T>, capacity?: number, firstSample?: number) {
    this.recognition = recognition;
    this.lessons = firstSample === undefined ? LESSONS : [{ after: 0, records: firstSample }, ...LESSONS.slice(1)];
    this.kernel = new ScanKernel((text) => recognition.parse(text), capacity);
  }

  /** How many classes were met. */
  get classCount(): number {
    return this.classes.length;
  }

  /** Lines seen of each class, odd ones not counted. */
  *counts(): Generator<readonly [T, number]> {
    for (const [index, { of }] of this.classes.entries()) yield [of, this.kernel.linesOf(index)];
  }

  /**
   * Scans whole lines: the last byte must be a line feed. A line longer than the kernel's capacity is odd.
   */
  scan(bytes: Buffer, sink: LineSink<T>): Scanned {
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
          if (!sink.odd(from, end - 1, lines - 1)) return { lines, blank, bytes: end };
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
  private scanByLine(part: Buffer, origin: number, before: number, sink: LineSink<T>): Scanned {
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
        if (!sink.odd(origin + at, origin + end - 1, before + lines - 1)) return { lines, blank, bytes: good };
      }
      at = end;
    }
    flush(part.length);
    return { lines, blank, bytes: good };
  }

  private scanPart(part: Buffer, origin: number, before: number, sink: LineSink<T>): Scanned {
    const { kernel } = this;
    kernel.load(part);
    this.part = part;
    let lines = 0;
    let blank = 0;
    for (let from = 0; ; ) {
      const started = performance.now();
      const state = kernel.run(from, this.stepEnd(part, from));
      this.deliver(origin, before + lines, sink);
      this.relearn(performance.now() - started);
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
      if (state.reason === UNKNOWN_CLASS && this.learn(part.toString('utf8', state.at, state.end))) continue;
      if (state.reason === ODD_LINE || state.reason === UNKNOWN_CLASS) {
        lines += 1;
        from = state.end + 1;
        if (!sink.odd(origin + state.at, origin + state.end, before + lines - 1)) return { lines, blank, bytes: from };
      }
    }
  }

  private deliver(origin: number, before: number, sink: LineSink<T>): void {
    const { words, origin: input } = this.kernel.output();
    for (let at = 0; at < words.length; ) {
      let first = at + 5;
      const next = first + (words[at + 4] ?? 0);
      const found = this.classes[words[at + 3] ?? 0];
      if (found === undefined) throw new Error('the scan kernel gave a class that there is not');
      const start = (words[at] ?? 0) - input;
      const end = (words[at + 1] ?? 0) - input;
      const { sample } = found;
      if (sample !== undefined) {
        first += 1;
        if (sample.length < (this.lessons[found.lesson]?.records ?? 0)) {
          sample.push(this.recognition.parse(this.part.toString('utf8', start, end)));
        }
      }
      if (first < next) {
        const line = before + (words[at + 2] ?? 0);
        sink.candidate(origin + start, origin + end, line, found.of, words.subarray(first, next));
      }
      at = next;
    }
  }

  /** How far to read at once: while records are gathered, only so far that no more come out than are wanted. */
  private stepEnd(part: Buffer, from: number): number {
    if (this.gathering === 0 || part.length - from <= STEP) return part.length;
    const end = part.lastIndexOf(0x0a, from + STEP - 1) + 1;
    return end > from ? end : part.indexOf(0x0a, from) + 1;
  }

  /**
   * Makes the index of classes for the records that were gathered, and gathers anew when many more have passed. `passed`: how long
   * the lines before took.
   */
  private relearn(passed: number): void {
    for (const found of this.classes) {
      const lesson = this.lessons[found.lesson];
      if (lesson === undefined) continue;
      const { sample, of, id } = found;
      if (sample === undefined) {
        if (this.kernel.linesOf(id) < lesson.after) continue;
        found.sample = [];
        this.kernel.setSampling(id, true);
        this.gathering += 1;
      } else if (sample.length >= lesson.records && !this.building.has(found)) {
        this.building.set(found, this.indexed(of, id, sample));
      }
    }
    this.build(Math.max(passed, AT_ONCE_MS));
  }

  private *indexed(of: T, id: number, sample: readonly JsonObject[]): Steps<void> {
    yield* this.kernel.replaceClass(id, yield* this.recognition.indexOf(of, sample));
  }

  /** Goes on with one index, for so many milliseconds. Lines of its class come out until it is done. */
  private build(time: number): void {
    const [next] = this.building;
    if (next === undefined) return;
    const [found, work] = next;
    const until = performance.now() + time;
    while (!work.next().done) if (performance.now() > until) return;
    this.building.delete(found);
    found.sample = undefined;
    found.lesson += 1;
    this.gathering -= 1;
    this.kernel.setSampling(found.id, false);
  }

  /** Finds out what a line is, and teaches it to the kernel; false where the kernel cannot be taught. */
  private learn(text: string): boolean {
    const event = this.recognition.parse(text);
    const { event: noted, reads } = recorded(event, KIND_ONLY);
    const recognised = this.recognition.recognise(noted);
    const sure = this.recognition.recognise(event);
    if (reads.beyond || recognised === undefined || sure === undefined) return false;
    if (!this.recognition.isSame(recognised, sure)) return false;
    let isNew = this.watchSelectors(recognised, event);
    if (isNew === undefined) return false;
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
    const id = this.idOf(this.recognition.classOf(recognised, event));
    if (id === NEVER) return false;
    this.kernel.learn(id);
    return true;
  }

  /** Whether that is new; undefined where they cannot be watched. */
  private watchSelectors(recognised: R, event: JsonObject): boolean | undefined {
    let isNew = false;
    for (const { paths } of this.recognition.selectorsOf(recognised)) {
      for (const path of paths) {
        for (let length = 1; length <= path.length; length += 1) {
          const node = this.kernel.keys.nodeOf(path.slice(0, length));
          if (node === undefined) return undefined;
          if (this.kernel.keys.mark(node, WATCH_SIGN_VALUE)) isNew = true;
        }
        if (readFirst(event, [path], 'each') !== undefined) break;
      }
    }
    return isNew;
  }

  private idOf(of: T): number | typeof NEVER {
    const known = this.ids.get(of);
    if (known !== undefined) return known;
    const scan = this.recognition.scanOf(of);
    const id = scan === 'unable' ? NEVER : (this.kernel.addClass(scan === 'none' ? undefined : scan) ?? NEVER);
    this.ids.set(of, id);
    if (id !== NEVER) {
      const found: Learned<T> = { of, id, sample: undefined, lesson: scan === 'none' ? this.lessons.length : 0 };
      this.classes[id] = found;
      if (scan !== 'none') {
        found.sample = [];
        this.kernel.setSampling(id, true);
        this.gathering += 1;
      }
    }
    return id;
  }
}
