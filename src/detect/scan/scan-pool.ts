import { Worker } from 'node:worker_threads';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type KernelMark, type KernelState, NOTHING_TOLD } from '../../engines/stream/index.ts';
import type {
  FilePart,
  LineScanner,
  LineSink,
  LinesAhead,
  LinesScanned,
  LinesTold,
  PartTold,
} from '../../logs/decode/index.ts';
import { PartReader } from '../../logs/input/part-reader.ts';
import type { RuleScanner } from './rule-scanner.ts';
import type { ScanFound, ScanReply, ScanRequest, ScanSetup, ScanWork } from './scan-thread.ts';

/** Work that a thread has at once: what it does, and what waits so that it need not. */
const AT_ONCE = 2;
/** Threads start when there was so much work: to start them takes longer than to read a small log. */
const ENOUGH = 8;
/** A thread that misses nothing is told what is new with every so many requests: each time takes about a millisecond. */
const TOLD_EVERY = 16;
/** A thread that does not know so large a share of what it reads has to be taught before it goes on. */
const TOO_LITTLE_KNOWN = 1 / 8;
/** Pieces of a stream that wait, for each thread. */
const PIECES = 4;
/** Bytes of a piece. */
const PIECE = 1 << 20;

const LINE_FEED = 0x0a;
const NOTHING: LinesScanned = { lines: 0, blank: 0, bytes: 0 };

/** Leaves lines to the decoder. */
function unread(lines: Buffer, sink: LineSink): LinesScanned {
  let line = 0;
  let from = 0;
  for (let goesOn = true; goesOn && from < lines.length; line += 1) {
    const end = lines.indexOf(LINE_FEED, from) + 1;
    goesOn = sink.odd(lines.subarray(from, end), from, line);
    from = end;
  }
  return { lines: line, blank: 0, bytes: from };
}

interface Task {
  readonly work: ScanWork;
  /** Undefined where there is nothing, or where it failed. */
  readonly done: (found: ScanFound | undefined) => void;
}

interface Thread {
  readonly worker: Worker;
  /** By the ids of requests, with what was told before them. */
  readonly tasks: Map<number, Task & { readonly version: number }>;
  state: 'starting' | 'ready' | 'gone';
  /** What it was told of what this thread has learned. */
  told: KernelMark;
  /** When it was told so much, it met too much that it does not know; it goes on when it can be told more. */
  behind: number;
  /** Whether it met anything that it does not know since it was told. */
  hasMissed: boolean;
  /** Requests since it was told. */
  untold: number;
}

/**
 * Scans pieces of logs with several threads, of which this is one. Only this one has rules, and learns what records there are; the
 * others read with copies of what it knows, and give back what they do not know. Each takes the next piece when it has time. What a
 * thread that fails had in hand is left to the decoder.
 */
export class ScanPool implements LinesAhead {
  readonly depth: number;
  readonly here: LineScanner;
  /** What made threads fail. */
  readonly diagnostics: Diagnostic[] = [];
  private readonly others: number;
  private readonly make: () => RuleScanner;
  private own: RuleScanner | undefined;
  private readonly reader = new PartReader();
  private readonly slots: readonly SharedArrayBuffer[];
  private readonly free: Uint8Array[];
  private readonly queue: Task[] = [];
  private threads: readonly Thread[] | undefined;
  private given = 0;
  private isAtWork = false;
  private isClosed = false;
  private isRetired = false;
  private requests = 0;

  /** `size`: how many threads. `make`: the scanner of this thread, when it is first needed. */
  constructor(size: number, make: () => RuleScanner) {
    this.others = size - 1;
    this.depth = this.others === 0 ? 0 : size * PIECES;
    this.slots = Array.from({ length: this.depth + 2 }, () => new SharedArrayBuffer(PIECE));
    this.free = this.slots.map((slot) => new Uint8Array(slot));
    this.make = make;
    this.here = { scan: (lines, sink) => (this.isRetired ? unread(lines, sink) : this.scanner().scan(lines, sink)) };
  }

  private scanner(): RuleScanner {
    this.own ??= this.make();
    return this.own;
  }

  /** Records that were scanned or told, and not given to anyone to be counted. */
  get counts(): RuleScanner['counts'] {
    return this.own?.counts ?? new Map();
  }

  /** Its rules are not those any more: lines that come yet are left to the decoder. The scanners that it was. */
  retire(): readonly RuleScanner[] {
    this.isRetired = true;
    return this.own === undefined ? [] : [this.own];
  }

  take(): Uint8Array {
    const memory = this.free.pop();
    if (memory === undefined) throw new Error('more pieces of logs are held than were agreed on');
    return memory;
  }

  release(memory: Uint8Array): void {
    this.free.push(memory);
  }

  async scanPart(part: FilePart): Promise<PartTold | undefined> {
    const found = await this.scan({ kind: 'part', part });
    if (found === undefined) return undefined;
    const { from, lines } = found;
    const size = lines.texts.length + lines.words.byteLength;
    return { from, end: from + lines.scanned.bytes, lines: this.told(found), size };
  }

  async scanPiece(lines: Uint8Array): Promise<LinesTold | undefined> {
    const slot = this.slots.indexOf(lines.buffer as SharedArrayBuffer);
    const found = await this.scan({ kind: 'piece', slot, offset: lines.byteOffset, length: lines.length });
    return found && this.told(found);
  }

  /** Nothing is to be scanned any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { done } of this.queue.splice(0)) done(undefined);
    await Promise.all(this.threads?.map(({ worker }) => worker.terminate()) ?? []);
  }

  private told({ lines }: ScanFound): LinesTold {
    return { tell: (sink) => (this.isRetired ? NOTHING : this.scanner().tell(lines, sink)) };
  }

  private scan(work: ScanWork): Promise<ScanFound | undefined> {
    if (this.isRetired) return Promise.resolve(undefined);
    return new Promise((done) => {
      this.given += 1;
      this.queue.push({ work, done });
      this.share();
    });
  }

  /** Gives work to threads that have time for it. */
  private share(): void {
    if (this.others > 0 && this.given >= ENOUGH) this.threads ??= this.start();
    for (const thread of this.threads ?? []) {
      while (this.hasTime(thread)) {
        const task = this.queue.shift();
        if (task === undefined) break;
        this.ask(thread, task);
      }
    }
    if (this.isAtWork || !this.takesPart()) return;
    this.isAtWork = true;
    // Not at once: what other threads have found comes first.
    setImmediate(() => {
      this.isAtWork = false;
      const task = this.takesPart() ? this.queue.shift() : undefined;
      task?.done(this.scanHere(task.work));
      this.share();
    });
  }

  /** Whether this thread is to scan, too. It has a stream to read already, and leaves the pieces of it to others if they keep up. */
  private takesPart(): boolean {
    const [next] = this.queue;
    if (next === undefined) return false;
    return next.work.kind === 'part' || this.queue.length >= PIECES || !this.threads?.some((one) => this.isFit(one));
  }

  private hasTime(thread: Thread): boolean {
    return thread.tasks.size < AT_ONCE && this.isFit(thread);
  }

  private isFit({ state, behind }: Thread): boolean {
    const { version } = this.scanner();
    // There is nothing to read by before this thread has learned something.
    return state === 'ready' && version > 0 && version > behind;
  }

  private ask(thread: Thread, task: Task): void {
    const id = this.requests++;
    thread.untold += 1;
    const state = thread.hasMissed || thread.untold >= TOLD_EVERY ? this.news(thread) : undefined;
    thread.tasks.set(id, { ...task, version: thread.told.version });
    const moved = state?.copies.map(({ bytes }) => bytes.buffer);
    thread.worker.postMessage({ id, work: task.work, state } satisfies ScanRequest, moved);
  }

  /** What a thread was not told yet. */
  private news(thread: Thread): KernelState | undefined {
    const scanner = this.scanner();
    if (scanner.version === thread.told.version) return undefined;
    const { state, mark } = scanner.state(thread.told);
    thread.told = mark;
    thread.hasMissed = false;
    thread.untold = 0;
    return state;
  }

  private scanHere(work: ScanWork): ScanFound | undefined {
    const found = this.linesOf(work);
    try {
      return found && { from: found.from, lines: this.scanner().read(found.bytes) };
    } catch {
      // The decoder comes upon it too, and tells.
      return undefined;
    }
  }

  private linesOf(work: ScanWork): { readonly from: number; readonly bytes: Buffer } | undefined {
    switch (work.kind) {
      case 'part':
        return this.reader.read(work.part);
      case 'piece': {
        const memory = this.slots[work.slot];
        return memory && { from: 0, bytes: Buffer.from(memory, work.offset, work.length) };
      }
    }
  }

  private start(): readonly Thread[] {
    return Array.from({ length: this.others }, () => this.startThread({ slots: this.slots }));
  }

  private startThread(setup: ScanSetup): Thread {
    const url = new URL('./scan-thread.js', import.meta.url);
    const thread: Thread = {
      worker: new Worker(url, { workerData: setup, env: {}, execArgv: [] }),
      tasks: new Map(),
      state: 'starting',
      told: NOTHING_TOLD,
      behind: -1,
      hasMissed: true,
      untold: 0,
    };
    const end = (reason: string): void => {
      if (thread.state === 'gone') return;
      thread.state = 'gone';
      if (!this.isClosed) this.diagnostics.push(diagnostic('logs/worker', { reason }));
      for (const { done } of thread.tasks.values()) done(undefined);
      thread.tasks.clear();
      this.share();
    };
    thread.worker.on('message', ({ answer }: ScanReply) => {
      if (answer === undefined) thread.state = 'ready';
      else this.receive(thread, answer);
      this.share();
    });
    thread.worker.on('error', (error) => end(error.message));
    thread.worker.on('exit', (code) => end(`its exit code is ${code}`));
    return thread;
  }

  private receive(thread: Thread, { id, found }: NonNullable<ScanReply['answer']>): void {
    const task = thread.tasks.get(id);
    thread.tasks.delete(id);
    const unknown = found?.lines.unknown ?? 0;
    if (unknown > 0) thread.hasMissed = true;
    if (task !== undefined && unknown > TOO_LITTLE_KNOWN * (found?.lines.scanned.bytes ?? 0)) {
      thread.behind = Math.max(thread.behind, task.version);
    }
    task?.done(found);
  }
}
