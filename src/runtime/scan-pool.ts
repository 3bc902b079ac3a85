import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule.ts';
import type { FilePart, LineScanner, LinesAhead, LinesTold, PartTold } from '../logs/decode/index.ts';
import { PartReader } from '../logs/input/part-reader.ts';
import type { RuleScanner } from './rule-scanner.ts';
import { linesTold } from './scan-outcome.ts';
import type { ScanFound, ScanReply, ScanRequest, ScanSetup, ScanWork } from './scan-thread.ts';

/** Work that a thread has at once: what it does, and what waits so that it need not. */
const AT_ONCE = 2;
/** Threads start when so much work waits: to start them takes longer than a small log. */
const ENOUGH = 8;
/** Pieces of a stream that wait, for each thread. */
const PIECES = 4;
/** Bytes of a piece. */
const PIECE = 1 << 20;

interface Task {
  readonly work: ScanWork;
  /** Undefined where there is nothing, or where it failed. */
  readonly done: (found: ScanFound | undefined) => void;
}

interface Thread {
  readonly worker: Worker;
  /** By the ids of requests; empty and closed once the thread is gone. */
  readonly tasks: Map<number, Task>;
  /** One that meets much that is new is slow: it learns from what this thread scans, until little of it is. */
  state: 'idle' | 'learning' | 'ready' | 'gone';
}

/**
 * Scans pieces of logs with several threads, of which this is one. Each takes the next piece when it has time; what a thread that
 * fails had in hand is left to the decoder.
 */
export class ScanPool implements LinesAhead {
  readonly depth: number;
  readonly here: LineScanner;
  /** What made threads fail. */
  readonly diagnostics: Diagnostic[] = [];
  private readonly others: number;
  private readonly rules: readonly Rule[];
  private readonly logType: string | undefined;
  private readonly scanner: () => RuleScanner;
  private readonly reader = new PartReader();
  private readonly counts = new Map<string, number>();
  private readonly slots: readonly SharedArrayBuffer[];
  private readonly free: Uint8Array[];
  private readonly queue: Task[] = [];
  private threads: readonly Thread[] | undefined;
  private isAtWork = false;
  private requests = 0;

  /** `size`: how many threads. `scanner`: that of this thread, made when it is first needed. */
  constructor(size: number, rules: readonly Rule[], logTypeName: string | undefined, scanner: () => RuleScanner) {
    this.others = size - 1;
    this.depth = this.others === 0 ? 0 : size * PIECES;
    this.slots = Array.from({ length: this.depth + 2 }, () => new SharedArrayBuffer(PIECE));
    this.free = this.slots.map((slot) => new Uint8Array(slot));
    this.rules = rules;
    this.logType = logTypeName;
    this.scanner = scanner;
    this.here = { scan: (lines, sink) => scanner().scan(lines, sink) };
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
    const { from, outcome } = found;
    const size = outcome.texts.length + outcome.words.byteLength;
    return { from, end: from + outcome.scanned.bytes, lines: this.told(found), size };
  }

  async scanPiece(lines: Uint8Array): Promise<LinesTold | undefined> {
    const slot = this.slots.indexOf(lines.buffer as SharedArrayBuffer);
    const found = await this.scan({ kind: 'piece', slot, offset: lines.byteOffset, length: lines.length });
    return found && this.told(found);
  }

  /** Records of what was told, and not given to anyone to be counted. */
  recordsByType(): ReadonlyMap<string, number> {
    return this.counts;
  }

  async close(): Promise<void> {
    await Promise.all(this.threads?.map(({ worker }) => worker.terminate()) ?? []);
  }

  private told({ outcome }: ScanFound): LinesTold {
    return linesTold(outcome, (type, records) => this.counts.set(type, (this.counts.get(type) ?? 0) + records));
  }

  private scan(work: ScanWork): Promise<ScanFound | undefined> {
    return new Promise((done) => {
      this.queue.push({ work, done });
      this.share();
    });
  }

  /** Gives work to threads that have time for it. */
  private share(): void {
    if (this.others > 0 && this.queue.length >= ENOUGH) this.threads ??= this.start();
    for (const thread of this.threads ?? []) {
      while (thread.state === 'ready' && thread.tasks.size < AT_ONCE) {
        const task = this.queue.shift();
        if (task === undefined) break;
        this.ask(thread, task);
      }
    }
    if (this.isAtWork || this.queue.length === 0) return;
    this.isAtWork = true;
    // Not at once: what other threads have found comes first.
    setImmediate(() => {
      this.isAtWork = false;
      const task = this.queue.shift();
      task?.done(this.scanHere(task.work));
      this.share();
    });
  }

  private scanHere(work: ScanWork): ScanFound | undefined {
    const lines = this.linesOf(work);
    if (lines === undefined) return undefined;
    for (const thread of this.threads ?? []) {
      if (thread.state !== 'idle') continue;
      thread.state = 'learning';
      this.ask(thread, { work: { kind: 'lesson', lines: Uint8Array.from(lines.bytes) }, done: () => {} });
    }
    return { from: lines.from, outcome: this.scanner().write(lines.bytes) };
  }

  private linesOf(work: ScanWork): { readonly from: number; readonly bytes: Uint8Array } | undefined {
    switch (work.kind) {
      case 'part':
        return this.reader.read(work.part);
      case 'piece': {
        const memory = this.slots[work.slot];
        return memory && { from: 0, bytes: new Uint8Array(memory, work.offset, work.length) };
      }
      case 'lesson':
        return undefined;
    }
  }

  private ask({ worker, tasks }: Thread, task: Task): void {
    const id = this.requests++;
    tasks.set(id, task);
    worker.postMessage({ id, work: task.work } satisfies ScanRequest);
  }

  private start(): readonly Thread[] {
    const written = serialize(this.rules);
    const rules = new SharedArrayBuffer(written.length);
    new Uint8Array(rules).set(written);
    return Array.from({ length: this.others }, () =>
      this.startThread({ rules, logType: this.logType, slots: this.slots }),
    );
  }

  private startThread(setup: ScanSetup): Thread {
    const url = new URL('./scan-thread.js', import.meta.url);
    const thread: Thread = {
      worker: new Worker(url, { workerData: setup, env: {}, execArgv: [] }),
      tasks: new Map(),
      state: 'idle',
    };
    const broken = (): void => {
      thread.state = 'gone';
      for (const { done } of thread.tasks.values()) done(undefined);
      thread.tasks.clear();
    };
    thread.worker.on('message', ({ id, found, learned }: ScanReply) => {
      const task = thread.tasks.get(id);
      thread.tasks.delete(id);
      if (thread.state === 'learning') thread.state = learned ? 'idle' : 'ready';
      this.share();
      task?.done(found);
    });
    thread.worker.on('error', (error) => {
      this.diagnostics.push(diagnostic('logs/worker', { reason: error.message }));
      broken();
    });
    thread.worker.on('exit', broken);
    return thread;
  }
}
