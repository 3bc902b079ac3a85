import { serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule.ts';
import type { LineScanner, LineSink, LinesAhead, LinesScanned } from '../logs/decode/index.ts';
import { logType } from '../logs/registry.ts';
import { type RuleScanner, readLater } from './rule-scanner.ts';
import { retell, type ScanOutcome } from './scan-outcome.ts';
import type { ScanReply, ScanRequest, ScanSetup } from './scan-thread.ts';

/** Pieces that each thread has at once: one it scans, and some that wait, so that it need not. */
const AT_ONCE = 4;
/** Bytes of a piece. */
const PIECE = 1 << 20;

interface Thread {
  readonly worker: Worker;
  /** Who waits for which piece; empty and closed once the thread is gone. */
  readonly waiting: Map<number, (outcome: ScanOutcome | undefined) => void>;
  isGone: boolean;
}

/** Threads that scan pieces of logs through shared memory. What a thread that fails had in hand is scanned here. */
export class ScanPool implements LinesAhead {
  readonly depth: number;
  readonly here: LineScanner;
  private readonly rules: readonly Rule[];
  private readonly logType: string | undefined;
  private readonly size: number;
  private readonly counts = new Map<string, number>();
  private readonly slots: readonly SharedArrayBuffer[];
  private readonly free: Uint8Array[];
  private threads: readonly Thread[] | undefined;
  /** What made threads fail. */
  readonly diagnostics: Diagnostic[] = [];
  private pieces = 0;

  /** `here`: the scanner of this thread, made when it is first needed. */
  constructor(size: number, rules: readonly Rule[], logTypeName: string | undefined, here: () => RuleScanner) {
    this.size = size;
    this.depth = size * AT_ONCE;
    this.slots = Array.from({ length: this.depth + 2 }, () => new SharedArrayBuffer(PIECE));
    this.free = this.slots.map((slot) => new Uint8Array(slot));
    this.rules = rules;
    this.logType = logTypeName;
    this.here = { scan: (lines, sink) => here().scan(lines, sink) };
  }

  take(): Uint8Array {
    const memory = this.free.pop();
    if (memory === undefined) throw new Error('more pieces of logs are held than were agreed on');
    return memory;
  }

  release(memory: Uint8Array): void {
    this.free.push(memory);
  }

  async scan(piece: Buffer): Promise<LineScanner> {
    this.threads ??= this.start();
    const [thread] = this.threads.filter(({ isGone }) => !isGone).sort((a, b) => a.waiting.size - b.waiting.size);
    const slot = this.slots.indexOf(piece.buffer as SharedArrayBuffer);
    if (thread === undefined || slot === -1) return this.here;
    const outcome = await ask(thread, { id: this.pieces++, slot, length: piece.length });
    return outcome === undefined ? this.here : { scan: (lines, sink) => this.tell(piece, outcome, lines, sink) };
  }

  /** Records of pieces that were scanned, and not given to anyone to be counted. */
  recordsByType(): ReadonlyMap<string, number> {
    return this.counts;
  }

  async close(): Promise<void> {
    await Promise.all(this.threads?.map(({ worker }) => worker.terminate()) ?? []);
  }

  private start(): readonly Thread[] {
    const written = serialize(this.rules);
    const rules = new SharedArrayBuffer(written.length);
    const setup: ScanSetup = { rules, logType: this.logType, slots: this.slots };
    new Uint8Array(setup.rules).set(written);
    return Array.from({ length: this.size }, () =>
      startThread(setup, (reason) => this.diagnostics.push(diagnostic('logs/worker', { reason }))),
    );
  }

  private tell(piece: Buffer, outcome: ScanOutcome, lines: Buffer, sink: LineSink): LinesScanned {
    const isPiece =
      lines.buffer === piece.buffer && lines.byteOffset === piece.byteOffset && lines.length === piece.length;
    if (!isPiece) return this.here.scan(lines, sink);
    const end = retell(outcome, {
      odd: (start, stop, line) => sink.odd(start, stop, line),
      record: (start, stop, line, kind, rules) => {
        const type = logType(kind.type);
        const shape = type.shapes.find(({ name }) => name === kind.shape);
        if (shape === undefined) throw new Error(`log type ${kind.type} has no shape ${kind.shape}`);
        sink.record(readLater(lines, start, stop), line, rules && { type, shape, rules });
      },
    });
    // Cut short: what is to be counted of the lines before is found out again.
    if (end !== undefined) return this.here.scan(lines.subarray(0, end), { record: () => {}, odd: () => true });
    for (const [type, count] of outcome.counts) this.counts.set(type, (this.counts.get(type) ?? 0) + count);
    return outcome.scanned;
  }
}

function startThread(setup: ScanSetup, onFailure: (reason: string) => void): Thread {
  const worker = new Worker(new URL('./scan-thread.js', import.meta.url), { workerData: setup, env: {}, execArgv: [] });
  const thread: Thread = { worker, waiting: new Map(), isGone: false };
  const broken = (): void => {
    thread.isGone = true;
    for (const resolve of thread.waiting.values()) resolve(undefined);
    thread.waiting.clear();
  };
  worker.on('message', ({ id, outcome }: ScanReply) => {
    thread.waiting.get(id)?.(outcome);
    thread.waiting.delete(id);
  });
  worker.on('error', (error) => {
    onFailure(error.message);
    broken();
  });
  worker.on('exit', broken);
  return thread;
}

function ask({ worker, waiting }: Thread, request: ScanRequest): Promise<ScanOutcome | undefined> {
  return new Promise((resolve) => {
    waiting.set(request.id, resolve);
    worker.postMessage(request);
  });
}
