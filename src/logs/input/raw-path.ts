import { type Dirent, readdirSync } from 'node:fs';
import { isAbsolute } from 'node:path';

const REPLACED = '\ufffd';

/**
 * What the system calls the file that a path names. Names that are not UTF-8 reach us with U+FFFD in them, on the command line and
 * in folders: the bytes are looked up in the folder. Of several names that look alike it is the first.
 */
export function rawPathOf(path: string): string | Buffer {
  if (!path.includes(REPLACED)) return path;
  let found: Buffer = Buffer.from(isAbsolute(path) ? '/' : '.');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const name = part.includes(REPLACED) ? nameIn(found, part) : Buffer.from(part);
    if (name === undefined) return path;
    found = Buffer.concat([found, Buffer.from('/'), name]);
  }
  return found;
}

function nameIn(folder: Buffer, shown: string): Buffer | undefined {
  let names: readonly Dirent<Buffer>[];
  try {
    names = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return undefined;
  }
  return names.map(({ name }) => name).find((name) => name.toString() === shown);
}
