import type { JsonObject } from '../../../base/json.ts';
import type { LogType, Shape } from '../../../logs/log-type.ts';
import { compileProgram } from '../compile.ts';
import type { Program } from '../program.ts';
import { type CheckNode, check, checkTree } from '../typescript/check-tree.ts';
import { RecordMemo } from '../typescript/memo.ts';
import { CERTAIN } from './layout.ts';
import { ProgramClasses, ProgramScans, type RecordClass } from './program-classes.ts';
import { RawScanner, type Recognition, type Scanned } from './raw-scanner.ts';
import type { ScanClass } from './scan-class.ts';

/** What a record is. */
export interface Kind {
  readonly type: LogType;
  readonly shape: Shape;
  /** Every record of the kind is wanted, and nothing is to be decided of it. */
  readonly isOpen?: boolean;
}

export interface KernelSource {
  /** Undefined for what is no single record. */
  recognise(event: JsonObject): Kind | undefined;
  /** Parses a line that is a JSON object, as the decoder does. */
  parse(text: string): JsonObject;
  /** The rules of a log type in a shape; the same object every time. */
  programOf(kind: Kind): Program;
}

/** Takes what is found, in the order of lines. Offsets are in the bytes at hand; lines count from 0 in them. */
export interface MatchSink {
  /** A record that rules match: their indexes in its program, ascending; undefined where its kind is open. */
  match(found: {
    readonly start: number;
    readonly end: number;
    readonly line: number;
    readonly kind: Kind;
    /** The record, where rules could not be decided without parsing it. */
    readonly event: JsonObject | undefined;
    readonly rules: readonly number[] | undefined;
  }): void;
  /** A line that the kernel does not read: the decoder and the reference have to. False ends the scan after this line. */
  odd(start: number, end: number, line: number): boolean;
}

interface KindState {
  readonly kind: Kind;
  readonly classes: ProgramClasses;
  readonly scans: ProgramScans;
  readonly memo: RecordMemo;
  /** How each rule of the program is checked. */
  readonly checks: Map<number, CheckNode>;
  readonly members: Map<RecordClass, KindClass>;
}

/** A class of records of one kind. */
interface KindClass {
  readonly of: KindState;
  readonly records: RecordClass;
}

const NO_RULES = compileProgram([]);
const EVERY_LINE: ScanClass = { slots: [], always: [0], keywords: [], targets: 1 };

/**
 * Matches raw lines against the programs of whatever they turn out to be: the kernel names the lines and rules that come
 * into question, only these lines are parsed, and only these rules are checked, with the memory engine's own tests.
 */
export class KernelMatcher {
  private readonly source: KernelSource;
  private readonly scanner: RawScanner<Kind, KindClass>;
  private readonly kinds = new Map<Shape, Map<string, KindState>>();

  /**
   * `capacity`: bytes that are read at a time; longer lines are odd. `firstSample`: of so many records of a class its first index
   * is made.
   */
  constructor(source: KernelSource, capacity?: number, firstSample?: number) {
    this.source = source;
    const recognition: Recognition<Kind, KindClass> = {
      recognise: (event) => source.recognise(event),
      isSame: (one, other) => one.type === other.type && one.shape === other.shape && one.isOpen === other.isOpen,
      selectorsOf: (kind) => this.stateOf(kind).classes.selectors,
      classOf: (kind, event) => classIn(this.stateOf(kind), event),
      parse: (text) => source.parse(text),
      scanOf: ({ of, records }) => {
        if (of.kind.isOpen) return EVERY_LINE;
        return records.rules.length === 0 ? 'none' : of.scans.withoutIndex(records);
      },
      *indexOf({ of, records }, sample) {
        return of.kind.isOpen ? EVERY_LINE : yield* of.scans.withIndex(records, sample);
      },
    };
    this.scanner = new RawScanner(recognition, capacity, firstSample);
  }

  /** Bytes of memory that the kernel uses. */
  get size(): number {
    return this.scanner.kernel.size;
  }

  /** How many classes of records were met. */
  get classes(): number {
    return this.scanner.classCount;
  }

  /** How many lines of each kind that is not open were read; odd ones are not among them. */
  counts(): readonly { readonly kind: Kind; readonly lines: number }[] {
    const found = new Map<Kind, number>();
    for (const [{ of }, lines] of this.scanner.counts()) {
      if (!of.kind.isOpen) found.set(of.kind, (found.get(of.kind) ?? 0) + lines);
    }
    return [...found].map(([kind, lines]) => ({ kind, lines }));
  }

  /** Matches whole lines; the last byte must be a line feed. */
  scan(bytes: Buffer, sink: MatchSink): Scanned {
    return this.scanner.scan(bytes, {
      odd: (start, end, line) => sink.odd(start, end, line),
      candidate: (start, end, line, found, targets) => {
        let event: JsonObject | undefined;
        const read = (): JsonObject => {
          event ??= this.source.parse(bytes.toString('utf8', start, end));
          return event;
        };
        const rules = found.of.kind.isOpen ? undefined : this.check(found, read, targets);
        if (rules === undefined || rules.length > 0)
          sink.match({ start, end, line, kind: found.of.kind, event, rules });
      },
    });
  }

  private check({ of, records }: KindClass, read: () => JsonObject, targets: Uint32Array): readonly number[] {
    const matched: number[] = [];
    let started = false;
    for (const target of targets) {
      const rule = records.rules[target & ~CERTAIN];
      if (rule !== undefined && target >= CERTAIN) {
        matched.push(rule.rule);
        continue;
      }
      if (!started) of.memo.start(read());
      started = true;
      const logic = rule && of.classes.program.rules[rule.rule]?.logic;
      if (rule === undefined || logic === undefined) continue;
      let node = of.checks.get(rule.rule);
      if (node === undefined) {
        node = checkTree(logic, () => 1);
        of.checks.set(rule.rule, node);
      }
      if (check(node, of.memo) === true) matched.push(rule.rule);
    }
    return matched.sort((a, b) => a - b);
  }

  private stateOf(kind: Kind): KindState {
    const byType = this.kinds.get(kind.shape) ?? new Map<string, KindState>();
    this.kinds.set(kind.shape, byType);
    const key = kind.isOpen ? `${kind.type.name} open` : kind.type.name;
    let state = byType.get(key);
    if (state === undefined) {
      const program = kind.isOpen ? NO_RULES : this.source.programOf(kind);
      state = {
        kind,
        classes: new ProgramClasses(program),
        scans: new ProgramScans(program),
        memo: new RecordMemo(program),
        checks: new Map(),
        members: new Map(),
      };
      byType.set(key, state);
    }
    return state;
  }
}

function classIn(state: KindState, event: JsonObject): KindClass {
  const records = state.classes.classOf(event);
  const found = state.members.get(records) ?? { of: state, records };
  state.members.set(records, found);
  return found;
}
