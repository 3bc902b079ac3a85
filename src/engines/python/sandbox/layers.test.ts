import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import inspector from 'node:inspector';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { harnessSource } from '../harness-source.ts';
import { type ChildSetup, childProgram } from './child.ts';
import { confinement, limitResources, namespacesFail } from './confinement.ts';
import { findPyodide, type Launched, launch } from './launch.ts';
import { FrameReader, frame } from './messages.ts';
import { realmProgram } from './realm/realm.ts';

const { folder: pyodide, version } = findPyodide();
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-layers-'));
const children: Launched[] = [];
/** Whether processes run in namespaces of their own here. */
let apart = false;
beforeAll(async () => {
  try {
    await inMainRealm({}, {}, true);
    apart = children[0]?.apart === true;
  } catch (failed) {
    namespacesFail(String(failed));
  }
});
afterAll(() => {
  for (const { child } of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true });
});

/** A process that was started as Python's is, with another program; what it says, message by message. */
class Child {
  readonly launched: Launched;
  private readonly reader = new FrameReader();
  private readonly said: unknown[] = [];
  private complaint = '';
  private wake: () => void = () => {};
  private ended = false;

  constructor(program: string, setup: object) {
    this.launched = launch(pyodide, undefined, 1024 ** 3);
    const { child } = this.launched;
    child.stderr?.on('data', (piece: Buffer) => {
      this.complaint += piece.toString('utf8');
    });
    child.stdout?.on('data', (piece: Buffer) => {
      for (const message of this.reader.add(piece)) this.said.push(JSON.parse(String(message)));
      this.wake();
    });
    child.on('close', () => {
      this.ended = true;
      this.wake();
    });
    this.send(JSON.stringify({ program, setup }));
    children.push(this.launched);
  }

  send(message: string): void {
    this.launched.child.stdin?.write(frame(message));
  }

  async next(): Promise<unknown> {
    while (this.said.length === 0) {
      if (this.ended) throw new Error(`the process ended: ${this.complaint}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.said.shift();
  }
}

/** What code looks for in the realm of the interpreter, with pyodide's API at hand. Each is a function's body. */
const SEARCHES: Readonly<Record<string, string>> = {
  names: 'return Object.getOwnPropertyNames(globalThis)',
  types: 'return [typeof process, typeof require, typeof Buffer, typeof fetch, typeof module]',
  // Everything that can be reached by properties, prototypes, accessors and errors, from all that the realm is given.
  foreign: `
      const foreign = [];
      const seen = new Set();
      const open = [[globalThis, 'globalThis'], [api, 'api'], [given, 'given'], [made, 'made']];
      const overflow = () => { overflow(); };
      for (const [name, fails] of Object.entries({
        overflow,
        reference: () => nowhere,
        parse: () => JSON.parse('{'),
        wasm: () => new WebAssembly.Module(new Uint8Array(3)),
        grow: () => api._module.HEAP8.set([1], -1),
        python: () => api.runPython('1/0'),
        range: () => new Array(-1),
        code: () => api.runPython.constructor('return this'),
      })) {
        try { fails() } catch (error) { open.push([error, 'error of ' + name]); }
      }
      let count = 0;
      while (open.length > 0) {
        const [value, path] = open.pop();
        if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
        seen.add(value);
        count += 1;
        let root = value;
        try {
          for (let next = Object.getPrototypeOf(root); next !== null; next = Object.getPrototypeOf(root)) root = next;
          if (root !== Object.prototype && root !== value && Object.getOwnPropertyNames(root).includes('hasOwnProperty')) {
            foreign.push(path);
            continue;
          }
          if (typeof value === 'function' && value !== Function.prototype && !(value instanceof Function)) {
            foreign.push(path);
            continue;
          }
          open.push([Object.getPrototypeOf(value), path + '.[[Prototype]]']);
          if (ArrayBuffer.isView(value)) continue;
          for (const key of Reflect.ownKeys(value)) {
            const place = path + '.' + String(key);
            const held = Object.getOwnPropertyDescriptor(value, key);
            if (held === undefined) continue;
            open.push([held.get, place + '(get)'], [held.set, place + '(set)']);
            try { open.push([value[key], place]); } catch (error) { open.push([error, place + '(error)']); }
          }
        } catch (error) {
          open.push([error, path + '(error)']);
        }
      }
      return { foreign, count };`,
  code: `
      const attempt = (f) => { try { return String(f()) } catch (error) { return error.name } };
      return {
        stack: new Error('x').stack ?? null,
        trace: attempt(() => { Error.prepareStackTrace = (_, frames) => frames; return new Error('x').stack }),
        limit: attempt(() => { Error.stackTraceLimit = 9; return new Error('x').stack }),
        capture: attempt(() => { const at = {}; Error.captureStackTrace(at); return at.stack }),
        function: attempt(() => new Function('return 1')()),
        eval: attempt(() => (0, eval)('1')),
        generator: attempt(() => (function* () {}).constructor('yield 1')),
        imported,
      };`,
};

/** What they find: they run when the harness is called, as anything would that a rule gets to run there. */
async function inRealm(): Promise<Readonly<Record<string, unknown>>> {
  const searches = Object.entries(SEARCHES).map(([name, body]) => `${name}: (given) => { ${body} }`);
  const realm = `'use strict';
const made = ${realmProgram.replace("'use strict';", '')};
let api;
let imported = 'nothing';
const searches = { ${searches.join(',\n')} };
({
  room: made.room,
  snapshot: made.snapshot,
  boot: async (create, load, setup) => {
    imported = await import('node:fs').then((found) => Object.keys(found).join(), (refused) => refused.code);
    return made.boot(create, async (options) => {
      api = await load(options);
      return api;
    }, setup);
  },
  answer: (...given) => '.' + JSON.stringify(searches[given[2]](given)),
})`;
  const setup: ChildSetup = {
    pyodide,
    realm,
    snapshot: null,
    start: { harness: harnessSource(), makeSnapshot: false, now: null, timeLimitMs: 1000, loadLimitMs: 1000 },
  };
  const child = new Child(childProgram, setup);
  expect(await child.next()).toEqual({ kind: 'ready', snapshot: false });
  const names = Object.keys(SEARCHES);
  const jobs = names.map((name) => ({ method: 'configure', args: [name] }));
  child.send(JSON.stringify({ call: 1, jobs, each: false }));
  const answers: string[] = [];
  while (answers.length < names.length) {
    answers.push(...((await child.next()) as { readonly answers: readonly string[] }).answers);
  }
  return Object.fromEntries(names.map((name, at) => [name, JSON.parse(answers[at] ?? '')]));
}

describe('arbitrary JavaScript in the realm of the interpreter', () => {
  let found: Readonly<Record<string, unknown>> = {};
  beforeAll(async () => {
    found = await inRealm();
  }, 120_000);

  test('has the objects of the language and nothing of Node', () => {
    const made = [
      'AbortController',
      'TextDecoder',
      'TextEncoder',
      'URL',
      'WorkerGlobalScope',
      'clearTimeout',
      'crypto',
      'load',
      'performance',
      'read',
      'readbuffer',
      'setTimeout',
    ];
    const ofLanguage: readonly string[] = runInContext(
      'Object.getOwnPropertyNames(globalThis)',
      createContext(Object.create(null)),
    );
    expect((found['names'] as string[]).filter((name) => !ofLanguage.includes(name)).sort()).toEqual(made);
    expect(found['types']).toEqual(Array.from({ length: 5 }, () => 'undefined'));
  });

  test('reaches no object of another realm, whatever it follows', () => {
    expect(found['foreign']).toMatchObject({ foreign: [] });
    // It did look: pyodide's own module alone has thousands of functions.
    expect(found['foreign']).toHaveProperty(
      'count',
      expect.toSatisfy((count) => count > 3000),
    );
  });

  test('sees no stack, makes no code of text, imports nothing', () => {
    expect(found['code']).toEqual({
      stack: null,
      trace: 'undefined',
      limit: 'undefined',
      capture: 'undefined',
      function: 'EvalError',
      eval: 'EvalError',
      generator: 'EvalError',
      imported: expect.stringMatching(/^ERR_VM_/),
    });
  });

  test('what pyodide asks of its surroundings is known for this version of it', () => {
    const count = (file: string, what: RegExp): number =>
      [...readFileSync(pyodide + file, 'utf8').matchAll(what)].length;
    const asked = {
      imports: ['pyodide.asm.mjs', 'pyodide.mjs'].map((file) => count(file, /\bimport\(/g)),
      // Asked of Node only, which it does not find: a table of constants that permissions would refuse.
      bindings: count('pyodide.asm.mjs', /process\.binding\(/g),
      globals: [...new Set(readFileSync(`${pyodide}pyodide.asm.mjs`, 'utf8').match(/globalThis\??\.\w+/g))].sort(),
    };
    expect({ version, ...asked }).toMatchSnapshot();
  });
});

/** Attempts, each a function body, in Node's own realm of the process. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'read a file': "return fs.readFileSync(setup.outside, 'utf8')",
  'read a file by promise': "return fs.promises.readFile(setup.outside, 'utf8')",
  'read a file by URL': "return fs.readFileSync(new URL('file://' + setup.outside), 'utf8')",
  'read a file by bytes': "return fs.readFileSync(Buffer.from(setup.outside), 'utf8')",
  'read a file beside those of Python': "return fs.readFileSync(setup.pyodide + 'package.json', 'utf8')",
  'read a file by a way round':
    "return fs.readFileSync(setup.pyodide + '..'.repeat(1) + '/..' + setup.outside, 'utf8')",
  'read a file by a blob': 'return (await fs.openAsBlob(setup.outside)).text()',
  'read a file by WASI': `
    const { WASI } = require('node:wasi');
    return new WASI({ version: 'preview1', preopens: { '/': '/' } });`,
  'list a folder': 'return fs.readdirSync(setup.scratch)',
  'write a file': "return fs.writeFileSync(setup.scratch + '/written', 'x')",
  'make a folder': "return fs.mkdtempSync(setup.scratch + '/made-')",
  'make a link': "return fs.symlinkSync(setup.outside, setup.scratch + '/link')",
  'write a report': "return process.report.writeReport(setup.scratch + '/report')",
  'write a heap': "return require('node:v8').writeHeapSnapshot(setup.scratch + '/heap')",
  'write a database': `
    const { DatabaseSync } = require('node:sqlite');
    return new DatabaseSync(setup.scratch + '/base').exec('create table a (b)');`,
  'read an environment file': 'return process.loadEnvFile(setup.outside)',
  'start a process': `
    const { error } = require('node:child_process').spawnSync(process.execPath, ['-v']);
    if (error) throw error;
    return 'started';`,
  'start a thread': `
    const { Worker } = require('node:worker_threads');
    return new Promise((resolve, reject) => new Worker('1', { eval: true }).on('error', reject).on('exit', resolve));`,
  'load an addon': 'return process.dlopen({ exports: {} }, setup.outside)',
  'load a module': 'return require(setup.outside)',
  'bind to what is inside Node': "return Object.keys(process.binding('fs'))",
  'open the debugger': "return require('node:inspector').open(0)",
};

/** What the system holds back, where it does. */
const OUTSIDE_ATTEMPTS: Readonly<Record<string, string>> = {
  'connect to a port': 'return connected({ port: setup.port, host: "127.0.0.1" })',
  'connect to a socket': 'return connected({ path: setup.socket })',
  listen: `
    return new Promise((resolve, reject) => {
      require('node:net').createServer().on('error', reject).listen(0, () => resolve('listens'));
    });`,
  'send a datagram': `
    return new Promise((resolve, reject) => {
      const socket = require('node:dgram').createSocket('udp4').on('error', reject);
      socket.send('x', setup.port, '127.0.0.1', (error) => error ? reject(error) : resolve('sent'));
    });`,
  'ask for a name': "return require('node:dns').promises.resolve4('localhost')",
  'see the parent': 'return process.kill(setup.parent, 0)',
  'debug the parent': 'process._debugProcess(setup.parent); return "signalled"',
};

/** Runs attempts once the process has said that it is there and was answered: all that failed, and what did not. */
async function inMainRealm(
  attempts: Readonly<Record<string, string>>,
  setup: object,
  limited: boolean,
): Promise<unknown> {
  const program = `'use strict'; (async (require, take, setup) => {
    const fs = require('node:fs');
    const say = (value) => {
      const message = Buffer.from(JSON.stringify(value));
      const head = Buffer.alloc(4);
      head.writeUInt32LE(message.length);
      for (const part of [head, message]) for (let at = 0; at < part.length; ) at += fs.writeSync(1, part, at);
    };
    const connected = (to) => new Promise((resolve, reject) => {
      require('node:net').connect(to).on('error', reject).on('connect', () => resolve('connected'));
    });
    const attempts = { ${Object.entries(attempts)
      .map(([name, body]) => `${JSON.stringify(name)}: async () => { ${body} }`)
      .join(',\n')} };
    say('there');
    take(4 + 2);
    const succeeded = {};
    let failed = 0;
    for (const [name, attempt] of Object.entries(attempts)) {
      try { succeeded[name] = String(await attempt()).slice(0, 100) } catch { failed += 1 }
    }
    say({ succeeded, failed, environment: Object.keys(process.env), folder: process.cwd() });
  })`;
  const child = new Child(program, setup);
  expect(await child.next()).toBe('there');
  if (limited) await limitResources(child.launched.pid());
  child.send('go');
  return child.next();
}

/** What becomes of attempts that are all held back. */
function heldBack(attempts: Readonly<Record<string, string>>): object {
  const folder: unknown = expect.stringMatching(/^(?:\/|\w:\\)$/);
  return { succeeded: {}, failed: Object.keys(attempts).length, environment: [], folder };
}

/** The file that nothing of the process may read. */
const outside = join(import.meta.dirname, '../../../../package.json');

describe('arbitrary JavaScript in the main realm of the process', () => {
  test.skipIf(confinement().permissions !== true)(
    'reads and writes no file, sees no environment, starts nothing, loads nothing, by Node alone',
    async () => {
      const setup = { pyodide, outside, scratch };
      expect(await inMainRealm(ATTEMPTS, setup, false)).toEqual(heldBack(ATTEMPTS));
      expect(readdirSync(scratch)).toEqual([]);
    },
  );

  test.skipIf(confinement().permissions !== true)('can read what Python consists of', async () => {
    const read = { wasm: "return fs.readFileSync(setup.pyodide + 'pyodide.asm.wasm').length > 1000" };
    expect(await inMainRealm(read, { pyodide }, false)).toMatchObject({ succeeded: { wasm: 'true' } });
  });
});

describe('the system around the process', () => {
  let port = 0;
  const socket = join(scratch, 'socket');
  let connections = 0;
  const servers: Server[] = [];
  beforeAll(async () => {
    for (const place of [{ port: 0, host: '127.0.0.1' }, { path: socket }]) {
      const server = createServer((incoming) => {
        connections += 1;
        incoming.destroy();
      });
      await new Promise<void>((resolve) => server.listen(place, resolve));
      const address = server.address();
      if (typeof address === 'object' && address !== null) port = address.port;
      servers.push(server);
    }
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  test.skipIf(process.platform !== 'linux')(
    'opens no socket, no file and no process once Python has started',
    async (c) => {
      const { limits } = confinement();
      if (limits !== true) c.skip(`there are no limits here: ${limits}`);
      const { 'see the parent': _, 'debug the parent': __, ...sockets } = OUTSIDE_ATTEMPTS;
      const attempts = { ...ATTEMPTS, ...sockets };
      expect(await inMainRealm(attempts, { pyodide, outside, scratch, port, socket }, true)).toEqual(
        heldBack(attempts),
      );
      expect(connections).toBe(0);
      expect(existsSync(join(scratch, 'written'))).toBe(false);
    },
  );

  test.skipIf(process.platform !== 'linux')('lets no signal out to another process', async (c) => {
    if (!apart) c.skip(`there are no namespaces here: ${confinement().namespaces}`);
    const attempts = {
      'see the parent': OUTSIDE_ATTEMPTS['see the parent'] ?? '',
      'debug the parent': OUTSIDE_ATTEMPTS['debug the parent'] ?? '',
      'connect to a port': OUTSIDE_ATTEMPTS['connect to a port'] ?? '',
    };
    expect(await inMainRealm(attempts, { parent: process.pid, port }, false)).toEqual(heldBack(attempts));
    expect(connections).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('a signal for the debugger of the parent opens none', async () => {
    const got = new Promise((resolve) => process.once('SIGUSR1', resolve));
    process.kill(process.pid, 'SIGUSR1');
    await got;
    expect(inspector.url()).toBeUndefined();
  });
});
