import type { LineScanner, LinesAhead } from './line-scanner.ts';
import { contentKind } from './text-segments.ts';

const LINE_FEED = 0x0a;

interface Waiting {
  readonly memory: Uint8Array;
  readonly piece: Buffer;
  /** Undefined for what is no text of whole lines. */
  readonly scanner: Promise<LineScanner> | undefined;
}

/** A file that is read into the caller's memory. */
export interface ReadInto {
  /** How many bytes came; 0 at the end. */
  readInto(memory: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** A log that is cut into pieces of whole lines, which are scanned ahead; as a scanner it knows the piece that came last. */
export class ScanAhead implements LineScanner {
  private readonly ahead: LinesAhead;
  private readonly bytes: AsyncIterable<Uint8Array> | ReadInto;
  private readonly waiting: Waiting[] = [];
  private current: LineScanner;
  /** What is being filled, and how far it is. */
  private memory: Uint8Array | undefined;
  private filled = 0;
  private isText: boolean | undefined;

  constructor(ahead: LinesAhead, bytes: AsyncIterable<Uint8Array> | ReadInto) {
    this.ahead = ahead;
    this.bytes = bytes;
    this.current = ahead.here;
  }

  scan: LineScanner['scan'] = (lines, sink) => this.current.scan(lines, sink);

  /** The same bytes; a piece is valid until the next is asked for. Where an error ends them, what came before it is given first. */
  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    const failures: unknown[] = [];
    const { bytes } = this;
    try {
      if ('readInto' in bytes) {
        while (await this.readFrom(bytes)) if (this.waiting.length >= this.ahead.depth) yield* this.next();
      } else {
        for await (const chunk of bytes) {
          for (let rest = chunk; rest.length > 0; ) {
            rest = this.fill(rest);
            if (this.waiting.length >= this.ahead.depth) yield* this.next();
          }
        }
      }
    } catch (failure) {
      failures.push(failure);
    }
    while (this.filled > 0) {
      this.cut();
      yield* this.next();
    }
    while (this.waiting.length > 0) yield* this.next();
    if (this.memory !== undefined) this.ahead.release(this.memory);
    for (const failure of failures) throw failure;
  }

  /** Whether there was anything. */
  private async readFrom(file: ReadInto): Promise<boolean> {
    this.memory ??= this.ahead.take();
    const count = await file.readInto(this.memory.subarray(this.filled));
    this.filled += count;
    if (this.filled === this.memory.length) this.cut();
    return count > 0;
  }

  /** Gives what there was no room for. */
  private fill(chunk: Uint8Array): Uint8Array {
    this.memory ??= this.ahead.take();
    const room = this.memory.length - this.filled;
    this.memory.set(chunk.length > room ? chunk.subarray(0, room) : chunk, this.filled);
    this.filled += Math.min(room, chunk.length);
    if (this.filled === this.memory.length) this.cut();
    return chunk.subarray(room);
  }

  /** Hands over the whole lines of what was filled; all of it where there are none. */
  private cut(): void {
    const { memory, filled } = this;
    if (memory === undefined) return;
    const all = Buffer.from(memory.buffer, memory.byteOffset, filled);
    this.isText ??= isUtf8Text(all);
    const end = this.isText ? all.lastIndexOf(LINE_FEED) + 1 : 0;
    const piece = end === 0 ? all : all.subarray(0, end);
    this.waiting.push({ memory, piece, scanner: end === 0 ? undefined : this.ahead.scan(piece) });
    this.filled = 0;
    this.memory = undefined;
    if (piece.length < all.length) this.fill(all.subarray(piece.length));
  }

  private async *next(): AsyncGenerator<Uint8Array, void, void> {
    const first = this.waiting.shift();
    if (first === undefined) return;
    this.current = (await first.scanner) ?? this.ahead.here;
    // Whoever reads something else than lines may keep what it was given.
    yield this.isText ? first.piece : Uint8Array.from(first.piece);
    this.ahead.release(first.memory);
  }
}

function isUtf8Text(start: Uint8Array): boolean {
  const found = contentKind(start);
  return found.kind === 'text' && found.encoding === 'utf-8';
}
