import { crc32 } from 'node:zlib';
import { diagnostic } from '../../../base/diagnostic.ts';
import type { BatchCollector } from '../batch.ts';
import { CHUNK_SIZE, type ChunkPart, chunkParts } from './chunk.ts';

const FILE_HEADER = 4096;
/** A flag of the file's: whoever wrote it left the checksums out. */
const NO_CHECKSUMS = 0x0004;

/**
 * Decodes a Windows event log (EVTX), pushed in pieces of any size; holds one chunk (64 KiB). A record's `line` is its place among the
 * records of the file, from 1, whether they can be read or not; the number that Windows gave it is `EventRecordID` in the event.
 * Damage is reported where it is, and everything that can be read is: also chunks that a file not closed properly does not count.
 */
export class EvtxDecoder {
  private readonly out: BatchCollector;
  private pending: Buffer = Buffer.alloc(0);
  private wanted = FILE_HEADER;
  private offset = 0;
  private chunks = 0;
  private expectedChunks = 0;
  private hasChecksums = true;
  private found = 0;

  constructor(out: BatchCollector) {
    this.out = out;
  }

  /** How many records were found so far. */
  get records(): number {
    return this.found;
  }

  push(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let rest = this.pending.length === 0 ? piece : Buffer.concat([this.pending, piece]);
    while (rest.length >= this.wanted) {
      const block = rest.subarray(0, this.wanted);
      rest = rest.subarray(this.wanted);
      if (this.offset === 0) this.readHeader(block);
      else this.readChunk(block);
      this.offset += block.length;
      this.wanted = CHUNK_SIZE;
    }
    this.pending = Buffer.from(rest);
  }

  /** To be called once, after the last piece. */
  end(): void {
    const rest = this.pending;
    const { file } = this.out;
    if (this.offset === 0) this.expectedChunks = Math.max(1, rest.length < 44 ? 0 : rest.readUInt16LE(42));
    else if (rest.length > 0) this.readChunk(rest);
    if (this.chunks < this.expectedChunks) {
      const { chunks, expectedChunks: expected } = this;
      this.out.note(diagnostic('logs/evtx-short', { file, chunks, expected }));
    }
  }

  private readHeader(header: Buffer): void {
    this.hasChecksums = (header.readUInt32LE(120) & NO_CHECKSUMS) === 0;
    this.expectedChunks = header.readUInt16LE(42);
    const problem = this.headerProblem(header);
    if (problem === undefined) return;
    this.expectedChunks = 0;
    this.out.note(diagnostic('logs/evtx-header', { file: this.out.file, reason: problem }));
  }

  private headerProblem(header: Buffer): string | undefined {
    if (this.hasChecksums && crc32(header.subarray(0, 120)) !== header.readUInt32LE(124))
      return 'its checksum is wrong';
    const major = header.readUInt16LE(38);
    if (major !== 3) return `it has the format version ${major}, not 3`;
    const size = header.readUInt16LE(40);
    return size === FILE_HEADER ? undefined : `it says that it has ${size} bytes, not ${FILE_HEADER}`;
  }

  private readChunk(chunk: Buffer): void {
    this.chunks += 1;
    for (const part of chunkParts(chunk, this.hasChecksums)) this.take(part);
  }

  private take(part: ChunkPart): void {
    const { file } = this.out;
    const chunk = this.chunks;
    const offset = this.offset + part.offset;
    switch (part.kind) {
      case 'record':
        this.found += 1;
        this.out.emit(part.event, this.found);
        break;
      case 'lost-record': {
        this.found += 1;
        const line = this.found;
        this.out.reject(1, () => diagnostic('logs/evtx-record', { file, line, chunk, offset, reason: part.reason }));
        break;
      }
      case 'gap':
        this.out.reject(1, () => diagnostic('logs/evtx-gap', { file, chunk, offset, reason: part.reason }));
        break;
      case 'fault':
        this.out.reject(0, () => diagnostic('logs/evtx-chunk', { file, chunk, offset, reason: part.reason }));
        break;
    }
  }
}
