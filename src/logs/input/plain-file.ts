import { type FileHandle, open } from 'node:fs/promises';
import type { ReadInto } from '../decode/index.ts';
import { compressionOf } from './decompress.ts';

const PEEKED = 4;

/**
 * Reads a file that is not compressed into the caller's memory, which saves a copy. Undefined for any other file, also for one
 * that cannot be opened.
 */
export async function openPlain(path: string, onRead: (count: number) => void): Promise<ReadInto | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch {
    return undefined;
  }
  const head = new Uint8Array(PEEKED);
  const isPlain = await file.read(head, 0, PEEKED, 0).then(
    ({ bytesRead }) => compressionOf(head.subarray(0, bytesRead)) === 'none',
    () => false,
  );
  if (!isPlain) {
    await file.close();
    return undefined;
  }
  let position = 0;
  return {
    readInto: async (memory) => {
      const { bytesRead } = await file.read(memory, 0, memory.length, position);
      position += bytesRead;
      onRead(bytesRead);
      return bytesRead;
    },
    close: () => file.close(),
  };
}
