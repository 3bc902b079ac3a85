import type { Internals } from './pyodide-internals.ts';

/**
 * Makes the files read-only that Python has in its memory: its library is among them, from which rules import what no rule had
 * before. Made in the realm: it is handed over as text.
 */
export function withReadOnlyFiles({ _module }: Internals): void {
  /** EROFS, as WASI numbers it. */
  const READ_ONLY = 69;
  /** Of `open`: to write, to make, to cut. */
  const WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000;
  const CHANGES = [
    'allocate',
    'chmod',
    'chown',
    'fchmod',
    'fchown',
    'ftruncate',
    'lchmod',
    'lchown',
    'link',
    'mkdev',
    'mkdir',
    'mkdirTree',
    'mknod',
    'mmap',
    'mount',
    'rename',
    'rmdir',
    'symlink',
    'truncate',
    'unlink',
    'unmount',
    'utime',
    'writeFile',
  ];
  const { FS: files } = _module;
  const refuse = (): never => {
    throw new files.ErrnoError(READ_ONLY);
  };
  const { open } = files;
  files.open = (path, flags, mode) => {
    const writes = typeof flags === 'string' ? !/^rs?$/.test(flags) : (Number(flags ?? 0) & WRITES) !== 0;
    // Devices have no content to change: what is printed goes there.
    if (writes && !(typeof path === 'string' && path.startsWith('/dev/'))) refuse();
    return open.call(files, path, flags, mode);
  };
  for (const name of CHANGES) {
    const change: unknown = Reflect.get(files, name);
    if (typeof change !== 'function') continue;
    Reflect.set(files, name, (path: unknown, ...more: unknown[]): unknown => {
      // What pyodide keeps the text of an error in.
      return path === '/dev/capture_stderr' ? Reflect.apply(change, files, [path, ...more]) : refuse();
    });
  }
}
