import type { JsonObject } from '../../../base/json.ts';
import type { DateTime } from '../../../values/value.ts';
import { Judges } from './judges.ts';
import { KERNEL_BINARY } from './kernel-binary.ts';
import { KernelMemory } from './kernel-memory.ts';
import type { KernelMark, KernelState } from './kernel-state.ts';
import { WATCH_ENVELOPE } from './layout.ts';
import type { ScanClass } from './scan-class.ts';
import { SlotTables } from './slot-tables.ts';
import { finish, type Steps } from './steps.ts';
import { WatchedKeys } from './watched-keys.ts';
import { type WasmGlobal, type WasmModule, webAssembly } from './web-assembly.ts';

/** What `assembly/index.ts` exports. Addresses and numbers are unsigned, but arrive signed. */
interface Exports {
  start(): void;
  run(from: number, end: number): number;
  hashKey(a: bigint, b: bigint, nodeAndLength: number): number;
  hashBytes(at: number, end: number): number;
  setKeys(table: number, mask: number, watch: number, descendants: number, spans: number): void;
  setKeySet(at: number): void;
  setSignatures(at: number, limit: number, table: number, mask: number): void;
  setClasses(at: number, lines: number, stamps: number, most: number): void;
  setBuffers(arena: number, arenaLimit: number, out: number, outLimit: number): void;
  setStamp(value: number): void;
  lastStamp(): number;
  forgetStamps(): void;
  heapBase(): number;
  readonly stoppedAt: WasmGlobal;
  readonly lineEnd: WasmGlobal;
  readonly lines: WasmGlobal;
  readonly blank: WasmGlobal;
  readonly outEnd: WasmGlobal;
  readonly signatureEnd: WasmGlobal;
  readonly signatureHash: WasmGlobal;
}

/** How far a call of `run` came. */
export interface RunState {
  /** One of the reasons in `layout.ts`. */
  readonly reason: number;
  /** Offset, in what was loaded, of the line it stopped at, and of that line's end. */
  readonly at: number;
  readonly end: number;
  /** Lines passed, and how many of them were blank. */
  readonly lines: number;
  readonly blank: number;
}

const MAX_CLASSES = 1024;
const SIGNATURES = 8192;
const SIGN_ENTRY = 16;
/** As in `assembly/tokenise.ts`. */
const KEY_SET = 8 * 2048;
const SIGNATURE_ROOM = 1 << 20;
const LONGEST_SIGNATURE = 8192;
const OUT_ROOM = 1 << 20;
/** Vector loads reach so far beyond what they look at. */
const PAD = 64;
/** Keys of envelopes: a line that has a list there may hold many records. */
const ENVELOPES = ['records', 'Records', 'value'];

let compiled: WasmModule | undefined;

/** Whether this machine runs the kernel: it needs WebAssembly with SIMD. */
export function hasKernel(): boolean {
  try {
    return compile() !== undefined;
  } catch {
    return false;
  }
}

function compile(): WasmModule | undefined {
  if (webAssembly !== undefined) compiled ??= new webAssembly.Module(Buffer.from(KERNEL_BINARY, 'base64'));
  return compiled;
}

/**
 * The scan kernel with its memory. It reads up to `capacity` bytes of lines at a time; lines are of classes, which say what to
 * look for; which class a line is of, it knows from the line's signature: the values at the keys that recognition reads.
 */
export class ScanKernel {
  readonly capacity: number;
  readonly keys: WatchedKeys;
  private readonly judges: Judges;
  private readonly kernel: Exports;
  private readonly memory: KernelMemory;
  private readonly tables: SlotTables;
  private readonly input: number;
  private readonly out: number;
  private readonly classTable: number;
  private readonly classLines: number;
  private readonly signTable: number;
  private readonly signature: number;
  private readonly signRoom: number;
  private signNext: number;
  private signCount = 0;
  private classCount = 0;
  private stamps = 0;
  private maxTargets = 0;
  /** Where tables begin, and where those do that are being written. */
  private readonly firstTable: number;
  private unfinished: number | undefined;
  /** Counts what other kernels would have to be told. */
  private changes = 0;

  /** `parse`: a JSON object as the decoder reads it. */
  constructor(parse: (text: string) => JsonObject, capacity: number = 1 << 20) {
    this.capacity = capacity;
    this.judges = new Judges(parse);
    const code = compile();
    if (code === undefined || webAssembly === undefined) throw new Error('this machine has no WebAssembly');
    const memory = new webAssembly.Memory({ initial: 64 });
    const { exports } = new webAssembly.Instance(code, { env: { memory, abort, judge: this.judge } });
    // The binary is made from the sources that the interface describes.
    const kernel = exports as unknown as Exports;
    this.kernel = kernel;
    kernel.start();
    this.memory = new KernelMemory(memory, kernel.heapBase());
    this.keys = new WatchedKeys(this.memory, kernel);
    this.tables = new SlotTables(this.memory, kernel.hashBytes, (paths) => this.nodesOf(paths), this.judges);
    const reserve = (bytes: number): number => this.memory.reserve(bytes + PAD);
    this.classTable = reserve(4 * MAX_CLASSES);
    this.classLines = reserve(4 * MAX_CLASSES);
    this.signature = reserve(LONGEST_SIGNATURE);
    this.signTable = reserve(SIGN_ENTRY * 2 * SIGNATURES);
    this.signRoom = reserve(SIGNATURE_ROOM);
    this.signNext = this.signRoom;
    kernel.setKeySet(reserve(KEY_SET));
    kernel.setSignatures(this.signature, this.signature + LONGEST_SIGNATURE, this.signTable, 2 * SIGNATURES - 1);
    const arena = reserve(capacity + 2 * PAD);
    this.out = reserve(OUT_ROOM + 2 ** 20);
    kernel.setBuffers(arena, arena + capacity + 2 * PAD, this.out, this.out + OUT_ROOM + 2 ** 20);
    reserve(PAD);
    this.input = reserve(capacity);
    for (const name of ENVELOPES) {
      const node = this.keys.nodeOf([name]);
      if (node !== undefined) this.keys.mark(node, WATCH_ENVELOPE);
    }
    this.keys.commit();
    this.firstTable = this.memory.size;
  }

  /** Grows with all that other kernels would have to be told. */
  get version(): number {
    return this.changes;
  }

  /** What changed since `told`, and how much is told then. */
  state(told: KernelMark): { readonly state: KernelState; readonly mark: KernelMark } {
    const { memory, tables, judges } = this;
    const copy = (at: number, length: number): KernelState['copies'][number] => ({
      at,
      bytes: Uint8Array.from(memory.bytes.subarray(at, at + length)),
    });
    const from = Math.max(told.tables, this.firstTable);
    const regions: (readonly [number, number])[] = [
      [this.classTable, 4 * MAX_CLASSES],
      [this.signTable, SIGN_ENTRY * 2 * SIGNATURES],
      [this.signRoom, this.signNext - this.signRoom],
      ...this.keys.regions,
      [from, memory.size - from],
    ];
    return {
      state: {
        copies: regions.map(([at, length]) => copy(at, length)),
        size: memory.size,
        keys: this.keys.tablePlace,
        classCount: this.classCount,
        targetStamps: { at: this.stamps, most: this.maxTargets },
        lastStamp: this.kernel.lastStamp() >>> 0,
        stamps: tables.stamps.slice(told.stamps),
        judges: judges.since(told.judges),
      },
      mark: {
        version: this.changes,
        // What is being written changes still.
        tables: this.unfinished ?? memory.size,
        stamps: tables.stamps.length,
        judges: judges.count,
      },
    };
  }

  /** Becomes like the kernel whose state it is, which must have the same capacity. It is not to be taught anything itself. */
  adopt(state: KernelState): void {
    const { memory, tables } = this;
    memory.reserveUpTo(state.size);
    for (const { at, bytes } of state.copies) memory.bytes.set(bytes, at);
    this.keys.adopt(state.keys);
    this.classCount = state.classCount;
    this.stamps = state.targetStamps.at;
    this.maxTargets = state.targetStamps.most;
    for (const at of state.stamps) tables.stamps.push(at);
    for (const judge of state.judges) this.judges.add(judge);
    this.kernel.setStamp(Math.max(this.kernel.lastStamp() >>> 0, state.lastStamp));
    for (let id = 0; id < this.classCount; id += 1) this.setSampling(id, false);
  }

  /**
   * Adds a class and gives its number; undefined where it is too much for the kernel. `scan` undefined: no rule wants
   * such lines, they are only counted.
   */
  addClass(scan: ScanClass | undefined): number | undefined {
    const id = this.classCount;
    if (id >= MAX_CLASSES || (scan !== undefined && 4 * (scan.targets + 1) > OUT_ROOM)) return undefined;
    const at = scan === undefined ? 0 : finish(this.writeClass(scan));
    if (at === undefined) return undefined;
    this.classCount += 1;
    this.changes += 1;
    this.memory.words[(this.classTable >> 2) + id] = at;
    return id;
  }

  /** Adds a class in which is looked for the same as in another; undefined where it is too much for the kernel. */
  addClassLike(other: number): number | undefined {
    const id = this.classCount;
    if (id >= MAX_CLASSES) return undefined;
    this.classCount += 1;
    this.changes += 1;
    const { words } = this.memory;
    words[(this.classTable >> 2) + id] = words[(this.classTable >> 2) + other] ?? 0;
    return id;
  }

  /** Writes classes anew in which the same is looked for, now that more is known of the values they see; also those added meanwhile. */
  *replaceClasses(ids: readonly number[], scan: ScanClass): Steps<void> {
    this.unfinished = this.memory.size;
    const at = yield* this.writeClass(scan);
    this.unfinished = undefined;
    this.changes += 1;
    if (at === undefined) return;
    for (const id of ids) this.memory.words[(this.classTable >> 2) + id] = at;
  }

  /** How many lines of a class were passed. */
  linesOf(id: number): number {
    return this.memory.words[(this.classLines >> 2) + id] ?? 0;
  }

  /** The same of each class. */
  linesByClass(): Uint32Array<ArrayBuffer> {
    const from = this.classLines >> 2;
    return Uint32Array.from(this.memory.words.subarray(from, from + this.classCount));
  }

  /** The same, of lines after those counts. */
  linesSince(before: Uint32Array): Uint32Array<ArrayBuffer> {
    return this.linesByClass().map((count, of) => count - (before[of] ?? 0));
  }

  /** Whether every line of a class comes out with one more target before all others: the number of the class's targets. */
  setSampling(id: number, isSampling: boolean): void {
    const at = this.memory.words[(this.classTable >> 2) + id] ?? 0;
    if (at !== 0) this.tables.setSampling(at, isSampling);
  }

  private nodesOf(paths: readonly (readonly string[])[]): readonly number[] | undefined {
    const ids = paths.map((path) => (path.length === 0 ? undefined : this.keys.nodeOf(path)));
    const known = ids.filter((id) => id !== undefined);
    return known.length === ids.length ? known : undefined;
  }

  private *writeClass(scan: ScanClass): Steps<number | undefined> {
    if (scan.slots.some((slot) => this.nodesOf(slot.paths) === undefined)) return undefined;
    if (scan.targets >= this.maxTargets || this.stamps === 0) {
      this.maxTargets = Math.max(scan.targets + 1, 64);
      this.stamps = this.memory.reserve(4 * this.maxTargets);
    }
    const at = yield* this.tables.write(scan);
    this.keys.commit();
    this.kernel.setClasses(this.classTable, this.classLines, this.stamps, this.maxTargets);
    return at;
  }

  /** Copies lines in; the last must end with a line feed. */
  load(bytes: Uint8Array): void {
    const { buffer } = this.memory.memory;
    const input = new Uint8Array(buffer, this.input - PAD, this.capacity + 2 * PAD);
    input.set(bytes, PAD);
    input.fill(0x0a, PAD + bytes.length, PAD + bytes.length + PAD);
  }

  /** Reads what was loaded from one offset to another, both at the start of a line. */
  run(from: number, end: number): RunState {
    const { kernel, input } = this;
    if (this.stamps === 0) {
      this.maxTargets = 64;
      this.stamps = this.memory.reserve(4 * this.maxTargets);
    }
    kernel.setClasses(this.classTable, this.classLines, this.stamps, this.maxTargets);
    const reason = kernel.run(input + from, input + end);
    return {
      reason,
      at: unsigned(kernel.stoppedAt) - input,
      end: unsigned(kernel.lineEnd) - input,
      lines: unsigned(kernel.lines),
      blank: unsigned(kernel.blank),
    };
  }

  /**
   * What the last `run` gave out: for each line offset of its start, of its end, lines before it in that run, class, number of
   * targets, targets. Valid until the next call; offsets are still to be made relative by `origin`.
   */
  output(): { readonly words: Uint32Array; readonly origin: number } {
    const words = new Uint32Array(this.memory.memory.buffer, this.out, (unsigned(this.kernel.outEnd) - this.out) >> 2);
    return { words, origin: this.input };
  }

  /** Makes known which class lines with the signature of the line that the last `run` stopped at are of. */
  learn(id: number): void {
    const { memory, kernel, signTable } = this;
    const at = this.signature;
    const length = unsigned(kernel.signatureEnd) - at;
    if (this.signCount >= SIGNATURES || this.signNext + length > this.signRoom + SIGNATURE_ROOM)
      this.forgetSignatures();
    memory.bytes.copyWithin(this.signNext, at, at + length);
    const hash = unsigned(kernel.signatureHash);
    const { words } = memory;
    const mask = 2 * SIGNATURES - 1;
    let index = hash & mask;
    while (words[(signTable >> 2) + 4 * index + 1] !== 0) index = (index + 1) & mask;
    words.set([hash, this.signNext, length, id], (signTable >> 2) + 4 * index);
    // An empty signature takes room too: its address must not be zero, nor another's.
    this.signNext += length + 8;
    this.signCount += 1;
    this.changes += 1;
  }

  /** To be called when recognition turned out to read more keys. */
  forgetSignatures(): void {
    this.memory.bytes.fill(0, this.signTable, this.signTable + SIGN_ENTRY * 2 * SIGNATURES);
    this.signNext = this.signRoom;
    this.signCount = 0;
    this.changes += 1;
  }

  /** To be called when `run` stops for it. */
  forgetStamps(): void {
    this.kernel.forgetStamps();
    const { words } = this.memory;
    for (const at of this.tables.stamps) words[at >> 2] = 0;
  }

  /** The latest time of the lines that were read since it was last taken, where classes note the time. */
  takeLatest(): DateTime | undefined {
    return this.judges.takeLatest();
  }

  /** For `assembly/verify.ts`. */
  private readonly judge = (test: number, start: number, end: number, flags: number): number => {
    const spelling = Buffer.from(this.memory.memory.buffer, start, end - start).toString('utf8');
    return this.judges.ask(test, spelling, flags);
  };

  /** For tests: stamps that begin there. */
  setStamp(value: number): void {
    this.kernel.setStamp(value);
  }
}

function unsigned(global: WasmGlobal): number {
  const value: number = global.value;
  return value >>> 0;
}

function abort(): never {
  throw new Error('the scan kernel gave up');
}
