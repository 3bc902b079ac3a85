import { CROWDED, Crowd, GRAM, gramPlace, gramsOf, nextGram } from './grams.ts';
import type { Literal } from './literals.ts';
import type { Frequencies } from './sample.ts';

/** What an index is made of: a literal, and what is found with it. */
export interface Entry {
  readonly literal: Literal;
  /** Handed to `hit` where the literal holds. */
  readonly id: number;
}

/** Called with the id of each literal that a value holds, perhaps more than once. */
export type Hit = (id: number) => void;

const EMPTY: readonly number[] = [];

/**
 * Finds which of many literals a lower-cased value holds, in one pass. Whole values and last path components (`\cmd.exe`)
 * are looked up; any other literal is found by its rarest gram, then compared in place; those shorter than a gram
 * by their first two characters.
 */
export class TextIndex {
  private readonly equal = new Map<string, readonly number[]>();
  private longestEqual = -1;
  private readonly tails = new Map<string, readonly Entry[]>();
  /** Literals of one character. */
  private readonly shorts: readonly Entry[];
  /** Literals of two or three, by their first two; the table says quickly that there is none. */
  private readonly pairs = new Map<number, Entry[]>();
  private readonly pairTable = new Uint8Array(1 << PAIR_BITS);
  /** Literals by gram: texts, how far before the gram's end each begins, ids; those of one gram stand in a row. */
  private readonly texts: readonly string[];
  private readonly starts: Int32Array;
  private readonly kinds: Uint8Array;
  private readonly ids: Int32Array;
  /** For each place of the table, the first literal and the one after the last. */
  private readonly first: Uint16Array | Uint32Array;
  private readonly shift: number;

  constructor(entries: readonly Entry[], frequencies: Frequencies | undefined) {
    const equal = new Map<string, number[]>();
    const tails = new Map<string, Entry[]>();
    const shorts: Entry[] = [];
    const gramed: { entry: Entry; place: number; start: number }[] = [];
    const long = entries.filter(({ literal }) => literal.kind !== 'equals' && literal.text.length >= GRAM);
    const crowd = long.length < CROWDED ? undefined : new Crowd();
    for (const { literal } of crowd === undefined ? [] : long) {
      for (const gram of new Set(gramsOf(literal.text))) crowd?.add(gram);
    }
    const bits = Math.min(16, Math.max(6, Math.ceil(Math.log2(long.length * 16 + 1))));
    this.shift = 32 - bits;
    for (const entry of entries) {
      const { kind, text } = entry.literal;
      if (kind === 'equals') {
        push(equal, text, entry.id);
        this.longestEqual = Math.max(this.longestEqual, text.length);
      } else if (kind === 'suffix' && text.lastIndexOf('\\') >= 0 && text.length >= 3) {
        push(tails, text.slice(text.lastIndexOf('\\')), entry);
      } else if (text.length < 2) {
        shorts.push(entry);
      } else if (text.length < GRAM) {
        const place = pairPlace(text.charCodeAt(0), text.charCodeAt(1));
        push(this.pairs, place, entry);
        this.pairTable[place] = 1;
      } else {
        const { gram, end } = rarest(text, frequencies, crowd);
        gramed.push({ entry, place: gramPlace(gram, this.shift), start: end });
      }
    }
    for (const [text, ids] of equal) this.equal.set(text, ids);
    for (const [tail, found] of tails) this.tails.set(tail, found);
    this.shorts = shorts;
    gramed.sort((a, b) => a.place - b.place);
    this.texts = gramed.map(({ entry }) => entry.literal.text);
    this.starts = Int32Array.from(gramed, ({ start }) => start);
    this.kinds = Uint8Array.from(gramed, ({ entry }) => KINDS[entry.literal.kind]);
    this.ids = Int32Array.from(gramed, ({ entry }) => entry.id);
    this.first = gramed.length < 65_535 ? new Uint16Array((1 << bits) + 1) : new Uint32Array((1 << bits) + 1);
    let at = 0;
    for (let place = 0; place <= 1 << bits; place += 1) {
      while (at < gramed.length && (gramed[at]?.place ?? 0) < place) at += 1;
      this.first[place] = at;
    }
  }

  scan(value: string, hit: Hit): void {
    if (value.length <= this.longestEqual) for (const id of this.equal.get(value) ?? EMPTY) hit(id);
    if (this.tails.size > 0) this.scanTail(value, hit);
    for (const { literal, id } of this.shorts) if (holds(value, literal)) hit(id);
    if (this.pairs.size > 0) this.scanPairs(value, hit);
    if (this.texts.length > 0) this.scanGrams(value, hit);
  }

  private scanPairs(value: string, hit: Hit): void {
    const { pairTable } = this;
    let before = value.charCodeAt(0);
    for (let at = 1; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      const place = pairPlace(before, unit);
      if (pairTable[place] === 1) this.comparePairs(value, at - 1, place, hit);
      before = unit;
    }
  }

  private comparePairs(value: string, start: number, place: number, hit: Hit): void {
    for (const { literal, id } of this.pairs.get(place) ?? []) {
      const { kind, text } = literal;
      if (kind === 'prefix' && start > 0) continue;
      if (kind === 'suffix' && start + text.length !== value.length) continue;
      if (value.startsWith(text, start)) hit(id);
    }
  }

  private scanTail(value: string, hit: Hit): void {
    const start = value.lastIndexOf('\\');
    if (start === -1) return;
    const found = this.tails.get(value.slice(start));
    if (found === undefined) return;
    for (const { literal, id } of found) if (value.endsWith(literal.text)) hit(id);
  }

  private scanGrams(value: string, hit: Hit): void {
    const { first, shift } = this;
    let gram = 0;
    const { length } = value;
    for (let at = 0; at < length; at += 1) {
      gram = nextGram(gram, value.charCodeAt(at));
      const place = gramPlace(gram, shift);
      const from = first[place];
      const to = first[place + 1];
      if (from !== to) this.compare(value, at, from ?? 0, to ?? 0, hit);
    }
  }

  private compare(value: string, at: number, from: number, to: number, hit: Hit): void {
    for (let index = from; index < to; index += 1) {
      const text = this.texts[index] ?? '';
      const start = at - (this.starts[index] ?? 0);
      const kind = this.kinds[index];
      if (start < 0 || (kind === KINDS.prefix && start > 0)) continue;
      if (kind === KINDS.suffix && start + text.length !== value.length) continue;
      if (value.startsWith(text, start)) hit(this.ids[index] ?? 0);
    }
  }
}

const PAIR_BITS = 12;

function pairPlace(first: number, second: number): number {
  return Math.imul((first << 8) ^ second, 0x9e3779b1) >>> (32 - PAIR_BITS);
}

const KINDS = { equals: 0, prefix: 1, suffix: 2, contains: 3 } as const;

function push<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
}

/** Whether a lower-cased value holds a literal. */
function holds(value: string, { kind, text }: Literal): boolean {
  switch (kind) {
    case 'equals':
      return value === text;
    case 'prefix':
      return value.startsWith(text);
    case 'suffix':
      return value.endsWith(text);
    case 'contains':
      return value.includes(text);
  }
}

/** The gram of a text that the fewest values hold, and where it ends. */
function rarest(
  text: string,
  frequencies: Frequencies | undefined,
  crowd: Crowd | undefined,
): { gram: number; end: number } {
  const grams = gramsOf(text);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, gram] of grams.entries()) {
    const count = Crowd.cost(crowd, gram, frequencies?.gram(gram) ?? 0);
    if (count < least) {
      least = count;
      best = at;
    }
  }
  return { gram: grams[best] ?? 0, end: best + GRAM - 1 };
}
