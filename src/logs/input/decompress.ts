import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { DamagedInput } from '../decode/damaged-input.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Bytes of compressed data given to a decompressor at once: bounds what one step can unfold to. */
const PIECE = 32 * 1024;
const OUTPUT_CHUNK = 256 * 1024;

/** Beyond so many bytes of content, what unfolds to more than so many times its size is no log: gzip reaches 1,032, zstd 30,000. */
export interface UnfoldingBounds {
  readonly bytes: number;
  readonly ratio: number;
}

const BOUNDS: UnfoldingBounds = { bytes: 1024 ** 3, ratio: 500 };

export type Compression = 'none' | 'gzip' | 'zstd';

/** Recognised by the first bytes, whatever the file is called. A zstd stream may begin with a skippable frame. */
export function compressionOf(head: Uint8Array): Compression {
  const [a, b, c, d] = head;
  if (a === 0x1f && b === 0x8b && (c === 8 || c === undefined)) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  return 'none';
}

/** What takes compressed pieces and gives what each unfolds to. */
interface Decompressor {
  /** A piece in parts that unfold to some megabytes each at most. */
  parts(piece: Uint8Array): Iterable<Uint8Array>;
  /** Resolves with an error where the data is damaged; `drain` then still has what came before. */
  write(piece: Uint8Array): Promise<Error | undefined>;
  end(): Promise<Error | undefined>;
  drain(): readonly Uint8Array[];
  close(): void;
}

/**
 * The content of compressed bytes. Damage is thrown as `DamagedInput` after everything before it was given. What is unfolded
 * while the damage is met is lost in a decompressor; `reopen` gives the bytes again, to feed the last piece in single bytes
 * and get that too. Without it (standard input), up to `PIECE` compressed bytes before the damage are lost.
 * zstd is read by Node where it can, unless `portable`. The ways differ in little: only Node's holds a frame against its
 * checksum, and gives what it has of a block that is cut.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: 'gzip' | 'zstd',
  reopen: (() => AsyncIterable<Uint8Array>) | undefined,
  portable: boolean = false,
  bounds: UnfoldingBounds = BOUNDS,
): AsyncGenerator<Uint8Array, void, void> {
  let given = 0;
  let read = 0;
  let taken = 0;
  let failure: Error | undefined;
  const decompressor = openDecompressor(compression, portable);
  try {
    for await (const piece of pieces(source, PIECE)) {
      for (const part of decompressor.parts(piece)) {
        failure = await decompressor.write(part);
        read += part.length;
        for (const chunk of decompressor.drain()) {
          given += chunk.length;
          yield chunk;
        }
        if (given > bounds.bytes && given > bounds.ratio * read) {
          const reason = `it unfolds to more than ${bounds.ratio} times its size, as no log does; the rest is not read`;
          throw new DamagedInput(compression, given, reason);
        }
        if (failure !== undefined) break;
      }
      if (failure !== undefined) break;
      taken += piece.length;
    }
    if (failure === undefined) {
      failure = await decompressor.end();
      for (const chunk of decompressor.drain()) {
        given += chunk.length;
        yield chunk;
      }
    }
  } finally {
    decompressor.close();
  }
  if (failure === undefined) return;
  if (reopen !== undefined) {
    for await (const chunk of lastBytes(reopen(), openDecompressor(compression, portable), taken, given)) {
      given += chunk.length;
      yield chunk;
    }
  }
  throw new DamagedInput(compression, given, failure.message);
}

/** Unfolds damaged data again: whole pieces up to the bad one, single bytes from there; skips what was given before. */
async function* lastBytes(
  source: AsyncIterable<Uint8Array>,
  decompressor: Decompressor,
  good: number,
  given: number,
): AsyncGenerator<Uint8Array, void, void> {
  let skip = given;
  let at = 0;
  try {
    for await (const piece of pieces(source, PIECE)) {
      for (const part of at < good ? decompressor.parts(piece) : singleBytes(piece)) {
        const failure = await decompressor.write(part);
        for (const chunk of decompressor.drain()) {
          if (chunk.length > skip) yield chunk.subarray(skip);
          skip = Math.max(0, skip - chunk.length);
        }
        if (failure !== undefined) return;
      }
      if (at >= good) return;
      at += piece.length;
    }
  } finally {
    decompressor.close();
  }
}

function* singleBytes(piece: Uint8Array): Generator<Uint8Array, void, void> {
  for (let at = 0; at < piece.length; at += 1) yield piece.subarray(at, at + 1);
}

/** The same bytes cut at multiples of `size`, wherever the source cuts them. */
async function* pieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void, void> {
  let rest: Uint8Array[] = [];
  let restLength = 0;
  for await (const chunk of source) {
    let at = 0;
    while (restLength + chunk.length - at >= size) {
      const end = at + size - restLength;
      yield restLength === 0 ? chunk.subarray(at, end) : Buffer.concat([...rest, chunk.subarray(at, end)]);
      rest = [];
      restLength = 0;
      at = end;
    }
    if (at < chunk.length) {
      rest.push(chunk.subarray(at));
      restLength += chunk.length - at;
    }
  }
  if (restLength > 0) yield Buffer.concat(rest);
}

function openDecompressor(compression: 'gzip' | 'zstd', portable: boolean): Decompressor {
  if (compression === 'gzip') return nativeDecompressor(zlib.createGunzip({ chunkSize: OUTPUT_CHUNK }));
  const create = portable ? undefined : nativeZstd();
  return frameByFrame(create === undefined ? portableZstd() : nativeDecompressor(create()));
}

/**
 * Node's zstd stream ends with the first frame and drops what the same piece holds behind it, but goes on when the next frame
 * begins a piece of its own.
 */
function frameByFrame(inner: Decompressor): Decompressor {
  const frames = new ZstdFrames();
  return { ...inner, parts: (piece) => frames.split(piece) };
}

/** Node has zstd from 22.15 on. */
function nativeZstd(): (() => zlib.Gunzip) | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  // The stream has the same shape as the one for gzip.
  return typeof create === 'function' ? () => create({ chunkSize: OUTPUT_CHUNK }) : undefined;
}

function nativeDecompressor(stream: zlib.Gunzip): Decompressor {
  let output: Uint8Array[] = [];
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('error', () => resolve());
    stream.once('close', resolve);
  });
  stream.on('data', (chunk: Uint8Array) => output.push(chunk));
  stream.on('error', (error: Error) => {
    failure ??= error;
  });
  return {
    parts: (piece) => [piece],
    write(piece) {
      if (failure !== undefined) return Promise.resolve(failure);
      return new Promise((resolve) => {
        // A write that meets damage is never called back.
        const onError = (error: Error): void => resolve(error);
        stream.once('error', onError);
        stream.write(piece, (error) => {
          stream.off('error', onError);
          resolve(error ?? failure);
        });
      });
    },
    async end() {
      if (failure === undefined) {
        stream.end();
        await ended;
      }
      return failure;
    },
    drain() {
      const taken = output;
      output = [];
      return taken;
    },
    close() {
      stream.destroy();
    },
  };
}

/**
 * For Node before 22.15. It does not hold a frame against its checksum: damage that leaves the data decodable shows
 * only in the records.
 */
function portableZstd(): Decompressor {
  let output: Uint8Array[] = [];
  // What is handed over is a window that the next block overwrites.
  const stream = new Decompress((chunk) => output.push(Uint8Array.from(chunk)));
  const push = (piece: Uint8Array, isLast: boolean): Promise<Error | undefined> => {
    try {
      stream.push(piece, isLast);
      return Promise.resolve(undefined);
    } catch (error) {
      return Promise.resolve(error instanceof Error ? error : new Error(String(error)));
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
    close() {},
  };
}
