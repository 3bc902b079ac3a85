import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { harnessSource } from './harness-source.ts';
import { SnapshotCache } from './snapshot-cache.ts';
import { type Job, type WorkerReply, type WorkerRequest, type WorkerSetup, workerMain } from './worker-main.ts';

export interface WorkerLimits {
  /** How long one rule may take on one event. */
  readonly timeLimitMs: number;
  /** How long a module may take to load, with what it imports. */
  readonly loadLimitMs: number;
  readonly memoryLimitBytes: number;
  /** After how many stops a rule is passed over. */
  readonly mostStops: number;
  /** Milliseconds since 1970; undefined: the clock goes. */
  readonly now: number | undefined;
  /** Where Python's memory after start is kept; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
}

/** What became of a batch of jobs. */
export type BatchOutcome =
  | { readonly kind: 'done'; readonly results: readonly string[] }
  /** The worker is gone. `results` are those of the jobs before `at` where they are known, else empty. */
  | {
      readonly kind: 'stopped';
      readonly results: readonly string[];
      readonly at: number;
      readonly why: 'timeout' | 'crash';
      readonly reason: string;
    };

/** How often the watchdog looks. */
const WATCH_MS = 25;
/** How long Python may take to follow an interrupt before the worker is ended. */
const GRACE_MS = 1_500;
/** How many interrupts one job may take before the worker is ended. */
const MOST_INTERRUPTS = 4;

/** One thread that runs Python. Takes one batch at a time. */
export class PythonWorker {
  private readonly worker: Worker;
  private readonly status: Int32Array;
  private readonly interrupt: Uint8Array;
  private readonly limits: WorkerLimits;
  private batches = 0;
  private gone = false;
  /** Who waits for the thread's answer. */
  private onReply: (reply: WorkerReply) => void = () => {};

  private constructor(setup: WorkerSetup, limits: WorkerLimits) {
    this.status = new Int32Array(setup.status);
    this.interrupt = new Uint8Array(setup.interrupt);
    this.limits = limits;
    const program = `(${workerMain.toString()})();`;
    this.worker = new Worker(program, { eval: true, workerData: setup, env: {}, stdout: true, stderr: true });
    const broken = (reason: string): void => {
      this.gone = true;
      this.onReply({ kind: 'broken', reason });
    };
    // The listeners stay: a thread without an error listener would end the process when it fails.
    this.worker.on('message', (reply: WorkerReply) => this.onReply(reply));
    this.worker.on('error', (error) => broken(String(error)));
    this.worker.on('exit', (code) => broken(`the thread ended with code ${code}`));
  }

  /** Starts a thread and Python in it; throws where that fails. */
  static async start(limits: WorkerLimits): Promise<PythonWorker> {
    const require = createRequire(import.meta.url);
    const pyodide = require.resolve('pyodide');
    const harness = harnessSource();
    const { version } = require('pyodide/package.json') as { readonly version: string };
    const { cacheFolder } = limits;
    const key = JSON.stringify([version, process.version, process.arch, harness]);
    const cache = cacheFolder === undefined ? undefined : new SnapshotCache(cacheFolder, key);
    const begin = async (snapshot: Uint8Array | undefined): Promise<{ made: PythonWorker; first: WorkerReply }> => {
      const setup: WorkerSetup = {
        pyodide,
        ws: createRequire(pyodide).resolve('ws'),
        status: new SharedArrayBuffer(8),
        interrupt: new SharedArrayBuffer(1),
        harness,
        snapshot,
        makeSnapshot: cache !== undefined,
        memoryLimitBytes: limits.memoryLimitBytes,
        now: limits.now,
      };
      const made = new PythonWorker(setup, limits);
      const first = await new Promise<WorkerReply>((resolve) => {
        made.onReply = resolve;
      });
      if (first.kind !== 'ready') await made.close();
      return { made, first };
    };
    const held = cache?.read();
    let { made, first } = await begin(held);
    if (first.kind !== 'ready' && held !== undefined) {
      cache?.remove();
      ({ made, first } = await begin(undefined));
    }
    if (first.kind !== 'ready') throw new Error(first.kind === 'broken' ? first.reason : 'unexpected answer');
    if (first.snapshot !== undefined) cache?.write(first.snapshot);
    const { timeLimitMs, loadLimitMs, mostStops } = limits;
    const settings = JSON.stringify({
      timeLimitSeconds: timeLimitMs / 1000,
      loadLimitSeconds: loadLimitMs / 1000,
      mostStops,
    });
    const outcome = await made.submit([{ method: 'configure', args: [settings] }]);
    if (outcome.kind === 'stopped') throw new Error(outcome.reason);
    return made;
  }

  get usable(): boolean {
    return !this.gone;
  }

  /** Runs the jobs in order. Keeps the process alive meanwhile. */
  async submit(jobs: readonly Job[]): Promise<BatchOutcome> {
    const before = Atomics.load(this.status, 0);
    this.batches += 1;
    const request: WorkerRequest = { batch: this.batches, jobs };
    const stopped = (why: 'timeout' | 'crash', reason: string): BatchOutcome => {
      const begun = Atomics.load(this.status, 0) - before;
      return { kind: 'stopped', results: [], at: Math.max(0, Math.min(jobs.length, begun) - 1), why, reason };
    };
    if (this.gone) return stopped('crash', 'the thread had ended');
    Atomics.store(this.interrupt, 0, 0);
    this.worker.ref();
    let watch: NodeJS.Timeout | undefined;
    try {
      return await new Promise<BatchOutcome>((resolve) => {
        this.onReply = (reply) => {
          switch (reply.kind) {
            case 'ready':
              return;
            case 'broken':
              resolve(stopped('crash', reply.reason));
              return;
            case 'done':
              if (reply.batch === request.batch) resolve({ kind: 'done', results: reply.results });
              return;
            case 'failed': {
              this.gone = true;
              const { results, reason } = reply;
              resolve({ kind: 'stopped', results, at: results.length, why: 'crash', reason });
            }
          }
        };
        watch = this.watch(jobs, () => {
          this.gone = true;
          resolve(stopped('timeout', ''));
        });
        this.worker.postMessage(request);
      });
    } finally {
      clearInterval(watch);
      this.onReply = () => {};
      this.worker.unref();
      if (this.gone) await this.worker.terminate();
    }
  }

  async close(): Promise<void> {
    this.gone = true;
    await this.worker.terminate();
  }

  /** Interrupts a job that takes too long, and gives up on a thread that does not follow. */
  private watch(jobs: readonly Job[], giveUp: () => void): NodeJS.Timeout {
    const { status, interrupt, limits } = this;
    const before = Atomics.load(status, 0);
    let seen = before;
    let since = performance.now();
    let pending: number | undefined;
    let interrupts = 0;
    return setInterval(() => {
      const time = performance.now();
      const begun = Atomics.load(status, 0);
      if (begun !== seen || Atomics.load(status, 1) === 0) {
        seen = begun;
        since = time;
        pending = undefined;
        interrupts = 0;
        Atomics.store(interrupt, 0, 0);
      } else if (pending !== undefined) {
        if (Atomics.load(interrupt, 0) === 0) {
          // Taken; the job's other rules go on, with a new limit.
          pending = undefined;
          since = time;
        } else if (time - pending > GRACE_MS) {
          // Code in C that does not look.
          giveUp();
        }
      } else if (time - since > limitOf(jobs[begun - before - 1], limits)) {
        // Python that catches every interrupt.
        if (interrupts >= MOST_INTERRUPTS) giveUp();
        else {
          interrupts += 1;
          pending = time;
          Atomics.store(interrupt, 0, 2);
        }
      }
    }, WATCH_MS);
  }
}

function limitOf(job: Job | undefined, limits: WorkerLimits): number {
  return job === undefined ||
    job.method === 'run' ||
    job.method === 'test' ||
    job.method === 'trace' ||
    job.method === 'coverage'
    ? limits.timeLimitMs
    : limits.loadLimitMs;
}
