import type { LinesTold } from './line-scanner.ts';
import type { LinesAhead, Piece } from './lines-ahead.ts';
import { contentKind } from './text/text-segments.ts';

const LINE_FEED = 0x0a;

interface Waiting {
  readonly memory: Uint8Array;
  readonly bytes: Uint8Array;
  readonly told: Promise<LinesTold | undefined>;
}

/** A stream that is cut into pieces of whole lines, which are scanned ahead. */
export class ScanAhead {
  private readonly ahead: LinesAhead;
  private readonly stream: AsyncIterable<Uint8Array>;
  private readonly waiting: Waiting[] = [];
  /** What is being filled, and how far it is. */
  private memory: Uint8Array | undefined;
  private filled = 0;
  private isText: boolean | undefined;

  constructor(ahead: LinesAhead, stream: AsyncIterable<Uint8Array>) {
    this.ahead = ahead;
    this.stream = stream;
  }

  /** The same bytes; a piece is valid until the next is asked for. Where an error ends them, what came before it is given first. */
  async *pieces(): AsyncGenerator<Piece, void, void> {
    const failures: unknown[] = [];
    try {
      for await (const chunk of this.stream) {
        for (let rest = chunk; rest.length > 0; ) {
          rest = this.fill(rest);
          if (this.waiting.length >= this.ahead.depth) yield* this.next();
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
    let all = memory.subarray(0, filled);
    if (this.isText === undefined) {
      const found = contentKind(all);
      this.isText = found.kind === 'text' && found.encoding === 'utf-8';
      if (found.kind === 'text' && this.isText) all = all.subarray(found.skip);
    }
    const end = this.isText ? all.lastIndexOf(LINE_FEED) + 1 : 0;
    const bytes = end === 0 ? all : all.subarray(0, end);
    const told = end === 0 ? Promise.resolve(undefined) : this.ahead.scanPiece(bytes);
    this.waiting.push({ memory, bytes, told });
    this.filled = 0;
    this.memory = undefined;
    if (bytes.length < all.length) this.fill(all.subarray(bytes.length));
  }

  private async *next(): AsyncGenerator<Piece, void, void> {
    const first = this.waiting.shift();
    if (first === undefined) return;
    const { bytes, memory } = first;
    const told = await first.told;
    const isText = this.isText === true;
    // Whoever reads something else than lines may keep what it was given.
    yield { isText, told, bytes: (from) => [isText ? bytes.subarray(from) : Uint8Array.from(bytes)] };
    this.ahead.release(memory);
  }
}
