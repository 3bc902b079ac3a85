import type { Value } from '../../../values/value.ts';
import type { Entry, Hit } from '../../text-search/text-index.ts';

/** Grams of three here: the longer the literals, the fewer places of the text are looked at. */
const GRAM = 3;
const MOST_STRIDE = 8;
/** These two become ASCII in lower case. */
const FOLD_INTO_ASCII = ['\u0130', '\u212a'];

/** What stands between two values when they are searched as one text. */
export const BETWEEN = '\n';

/**
 * Finds keywords in all values of a record together. Every literal of at least `stride + 2` characters has a gram at each of
 * `stride` places in a row, so looking at every `stride`-th place of the text meets one of them. What is found is only
 * likely: the caller has to ask each value.
 */
export class LeafIndex {
  private readonly needScalars: boolean;
  private readonly stride: number;
  private readonly bits: number;
  private readonly table: Uint8Array;
  private readonly byPlace: ReadonlyMap<number, readonly Placed[]>;
  private readonly others: readonly Entry[];
  private readonly all: readonly Entry[];

  /** `sample`: texts as they are searched, to choose rare grams by. */
  constructor(entries: readonly Entry[], sample: readonly string[]) {
    this.all = entries;
    this.needScalars = entries.some(({ literal }) => isInScalar(literal.text));
    const long = entries.filter(({ literal }) => ASCII.test(literal.text) && literal.text.length > GRAM);
    this.others = entries.filter((entry) => !long.includes(entry));
    const shortest = long.reduce((least, { literal }) => Math.min(least, literal.text.length), MOST_STRIDE + GRAM - 1);
    this.stride = shortest - GRAM + 1;
    this.bits = Math.min(16, Math.max(10, Math.ceil(Math.log2(long.length * this.stride * 64 + 1))));
    this.table = new Uint8Array(1 << this.bits);
    const counts = new Float64Array(1 << this.bits);
    for (const text of sample) {
      for (let at = GRAM - 1; at < text.length; at += 1) {
        const place = this.place(text, at);
        counts[place] = (counts[place] ?? 0) + 1;
      }
    }
    const byPlace = new Map<number, Placed[]>();
    for (const entry of long) {
      const { text } = entry.literal;
      const first = this.rarestWindow(text, counts);
      for (let end = first; end < first + this.stride; end += 1) {
        const place = this.place(text, end);
        this.table[place] = 1;
        const here = byPlace.get(place) ?? [];
        here.push({ text, id: entry.id, end });
        byPlace.set(place, here);
      }
    }
    this.byPlace = byPlace;
  }

  /** Calls `hit` for what some value may hold, perhaps more than once; never misses what one holds. */
  scan(leaves: readonly Value[], hit: Hit): void {
    const text = leafText(leaves, this.needScalars);
    if (FOLD_INTO_ASCII.some((letter) => text.includes(letter))) {
      const folded = text.toLowerCase();
      for (const { literal, id } of this.all) if (folded.includes(literal.text)) hit(id);
      return;
    }
    if (this.others.length > 0) {
      const folded = text.toLowerCase();
      for (const { literal, id } of this.others) if (folded.includes(literal.text)) hit(id);
    }
    if (this.byPlace.size === 0) return;
    const { stride, table } = this;
    for (let at = GRAM - 1; at < text.length; at += stride) {
      if (table[this.place(text, at)] === 1) this.compare(text, at, hit);
    }
  }

  private compare(text: string, at: number, hit: Hit): void {
    for (const placed of this.byPlace.get(this.place(text, at)) ?? []) {
      const start = at - placed.end;
      if (start >= 0 && text.slice(start, start + placed.text.length).toLowerCase() === placed.text) hit(placed.id);
    }
  }

  /** A gram's place in the table; letters without their case, some other characters taken together. */
  private place(text: string, at: number): number {
    const gram =
      ((text.charCodeAt(at - 2) | 0x20) << 16) ^ ((text.charCodeAt(at - 1) | 0x20) << 8) ^ (text.charCodeAt(at) | 0x20);
    return Math.imul(gram, 0x9e3779b1) >>> (32 - this.bits);
  }

  private rarestWindow(text: string, counts: Float64Array): number {
    let best = GRAM - 1;
    let least = Number.POSITIVE_INFINITY;
    for (let first = GRAM - 1; first + this.stride <= text.length; first += 1) {
      let sum = 0;
      for (let end = first; end < first + this.stride; end += 1) sum += counts[this.place(text, end)] ?? 0;
      if (sum < least) {
        least = sum;
        best = first;
      }
    }
    return best;
  }
}

interface Placed {
  readonly text: string;
  readonly id: number;
  /** Where in the literal the gram ends. */
  readonly end: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;

/** Values of a record as one text, as they are searched. */
export function leafText(leaves: readonly Value[], withScalars: boolean): string {
  // What `join` makes lies in one piece; a text put together by `+` would be slow to look at.
  return (withScalars ? leaves : leaves.filter((leaf) => typeof leaf === 'string')).join(BETWEEN);
}

/** Whether the text of a number or a truth value can hold a text. `1e999` is a number in JSON, and an infinite one. */
function isInScalar(text: string): boolean {
  return /^[-+.0-9e]*$/.test(text) || ['true', 'false', '-infinity'].some((word) => word.includes(text));
}
