import type { CandidateSink, Scanned } from './kernel-reader.ts';
import type { ScanKernel } from './scan-kernel.ts';

/** What reading whole lines gave, to be told later, or in another thread. */
export interface LinesRead {
  readonly scanned: Scanned;
  /** See `LinesWriter`. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** The lines that are told, each with its line feed, one after the other. */
  readonly texts: Uint8Array<ArrayBuffer>;
  /** How many lines of each class were read. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Bytes of lines that are of no known class. */
  readonly unknown: number;
  /**
   * The latest time of lines of known classes, in ticks: of those before each entry of lines that are odd or unknown, then of those after
   * the last. Undefined where no time is noted.
   */
  readonly latest: readonly (bigint | undefined)[];
}

/**
 * Takes what was read, in the order of lines. `text`: lines with their line feeds, which stay as they are; `start`: the offset at
 * which they began.
 */
export interface LinesReadSink {
  /** Without its line feed. */
  candidate(text: Buffer, line: number, of: number, targets: Uint32Array): void;
  /** False ends the telling. */
  odd(text: Buffer, start: number, line: number): boolean;
  /** Lines that were of no class that was known. Gives how far it came, and whether the telling goes on. */
  unknown(text: Buffer, start: number, line: number): Scanned & { readonly goesOn: boolean };
}

/** In place of a class: the line is odd, or it is one of several in a row that are of no known class. */
const ODD = 0xffffffff;
const UNKNOWN = 0xfffffffe;
/** Words before the list that ends an entry, which its last word counts. */
const HEAD = 5;

/**
 * Writes down entries `start, length, line, class, n, target …`. For lines that are odd or unknown the list is of pairs
 * instead: of a class, and how many lines before were of it.
 */
class LinesWriter implements CandidateSink {
  private readonly lines: Buffer;
  private readonly counts: () => Uint32Array<ArrayBuffer>;
  private readonly mostOdd: number;
  private readonly takeLatest: () => bigint | undefined;
  private readonly latest: (bigint | undefined)[] = [];
  private readonly words: number[] = [];
  /** Where lines that are told begin and end. */
  private readonly told: number[] = [];
  private length = 0;
  private oddInARow = 0;
  /** Where the last entry begins. */
  private last = -1;
  private unknown = 0;
  private nextLine = 0;

  constructor(lines: Buffer, kernel: ScanKernel, mostOdd: number) {
    const before = kernel.linesByClass();
    this.lines = lines;
    this.counts = () => kernel.linesSince(before);
    this.takeLatest = () => kernel.takeLatest()?.ticks;
    this.mostOdd = mostOdd;
  }

  candidate(start: number, end: number, line: number, of: number, targets: Uint32Array): void {
    this.last = this.words.length;
    this.words.push(start, this.keep(start, end), line, of, targets.length);
    for (const target of targets) this.words.push(target);
  }

  odd(start: number, end: number, line: number, isUnknown: boolean): boolean {
    const isNext = line === this.nextLine;
    this.nextLine = line + 1;
    const length = this.keep(start, end);
    if (isUnknown) {
      this.unknown += length;
      this.oddInARow = 0;
      const { last, words } = this;
      if (isNext && words[last + 3] === UNKNOWN) words[last + 1] = (words[last + 1] ?? 0) + length;
      else this.entry(start, length, line, UNKNOWN);
      return true;
    }
    this.oddInARow = isNext ? this.oddInARow + 1 : 1;
    this.entry(start, length, line, ODD);
    return this.oddInARow < this.mostOdd;
  }

  read(scanned: Scanned): LinesRead {
    const latest = [...this.latest, this.takeLatest()];
    const texts = new Uint8Array(this.length);
    let at = 0;
    for (let index = 0; index < this.told.length; index += 2) {
      at += this.lines.copy(texts, at, this.told[index], this.told[index + 1]);
    }
    return {
      scanned,
      words: Uint32Array.from(this.words),
      texts,
      counts: this.counts(),
      unknown: this.unknown,
      latest,
    };
  }

  private entry(start: number, length: number, line: number, kind: number): void {
    const pairs: number[] = [];
    for (const [of, count] of this.counts().entries()) if (count > 0) pairs.push(of, count);
    this.latest.push(this.takeLatest());
    this.last = this.words.length;
    this.words.push(start, length, line, kind, pairs.length, ...pairs);
  }

  private keep(start: number, end: number): number {
    this.told.push(start, end + 1);
    this.length += end + 1 - start;
    return end + 1 - start;
  }
}

/** Something that scans with a kernel. */
interface LineScan {
  readonly kernel: ScanKernel;
  scan(lines: Buffer, sink: CandidateSink): Scanned;
}

/** Reads lines with what scans them. `mostOdd`: after so many odd lines in a row reading ends. */
export function readLines(lines: Buffer, mostOdd: number, scan: LineScan): LinesRead {
  const writer = new LinesWriter(lines, scan.kernel, mostOdd);
  return writer.read(scan.scan(lines, writer));
}

/** How far the telling of what was read came. Up to there: */
interface LinesToldOf {
  readonly scanned: Scanned;
  /** How many lines of each class there were. */
  readonly counts: Iterable<readonly [of: number, lines: number]>;
  /** As in `LinesRead`. */
  readonly latest: LinesRead['latest'];
}

/** Tells what was read. */
export function tellLines({ scanned, words, texts, counts, latest }: LinesRead, sink: LinesReadSink): LinesToldOf {
  let entries = 0;
  /** Lines that are neither blank nor among the counts. */
  let others = 0;
  let lost: Scanned | undefined;
  const all = Buffer.from(texts.buffer);
  for (let at = 0, from = 0; at < words.length; ) {
    const start = words[at] ?? 0;
    const length = words[at + 1] ?? 0;
    const line = words[at + 2] ?? 0;
    const of = words[at + 3] ?? ODD;
    const next = at + HEAD + (words[at + 4] ?? 0);
    const list = words.subarray(at + HEAD, next);
    const end = from + length;
    const begin = from;
    at = next;
    from = end;
    if (of < UNKNOWN) {
      sink.candidate(all.subarray(begin, end - 1), line, of, list);
      continue;
    }
    const text = all.subarray(begin, end);
    entries += 1;
    if (of === ODD) {
      others += 1;
      if (sink.odd(text, start, line)) continue;
      lost = { lines: line + 1, blank: 0, bytes: start + length };
    } else {
      const told = sink.unknown(text, start, line);
      others += told.lines;
      if (told.goesOn) continue;
      lost = { lines: line + told.lines, blank: 0, bytes: start + told.bytes };
    }
    const pairs = pairsOf(list);
    const counted = pairs.reduce((sum, [, count]) => sum + count, 0);
    return {
      scanned: { ...lost, blank: lost.lines - others - counted },
      counts: pairs,
      latest: latest.slice(0, entries),
    };
  }
  return { scanned, counts: counts.entries(), latest };
}

function pairsOf(list: Uint32Array): (readonly [number, number])[] {
  return Array.from({ length: list.length / 2 }, (_, at) => [list[2 * at] ?? 0, list[2 * at + 1] ?? 0]);
}
