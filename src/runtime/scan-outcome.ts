import type { LinesScanned } from '../logs/decode/index.ts';

/** What a record is, by names that mean the same in every thread. */
export interface KindName {
  readonly type: string;
  readonly shape: string;
}

/** What scanning a piece gave, so that it can be told again elsewhere. */
export interface ScanOutcome {
  readonly scanned: LinesScanned;
  /** See `OutcomeWriter`. */
  readonly words: Uint32Array;
  readonly kinds: readonly KindName[];
  /** Records by log type, those that came out undecided left out. */
  readonly counts: ReadonlyMap<string, number>;
}

/** In place of a number of rules: nothing is decided of the record. */
const UNDECIDED = 0xffffffff;
/** In place of a kind: the line is odd. */
const ODD = 0xffffffff;

/** Writes down lines: `start, end, line, ODD` or `start, end, line, kind, n, rule …`. */
export class OutcomeWriter {
  private readonly words: number[] = [];
  private readonly kinds: KindName[] = [];
  private readonly known = new Map<string, number>();

  odd(start: number, end: number, line: number): void {
    this.words.push(start, end, line, ODD);
  }

  record(start: number, end: number, line: number, kind: KindName, rules: readonly number[] | undefined): void {
    const key = `${kind.type} ${kind.shape}`;
    const place = this.known.get(key) ?? this.kinds.push(kind) - 1;
    this.known.set(key, place);
    this.words.push(start, end, line, place, rules?.length ?? UNDECIDED, ...(rules ?? []));
  }

  outcome(scanned: LinesScanned, counts: ReadonlyMap<string, number>): ScanOutcome {
    return { scanned, words: Uint32Array.from(this.words), kinds: this.kinds, counts };
  }
}

interface OutcomeSink {
  odd(start: number, end: number, line: number): boolean;
  record(start: number, end: number, line: number, kind: KindName, rules: readonly number[] | undefined): void;
}

/** Tells an outcome as the scan itself would have; gives where the sink ended it, undefined where it did not. */
export function retell({ words, kinds }: ScanOutcome, sink: OutcomeSink): number | undefined {
  for (let at = 0; at < words.length; ) {
    const [start = 0, end = 0, line = 0, place = ODD] = words.subarray(at, at + 4);
    if (place === ODD) {
      at += 4;
      if (!sink.odd(start, end, line)) return end + 1;
      continue;
    }
    const kind = kinds[place];
    if (kind === undefined) throw new Error('an outcome names a kind that it does not have');
    const count = words[at + 4] ?? 0;
    const from = at + 5;
    at = count === UNDECIDED ? from : from + count;
    sink.record(start, end, line, kind, count === UNDECIDED ? undefined : [...words.subarray(from, at)]);
  }
  return undefined;
}
