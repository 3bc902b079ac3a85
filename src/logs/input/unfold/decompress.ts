import zlib from 'node:zlib';
import { DamagedInput } from '../../decode/damaged-input.ts';
import type { Compression } from './compression.ts';
import type { Decompressor } from './decompressor.ts';
import { nativeDecompressor } from './node-decompressor.ts';
import { BOUNDS, isBeyond, tooMuch, type UnfoldingBounds } from './unfolding-bounds.ts';
import { zstdDecompressor } from './zstd-decompressor.ts';

/** Bytes of compressed data given to a decompressor at once: bounds what one step can unfold to. */
const PIECE = 32 * 1024;
const OUTPUT_CHUNK = 256 * 1024;

/**
 * The content of compressed bytes. Damage is thrown as `DamagedInput` after everything before it was given. What is unfolded
 * while the damage is met is lost in a decompressor; `reopen` gives the bytes again, to feed the last piece in single bytes
 * and get that too. Without it (standard input), up to `PIECE` compressed bytes before the damage are lost.
 * zstd is read by Node where it can, unless `portable`. The ways differ in little: only Node's holds a frame against its
 * checksum, and gives what it has of a block that is cut.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  reopen: (() => AsyncIterable<Uint8Array>) | undefined,
  portable: boolean = false,
  bounds: UnfoldingBounds = BOUNDS,
): AsyncGenerator<Uint8Array, void, void> {
  if (compression === 'xz') {
    const { unfoldXz } = await import('./xz-streams.ts');
    yield* unfoldXz(source, bounds);
    return;
  }
  let given = 0;
  let read = 0;
  let taken = 0;
  const decompressor = await openDecompressor(compression, portable);
  const drained = function* (): Generator<Uint8Array, void, void> {
    for (const chunk of decompressor.drain()) {
      given += chunk.length;
      yield chunk;
      if (isBeyond(bounds, given, read)) throw new DamagedInput(compression, given, tooMuch(bounds));
    }
  };
  let failure: Error | undefined;
  try {
    for await (const piece of pieces(source, PIECE)) {
      for (const part of decompressor.parts(piece)) {
        await decompressor.write(part);
        read += part.length;
        yield* drained();
        failure = decompressor.failure();
        if (failure !== undefined) break;
      }
      if (failure !== undefined) break;
      taken += piece.length;
    }
    if (failure === undefined) {
      await decompressor.end();
      yield* drained();
      failure = decompressor.failure();
    }
  } finally {
    decompressor.close();
  }
  if (failure === undefined) return;
  if (reopen !== undefined) {
    for await (const chunk of lastBytes(reopen(), await openDecompressor(compression, portable), taken, given)) {
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
      for (const part of at < good ? decompressor.parts(piece) : singleBytes(piece, decompressor)) {
        await decompressor.write(part);
        for (const chunk of decompressor.drain()) {
          if (chunk.length > skip) yield chunk.subarray(skip);
          skip = Math.max(0, skip - chunk.length);
        }
        if (decompressor.failure() !== undefined) return;
      }
      if (at >= good) return;
      at += piece.length;
    }
  } finally {
    decompressor.close();
  }
}

function* singleBytes(piece: Uint8Array, decompressor: Decompressor): Generator<Uint8Array, void, void> {
  for (let at = 0; at < piece.length; at += 1) yield* decompressor.parts(piece.subarray(at, at + 1));
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

/** What few logs need is loaded when one does. */
async function openDecompressor(compression: Exclude<Compression, 'xz'>, portable: boolean): Promise<Decompressor> {
  switch (compression) {
    case 'gzip':
      return nativeDecompressor(zlib.createGunzip({ chunkSize: OUTPUT_CHUNK }));
    case 'zstd':
      return zstdDecompressor(portable, OUTPUT_CHUNK);
    case 'bzip2':
      return (await import('./bzip2-decompressor.ts')).bzip2Decompressor();
  }
}
