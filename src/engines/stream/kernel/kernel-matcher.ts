import type { JsonObject } from '../../../base/json.ts';
import type { LogType, Shape } from '../../../logs/log-type.ts';
import type { Program } from '../program.ts';
import { type CheckNode, check, checkTree } from '../typescript/check-tree.ts';
import { RecordMemo } from '../typescript/memo.ts';
import type { Scanned } from './kernel-reader.ts';
import type { KernelMark, KernelState } from './kernel-state.ts';
import { CERTAIN } from './layout.ts';
import { type LinesRead, readLines, tellLines } from './lines-read.ts';
import { ProgramClasses, ProgramScans, type RecordClass, type TimePlace } from './program-classes.ts';
import { RawScanner, type Recognition } from './raw-scanner.ts';

/** What a record is. */
export interface Kind {
  readonly type: LogType;
  readonly shape: Shape;
}

export interface KernelSource {
  /** Undefined for what is no single record. */
  recognise(event: JsonObject): Kind | undefined;
  /** Parses a line that is a JSON object, as the decoder does. */
  parse(text: string): JsonObject;
  /** The rules of a log type in a shape; the same object every time. */
  programOf(kind: Kind): Program;
  /** Where the latest time of all records is wanted. */
  readonly time?: {
    /** Where it stands; the same for all kinds of one program. */
    placeOf(kind: Kind): TimePlace;
    /** Takes the time of a record of which that does not tell it. */
    follow(event: JsonObject, kind: Kind): void;
    /** Takes the latest of many records, in ticks. */
    goOn(latest: bigint): void;
  };
}

/** Takes what is found, in the order of lines. Offsets are in the bytes at hand; lines count from 0 in them. */
export interface MatchSink {
  /** A record that rules match: their indexes in its program, ascending. */
  match(found: {
    readonly line: number;
    readonly kind: Kind;
    /** Parses the record, from bytes of its own, when it is first asked for; or it was parsed to decide rules. */
    readonly read: () => JsonObject;
    readonly rules: readonly number[];
  }): void;
  /** A line that the kernel does not read, with its line feed: the decoder and the reference have to. False ends the scan after it. */
  odd(text: Uint8Array, start: number, line: number): boolean;
}

/** What is made of a program, for all kinds of records that have it. */
interface ProgramState {
  readonly classes: ProgramClasses;
  readonly scans: ProgramScans;
  readonly memo: RecordMemo;
  /** How each rule of the program is checked. */
  readonly checks: Map<number, CheckNode>;
}

interface KindState {
  readonly kind: Kind;
  readonly program: ProgramState;
  readonly members: Map<RecordClass, KindClass>;
}

/** A class of records of one kind. */
interface KindClass {
  readonly of: KindState;
  readonly records: RecordClass;
}

/** A line that is parsed once at most. */
class LineRecord {
  private readonly source: KernelSource;
  private text: Buffer;
  private event: JsonObject | undefined;

  constructor(text: Buffer, source: KernelSource) {
    this.text = text;
    this.source = source;
  }

  readonly read = (): JsonObject => {
    this.event ??= this.source.parse(this.text.toString('utf8'));
    return this.event;
  };

  /** Copies what is not parsed yet: the memory will be used again. */
  keep(): void {
    if (this.event === undefined) this.text = Buffer.from(this.text);
  }
}

/**
 * Matches raw lines against the programs of whatever they turn out to be: the kernel names the lines and rules that come
 * into question, only these lines are parsed, and only these rules are checked, with the memory engine's own tests.
 */
export class KernelMatcher {
  private readonly source: KernelSource;
  private readonly scanner: RawScanner<Kind, KindClass>;
  private readonly kinds = new Map<Shape, Map<string, KindState>>();
  private readonly programs = new Map<Program, ProgramState>();
  private readonly seen = new Map<Kind, number>();

  /**
   * `capacity`: bytes that are read at a time; longer lines are odd. `firstSample`: of so many records of a class its first index
   * is made.
   */
  constructor(source: KernelSource, capacity?: number, firstSample?: number) {
    this.source = source;
    const recognition: Recognition<Kind, KindClass> = {
      recognise: (event) => source.recognise(event),
      isSame: (one, other) => one.type === other.type && one.shape === other.shape,
      selectorsOf: (kind) => this.stateOf(kind).program.classes.selectors,
      classOf: (kind, event) => classIn(this.stateOf(kind), event),
      searchOf: ({ records }) => records,
      parse: (text) => source.parse(text),
      scanOf: ({ of, records }) =>
        records.rules.length === 0 && source.time === undefined ? 'none' : of.program.scans.withoutIndex(records),
      indexOf: ({ of, records }, sample) => of.program.scans.withIndex(records, sample),
    };
    this.scanner = new RawScanner(recognition, capacity, firstSample);
  }

  /** How many lines of each kind were scanned or told; odd ones are not among them. */
  get counts(): ReadonlyMap<Kind, number> {
    return this.seen;
  }

  /** Grows with what the kernel learns. */
  get version(): number {
    return this.scanner.kernel.version;
  }

  /** What the kernel has learned since; see `ScanKernel`. */
  state(told: KernelMark): { readonly state: KernelState; readonly mark: KernelMark } {
    return this.scanner.kernel.state(told);
  }

  /** Matches whole lines; the last byte must be a line feed. */
  scan(bytes: Buffer, sink: MatchSink): Scanned {
    const { kernel } = this.scanner;
    const before = kernel.linesByClass();
    const scanned = this.scanner.scan(bytes, {
      odd: (start, end, line) => sink.odd(bytes.subarray(start, end + 1), start, line),
      candidate: (start, end, line, of, targets) =>
        this.candidate(bytes.subarray(start, end), false, line, of, targets, sink),
    });
    this.count(kernel.linesSince(before).entries());
    this.goOn(kernel.takeLatest()?.ticks);
    return scanned;
  }

  /** Reads whole lines, to match them later; to an end after so many odd lines in a row. */
  read(bytes: Buffer, mostOdd: number): LinesRead {
    return readLines(bytes, mostOdd, this.scanner);
  }

  /** Matches lines that were read here, or by a kernel that has adopted this one's state. */
  tell(lines: LinesRead, sink: MatchSink): Scanned {
    const { scanned, counts, latest } = tellLines(lines, {
      odd: (text, start, line) => sink.odd(text, start, line),
      candidate: (text, line, of, targets) => this.candidate(text, true, line, of, targets, sink),
      unknown: (text, start, line) => {
        let goesOn = true;
        const scanned = this.scan(text, {
          match: (found) => sink.match({ ...found, line: line + found.line }),
          odd: (odd, at, after) => {
            goesOn = sink.odd(odd, start + at, line + after);
            return goesOn;
          },
        });
        return { ...scanned, goesOn };
      },
    });
    this.count(counts);
    for (const one of latest) this.goOn(one);
    return scanned;
  }

  private goOn(latest: bigint | undefined): void {
    if (latest !== undefined) this.source.time?.goOn(latest);
  }

  private count(counts: Iterable<readonly [of: number, lines: number]>): void {
    for (const [id, lines] of counts) {
      const { kind } = this.scanner.classAt(id).of;
      if (lines > 0) this.seen.set(kind, (this.seen.get(kind) ?? 0) + lines);
    }
  }

  /** `isKept`: the text stays as it is. */
  private candidate(
    text: Buffer,
    isKept: boolean,
    line: number,
    id: number,
    targets: Uint32Array,
    sink: MatchSink,
  ): void {
    const found = this.scanner.classAt(id);
    const { kind } = found.of;
    const record = new LineRecord(text, this.source);
    const rules = this.check(found, record.read, targets);
    if (rules.length === 0) return;
    if (!isKept) record.keep();
    sink.match({ line, kind, read: record.read, rules });
  }

  private check({ of, records }: KindClass, read: () => JsonObject, targets: Uint32Array): readonly number[] {
    const { classes, memo, checks } = of.program;
    const matched: number[] = [];
    let started = false;
    for (const target of targets) {
      const rule = records.rules[target & ~CERTAIN];
      if (rule === undefined) {
        this.source.time?.follow(read(), of.kind);
        continue;
      }
      if (target >= CERTAIN) {
        matched.push(rule.rule);
        continue;
      }
      if (!started) memo.start(read());
      started = true;
      const logic = classes.program.rules[rule.rule]?.logic;
      if (logic === undefined) continue;
      let node = checks.get(rule.rule);
      if (node === undefined) {
        node = checkTree(logic, () => 1);
        checks.set(rule.rule, node);
      }
      if (check(node, memo) === true) matched.push(rule.rule);
    }
    return matched.sort((a, b) => a - b);
  }

  private stateOf(kind: Kind): KindState {
    const byType = this.kinds.get(kind.shape) ?? new Map<string, KindState>();
    this.kinds.set(kind.shape, byType);
    let state = byType.get(kind.type.name);
    if (state === undefined) {
      state = { kind, program: this.programState(this.source.programOf(kind), kind), members: new Map() };
      byType.set(kind.type.name, state);
    }
    return state;
  }

  private programState(program: Program, kind: Kind): ProgramState {
    const { time } = this.source;
    let state = this.programs.get(program);
    if (state === undefined) {
      state = {
        classes: new ProgramClasses(program),
        scans: new ProgramScans(program, time && { place: time.placeOf(kind) }),
        memo: new RecordMemo(program),
        checks: new Map(),
      };
      this.programs.set(program, state);
    }
    return state;
  }
}

function classIn(state: KindState, event: JsonObject): KindClass {
  const records = state.program.classes.classOf(event);
  const found = state.members.get(records) ?? { of: state, records };
  state.members.set(records, found);
  return found;
}
