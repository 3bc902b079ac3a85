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
