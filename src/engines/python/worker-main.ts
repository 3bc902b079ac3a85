import type { PyodideAPI } from 'pyodide';

/** What the worker is started with. */
export interface WorkerSetup {
  /** Absolute path of pyodide's CommonJS entry. */
  readonly pyodide: string;
  readonly ws: string;
  /** Two 32-bit numbers: how many jobs were begun, and whether one is running (1) or none (0). */
  readonly status: SharedArrayBuffer;
  /** One byte: 2 asks Python to stop what it runs. */
  readonly interrupt: SharedArrayBuffer;
  /** Python source of the harness. */
  readonly harness: string;
  /** Python's memory after the harness was run in it; undefined: start anew. */
  readonly snapshot: Uint8Array | undefined;
  /** When started anew: answer with a snapshot. */
  readonly makeSnapshot: boolean;
  readonly memoryLimitBytes: number;
  /** Milliseconds since 1970 that the clock stands at; undefined: it goes. */
  readonly now: number | undefined;
}

/** A call of a harness function. All arguments and results are text. */
export interface Job {
  readonly method: 'configure' | 'prepare_tests' | 'add_bundle' | 'add_rule' | 'run' | 'test' | 'trace' | 'coverage';
  readonly args: readonly string[];
}

export type WorkerRequest = { readonly batch: number; readonly jobs: readonly Job[] };
/** `failed`: Python itself broke at the job `results.length`; the worker is of no use any more. */
export type WorkerReply =
  | { readonly kind: 'ready'; readonly snapshot: Uint8Array | undefined }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'done'; readonly batch: number; readonly results: readonly string[] }
  | { readonly kind: 'failed'; readonly batch: number; readonly results: readonly string[]; readonly reason: string };

/**
 * The whole program of the worker thread. It is handed to the worker as text (`workerMain.toString()`), so that it runs
 * the same from `src` under the tests and from the built package. Therefore it must not use anything outside itself.
 *
 * pyodide with an empty `jsglobals` is no sandbox yet: `os.system` starts processes on the host, `mountNodeFS` opens its
 * files, `ctypes` reaches `eval`, and sockets go out through the `ws` package. So once Python is loaded, everything in this thread
 * that leads outside is replaced by a function that throws.
 */
export async function workerMain(): Promise<void> {
  const { parentPort, workerData } = require('node:worker_threads') as typeof import('node:worker_threads');
  const setup = workerData as WorkerSetup;
  if (parentPort === null) return;
  const port = parentPort;
  const status = new Int32Array(setup.status);

  const refuse = (what: string) => (): never => {
    throw new Error(`${what} is not available to rules`);
  };

  const limitMemory = (): void => {
    // Node's types leave WebAssembly out.
    type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };
    const { prototype } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly
      .Memory;
    const { grow } = prototype;
    const pageSize = 65_536;
    prototype.grow = function (this: Memory, pages: number): number {
      if (this.buffer.byteLength + pages * pageSize > setup.memoryLimitBytes) throw new RangeError('memory limit');
      return grow.call(this, pages);
    };
  };

  const closeDoors = (python: PyodideAPI): void => {
    const names = [
      'child_process',
      'cluster',
      'dgram',
      'dns',
      'dns/promises',
      'fs',
      'fs/promises',
      'http',
      'http2',
      'https',
      'inspector',
      'inspector/promises',
      'module',
      'net',
      'tls',
      'v8',
      'vm',
      'worker_threads',
    ];
    const { syncBuiltinESMExports } = require('node:module') as typeof import('node:module');
    const builtins = names.flatMap((name): [string, Record<string, unknown>][] => {
      try {
        return [[name, require(`node:${name}`) as Record<string, unknown>]];
      } catch {
        return [];
      }
    });
    for (const [name, builtin] of builtins) {
      for (const key of Object.getOwnPropertyNames(builtin)) {
        const held = Object.getOwnPropertyDescriptor(builtin, key);
        const value: unknown = held !== undefined && 'value' in held ? held.value : undefined;
        if (held?.configurable !== true && held?.writable !== true) continue;
        if (typeof value === 'function' || held.get !== undefined || key === 'promises') {
          try {
            Object.defineProperty(builtin, key, {
              value: refuse(`${name}.${key}`),
              writable: true,
              configurable: true,
            });
          } catch {
            // A property that can only be written.
            builtin[key] = refuse(`${name}.${key}`);
          }
        }
      }
    }
    syncBuiltinESMExports();

    const host = process as unknown as Record<string, unknown>;
    for (const key of [
      'binding',
      '_linkedBinding',
      'dlopen',
      'kill',
      'abort',
      'chdir',
      '_kill',
      'getBuiltinModule',
      'reallyExit',
    ]) {
      if (key in host) Object.defineProperty(host, key, { value: refuse(`process.${key}`) });
    }
    const globals = globalThis as unknown as Record<string, unknown>;
    for (const key of ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'require', 'eval', 'importScripts']) {
      Object.defineProperty(globals, key, { value: refuse(key), writable: false, configurable: false });
    }
    // No code from text: `something.constructor('…')()` is how proxies are left.
    const samples = [() => {}, async () => {}, function* () {}, async function* () {}];
    for (const sample of samples) {
      const prototype = Object.getPrototypeOf(sample) as object;
      Object.defineProperty(prototype, 'constructor', { value: refuse('Function') });
    }
    Object.defineProperty(globals, 'Function', { value: refuse('Function') });
    const api = python as unknown as Record<string, unknown>;
    for (const key of ['mountNodeFS', 'mountNativeFS', 'useNodeSockFS', 'loadPackage', 'loadPackagesFromImports']) {
      if (key in api) Object.defineProperty(api, key, { value: refuse(key) });
    }
  };

  try {
    limitMemory();
    const stub = Object.assign(refuse('WebSocket'), { WebSocket: refuse('WebSocket') });
    require.cache[setup.ws] = {
      id: setup.ws,
      filename: setup.ws,
      loaded: true,
      exports: stub,
      children: [],
      paths: [],
    } as unknown as NodeModule;
    const { loadPyodide } = require(setup.pyodide) as typeof import('pyodide');
    const options = {
      jsglobals: Object.create(null) as object,
      env: { PYTHONHASHSEED: '0', HOME: '/home', TZ: 'UTC' },
      stdin: () => '',
      stdout: () => {},
      stderr: () => {},
    };
    // Snapshots are pyodide's, though not in its types.
    const extra =
      setup.snapshot === undefined ? { _makeSnapshot: setup.makeSnapshot } : { _loadSnapshot: setup.snapshot };
    const python = await loadPyodide({ ...options, ...extra });
    let snapshot: Uint8Array | undefined;
    if (setup.snapshot === undefined) {
      python.runPython(setup.harness);
      if (setup.makeSnapshot) {
        snapshot = (python as unknown as { makeMemorySnapshot(): Uint8Array }).makeMemorySnapshot();
      }
    }
    // Node's source of random bytes is loaded at its first use, which must come before the doors close.
    python.runPython('__import__("os").urandom(8)');
    python.setInterruptBuffer(new Uint8Array(setup.interrupt));
    type Globals = { get(name: string): (...args: readonly string[]) => string };
    const methods = new Map<string, (...args: readonly string[]) => string>();
    const names = ['configure', 'prepare_tests', 'add_bundle', 'add_rule', 'run', 'test', 'trace', 'coverage'];
    for (const name of names) {
      methods.set(name, (python.globals as unknown as Globals).get(name));
    }
    const { now } = setup;
    // Python asks this for the time.
    if (now !== undefined) Date.now = () => now;
    closeDoors(python);

    port.on('message', (request: WorkerRequest) => {
      const results: string[] = [];
      try {
        for (const job of request.jobs) {
          Atomics.add(status, 0, 1);
          Atomics.store(status, 1, 1);
          results.push(methods.get(job.method)?.(...job.args) ?? '');
        }
        Atomics.store(status, 1, 0);
        port.postMessage({ kind: 'done', batch: request.batch, results } satisfies WorkerReply);
      } catch (thrown) {
        Atomics.store(status, 1, 0);
        const reason = String(thrown).slice(-2000);
        port.postMessage({ kind: 'failed', batch: request.batch, results, reason } satisfies WorkerReply);
      }
    });
    port.postMessage({ kind: 'ready', snapshot } satisfies WorkerReply);
  } catch (thrown) {
    port.postMessage({ kind: 'broken', reason: String(thrown).slice(0, 2000) } satisfies WorkerReply);
  }
}
