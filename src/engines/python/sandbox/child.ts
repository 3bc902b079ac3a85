import type { Request } from './messages.ts';
import type { Realm, RealmSetup } from './realm/realm.ts';

/** What the process is started with: the first message it gets. */
export interface ChildSetup {
  /** Absolute path of the folder of pyodide, with a separator at its end. */
  readonly pyodide: string;
  /** The realm's program. */
  readonly realm: string;
  /** Absolute path of a snapshot, behind its SHA-256; null: start anew. */
  readonly snapshot: string | null;
  readonly start: Omit<RealmSetup, 'lockFile' | 'entropy'>;
}

/** Takes so many bytes from the parent; ends the process where there are no more. */
type Take = (size: number) => Buffer;

/**
 * The command line's program: closes the descriptors that the arguments name, reads the first message and runs the program in
 * it.
 */
export const BOOTSTRAP: string = `'use strict';
const { closeSync, readSync } = require('node:fs');
for (const inherited of process.argv.slice(1)) closeSync(Number(inherited));
const { allocUnsafe } = Buffer;
const { wait } = Atomics;
const end = process.exit.bind(process);
const nothing = new Int32Array(new SharedArrayBuffer(4));
const take = (size) => {
  const bytes = allocUnsafe(size);
  for (let at = 0; at < size; ) {
    let got = 0;
    try {
      got = readSync(0, bytes, at, size - at, null);
    } catch (error) {
      if (error.code === 'EAGAIN') {
        wait(nothing, 0, 0, 1);
        continue;
      }
      if (error.code !== 'EOF') throw error;
    }
    if (got === 0) end(0);
    at += got;
  }
  return bytes;
};
const { program, setup } = JSON.parse(take(take(4).readUInt32LE(0)).toString());
new (require('node:vm').Script)(program, { filename: 'python' }).runInThisContext()(require, take, setup);`;

/**
 * The whole program of the process in which Python runs. It is handed over as text (`childMain.toString()`), so that it runs the
 * same from `src` under the tests and from the built package: it must use nothing outside itself.
 *
 * Python runs in a realm of its own, a context to which nothing of this realm is given. Once Python is loaded this
 * realm never returns to the event loop: it reads a message, calls into the context, and writes a message.
 */
async function childMain(require: NodeJS.Require, take: Take, setup: ChildSetup): Promise<void> {
  const { closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } =
    require('node:fs') as typeof import('node:fs');
  const { createHash, randomFillSync } = require('node:crypto') as typeof import('node:crypto');
  const { Script, createContext } = require('node:vm') as typeof import('node:vm');
  const { from, alloc } = Buffer;
  const { parse, stringify } = JSON;
  const now = performance.now.bind(performance);
  const end = process.exit.bind(process);

  const send = (message: Uint8Array): void => {
    const head = alloc(4);
    head.writeUInt32LE(message.length, 0);
    for (const part of [head, message]) {
      for (let at = 0; at < part.length; ) {
        try {
          at += writeSync(1, part, at, part.length - at);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') end(0);
        }
      }
    }
  };
  const say = (message: object): void => send(from(stringify(message)));

  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: true } });
  const run = (text: string, filename: string): unknown => new Script(text, { filename }).runInContext(context);

  /** Reads the rest of a file from `skipped` on into an array of the realm. */
  const bring = (realm: Realm, name: string, path: string, skipped: number): { head: Buffer; content: Uint8Array } => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size < skipped) throw new Error('cut');
      const head = alloc(skipped);
      const content = realm.room(name, size - skipped);
      const readAll = (target: Uint8Array): void => {
        for (let at = 0; at < target.length; ) {
          const got = readSync(file, target, at, target.length - at, null);
          if (got === 0) throw new Error('cut');
          at += got;
        }
      };
      readAll(head);
      readAll(content);
      return { head, content };
    } finally {
      closeSync(file);
    }
  };

  /**
   * A module's text as a script that gives what the module exports: no import is left in it. The names of the language are
   * those of a function around it, as the globals of a context are slow to find.
   */
  const scriptOf = (file: string, exported: RegExp, give: string, names: string): string => {
    const text = readFileSync(setup.pyodide + file, 'utf8');
    if (!exported.test(text)) throw new Error(`${file} does not export what is expected`);
    const body = text
      .replace(exported, give)
      .replaceAll('import.meta.url', `"file:///${file}"`)
      .replace(/\bimport\(/g, 'globalThis.load(');
    return `'use strict'; ((${names}) => { ${body}\n})(${names})`;
  };

  let realm: Realm;
  try {
    realm = run(setup.realm, 'realm') as Realm;
    const { names } = realm;
    const createModule = run(
      scriptOf('pyodide.asm.mjs', /export default _createPyodideModule;/, 'return _createPyodideModule;', names),
      'pyodide.asm.mjs',
    );
    const loadPyodide = run(
      scriptOf('pyodide.mjs', /export\{(\w+) as loadPyodide,\w+ as version\};/, 'return $1;', names),
      'pyodide.mjs',
    );
    bring(realm, '/pyodide.asm.wasm', `${setup.pyodide}pyodide.asm.wasm`, 0);
    bring(realm, '/python_stdlib.zip', `${setup.pyodide}python_stdlib.zip`, 0);
    if (setup.snapshot !== null) {
      const { head, content } = bring(realm, 'snapshot', setup.snapshot, 32);
      if (!createHash('sha256').update(content).digest().equals(head)) throw new Error('the snapshot is damaged');
    }
    const start: RealmSetup = {
      ...setup.start,
      lockFile: readFileSync(`${setup.pyodide}pyodide-lock.json`, 'utf8'),
      entropy: [...randomFillSync(new Uint32Array(12))],
    };
    const size = await realm.boot(createModule, loadPyodide, stringify(start));
    say({ kind: 'ready', snapshot: size > 0 });
    if (size > 0) send(realm.snapshot());
  } catch (thrown) {
    say({ kind: 'broken', reason: String(thrown).slice(0, 2000) });
    end(0);
    return;
  }

  // What this realm needs from here on it holds already. Nothing else of it is left to find.
  const everything = globalThis;
  const { ownKeys, deleteProperty } = Reflect;
  for (const name of ownKeys(everything)) deleteProperty(everything, name);

  const mostWaitMs = 50;
  const mostHeld = 1_000_000;
  for (;;) {
    const { call, jobs, each } = parse(take(take(4).readUInt32LE(0)).toString()) as Request;
    let answers: string[] = [];
    let held = 0;
    let since = now();
    const flush = (more: boolean): void => {
      say({ kind: 'answers', call, answers, more });
      answers = [];
      held = 0;
      since = now();
    };
    for (const { method, args } of jobs) {
      const [first = '', second = '', third = ''] = args;
      let text = realm.answer(method, args.length, first, second, third);
      for (;;) {
        const kind = typeof text === 'string' ? text[0] : undefined;
        if (kind !== '.' && kind !== '+') {
          if (answers.length > 0) flush(false);
          say({ kind: 'failed', call, reason: kind === '!' ? text.slice(1) : 'no answer' });
          end(0);
        }
        answers.push(text.slice(1));
        held += text.length;
        if (kind === '.') break;
        flush(true);
        text = realm.answer('more', 0, '', '', '');
      }
      if (each || held > mostHeld || now() - since > mostWaitMs) flush(false);
    }
    if (answers.length > 0) flush(false);
  }
}

/** The program as text, which is a function. */
export const childProgram: string = `'use strict'; (${childMain.toString()})`;
