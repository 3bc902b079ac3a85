import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from './exit.ts';
import type { Output } from './io.ts';

/** Standard output that goes into a file instead. It is the file's content at once and whole, when it is complete. */
export interface FileOutput extends Output {
  /** Puts what was written into its place. */
  keep(): Promise<void>;
  /** Leaves what was there before. */
  discard(): Promise<void>;
}

/** Opens a file to write to; an `InputError` where that cannot be, before anything else is done. */
export async function fileOutput(path: string): Promise<FileOutput> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw new InputError(`${path} cannot be written: it is a folder`);
  // A pipe or a device is written to as it is: it cannot be replaced.
  const isFile = there === undefined || there.isFile();
  const target = resolve(path);
  const written = isFile ? `${target}.${process.pid}.part` : target;
  const failed = (thrown: unknown): InputError => new InputError(`${path} cannot be written: ${reasonOf(thrown)}`);
  const file: FileHandle = await open(written, isFile ? 'wx' : 'w').catch((thrown: unknown) => {
    throw failed(thrown);
  });
  const end = async (): Promise<void> => {
    await file.close().catch(() => {});
  };
  return {
    terminal: false,
    columns: undefined,
    write: async (text) => {
      await file.appendFile(text).catch((thrown: unknown) => {
        throw failed(thrown);
      });
    },
    keep: async () => {
      await end();
      if (!isFile) return;
      await rename(written, target).catch(async (thrown: unknown) => {
        await rm(written, { force: true });
        throw failed(thrown);
      });
    },
    discard: async () => {
      await end();
      if (isFile) await rm(written, { force: true });
    },
  };
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space left on the device';
    case 'EEXIST':
      return 'another run is writing it';
    default:
      return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
