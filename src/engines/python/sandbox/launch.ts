import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { dirname, join, parse, sep } from 'node:path';
import { BOOTSTRAP } from './child.ts';
import { endWithParent, inheritedDescriptors, namespaceCommand, ownPid, permissionFlag } from './confinement.ts';

/** What the process may read of pyodide. */
const PYODIDE_FILES = ['pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide.mjs', 'pyodide-lock.json', 'python_stdlib.zip'];
const WASM_PAGE_BYTES = 65_536;
/** What the process may hold beside Python's own memory: messages and the code around the interpreter. */
const SCRIPT_MEGABYTES = 512;

export interface Launched {
  readonly child: ChildProcess;
  /** Whether it runs in namespaces of its own. */
  readonly apart: boolean;
  /** The id of the process itself, once it has said something. */
  pid(): number | undefined;
}

/** The installed pyodide: its folder, with a separator at its end, and its version. */
export function findPyodide(): { readonly folder: string; readonly version: string } {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('pyodide/package.json');
  const { version } = require(manifest) as { readonly version: string };
  return { folder: realpathSync(dirname(manifest)) + sep, version };
}

let listens = false;

/**
 * Starts the process in which Python runs: without environment, with three pipes and nothing else, in a session of its own,
 * allowed to read what Python consists of where this version of Node can say so, apart from the network and from other
 * processes where the system lets it. It runs the program that it gets as its first message.
 */
export function launch(pyodide: string, snapshot: string | undefined, memoryLimitBytes: number): Launched {
  if (!listens) {
    // Without a listener this signal, which the process might send, would open Node's debugger to everyone on the machine.
    process.on('SIGUSR1', () => {});
    listens = true;
  }
  const readable = PYODIDE_FILES.map((file) => join(pyodide, file));
  if (snapshot !== undefined) readable.push(snapshot);
  const permission = permissionFlag();
  const apart = namespaceCommand();
  const [command = '', ...args] = [
    ...apart,
    process.execPath,
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-addons',
    // What it says when it ends is to be why.
    '--no-warnings',
    ...besidesPermissions(),
    `--wasm-max-mem-pages=${Math.ceil(memoryLimitBytes / WASM_PAGE_BYTES)}`,
    `--max-old-space-size=${SCRIPT_MEGABYTES}`,
    ...(permission === undefined ? [] : [permission, ...readable.map((path) => `--allow-fs-read=${path}`)]),
    '-e',
    BOOTSTRAP,
    ...inheritedDescriptors().map(String),
  ];
  const child = spawn(command, args, {
    cwd: parse(process.execPath).root,
    env: {},
    // On Windows a process of a session of its own would outlive this one.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  endWithParent(child);
  return { child, apart: apart.length > 0, pid: () => ownPid(child, apart) };
}

/** Shuts what writes files past the permission model: traces, and databases before Node 24. */
function besidesPermissions(): string[] {
  const flags = [`--trace-event-file-pattern=${devNull}`];
  if (process.allowedNodeEnvironmentFlags.has('--experimental-sqlite')) flags.push('--no-experimental-sqlite');
  return flags;
}
