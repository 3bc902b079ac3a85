import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LinesAhead, PartTold, Piece } from '../decode/index.ts';
import { contentKind, SNIFFED_BYTES } from '../decode/text/text-segments.ts';
import { rawPathOf } from './raw-path.ts';
import { compressionOf } from './unfold/compression.ts';
import { isTarHead, TAR_HEAD } from './unfold/tar-members.ts';

/** Bytes that one thread scans at a time: they and what they give stay in its cache. */
const PART = 1 << 19;
/** So many parts wait at most, and so many bytes of what they gave. */
const MOST_WAITING = 256;
const MOST_HELD = 32 << 20;
/** Bytes that are read at once where lines are not scanned ahead. */
const CHUNK = 256 * 1024;

/** A file that is open, with what is being found out of its parts, in order. */
interface OpenFile {
  readonly path: string;
  readonly file: number;
  readonly size: number;
  /** Where the text begins. */
  readonly start: number;
  /** Where the next part begins. */
  next: number;
  readonly parts: Promise<PartTold | undefined>[];
}

/** Scans files ahead of the decoder, part by part, and the files after them as long as there is room. */
export class FilesAhead {
  private readonly ahead: LinesAhead;
  private readonly part: number;
  private readonly onRead: (path: string, count: number) => void;
  /** Files that are not opened yet. */
  private readonly paths: string[];
  /** In order; undefined for one that is not scanned by parts. */
  private readonly opened = new Map<string, OpenFile | undefined>();
  private last: OpenFile | undefined;
  private waiting = 0;
  private held = 0;

  /** `paths`: of regular files, in the order in which they will be asked for. `part`: bytes that one thread scans at a time. */
  constructor(
    ahead: LinesAhead,
    paths: readonly string[],
    onRead: (path: string, count: number) => void,
    part: number = PART,
  ) {
    this.ahead = ahead;
    this.part = part;
    this.paths = [...paths];
    this.onRead = onRead;
  }

  /** The bytes of a file; undefined for one that is compressed, or not UTF-8, or empty, or cannot be opened. */
  pieces(path: string): AsyncIterable<Piece> | undefined {
    while (!this.opened.has(path) && this.paths.length > 0) this.openNext();
    const file = this.opened.get(path);
    if (file === undefined) return undefined;
    this.fill();
    return this.piecesOf(file);
  }

  /** Files are closed as soon as nothing is at work on them. */
  close(): void {
    this.paths.length = 0;
    for (const path of [...this.opened.keys()]) this.closeFile(path);
  }

  private async *piecesOf(file: OpenFile): AsyncGenerator<Piece, void, void> {
    let position = file.start;
    try {
      for (let part = file.parts.shift(); part !== undefined; part = file.parts.shift()) {
        const told = await part;
        this.waiting -= 1;
        this.held -= told?.size ?? 0;
        this.fill();
        // What gave nothing is read when it is known where the next lines begin.
        if (told === undefined || told.end <= position) continue;
        yield* this.unscanned(file, position, told.from);
        if (told.from >= position) yield this.piece(file, told);
        else yield* this.unscanned(file, position, told.end);
        position = told.end;
      }
      yield* this.unscanned(file, position, Number.POSITIVE_INFINITY);
    } finally {
      this.closeFile(file.path);
    }
  }

  private piece({ path, file }: OpenFile, { from, end, lines }: PartTold): Piece {
    this.onRead(path, end - from);
    return { isText: true, told: lines, bytes: (passed) => chunksOf(file, from + passed, end) };
  }

  private *unscanned({ path, file }: OpenFile, from: number, end: number): Generator<Piece, void, void> {
    for (const chunk of chunksOf(file, from, end)) {
      this.onRead(path, chunk.length);
      yield { isText: true, told: undefined, bytes: () => [chunk] };
    }
  }

  private fill(): void {
    while (this.waiting < MOST_WAITING && this.held < MOST_HELD) {
      const { last } = this;
      if (last !== undefined && last.next < last.size) this.scanNext(last);
      else if (this.paths.length > 0) this.openNext();
      else return;
    }
  }

  private scanNext(of: OpenFile): void {
    const { file, next: from, size, start } = of;
    // The last part takes what is left, so that none is tiny.
    const to = size - from < 2 * this.part ? size : from + this.part;
    of.next = to;
    this.waiting += 1;
    const told = this.ahead.scanPart({ file, from, to, isStart: from === start });
    of.parts.push(told);
    void told.then((found) => {
      this.held += found?.size ?? 0;
      this.fill();
    });
  }

  private openNext(): void {
    const path = this.paths.shift();
    if (path === undefined) return;
    const file = openText(path);
    this.opened.set(path, file);
    if (file !== undefined) this.last = file;
  }

  private closeFile(path: string): void {
    const file = this.opened.get(path);
    this.opened.delete(path);
    if (file !== undefined) void Promise.all(file.parts).then(() => closeSync(file.file));
  }
}

/** Undefined for what is no UTF-8 text to read as it stands, also where it cannot be opened: that is told elsewhere. */
function openText(path: string): OpenFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(rawPathOf(path), 'r');
    const head = new Uint8Array(SNIFFED_BYTES);
    const block = head.subarray(0, readSync(file, head, 0, head.length, 0));
    const isArchive = isTarHead(block.subarray(0, TAR_HEAD));
    const found = contentKind(block);
    if (
      !isArchive &&
      compressionOf(block) === undefined &&
      found.kind === 'text' &&
      found.encoding === 'utf-8' &&
      block.length > 0
    ) {
      const { size } = fstatSync(file);
      return { path, file, size, start: found.skip, next: found.skip, parts: [] };
    }
  } catch {
    // Whoever reads the file finds the reason again.
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** The bytes of a file from one offset to another, or to its end where that comes before. */
function* chunksOf(file: number, from: number, end: number): Generator<Uint8Array, void, void> {
  for (let at = from; at < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
    const count = readSync(file, chunk, 0, chunk.length, at);
    if (count === 0) return;
    yield chunk.subarray(0, count);
    at += count;
  }
}
