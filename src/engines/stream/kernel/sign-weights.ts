import { type JsonObject, stringifyJson } from '../../../base/json.ts';
import { PLAIN } from '../../../ir/construct.ts';
import { elementsOf } from '../../../values/elements.ts';
import { textOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { readFirst } from '../../memory/raw.ts';
import { Frequencies } from '../../text-search/sample.ts';
import type { Program } from '../program.ts';
import type { Sign } from './cover.ts';
import type { Threes } from './needle-plan.ts';

interface SlotSample {
  readonly frequencies: Frequencies;
  readonly texts: readonly string[];
  readonly present: number;
  readonly nulls: number;
}

/** Only the start of a long value counts. */
const MOST_LENGTH = 1024;
/** Whole records are looked at for keywords, but not all of the sample. */
const MOST_LINES = 12;
/** Texts, and what of each, that grams of three are counted in. */
const MOST_COUNTED = 8;
const MOST_COUNTED_LENGTH = 1536;

/** How often signs are to be expected, from records that were seen; without any, by the length of texts. */
export class SignWeights {
  private readonly program: Program;
  private readonly sample: readonly JsonObject[];
  private folded: readonly string[] | undefined;
  private counts: Threes | undefined;
  private readonly slots = new Map<number, SlotSample>();

  constructor(program: Program, sample: readonly JsonObject[]) {
    this.program = program;
    this.sample = sample;
  }

  of(sign: Sign): number {
    switch (sign.on) {
      case 'leaves':
        return this.keyword(sign.text);
      case 'present':
        return this.slot(sign.slot).present;
      case 'null':
        return this.slot(sign.slot).nulls;
      case 'missing': {
        const { present, nulls } = this.slot(sign.slot);
        return 1 - present - nulls;
      }
      case 'text': {
        const kind = sign.atStart ? (sign.atEnd ? 'equals' : 'prefix') : sign.atEnd ? 'suffix' : 'contains';
        return this.slot(sign.slot).frequencies.of({ kind, text: sign.text.toLowerCase() });
      }
    }
  }

  /** How many values of a slot hold four bytes in a row, little end first. */
  gram(slot: number, gram: number): number {
    const swapped = (gram << 24) | ((gram & 0xff00) << 8) | ((gram >>> 8) & 0xff00) | (gram >>> 24);
    return this.slot(slot).frequencies.gram(swapped | 0);
  }

  /** What three bytes in a row stand in the sampled records, and how often. */
  threes(): Threes {
    this.counts ??= threesOf(this.lines());
    return this.counts;
  }

  /** The same of a slot's values. */
  threesOf(slot: number): Threes {
    return threesOf(this.slot(slot).texts);
  }

  private keyword(text: string): number {
    const { length } = this.lines();
    const wanted = text.toLowerCase();
    const seen = this.lines().filter((line) => line.includes(wanted)).length;
    return (seen + 0.5 / text.length) / (length + 1);
  }

  private lines(): readonly string[] {
    // The latest: the first of a class may be alike.
    this.folded ??= this.sample.slice(-MOST_LINES).map((event) => stringifyJson(event).toLowerCase());
    return this.folded;
  }

  private slot(id: number): SlotSample {
    const known = this.slots.get(id);
    if (known !== undefined) return known;
    const texts: string[] = [];
    let present = 0;
    let nulls = 0;
    const slot = this.program.slots[id];
    for (const event of slot === undefined ? [] : this.sample) {
      const value: Value = readFirst(event, slot?.paths ?? [], slot ?? PLAIN);
      if (value === null) nulls += 1;
      else if (value !== undefined) present += 1;
      for (const one of Array.isArray(value) ? elementsOf(value) : [value]) {
        const text = textOf(one);
        if (text !== undefined) texts.push(text.slice(0, MOST_LENGTH).toLowerCase());
      }
    }
    const of = Math.max(1, this.sample.length);
    const share = this.sample.length === 0 ? 1 : present / of;
    const found = { frequencies: new Frequencies(texts, share), texts, present: share, nulls: nulls / of };
    this.slots.set(id, found);
    return found;
  }
}

function threesOf(texts: readonly string[]): Threes {
  const counts = new Map<number, number>();
  for (const text of texts.slice(0, MOST_COUNTED)) {
    const end = Math.min(text.length, MOST_COUNTED_LENGTH) - 3;
    for (let at = 0; at <= end; at += 1) {
      const gram =
        (text.charCodeAt(at) & 0xff) |
        ((text.charCodeAt(at + 1) & 0xff) << 8) |
        ((text.charCodeAt(at + 2) & 0xff) << 16);
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}
