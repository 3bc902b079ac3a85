import { crc32 } from 'node:zlib';
import xz from 'xz-decompress';
import { DamagedInput } from '../../decode/damaged-input.ts';
import { isBeyond, tooMuch, type UnfoldingBounds } from './unfolding-bounds.ts';

/** The header of a stream: its mark, two bytes of flags, and their sum. The end has flags, too, and its mark behind them. */
const HEADER = 12;
const MARK = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const END_MARK = 'YZ';

/**
 * The content of xz data: one stream, or several behind each other, as `cat` makes of files. The library reads one stream and nothing behind
 * it, so the bytes are cut where another begins. Damage is thrown as `DamagedInput` after everything before it was given.
 */
export async function* unfoldXz(
  source: AsyncIterable<Uint8Array>,
  bounds: UnfoldingBounds,
): AsyncGenerator<Uint8Array, void, void> {
  const streams = new XzStreams(source);
  let given = 0;
  try {
    while (await streams.hasMore()) {
      for await (const chunk of new xz.XzReadableStream(ReadableStream.from(streams.next()))) {
        if (chunk.length === 0) continue;
        given += chunk.length;
        yield chunk;
        if (isBeyond(bounds, given, streams.read)) throw new DamagedInput('xz', given, tooMuch(bounds));
      }
      if (!(await streams.endsWell())) throw new DamagedInput('xz', given, 'something else stands behind its end');
    }
  } catch (error) {
    if (error instanceof DamagedInput || streams.failure !== undefined) throw streams.failure ?? error;
    const reason = streams.hasEnded ? 'it ends before its end, or is damaged there' : reasonOf(error);
    throw new DamagedInput('xz', given, reason);
  } finally {
    await streams.close();
  }
}

/** The library says a number: 4 is a dictionary that is too large, 6 an option that it does not know (xz.h of XZ Embedded). */
function reasonOf(error: unknown): string {
  const code = error instanceof Error ? /error code (\d+)$/.exec(error.message)?.[1] : undefined;
  if (code === '3' || code === '4') return 'it needs more memory than is given to it';
  if (code === '6') return 'it is written with options that are not read';
  return 'its data is damaged';
}

/** Cuts bytes where another stream begins. */
class XzStreams {
  /** Bytes given so far. */
  read = 0;
  hasEnded = false;
  /** What the source threw. */
  failure: unknown;
  private readonly source: AsyncIterator<Uint8Array>;
  private held: Buffer = Buffer.alloc(0);
  /** The last bytes that were given, but for padding. */
  private tail = '';
  private isAtStart = true;
  /** What is held is of the next stream. */
  private isAtEnd = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Whether a stream begins here, behind padding. */
  async hasMore(): Promise<boolean> {
    while (this.held.length < HEADER && (await this.fill()));
    return this.held.length > 0;
  }

  /** The bytes of the next stream, with the padding behind it. */
  async *next(): AsyncGenerator<Uint8Array, void, void> {
    this.isAtStart = true;
    this.isAtEnd = false;
    yield* this.chunks();
  }

  /** Whether the stream that was read last ends as one does; what is left of it is passed over. */
  async endsWell(): Promise<boolean> {
    for await (const _ of this.chunks());
    return this.tail === END_MARK;
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  /** What is left of the stream. */
  private async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    while (!this.isAtEnd) {
      const end = this.nextHeader();
      if (end !== -1) {
        this.isAtEnd = true;
        yield this.give(end);
        return;
      }
      // A header may begin in what is held back.
      if (this.held.length > 2 * HEADER) yield this.give(this.held.length - HEADER);
      if (!(await this.fill())) {
        if (this.held.length > 0) yield this.give(this.held.length);
        return;
      }
    }
  }

  private give(count: number): Uint8Array {
    const chunk = this.held.subarray(0, count);
    this.held = this.held.subarray(count);
    this.read += count;
    let end = chunk.length;
    while (end > 0 && chunk[end - 1] === 0) end -= 1;
    this.tail = (this.tail + chunk.toString('latin1', Math.max(0, end - 2), end)).slice(-2);
    if (count > 0) this.isAtStart = false;
    return chunk;
  }

  private nextHeader(): number {
    for (let at = this.held.indexOf(MARK, this.isAtStart ? 1 : 0); at !== -1; at = this.held.indexOf(MARK, at + 1)) {
      if (at + HEADER > this.held.length) return -1;
      if (crc32(this.held.subarray(at + 6, at + 8)) === this.held.readUInt32LE(at + 8)) return at;
    }
    return -1;
  }

  private async fill(): Promise<boolean> {
    if (this.hasEnded) return false;
    let found: IteratorResult<Uint8Array>;
    try {
      found = await this.source.next();
    } catch (failed) {
      this.hasEnded = true;
      this.failure = failed;
      throw failed;
    }
    if (found.done === true) this.hasEnded = true;
    else this.held = this.held.length === 0 ? Buffer.from(found.value) : Buffer.concat([this.held, found.value]);
    return !this.hasEnded;
  }
}
