import { GRAM, gramPlace, nextGram } from './grams.ts';
import type { Literal } from './literals.ts';

/** Values kept of one slot. */
const MOST_VALUES = 128;
/** Of a longer value only the start is counted. */
const MOST_LENGTH = 2_048;

/** Grams are counted by their place in a table of this many bits: some together, which makes them look commoner only. */
const BITS = 14;

/**
 * Values of one slot, in lower case, from the log that is being read: how often a literal is to be expected. A ring, so
 * that what is learned again later is learned from what came last.
 */
export class Sample {
  private readonly values: string[] = [];
  private next = 0;
  /** Records seen since the sample was begun, also those without a value. */
  records = 0;

  add(folded: string): void {
    const value = folded.length > MOST_LENGTH ? folded.slice(0, MOST_LENGTH) : folded;
    this.values[this.next] = value;
    this.next = (this.next + 1) % MOST_VALUES;
  }

  count(): Frequencies {
    return new Frequencies(this.values, Math.min(1, this.values.length / Math.max(1, this.records)));
  }
}

/** What a sample says of literals. */
export class Frequencies {
  private readonly equal = new Map<string, number>();
  private readonly grams = new Uint32Array(1 << BITS);
  private readonly size: number;
  private readonly presence: number;
  private readonly values: readonly string[];

  /** Of the values, in UTF-16 units. */
  readonly meanLength: number;

  /** `presence`: the share of records that have a value here. */
  constructor(values: readonly string[], presence: number) {
    this.values = values;
    this.size = values.length;
    this.presence = presence;
    this.meanLength = values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);
    for (const value of values) {
      this.equal.set(value, (this.equal.get(value) ?? 0) + 1);
      let gram = 0;
      for (let at = 0; at < value.length; at += 1) {
        gram = nextGram(gram, value.charCodeAt(at));
        if (at >= GRAM - 1) this.count(gramPlace(gram, 32 - BITS));
      }
    }
  }

  private count(place: number): void {
    this.grams[place] = (this.grams[place] ?? 0) + 1;
  }

  /** The share of records in which the literal is to be expected, a little more than it was seen. */
  of({ kind, text }: Literal): number {
    if (kind === 'equals') return this.share(this.equal.get(text) ?? 0, text.length + 2);
    if (text.length < GRAM) return this.share(this.holding(text), text.length);
    let least = this.size;
    let gram = 0;
    for (let at = 0; at < text.length; at += 1) {
      gram = nextGram(gram, text.charCodeAt(at));
      if (at >= GRAM - 1) least = Math.min(least, this.gram(gram));
      if (least === 0) break;
    }
    return this.share(least, text.length);
  }

  /** How often a gram stands in the values: the index looks for a literal by its rarest. */
  gram(gram: number): number {
    return this.grams[gramPlace(gram, 32 - BITS)] ?? 0;
  }

  private holding(text: string): number {
    let count = 0;
    for (const value of this.values) if (value.includes(text)) count += 1;
    return count;
  }

  /** What was never seen is still possible: the less so the longer the text, and the more values were seen. */
  private share(seen: number, length: number): number {
    return ((seen + 2 ** (1 - Math.min(length, 10))) / (this.size + 1)) * (this.size === 0 ? 1 : this.presence);
  }
}
