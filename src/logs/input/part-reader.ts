import { readSync } from 'node:fs';
import type { FilePart } from '../decode/index.ts';

const LINE_FEED = 0x0a;
const BEYOND = 1 << 20;
/** Bytes that are read at once beyond a part. */
const STEP = 1 << 16;

/** Whole lines, valid until the next are read, and where in the file they begin. */
export interface PartLines {
  readonly from: number;
  readonly bytes: Buffer;
}

/** Reads the whole lines of file parts, always into the same memory. */
export class PartReader {
  private readonly beyond: number;
  private memory = Buffer.alloc(0);

  /** `beyond`: so far after a part its last line is followed; a longer one is for the decoder. */
  constructor(beyond: number = BEYOND) {
    this.beyond = beyond;
  }

  /** Undefined where no whole line starts in the part, or its end is too far, or the file cannot be read. */
  read({ file, from, to, isStart }: FilePart): PartLines | undefined {
    // The byte before tells whether a line starts at the part's first byte.
    const begin = isStart ? from : from - 1;
    const wanted = to - begin;
    if (this.memory.length < wanted + this.beyond) this.memory = Buffer.alloc(wanted + this.beyond);
    const memory = this.memory.subarray(0, wanted + this.beyond);
    let length: number;
    let end: number;
    try {
      length = readUpTo(file, memory, 0, wanted, begin);
      // The last line that starts in the part ends at the first line feed from the part's last byte on.
      end = memory.subarray(0, length).indexOf(LINE_FEED, wanted - 1);
      for (let at = wanted; end === -1 && length === at && at < memory.length; at += STEP) {
        length = readUpTo(file, memory, at, Math.min(STEP, memory.length - at), begin);
        end = memory.subarray(0, length).indexOf(LINE_FEED, at);
      }
    } catch {
      return undefined;
    }
    if (end === -1) end = memory.subarray(0, Math.min(length, wanted)).lastIndexOf(LINE_FEED);
    const start = isStart ? 0 : memory.subarray(0, length).indexOf(LINE_FEED) + 1;
    if (end < start || (start === 0 && !isStart)) return undefined;
    return { from: begin + start, bytes: memory.subarray(start, end + 1) };
  }
}

/** Reads bytes of a file that lies in memory from `begin` on; gives how far memory is filled. */
function readUpTo(file: number, memory: Buffer, at: number, count: number, begin: number): number {
  let filled = at;
  while (filled < at + count) {
    const read = readSync(file, memory, filled, at + count - filled, begin + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
