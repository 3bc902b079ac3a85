import { crc32 } from 'node:zlib';
import type { JsonObject } from '../../../base/json.ts';
import { BinXmlReader } from './binxml-reader.ts';
import { Budget, EvtxDamage } from './damage.ts';
import { EventWriter } from './event-json.ts';

export const CHUNK_SIZE = 0x10000;
const CHUNK_HEADER = 512;
const RECORD_HEADER = 24;
/** With the copy of its size and the smallest document. */
const MIN_RECORD = RECORD_HEADER + 4;
const ZEROS = Buffer.alloc(CHUNK_SIZE);
const RECORD_SIGNATURE = Buffer.from([0x2a, 0x2a, 0, 0]);
const CHUNK_SIGNATURE = Buffer.from('ElfChnk\0', 'latin1');

/** What a chunk gives, in its order. `offset` is from the chunk's start, in bytes. */
export type ChunkPart =
  | { readonly kind: 'record'; readonly offset: number; readonly event: JsonObject }
  /** A record that cannot be read. */
  | { readonly kind: 'lost-record'; readonly offset: number; readonly reason: string }
  /** Something that is no record where one should be; how many it held is not known. */
  | { readonly kind: 'gap'; readonly offset: number; readonly reason: string }
  /** A fault that costs nothing: the records were read. */
  | { readonly kind: 'fault'; readonly offset: number; readonly reason: string };

/**
 * The records of a chunk: 64 KiB, or less where the file is cut. What the checksums say does not keep anything from being read.
 * Never throws.
 */
export function* chunkParts(chunk: Buffer, hasChecksums: boolean): Generator<ChunkPart, void, void> {
  // Logs are made longer than they need be.
  if (chunk.equals(ZEROS.subarray(0, chunk.length))) return;
  const isSigned = chunk.subarray(0, CHUNK_SIGNATURE.length).equals(CHUNK_SIGNATURE);
  if (!isSigned) yield { kind: 'fault', offset: 0, reason: 'no chunk begins here' };
  const free = chunk.length >= CHUNK_HEADER && isSigned ? chunk.readUInt32LE(48) : chunk.length;
  const isFreeKnown = free >= CHUNK_HEADER && free <= CHUNK_SIZE;
  if (chunk.length < CHUNK_SIZE) {
    yield { kind: 'gap', offset: chunk.length, reason: 'the file ends inside of a chunk' };
  } else if (!isFreeKnown) {
    yield { kind: 'fault', offset: 48, reason: 'the header says no possible end of the records' };
  } else if (isSigned && hasChecksums) {
    if (!isHeaderSound(chunk)) yield { kind: 'fault', offset: 124, reason: "the header's checksum is wrong" };
    if (crc32(chunk.subarray(CHUNK_HEADER, free)) !== chunk.readUInt32LE(52)) {
      yield { kind: 'fault', offset: 52, reason: "the records' checksum is wrong" };
    }
  }
  yield* records(chunk, isFreeKnown ? Math.min(free, chunk.length) : chunk.length);
}

function isHeaderSound(chunk: Buffer): boolean {
  return crc32(chunk.subarray(128, CHUNK_HEADER), crc32(chunk.subarray(0, 120))) === chunk.readUInt32LE(124);
}

/**
 * Records stand one after the other up to `free`; behind it, those that the header does not know of yet go on counting, while older
 * ones that were overwritten in part do not.
 */
function* records(chunk: Buffer, free: number): Generator<ChunkPart, void, void> {
  const budget = new Budget();
  const reader = new BinXmlReader(chunk, budget);
  const writer = new EventWriter(chunk, reader, budget);
  let lastId: bigint | undefined;
  let at = CHUNK_HEADER;
  while (at + MIN_RECORD <= chunk.length) {
    let size = recordSize(chunk, at);
    if (size === undefined) {
      if (at >= free) return;
      size = sizeWithoutCopy(chunk, at, free);
      if (size !== undefined) yield { kind: 'fault', offset: at, reason: "the copy of a record's size is wrong" };
    }
    if (size === undefined) {
      const next = nextRecord(chunk, at + 1);
      const end = Math.min(next ?? free, free);
      // An archived log says that its chunks are full.
      if (chunk.subarray(at, end).some((byte) => byte !== 0)) {
        yield { kind: 'gap', offset: at, reason: 'no record begins here' };
      }
      if (next === undefined || next >= free) return;
      at = next;
      continue;
    }
    const id = chunk.readBigUInt64LE(at + 8);
    if (at >= free && (lastId === undefined || id !== lastId + 1n)) return;
    lastId = id;
    yield recordPart(writer, at, size);
    at += size;
  }
}

function recordPart(writer: EventWriter, offset: number, size: number): ChunkPart {
  try {
    return { kind: 'record', offset, event: writer.event(offset + RECORD_HEADER, offset + size - 4) };
  } catch (error) {
    if (!(error instanceof EvtxDamage)) throw error;
    return { kind: 'lost-record', offset, reason: error.message };
  }
}

/** The size of the record at a place, which is written before and behind it; undefined where none is. */
function recordSize(chunk: Buffer, at: number): number | undefined {
  if (at + MIN_RECORD > chunk.length || chunk.readUInt32LE(at) !== 0x2a2a) return undefined;
  const size = chunk.readUInt32LE(at + 4);
  if (size < MIN_RECORD || at + size > chunk.length) return undefined;
  return chunk.readUInt32LE(at + size - 4) === size ? size : undefined;
}

/** The size of a record whose copy of it is spoilt: what follows shows that it is right. */
function sizeWithoutCopy(chunk: Buffer, at: number, free: number): number | undefined {
  if (chunk.readUInt32LE(at) !== 0x2a2a) return undefined;
  const size = chunk.readUInt32LE(at + 4);
  const next = at + size;
  if (size < MIN_RECORD || next > free) return undefined;
  return next === free || recordSize(chunk, next) !== undefined ? size : undefined;
}

function nextRecord(chunk: Buffer, from: number): number | undefined {
  for (let at = chunk.indexOf(RECORD_SIGNATURE, from); at !== -1; at = chunk.indexOf(RECORD_SIGNATURE, at + 1)) {
    if (recordSize(chunk, at) !== undefined) return at;
  }
  return undefined;
}
