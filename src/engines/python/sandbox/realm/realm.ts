import type { PyodideAPI } from 'pyodide';
import { callLimit } from './call-limit.ts';
import { type HarnessCall, harnessCalls } from './harness-calls.ts';
import { withoutNativeModules } from './native-memory.ts';
import type { Internals } from './pyodide-internals.ts';
import { randomBytes } from './random-bytes.ts';
import { withReadOnlyFiles } from './read-only-files.ts';
import { textCoding } from './text-coding.ts';

/** What the interpreter is started with. Handed over as JSON text. */
export interface RealmSetup {
  /** Python source of the harness. */
  readonly harness: string;
  /** The text of pyodide's lock file. */
  readonly lockFile: string;
  /** When started anew: keep a snapshot of Python's memory. */
  readonly makeSnapshot: boolean;
  /** Milliseconds since 1970 that Python's clock stands at; null: it goes. */
  readonly now: number | null;
  /** How long one rule may take on one event. */
  readonly timeLimitMs: number;
  /** How long a module may take to load, with what it imports. */
  readonly loadLimitMs: number;
  /** 12 random numbers below 2^32. */
  readonly entropy: readonly number[];
}

/**
 * What the process may ask of the realm. It gives text, numbers and functions of the realm itself, and gets text, numbers and
 * booleans: nothing of the process's own realm goes in.
 */
export interface Realm {
  /** The names of the language's own objects. */
  readonly names: string;
  /** A new array in which the process puts a file's content. */
  room(name: string, size: number): Uint8Array;
  /** Starts Python; resolves to the size of the snapshot it made, or 0. */
  boot(createModule: unknown, loadPyodide: unknown, setup: string): Promise<number>;
  /** The snapshot that `boot` made; only once. */
  snapshot(): Uint8Array;
  /**
   * Calls the harness with the first `count` of the texts; never throws. The first character says what came of it: `.` an
   * answer, `+` the beginning of one, of which the method `more` gives the rest, `!` Python is broken.
   */
  answer(method: string, count: number, first: string, second: string, third: string): string;
}

/** What pyodide finds in the realm's globals. */
interface RealmGlobals {
  TextDecoder?: unknown;
  TextEncoder?: unknown;
  WorkerGlobalScope?: unknown;
  performance?: unknown;
  crypto?: unknown;
  URL?: unknown;
  AbortController?: unknown;
  setTimeout?: unknown;
  clearTimeout?: unknown;
  read?: unknown;
  load?: unknown;
  readbuffer?: unknown;
}

/** What the realm consists of. Each uses nothing outside itself. */
const PARTS = { callLimit, harnessCalls, randomBytes, textCoding, withoutNativeModules, withReadOnlyFiles };

/**
 * The program of the realm in which Python runs: a context that has the language's own objects and nothing else. It is handed
 * over as text, so that it runs the same from `src` under the tests and from the built package: it must use nothing
 * outside itself and its parts. What pyodide asks of its surroundings is made here, of the language alone.
 */
function realmMain(parts: typeof PARTS): Realm {
  const globals = globalThis as unknown as RealmGlobals;
  const files = new Map<string, Uint8Array>();
  const clock = Date.now;
  const coding = parts.textCoding();
  const limit = parts.callLimit(clock);
  let methods: ReadonlyMap<string, HarnessCall> = new Map();
  let kept: Uint8Array | undefined;
  let limits = { time: 0, load: 0 };

  // No error carries a stack: its frames would lead to functions of other realms.
  // pyodide sets one of these; what is no plain number is none.
  for (const name of ['stackTraceLimit', 'prepareStackTrace']) {
    Object.defineProperty(Error, name, { get: () => undefined, set: () => {}, configurable: false });
  }

  globals.TextDecoder = coding.TextDecoder;
  globals.TextEncoder = coding.TextEncoder;

  // The clock of the machine may be set back; time that has passed does not come again.
  let latest = 0;
  const origin = clock();
  globals.performance = {
    now: () => {
      latest = Math.max(latest, clock() - origin);
      return latest;
    },
  };

  const refuse = (what: string) => (): never => {
    throw new Error(`${what} is not available to rules`);
  };

  // pyodide takes the realm for a worker of a shell, which has neither files nor a network of its own.
  globals.WorkerGlobalScope = class {};
  globals.read = refuse('read');
  globals.load = refuse('load');
  globals.readbuffer = (name: string): Uint8Array => {
    const content = files.get(name);
    if (content === undefined) throw new Error(`${name} is not part of Python`);
    return content;
  };
  globals.URL = class {
    readonly href: string;
    constructor(text: string) {
      this.href = text;
    }
  };
  globals.AbortController = class {};
  // Nothing runs after a rule has answered.
  globals.setTimeout = refuse('setTimeout');
  globals.clearTimeout = () => {};

  return {
    names: Object.getOwnPropertyNames(globalThis)
      .filter((name) => /^[A-Z]\w+$|^(?:is|parse)[A-Z]/.test(name) && name !== 'NaN' && name !== 'Infinity')
      .concat('performance')
      .join(),

    room: (name, size) => {
      const made = new Uint8Array(size);
      files.set(name, made);
      return made;
    },

    boot: async (createModule, loadPyodide, text) => {
      const setup = JSON.parse(text) as RealmSetup;
      const fill = parts.randomBytes(setup.entropy);
      globals.crypto = {
        getRandomValues: (target: ArrayBufferView) => {
          fill(coding.bytesOf(target));
          return target;
        },
      };
      const snapshot = files.get('snapshot');
      const options = {
        createPyodideModule: createModule,
        indexURL: '/',
        lockFileContents: JSON.parse(setup.lockFile),
        jsglobals: Object.create(null) as object,
        env: { PYTHONHASHSEED: '0', HOME: '/home', TZ: 'UTC' },
        stdin: () => '',
        stdout: () => {},
        stderr: () => {},
        // Snapshots are pyodide's, though not in its types.
        ...(snapshot === undefined ? { _makeSnapshot: setup.makeSnapshot } : { _loadSnapshot: snapshot }),
      };
      const started = await (loadPyodide as (given: object) => Promise<PyodideAPI & Internals>)(options);
      if (snapshot === undefined) {
        started.runPython(setup.harness);
        if (setup.makeSnapshot) kept = started.makeMemorySnapshot();
      }
      files.clear();
      // What rules print is thrown away as it comes.
      const drop = { isatty: false, write: (bytes: Uint8Array): number => bytes.length };
      started.setStdout(drop);
      started.setStderr(drop);
      const interrupt = Object.defineProperty({}, 0, { get: () => limit.look(), set: () => {} });
      started.setInterruptBuffer(interrupt as Uint8Array);
      const shared = started.globals.get('_shared').getBuffer('u8');
      limit.place(() => started._module.HEAPU8, shared.data.byteOffset);
      limits = { time: setup.timeLimitMs, load: setup.loadLimitMs };
      const { now } = setup;
      // Python asks this for the time.
      if (now !== null) Date.now = () => now;
      parts.withoutNativeModules(started, coding.textOf);
      parts.withReadOnlyFiles(started);
      methods = parts.harnessCalls(started);
      return kept?.length ?? 0;
    },

    snapshot: () => {
      const taken = kept ?? new Uint8Array();
      kept = undefined;
      return taken;
    },

    answer: (method, count, first, second, third) => {
      try {
        const call = methods.get(method);
        if (call === undefined) return '!Python has no such function';
        // What is no rule's own work takes as long as the machine needs.
        const long = ['check', 'configure', 'prepare_tests'].includes(method) || method.startsWith('add_');
        limit.begin(long ? limits.load : limits.time);
        return call([first, second, third].slice(0, count));
      } catch (thrown) {
        try {
          return `!${String(thrown).slice(-2000)}`;
        } catch {
          return '!Python failed, and cannot say how';
        }
      }
    },
  };
}

const parts = Object.entries(PARTS).map(([name, part]) => `${name}: ${part.toString()}`);

/** The program as text; it gives the realm. */
export const realmProgram: string = `'use strict'; (${realmMain.toString()})({ ${parts.join(',\n')} })`;
