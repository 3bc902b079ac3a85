import type { LineSink, LinesScanned, LinesTold } from '../logs/decode/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import { logType } from '../logs/registry.ts';
import { readLater } from './read-later.ts';

/** What a record is, by names that mean the same in every thread. */
export interface KindName {
  readonly type: string;
  readonly shape: string;
}

/** What scanning whole lines gave, so that it can be told in another thread. */
export interface ScanOutcome {
  readonly scanned: LinesScanned;
  /** See `OutcomeWriter`. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** The lines that are told, each with its line feed, one after the other. */
  readonly texts: Uint8Array<ArrayBuffer>;
  readonly kinds: readonly KindName[];
  /** Records by log type, those that came out undecided left out. */
  readonly counts: ReadonlyMap<string, number>;
}

/** In place of a number of rules: nothing is decided of the record. */
const UNDECIDED = 0xffffffff;
/** In place of a kind: the line is odd. */
const ODD = 0xffffffff;

/**
 * Writes down lines: `start, length, line, kind, n, rule …`, or for an odd one `start, length, line, ODD, n` and then, for
 * each of n kinds that were counted so far, its number and how many records there were of it.
 */
export class OutcomeWriter {
  private readonly lines: Uint8Array;
  private readonly words: number[] = [];
  private readonly kinds: KindName[] = [];
  private readonly known = new Map<string, number>();
  private readonly told: Uint8Array[] = [];
  private length = 0;

  constructor(lines: Uint8Array) {
    this.lines = lines;
  }

  /** `counts`: records of each kind so far, of which all is decided. */
  odd(start: number, end: number, line: number, counts: Iterable<readonly [KindName, number]>): void {
    const seen = [...counts].flatMap(([kind, count]) => [this.place(kind), count]);
    this.words.push(start, this.keep(start, end), line, ODD, seen.length / 2, ...seen);
  }

  record(start: number, end: number, line: number, kind: KindName, rules: readonly number[] | undefined): void {
    const length = this.keep(start, end);
    this.words.push(start, length, line, this.place(kind), rules?.length ?? UNDECIDED, ...(rules ?? []));
  }

  outcome(scanned: LinesScanned, counts: ReadonlyMap<string, number>): ScanOutcome {
    const texts = new Uint8Array(this.length);
    let at = 0;
    for (const text of this.told) {
      texts.set(text, at);
      at += text.length;
    }
    return { scanned, words: Uint32Array.from(this.words), texts, kinds: this.kinds, counts };
  }

  private keep(start: number, end: number): number {
    const text = this.lines.subarray(start, end + 1);
    this.told.push(text);
    this.length += text.length;
    return text.length;
  }

  private place(kind: KindName): number {
    const key = `${kind.type} ${kind.shape}`;
    const place = this.known.get(key) ?? this.kinds.push(kind) - 1;
    this.known.set(key, place);
    return place;
  }
}

/** Tells an outcome. `count`: takes how many records of a log type there were among the lines that were told. */
export function linesTold(outcome: ScanOutcome, count: (type: string, records: number) => void): LinesTold {
  return {
    tell: (sink) => {
      const told = tell(outcome, sink, count);
      if (told !== undefined) return told;
      for (const [type, records] of outcome.counts) count(type, records);
      return outcome.scanned;
    },
  };
}

/** Gives how far it came where the sink ended it, undefined where it did not. */
function tell(
  { words, texts, kinds: names }: ScanOutcome,
  sink: LineSink,
  count: (type: string, records: number) => void,
): LinesScanned | undefined {
  const kinds = names.map(kindOf);
  let odd = 0;
  let undecided = 0;
  for (let at = 0, text = 0; at < words.length; ) {
    const [start = 0, length = 0, line = 0, place = ODD, size = 0] = words.subarray(at, at + 5);
    const from = at + 5;
    const bytes = texts.subarray(text, text + length);
    text += length;
    if (place === ODD) {
      at = from + 2 * size;
      odd += 1;
      if (sink.odd(bytes, start, line)) continue;
      let decided = 0;
      for (let pair = from; pair < at; pair += 2) {
        const records = words[pair + 1] ?? 0;
        decided += records;
        count(kindAt(kinds, words[pair]).type.name, records);
      }
      return { lines: line + 1, blank: line + 1 - odd - undecided - decided, bytes: start + length };
    }
    const kind = kindAt(kinds, place);
    const read = readLater(bytes);
    if (size === UNDECIDED) {
      at = from;
      undecided += 1;
      sink.record(read, line, undefined);
    } else {
      at = from + size;
      sink.record(read, line, { ...kind, rules: [...words.subarray(from, at)] });
    }
  }
  return undefined;
}

function kindOf({ type: name, shape: shapeName }: KindName): { type: LogType; shape: Shape } {
  const type = logType(name);
  const shape = type.shapes.find((one) => one.name === shapeName);
  if (shape === undefined) throw new Error(`log type ${name} has no shape ${shapeName}`);
  return { type, shape };
}

function kindAt<K>(kinds: readonly K[], place: number | undefined): K {
  const kind = place === undefined ? undefined : kinds[place];
  if (kind === undefined) throw new Error('an outcome names a kind that it does not have');
  return kind;
}
