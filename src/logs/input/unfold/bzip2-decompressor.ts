import bitReader from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import type { Decompressor } from './decompressor.ts';

/** What a block has compressed at most, by the level of its stream; the library reads only what is there. */
const LEVEL_BYTES = 100_000;
const MORE_BYTES = 25_000;
/** A block may unfold to 50 times its level. */
const OUTPUT_CHUNK = 256 * 1024;

/**
 * bzip2, block by block as what they hold is asked for: one that is cut, or whose checksum is wrong, gives nothing. Streams behind
 * each other are one. The library's own stream unfolds all blocks that it has at once, and a few bytes may be a hundred blocks.
 */
export function bzip2Decompressor(): Decompressor {
  const waiting: Uint8Array[] = [];
  let held = 0;
  let ended = false;
  let failure: Error | undefined;
  let bits: bitReader.Bits | undefined;
  /** 0: outside of a stream. */
  let level = 0;
  let checksum = 0;

  const hasBlock = (): boolean => {
    const left = held - (bits?.bytesRead ?? 0);
    return ended ? left > 0 : left + 1 >= (level === 0 ? 4 : MORE_BYTES + LEVEL_BYTES * level);
  };
  /** The next block of a stream, or its beginning or end, which have no content. */
  const next = (): readonly Uint8Array[] => {
    // Undefined where there is no more, which the library answers by an error.
    bits ??= bitReader(() => waiting.shift());
    if (level === 0) {
      level = bzip2.header(bits);
      checksum = 0;
      return [];
    }
    const content = new Chunks();
    const size = LEVEL_BYTES * level;
    const after = bzip2.decompress(bits, (byte) => content.add(byte), new Int32Array(size), size, checksum);
    if (after === null) level = 0;
    else checksum = after;
    return content.all();
  };

  return {
    parts: (piece) => [piece],
    async write(piece) {
      // It is kept.
      waiting.push(Uint8Array.from(piece));
      held += piece.length;
    },
    async end() {
      ended = true;
    },
    *drain() {
      while (failure === undefined && hasBlock()) {
        let content: readonly Uint8Array[] = [];
        try {
          content = next();
        } catch (error) {
          failure = new Error(reasonOf(error));
        }
        yield* content;
      }
      if (ended && level !== 0) failure ??= new Error(CUT);
    },
    failure: () => failure,
    close() {},
  };
}

/** Bytes that come one by one, however many. */
class Chunks {
  private readonly full: Uint8Array[] = [];
  private last = new Uint8Array(OUTPUT_CHUNK);
  private length = 0;

  add(byte: number): void {
    if (this.length === OUTPUT_CHUNK) {
      this.full.push(this.last);
      this.last = new Uint8Array(OUTPUT_CHUNK);
      this.length = 0;
    }
    this.last[this.length] = byte;
    this.length += 1;
  }

  all(): readonly Uint8Array[] {
    return this.length === 0 ? this.full : [...this.full, this.last.subarray(0, this.length)];
  }
}

const CUT = 'it ends inside of a block';

/** Some of the library's messages say nothing. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/Unexpected/i.test(message) || error instanceof TypeError) return CUT;
  return /crc32|magic number|not valid|obsolete/i.test(message) ? message : 'a block is damaged';
}
