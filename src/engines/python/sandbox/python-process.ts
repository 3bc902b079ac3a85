import type { ChildProcess } from 'node:child_process';
import { type Answers, InvalidAnswer, type Method, readAnswer } from '../answers.ts';
import { harnessSource } from '../harness-source.ts';
import { SnapshotCache } from '../snapshot-cache.ts';
import { type ChildSetup, childMain } from './child.ts';
import { findPyodide, launch } from './launch.ts';
import {
  FrameReader,
  frame,
  type Job,
  MOST_REPLY_BYTES,
  MOST_SNAPSHOT_BYTES,
  type Reply,
  type Request,
  readReply,
} from './messages.ts';
import { realmMain } from './realm.ts';

export interface ProcessLimits {
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
export type BatchOutcome<M extends Method> =
  | { readonly kind: 'done'; readonly results: readonly Answers[M][] }
  /** The process is gone. `results` are those of the jobs before `at`. */
  | {
      readonly kind: 'stopped';
      readonly results: readonly Answers[M][];
      readonly at: number;
      readonly why: 'timeout' | 'crash';
      readonly reason: string;
    };

/** How often the watchdog looks. */
const WATCH_MS = 25;
/** How long Python may take to follow an interrupt before the process is ended. */
const GRACE_MS = 1_500;
/** How much is kept of what a process says that cannot start. */
const MOST_COMPLAINT = 4_000;

/** The processes that are alive: none of them outlives this one. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) kill(child);
});

/** One process that runs Python. Takes one batch at a time. */
export class PythonProcess {
  private readonly child: ChildProcess;
  private readonly limits: ProcessLimits;
  private readonly reader = new FrameReader();
  private calls = 0;
  private gone = false;
  /** Whether a message has come at all, and whether the next one is a snapshot. */
  private greeted = false;
  private snapshotDue = false;
  private snapshot: Buffer | undefined;
  /** Who waits for the next message. */
  private onReply: (reply: Reply) => void = () => {};

  private constructor(child: ChildProcess, limits: ProcessLimits) {
    this.child = child;
    this.limits = limits;
    const { stdin, stdout, stderr } = child;
    let complaint = '';
    stderr?.on('data', (piece: Buffer) => {
      complaint = (complaint + piece.toString('latin1')).slice(0, MOST_COMPLAINT);
    });
    alive.add(child);
    child.on('error', (error) => {
      if (child.pid === undefined) alive.delete(child);
      this.break(error.message);
    });
    child.on('exit', () => alive.delete(child));
    // Unlike `exit`, after all that it has said was read.
    child.on('close', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      this.break(`the process ended ${how}${complaint === '' ? '' : `: ${complaint}`}`);
    });
    stdin?.on('error', () => {});
    stdout?.on('error', () => {});
    stdout?.on('data', (piece: Buffer) => this.receive(piece));
  }

  /** Starts a process and Python in it; throws where that fails. */
  static async start(limits: ProcessLimits): Promise<PythonProcess> {
    const { folder, version } = findPyodide();
    const harness = harnessSource();
    const realm = `(${realmMain.toString()})()`;
    const { cacheFolder, timeLimitMs, loadLimitMs, mostStops } = limits;
    const key = JSON.stringify([version, process.version, process.arch, harness, realm]);
    const cache = cacheFolder === undefined ? undefined : new SnapshotCache(cacheFolder, key);
    const begin = async (snapshot: string | undefined): Promise<PythonProcess | string> => {
      const made = new PythonProcess(launch(folder, snapshot, limits.memoryLimitBytes), limits);
      const setup: ChildSetup = {
        pyodide: folder,
        realm,
        snapshot: snapshot ?? null,
        start: { harness, makeSnapshot: cache !== undefined, now: limits.now ?? null, timeLimitMs, loadLimitMs },
      };
      const reply = await made.ask(JSON.stringify({ program: `(${childMain.toString()})`, setup }));
      if (reply.kind === 'ready') {
        if (made.snapshot !== undefined) cache?.write(made.snapshot);
        made.snapshot = undefined;
        return made;
      }
      await made.close();
      return reply.kind === 'broken' ? reply.reason : 'unexpected answer';
    };
    const held = cache?.find();
    let made = await begin(held);
    if (typeof made === 'string' && held !== undefined) {
      cache?.remove();
      made = await begin(undefined);
    }
    if (typeof made === 'string') throw new Error(made);
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

  /** Runs the jobs in order. Keeps this process alive meanwhile. */
  async submit<M extends Method>(jobs: readonly Job<M>[]): Promise<BatchOutcome<M>> {
    this.calls += 1;
    const request: Request = { call: this.calls, jobs };
    const results: Answers[M][] = [];
    const stopped = (why: 'timeout' | 'crash', reason: string): BatchOutcome<M> => {
      this.end();
      return { kind: 'stopped', results, at: results.length, why, reason };
    };
    if (this.gone) return stopped('crash', 'the process had ended');
    this.hold(true);
    let watch: NodeJS.Timeout | undefined;
    try {
      return await new Promise<BatchOutcome<M>>((resolve) => {
        if (jobs.length === 0) resolve({ kind: 'done', results });
        let since = performance.now();
        this.onReply = (reply) => {
          switch (reply.kind) {
            case 'ready':
              return;
            case 'broken':
              resolve(stopped('crash', reply.reason));
              return;
            case 'failed':
              resolve(stopped('crash', reply.reason));
              return;
            case 'answers':
              if (reply.call !== request.call) {
                resolve(stopped('crash', 'the process sent what it was not asked for'));
                return;
              }
              try {
                for (const text of reply.answers) results.push(this.read(jobs[results.length], text));
              } catch (thrown) {
                if (!(thrown instanceof InvalidAnswer)) throw thrown;
                resolve(stopped('crash', 'it gave what is no answer'));
                return;
              }
              since = performance.now();
              if (results.length === jobs.length) resolve({ kind: 'done', results });
          }
        };
        watch = setInterval(() => {
          const overdue = (): boolean => performance.now() - since > this.patience(jobs[results.length]);
          // What has arrived while this process was busy is read first.
          if (overdue()) setImmediate(() => overdue() && resolve(stopped('timeout', '')));
        }, WATCH_MS);
        this.child.stdin?.write(frame(JSON.stringify(request)));
      });
    } finally {
      clearInterval(watch);
      this.onReply = () => {};
      this.hold(false);
    }
  }

  async close(): Promise<void> {
    this.end();
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    this.child.ref();
    await new Promise((resolve) => {
      this.child.once('exit', resolve);
    });
  }

  /** How long a job may take before the process is ended: its rules have a limit each, which the process keeps itself. */
  private patience(job: Job | undefined): number {
    const { timeLimitMs, loadLimitMs } = this.limits;
    switch (job?.method) {
      case undefined:
      case 'configure':
      case 'prepare_tests':
      case 'add_bundle':
      case 'add_rule':
        return loadLimitMs + GRACE_MS;
      case 'run':
        return timeLimitMs * (JSON.parse(job.args[2] ?? '[]') as unknown[]).length + GRACE_MS;
      case 'test':
      case 'trace':
      case 'coverage':
        return timeLimitMs + GRACE_MS;
    }
  }

  private read<M extends Method>(job: Job<M> | undefined, text: string): Answers[M] {
    if (job === undefined) throw new InvalidAnswer();
    return readAnswer[job.method](text, job.args);
  }

  /** Sends the first message and waits for its answer. */
  private ask(text: string): Promise<Reply> {
    return new Promise((resolve) => {
      this.onReply = resolve;
      this.child.stdin?.write(frame(text));
    });
  }

  private receive(piece: Buffer): void {
    for (const message of this.reader.add(piece)) {
      if (this.gone) return;
      if (message === undefined) {
        this.break('the process sent more than it may');
        return;
      }
      if (this.snapshotDue) {
        this.snapshotDue = false;
        this.snapshot = message;
        this.reader.allow(MOST_REPLY_BYTES);
        this.onReply({ kind: 'ready', snapshot: true });
        continue;
      }
      const reply = readReply(message.toString('utf8'));
      if (reply === undefined) {
        this.break('the process sent what is no answer');
        return;
      }
      if (reply.kind === 'ready') {
        if (this.greeted) {
          this.break('the process sent what it was not asked for');
          return;
        }
        this.greeted = true;
        this.snapshotDue = reply.snapshot;
        if (reply.snapshot) {
          this.reader.allow(MOST_SNAPSHOT_BYTES);
          continue;
        }
      }
      this.onReply(reply);
    }
  }

  private break(reason: string): void {
    if (this.gone) return;
    this.end();
    this.onReply({ kind: 'broken', reason });
  }

  private end(): void {
    this.gone = true;
    if (alive.has(this.child)) kill(this.child);
  }

  /** Whether this process waits for the child's. */
  private hold(wait: boolean): void {
    for (const handle of [this.child, this.child.stdin, this.child.stdout, this.child.stderr]) {
      const counted = handle as { ref?(): void; unref?(): void } | null;
      if (wait) counted?.ref?.();
      else counted?.unref?.();
    }
  }
}

/** Ends a process and all that it may have started. */
function kill(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
