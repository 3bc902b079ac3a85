/**
 * Grams: stretches of a text, as one number. The index finds literals by one gram each, the sample counts them.
 * A gram of four is made of the last four UTF-16 units, whatever stood before them.
 */
export const GRAM = 4;

/** One more unit: call it for each unit in turn. After four, nothing of what came before is left. */
export function nextGram(gram: number, unit: number): number {
  return ((gram << 8) ^ unit) | 0;
}

/** The grams of a text, by where each ends; none for a text shorter than four. */
export function gramsOf(text: string): number[] {
  const grams: number[] = [];
  let gram = 0;
  for (let at = 0; at < text.length; at += 1) {
    gram = nextGram(gram, text.charCodeAt(at));
    if (at >= GRAM - 1) grams.push(gram);
  }
  return grams;
}

/** A gram's place in a table of 2^bits. */
export function gramPlace(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> shift;
}

const CROWD_BITS = 18;

/**
 * How many of many texts have a gram in them. A text is found by one of its grams, and wherever that stands all texts are
 * compared that are found by it: lists of indicators begin alike.
 */
export class Crowd {
  private readonly counts = new Uint32Array(1 << CROWD_BITS);

  add(gram: number): void {
    const place = gramPlace(gram, 32 - CROWD_BITS);
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  /** What it costs to find a text by a gram that is seen so often; `undefined`: in few texts, which cannot crowd. */
  static cost(crowd: Crowd | undefined, gram: number, seen: number): number {
    return crowd === undefined ? seen : (seen + UNSEEN) * (crowd.counts[gramPlace(gram, 32 - CROWD_BITS)] ?? 0);
  }
}

/** What was never seen counts as if it were seen so often. */
const UNSEEN = 0.5;
/** From so many texts on it matters which of them share a gram. */
export const CROWDED = 256;
