import type { LineScanner, LinesAhead } from './line-scanner.ts';
import { contentKind } from './text-segments.ts';

/** Bytes that are scanned at once. */
const BLOCK = 1 << 20;
const LINE_FEED = 0x0a;

interface Waiting {
  readonly piece: Buffer;
  /** Undefined for what is no text of whole lines. */
  readonly scanner: Promise<LineScanner> | undefined;
}

/** A log that is cut into pieces of whole lines, which are scanned ahead; as a scanner it knows the piece that came last. */
export class ScanAhead implements LineScanner {
  private readonly ahead: LinesAhead;
  private readonly bytes: AsyncIterable<Uint8Array>;
  private readonly waiting: Waiting[] = [];
  private current: LineScanner;
  private held: Uint8Array[] = [];
  private heldLength = 0;
  private isText: boolean | undefined;

  constructor(ahead: LinesAhead, bytes: AsyncIterable<Uint8Array>) {
    this.ahead = ahead;
    this.bytes = bytes;
    this.current = ahead.here;
  }

  scan: LineScanner['scan'] = (lines, sink) => this.current.scan(lines, sink);

  /** The same bytes. Where an error ends them, what came before it is given first. */
  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    const failures: unknown[] = [];
    try {
      for await (const chunk of this.bytes) {
        this.held.push(Uint8Array.from(chunk));
        this.heldLength += chunk.length;
        if (this.heldLength >= BLOCK) this.cut();
        if (this.waiting.length >= this.ahead.depth) yield* this.next();
      }
    } catch (failure) {
      failures.push(failure);
    }
    while (this.heldLength > 0) this.cut();
    while (this.waiting.length > 0) yield* this.next();
    for (const failure of failures) throw failure;
  }

  /** Hands over the whole lines of what is held; all of it where there are none. */
  private cut(): void {
    const all = Buffer.concat(this.held);
    this.isText ??= isUtf8Text(all);
    const end = this.isText ? all.lastIndexOf(LINE_FEED) + 1 : 0;
    const piece = end === 0 ? all : all.subarray(0, end);
    this.held = [all.subarray(piece.length)];
    this.heldLength = all.length - piece.length;
    this.waiting.push({ piece, scanner: end === 0 ? undefined : this.ahead.scan(piece) });
  }

  private async *next(): AsyncGenerator<Uint8Array, void, void> {
    const first = this.waiting.shift();
    if (first === undefined) return;
    this.current = (await first.scanner) ?? this.ahead.here;
    yield first.piece;
  }
}

function isUtf8Text(start: Uint8Array): boolean {
  const found = contentKind(start);
  return found.kind === 'text' && found.encoding === 'utf-8';
}
