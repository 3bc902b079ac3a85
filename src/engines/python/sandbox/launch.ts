import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse, sep } from 'node:path';
import { BOOTSTRAP } from './child.ts';

/** What the process may read of pyodide. */
const PYODIDE_FILES = ['pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide.mjs', 'pyodide-lock.json', 'python_stdlib.zip'];

const WASM_PAGE_BYTES = 65_536;
/** What the process may hold beside Python's own memory: messages and the code around the interpreter. */
const SCRIPT_MEGABYTES = 512;

/** The installed pyodide: its folder, with a separator at its end, and its version. */
export function findPyodide(): { readonly folder: string; readonly version: string } {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('pyodide/package.json');
  const { version } = require(manifest) as { readonly version: string };
  return { folder: realpathSync(dirname(manifest)) + sep, version };
}

/**
 * Starts the process in which Python runs: without environment, with three pipes and nothing else, in a session of its own,
 * allowed to read what Python consists of where this version of Node can say so.
 */
export function launch(pyodide: string, snapshot: string | undefined, memoryLimitBytes: number): ChildProcess {
  const readable = PYODIDE_FILES.map((file) => join(pyodide, file));
  if (snapshot !== undefined) readable.push(snapshot);
  const flags = [
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-addons',
    `--wasm-max-mem-pages=${Math.ceil(memoryLimitBytes / WASM_PAGE_BYTES)}`,
    `--max-old-space-size=${SCRIPT_MEGABYTES}`,
    ...permissions(readable),
  ];
  return spawn(process.execPath, [...flags, '-e', BOOTSTRAP], {
    cwd: parse(process.execPath).root,
    env: {},
    // On Windows a process of a session of its own would outlive this one.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

function permissions(readable: readonly string[]): string[] {
  const { allowedNodeEnvironmentFlags: known } = process;
  const flag = ['--permission', '--experimental-permission'].find((each) => known.has(each));
  return flag === undefined ? [] : [flag, ...readable.map((path) => `--allow-fs-read=${path}`)];
}
