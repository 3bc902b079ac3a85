import type { JsonObject } from '../../../base/json.ts';
import { PLAIN } from '../../../ir/construct.ts';
import { LOOKS } from '../../../logs/recognition-looks.ts';
import { readFirst } from '../../memory/raw.ts';
import { type CandidateSink, KernelReader, type Scanned, type Teacher } from './kernel-reader.ts';
import { WATCH_NAME, WATCH_NAMES, WATCH_SIGN_KIND, WATCH_SIGN_START, WATCH_SIGN_VALUE } from './layout.ts';
import { type Asked, recorded } from './read-recorder.ts';
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
  /** The same object for classes in which rules look for the same. */
  searchOf(of: T): object;
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

const WATCHES: Readonly<Record<Asked, number>> = {
  kind: WATCH_SIGN_KIND,
  start: WATCH_SIGN_START,
  value: WATCH_SIGN_VALUE,
};

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

/**
 * To teach a line takes many times as long as to read it by itself: so many may be taught at once, and one more for so many that were
 * read. Where hardly a line looks like another, most are odd.
 */
const MOST_TAUGHT = 2_000;
const LINES_A_LESSON = 50;

/** What is looked for in lines of some classes. */
interface Search<T> {
  /** The first of the classes. */
  readonly of: T;
  readonly ids: [number, ...number[]];
  /** While records are gathered: they all come out, with a target for that first. */
  sample: JsonObject[] | undefined;
  /** The lesson at hand, or the one to come. */
  lesson: number;
}

interface Learned<T> {
  readonly of: T;
  readonly search: Search<T>;
}

/** Scans chunks of lines for candidates, learning on the way what classes of records there are. */
export class RawScanner<R, T extends object> implements Teacher {
  readonly kernel: ScanKernel;
  private readonly reader: KernelReader;
  private readonly recognition: Recognition<R, T>;
  private readonly lessons: readonly Lesson[];
  private readonly ids = new Map<T, number | typeof NEVER>();
  private readonly classes: Learned<T>[] = [];
  private readonly searches = new Map<object, Search<T>>();
  /** How many searches gather records. */
  private gathering = 0;
  /** Indexes that are being made. */
  private readonly building = new Map<Search<T>, Steps<void>>();
  /** How many lines may be taught. */
  private patience = MOST_TAUGHT;

  /** `firstSample`: of so many records of a class its first index is made. */
  constructor(recognition: Recognition<R, T>, capacity?: number, firstSample?: number) {
    this.recognition = recognition;
    this.lessons = firstSample === undefined ? LESSONS : [{ after: 0, records: firstSample }, ...LESSONS.slice(1)];
    this.kernel = new ScanKernel((text) => recognition.parse(text), capacity);
    this.reader = new KernelReader(this.kernel, this);
  }

  /** The class of a number. */
  classAt(id: number): T {
    const found = this.classes[id];
    if (found === undefined) throw new Error('the scan kernel gave a class that there is not');
    return found.of;
  }

  /** Scans whole lines: the last byte must be a line feed. A line longer than the kernel's capacity is odd. */
  scan(bytes: Buffer, sink: CandidateSink): Scanned {
    return this.reader.scan(bytes, sink);
  }

  pass(line: () => string, of: number, targets: Uint32Array): Uint32Array {
    const search = this.classes[of]?.search;
    if (search?.sample === undefined) return targets;
    if (search.sample.length < (this.lessons[search.lesson]?.records ?? 0)) {
      search.sample.push(this.recognition.parse(line()));
    }
    return targets.subarray(1);
  }

  /** While records are gathered, only so far that no more come out than are wanted. */
  stepEnd(part: Buffer, from: number): number {
    if (this.gathering === 0 || part.length - from <= STEP) return part.length;
    const end = part.lastIndexOf(0x0a, from + STEP - 1) + 1;
    return end > from ? end : part.indexOf(0x0a, from) + 1;
  }

  /**
   * Makes indexes for the records that were gathered, and gathers anew when many more have passed.
   */
  rest(took: number, lines: number): void {
    this.patience = Math.min(MOST_TAUGHT, this.patience + lines / LINES_A_LESSON);
    for (const search of this.searches.values()) {
      const lesson = this.lessons[search.lesson];
      if (lesson === undefined) continue;
      const { sample, ids } = search;
      if (sample === undefined) {
        const lines = ids.reduce((sum, id) => sum + this.kernel.linesOf(id), 0);
        if (lines >= lesson.after) this.gather(search);
      } else if (sample.length >= lesson.records && !this.building.has(search)) {
        this.building.set(search, this.indexed(search, sample));
      }
    }
    this.build(Math.max(took, AT_ONCE_MS));
  }

  private gather(search: Search<T>): void {
    search.sample = [];
    this.kernel.setSampling(search.ids[0], true);
    this.gathering += 1;
  }

  private *indexed({ of, ids }: Search<T>, sample: readonly JsonObject[]): Steps<void> {
    yield* this.kernel.replaceClasses(ids, yield* this.recognition.indexOf(of, sample));
  }

  /** Goes on with one index, for so many milliseconds. Lines of its classes come out until it is done. */
  private build(time: number): void {
    const [next] = this.building;
    if (next === undefined) return;
    const [search, work] = next;
    const until = performance.now() + time;
    while (!work.next().done) if (performance.now() > until) return;
    this.building.delete(search);
    search.sample = undefined;
    search.lesson += 1;
    this.gathering -= 1;
    this.kernel.setSampling(search.ids[0], false);
  }

  /** Finds out what a line is, and teaches it to the kernel; false where the kernel cannot be taught. */
  teach(text: string): boolean {
    if (this.patience < 1) {
      this.patience += 1 / LINES_A_LESSON;
      return false;
    }
    this.patience -= 1;
    const event = this.recognition.parse(text);
    const { event: noted, reads } = recorded(event, LOOKS);
    const recognised = this.recognition.recognise(noted);
    const sure = this.recognition.recognise(event);
    if (reads.beyond || recognised === undefined || sure === undefined) return false;
    if (!this.recognition.isSame(recognised, sure)) return false;
    let isNew = this.watchSelectors(recognised, event);
    if (isNew === undefined) return false;
    for (const { path, asked } of reads.paths.values()) {
      const node = this.kernel.keys.nodeOf(path);
      if (node === undefined) return false;
      if (this.kernel.keys.mark(node, WATCHES[asked])) isNew = true;
    }
    if (reads.names && this.watchNames()) isNew = true;
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

  /** Whether it is new that the names at top level matter. */
  private watchNames(): boolean {
    const { keys } = this.kernel;
    let isNew = false;
    for (const name of LOOKS.names) {
      const node = keys.nodeOf([name]);
      // Without a node the name looks like any other: records that have it are not taken for what they are, and never learned.
      if (node !== undefined && keys.mark(node, WATCH_NAME | WATCH_SIGN_KIND)) isNew = true;
    }
    const root = keys.nodeOf([]);
    return (root !== undefined && keys.mark(root, WATCH_NAMES)) || isNew;
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
        if (readFirst(event, [path], PLAIN) !== undefined) break;
      }
    }
    return isNew;
  }

  private idOf(of: T): number | typeof NEVER {
    const known = this.ids.get(of);
    if (known !== undefined) return known;
    const id = this.addClass(of) ?? NEVER;
    this.ids.set(of, id);
    return id;
  }

  private addClass(of: T): number | undefined {
    const key = this.recognition.searchOf(of);
    const known = this.searches.get(key);
    if (known !== undefined) {
      const id = this.kernel.addClassLike(known.ids[0]);
      if (id === undefined) return undefined;
      known.ids.push(id);
      this.classes[id] = { of, search: known };
      return id;
    }
    const scan = this.recognition.scanOf(of);
    const id = scan === 'unable' ? undefined : this.kernel.addClass(scan === 'none' ? undefined : scan);
    if (id === undefined) return undefined;
    const search: Search<T> = { of, ids: [id], sample: undefined, lesson: scan === 'none' ? this.lessons.length : 0 };
    this.searches.set(key, search);
    this.classes[id] = { of, search };
    if (scan !== 'none') this.gather(search);
    return id;
  }
}
