import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the operating system and Node hold around Python here. Texts say why a layer is missing. */
export interface Confinement {
  /** Node's permission model: no files but Python's own, no processes, no threads, no addons. */
  readonly permissions: true | string;
  /** Linux namespaces: no network, no processes outside to signal. */
  readonly namespaces: true | string;
  /** Linux resource limits, from the moment Python has started: no file and no socket can be opened, no process started. */
  readonly limits: true | string;
}

const LINUX_ONLY = 'only Linux has them';

/** Undefined: not tried yet. */
let namespaces: true | string | undefined = process.platform === 'linux' ? undefined : LINUX_ONLY;
let limits: true | string | undefined = process.platform === 'linux' ? undefined : LINUX_ONLY;

/** What the processes that were started are held by. */
export function confinement(): Confinement {
  const untried = 'no process was started yet';
  const permissions = permissionFlag() === undefined ? `Node ${process.version} has none` : true;
  return { permissions, namespaces: namespaces ?? untried, limits: limits ?? untried };
}

/** The flag that turns on the permission model, where this version of Node has one. */
export function permissionFlag(): string | undefined {
  return ['--permission', '--experimental-permission'].find((flag) => process.allowedNodeEnvironmentFlags.has(flag));
}

/** The command that a process is started by, so that it runs in namespaces of its own; empty where there are none. */
export function namespaceCommand(): readonly string[] {
  if (typeof namespaces === 'string') return [];
  const unshare = commandPath('unshare');
  if (unshare === undefined) {
    namespaces = 'there is no `unshare`';
    return [];
  }
  return [unshare, '--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--'];
}

/** A process in namespaces has started. */
export function namespacesHold(): void {
  namespaces = true;
}

/** The first process in namespaces did not start; true: it is worth another attempt without them. */
export function namespacesFail(reason: string): boolean {
  if (namespaces !== undefined) return false;
  namespaces = reason;
  return true;
}

/** The id of the process itself, where another one stands before it in the namespaces' command. */
export function ownPid(child: ChildProcess, command: readonly string[]): number | undefined {
  const { pid } = child;
  if (pid === undefined || command.length === 0) return pid;
  try {
    const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return first === undefined || first === '' ? undefined : Number(first);
  } catch {
    return undefined;
  }
}

/**
 * Takes from a process that has started what it does not need any more: descriptors, files, processes. What is open stays so.
 * Nothing that runs in the process can take it back.
 */
export async function limitResources(pid: number | undefined): Promise<void> {
  if (typeof limits === 'string') return;
  const prlimit = commandPath('prlimit');
  if (prlimit === undefined || pid === undefined) {
    limits = prlimit === undefined ? 'there is no `prlimit`' : 'the process is not found in /proc';
    return;
  }
  const taken = ['--nofile=0:0', '--nproc=0:0', '--fsize=0:0', '--core=0:0'];
  const set = spawn(prlimit, ['--pid', String(pid), ...taken], { stdio: 'ignore', env: {} });
  const code = await new Promise((resolve) => {
    set.on('error', () => resolve(-1));
    set.on('exit', resolve);
  });
  limits = code === 0 ? true : '`prlimit` is not allowed to set them';
}

/** Descriptors that this process was started with, beside the three standard ones: it would pass them on. */
export function inheritedDescriptors(): readonly number[] {
  if (process.platform !== 'linux') return [];
  const closedOnExec = 0o2000000;
  return readdirSync('/proc/self/fdinfo').flatMap((name) => {
    try {
      const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'latin1'))?.[1] ?? '';
      return Number(name) > 2 && (Number.parseInt(flags, 8) & closedOnExec) === 0 ? [Number(name)] : [];
    } catch {
      // It is closed again: that of the folder itself.
      return [];
    }
  });
}

/** The resident memory of a process in bytes; undefined where it cannot be known. */
export function residentBytes(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux' || pid === undefined) return undefined;
  try {
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
  } catch {
    return undefined;
  }
}

/**
 * Ends a process and its group when this one is gone, however it ended: the process itself finds that out only when it
 * reads. A shell that waits for the end of a pipe; Windows needs none, as it ends what a process has started with it.
 */
export function endWithParent(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const waits = 'read -r _; kill -s KILL -- "-$1"';
  const guard = spawn('/bin/sh', ['-c', waits, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: {},
  });
  // Where there is no shell, the process ends when its rule has answered.
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  guard.unref();
  (guard.stdin as { unref?(): void } | null)?.unref?.();
  child.on('exit', () => guard.kill('SIGKILL'));
}

function commandPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin'].filter((each) => each !== '');
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
