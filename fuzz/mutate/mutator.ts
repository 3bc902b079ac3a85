import type { Random } from '../engine/random.ts';

/** What a mutator may use. */
export interface Material {
  readonly random: Random;
  readonly words: readonly string[];
  /** Another input. */
  readonly other: Buffer;
}

/** Makes another input of one; the same one where it can do nothing with it. */
export type Mutator = (input: Buffer, material: Material) => Buffer;

/** The input with another piece in the place of [start, end). */
export function spliced(input: Buffer, start: number, end: number, piece: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, start), piece, input.subarray(end)]);
}

/** A place, and one behind it that is rarely far away. */
export function someRange(input: Buffer, random: Random): readonly [start: number, end: number] {
  const start = random.below(input.length + 1);
  const longest = random.oneIn(4) ? input.length : 16;
  return [start, Math.min(input.length, start + random.below(longest + 1))];
}
