import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Decompressor } from './decompressor.ts';
import { nativeDecompressor } from './node-decompressor.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Node's own zstd where it has it, unless `portable`; gives chunks of so many bytes. */
export function zstdDecompressor(portable: boolean, chunkSize: number): Decompressor {
  const create = portable ? undefined : nativeZstd(chunkSize);
  return frameByFrame(create === undefined ? portableZstd() : nativeDecompressor(create()));
}

/**
 * Node's zstd stream ends with the first frame and drops what the same piece holds behind it, but goes on when the next frame
 * begins a piece of its own.
 */
function frameByFrame(inner: Decompressor): Decompressor {
  const frames = new ZstdFrames();
  const tooWide = (): Error | undefined =>
    frames.isTooWide ? new Error('it asks for a window of more than 128 MB, as `zstd --long` makes them') : undefined;
  return { ...inner, parts: (piece) => frames.split(piece), failure: () => tooWide() ?? inner.failure() };
}

/** Node has zstd from 22.15 on. */
function nativeZstd(chunkSize: number): (() => zlib.Gunzip) | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  // The stream has the same shape as the one for gzip.
  return typeof create === 'function' ? () => create({ chunkSize }) : undefined;
}

/**
 * For Node before 22.15. It does not hold a frame against its checksum: damage that leaves the data decodable shows
 * only in the records.
 */
function portableZstd(): Decompressor {
  let output: Uint8Array[] = [];
  let failure: Error | undefined;
  // What is handed over is a window that the next block overwrites.
  const stream = new Decompress((chunk) => output.push(Uint8Array.from(chunk)));
  const push = async (piece: Uint8Array, isLast: boolean): Promise<void> => {
    if (failure !== undefined) return;
    try {
      stream.push(piece, isLast);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  };
  return {
    parts: (piece) => [piece],
    // It keeps what it is given.
    write: (piece) => push(Uint8Array.from(piece), false),
    end: () => push(new Uint8Array(0), true),
    drain() {
      const taken = output;
      output = [];
      return taken;
    },
    failure: () => failure,
    close() {},
  };
}
