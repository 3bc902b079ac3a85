import type { ChildProcess } from 'node:child_process';
import { type Answers, InvalidAnswer, type Method, readAnswer } from '../answers.ts';
import { limitResources, namespacesFail, namespacesHold, residentBytes } from './confinement.ts';
import { launch } from './launch.ts';
import {
  FrameReader,
  frame,
  type Job,
  MOST_REPLY_BYTES,
  MOST_SNAPSHOT_BYTES,
  type Reply,
  type Request,
  readReply,
  told,
} from './messages.ts';

export interface ProcessLimits {
  /** How long one rule may take on one event. */
  readonly timeLimitMs: number;
  /** How long a module may take to load, with what it imports. */
  readonly loadLimitMs: number;
  /** How much memory Python may have; the process takes some more. */
  readonly memoryLimitBytes: number;
}

/** Why a process is gone. */
export interface Ended {
  /** `crash`: Python broke. `killed`: the process was gone, of itself or by others, and nobody has said why. */
  readonly why: 'timeout' | 'memory' | 'crash' | 'killed';
  readonly reason: string;
}

/** A process did not come so far that Python had started. `killed`: by others, so that another attempt is worth it. */
export class StartFailure extends Error {
  readonly killed: boolean;
  constructor(reason: string, killed: boolean) {
    super(reason);
    this.killed = killed;
  }
}

/** What became of a batch of jobs. */
export type BatchOutcome<M extends Method> =
  | {
      readonly kind: 'done';
      readonly results: readonly Answers[M][];
      /** What they have changed of what others share: nothing that was answered since the last batch can be trusted then. */
      readonly touched: string | undefined;
    }
  | ({
      readonly kind: 'stopped';
      /** Those of the first jobs. */
      readonly results: readonly Answers[M][];
      /** Whether it is the job after these that ended the process; else it may be one of those after it, too. */
      readonly exact: boolean;
    } & Ended);

/** Stands at the end of every batch. */
const CHECK: Job<'check'> = { method: 'check', args: [] };
/** How often the watchdog looks, and every how many times at the memory. */
const WATCH_MS = 25;
const WATCHES_OF_MEMORY = 4;
/** How long Python may take to follow an interrupt before the process is ended. */
const GRACE_MS = 1_500;
/** How long a process may take until Python has started. */
const START_LIMIT_MS = 120_000;
/** What a process may take beside Python's memory. */
const OVERHEAD_BYTES = 768 * 1024 ** 2;
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
  private pid: number | undefined;
  private ended: Ended | undefined;
  /** Whether a message has come at all, and whether the next one is a snapshot. */
  private greeted = false;
  private snapshotDue = false;
  private snapshot: Buffer | undefined;
  /** Who waits for the next message. */
  private onReply: (reply: Reply) => void = () => {};
  private onEnd: () => void = () => {};

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
      this.end('killed', error.message);
    });
    child.on('exit', () => alive.delete(child));
    // Unlike `exit`, after all that it has said was read.
    child.on('close', (code, signal) => {
      const how = signal === null ? `with code ${code}` : `by ${signal}`;
      this.end('killed', told(`the process ended ${how}${complaint === '' ? '' : `: ${complaint}`}`));
    });
    stdin?.on('error', () => {});
    stdout?.on('error', () => {});
    stdout?.on('data', (piece: Buffer) => this.receive(piece));
  }

  /**
   * Starts a process and, by its first message, Python in it. Gives the snapshot, too, where it made one. Throws
   * `StartFailure`.
   */
  static async start(
    pyodide: string,
    snapshot: string | undefined,
    message: string,
    limits: ProcessLimits,
  ): Promise<{ readonly process: PythonProcess; readonly snapshot: Buffer | undefined }> {
    const launched = launch(pyodide, snapshot, limits.memoryLimitBytes);
    const made = new PythonProcess(launched.child, limits);
    const reason = await made.greet(message);
    if (reason === undefined) {
      if (launched.apart) namespacesHold();
      made.pid = launched.pid();
      await limitResources(made.pid);
      const { snapshot } = made;
      made.snapshot = undefined;
      made.hold(false);
      return { process: made, snapshot };
    }
    await made.close();
    const killed = made.ended?.why === 'killed' && made.child.signalCode !== null;
    if (!killed && launched.apart && namespacesFail(reason)) {
      return PythonProcess.start(pyodide, snapshot, message, limits);
    }
    throw new StartFailure(reason, killed);
  }

  get usable(): boolean {
    return this.ended === undefined;
  }

  /** Runs the jobs in order, and looks at what they have changed. Keeps this process alive meanwhile. `each`: see `Request`. */
  async submit<M extends Method>(jobs: readonly Job<M>[], each: boolean): Promise<BatchOutcome<M>> {
    this.calls += 1;
    const call = this.calls;
    const results: Answers[M][] = [];
    if (jobs.length === 0) return { kind: 'done', results, touched: undefined };
    this.hold(true);
    const watches = new Set<NodeJS.Timeout>();
    try {
      return await new Promise<BatchOutcome<M>>((resolve) => {
        let part = '';
        let exact = each;
        let checked = false;
        let touched: string | undefined;
        // When the last message came, and when the last job was done.
        let heard = performance.now();
        let done = heard;
        this.onEnd = () => {
          const { why, reason } = this.ended ?? { why: 'killed', reason: '' };
          resolve({ kind: 'stopped', results, exact, why, reason });
        };
        if (this.ended !== undefined) {
          this.onEnd();
          return;
        }
        this.onReply = (reply) => {
          if (reply.kind === 'ready' || reply.kind === 'broken' || reply.call !== call) {
            this.end('crash', 'the process sent what it was not asked for');
            return;
          }
          if (reply.kind === 'failed') {
            exact = true;
            this.end('crash', reply.reason);
            return;
          }
          heard = performance.now();
          try {
            for (const [at, text] of reply.answers.entries()) {
              const job = jobs[results.length];
              part += text;
              if (checked || part.length > MOST_REPLY_BYTES) throw new InvalidAnswer();
              if (reply.more && at === reply.answers.length - 1) break;
              if (job === undefined) {
                checked = true;
                touched = readAnswer.check(part, CHECK.args);
              } else results.push(readAnswer[job.method](part, job.args));
              part = '';
              done = heard;
            }
          } catch (thrown) {
            if (!(thrown instanceof InvalidAnswer)) throw thrown;
            exact = true;
            this.end('crash', 'it gave what is no answer');
            return;
          }
          if (checked) resolve({ kind: 'done', results, touched });
        };
        const isOverdue = (): boolean => {
          const { silent, busy } = patience(jobs[results.length], this.limits);
          const time = performance.now();
          return time - heard > silent || time - done > busy;
        };
        let looks = 0;
        const watch = setInterval(() => {
          looks += 1;
          if (looks % WATCHES_OF_MEMORY === 0) {
            const resident = residentBytes(this.pid) ?? 0;
            if (resident > this.limits.memoryLimitBytes + OVERHEAD_BYTES) this.end('memory', '');
          }
          // What has arrived while this process was busy is read first.
          if (isOverdue()) setImmediate(() => isOverdue() && this.end('timeout', ''));
        }, WATCH_MS);
        watches.add(watch);
        this.send(JSON.stringify({ call, jobs: [...jobs, CHECK], each } satisfies Request));
      });
    } finally {
      for (const watch of watches) clearInterval(watch);
      this.onReply = () => {};
      this.onEnd = () => {};
      this.hold(false);
    }
  }

  async close(): Promise<void> {
    this.end('killed', 'it was closed');
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    this.child.ref();
    await new Promise((resolve) => {
      this.child.once('exit', resolve);
    });
  }

  /** Sends the first message and waits until Python has started: why it has not, or undefined. */
  private async greet(message: string): Promise<string | undefined> {
    let late: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.onEnd = () => resolve(this.ended?.reason);
        this.onReply = (reply) => {
          if (reply.kind === 'ready') resolve(undefined);
          else resolve(reply.kind === 'broken' ? reply.reason : 'unexpected answer');
        };
        late = setTimeout(() => this.end('timeout', 'it takes too long'), START_LIMIT_MS);
        this.send(message);
      });
    } finally {
      clearTimeout(late);
    }
  }

  private send(message: string): void {
    this.child.stdin?.write(frame(message));
  }

  private receive(piece: Buffer): void {
    for (const message of this.reader.add(piece)) {
      if (this.ended !== undefined) return;
      const reply = message === undefined ? 'more than it may' : this.understand(message);
      if (typeof reply === 'object') this.onReply(reply);
      else if (typeof reply === 'string') this.end('crash', `the process sent ${reply}`);
    }
  }

  /** The reply that a message is or completes; undefined: another message belongs to it. A text says what is wrong with it. */
  private understand(message: Buffer): Reply | string | undefined {
    if (this.snapshotDue) {
      this.snapshotDue = false;
      this.snapshot = message;
      this.reader.allow(MOST_REPLY_BYTES);
      return { kind: 'ready', snapshot: true };
    }
    const reply = readReply(message.toString('utf8'));
    if (reply === undefined) return 'what is no answer';
    if (reply.kind !== 'ready') return reply;
    if (this.greeted) return 'what it was not asked for';
    this.greeted = true;
    if (!reply.snapshot) return reply;
    this.snapshotDue = true;
    this.reader.allow(MOST_SNAPSHOT_BYTES);
    return undefined;
  }

  private end(why: Ended['why'], reason: string): void {
    if (this.ended !== undefined) return;
    this.ended = { why, reason };
    if (alive.has(this.child)) kill(this.child);
    this.onEnd();
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

/** How long nothing may be heard of a process, and how long it may be busy with a job, before it is ended. */
function patience(job: Job | undefined, limits: ProcessLimits): { readonly silent: number; readonly busy: number } {
  switch (job?.method) {
    case 'configure':
    case 'prepare_tests':
    case 'add_bundle':
    case 'add_rule':
    case 'check':
    case undefined: {
      const most = limits.loadLimitMs + GRACE_MS;
      return { silent: most, busy: most };
    }
    case 'run': {
      // Each rule has a limit of its own; what is known of the first ones is told meanwhile.
      const rules = (JSON.parse(job.args[2] ?? '[]') as unknown[]).length;
      return { silent: limits.timeLimitMs + GRACE_MS, busy: limits.timeLimitMs * rules + GRACE_MS };
    }
    case 'test':
    case 'trace':
    case 'coverage': {
      const most = limits.timeLimitMs + GRACE_MS;
      return { silent: most, busy: most };
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
