import type { Mutator } from '../mutate/mutator.ts';
import type { Random } from './random.ts';

/** One thing that is fuzzed: what it is fed, and how it is seen that something is wrong. */
export interface Target {
  readonly name: string;
  /** What is fed, and what must hold, for `npm run fuzz -- --list`. */
  readonly about: string;
  /** Inputs to begin with, of our own making. */
  readonly seeds: readonly (string | Uint8Array)[];
  /** What means something there: keywords, operators, names. */
  readonly words: readonly string[];
  /** A whole new input by the grammar. */
  readonly make?: (random: Random) => string | Uint8Array;
  /** Mutators of its own, beside those of bytes, tokens and lines. */
  readonly mutators?: readonly Mutator[];
  /** The longest input in bytes. */
  readonly mostBytes: number;
  /** Milliseconds that an input may take. */
  readonly mostMs: number;
  /** How many inputs the short form tries. */
  readonly short: number;
  /** How many inputs the planted fault may take to be found in the short form. */
  readonly plantedWithin: number;
  /** Starts what is fuzzed. `planted`: with the target's own fault in it, by which it is known that the fuzzer sees. */
  open(planted: boolean): Promise<Subject>;
}

export interface Subject {
  /** Throws where something is wrong with what an input gives. */
  run(input: Buffer): void | Promise<void>;
  /** What coverage it tells beside that of the code in TypeScript. */
  readonly coverage?: Coverage;
  close?(): Promise<void>;
}

/** What of the code was reached. */
export interface Coverage {
  /** Whether what ran since the last call reached what was never recorded; `record` it, and it is no news any more. */
  reachedMore(record: boolean): boolean;
  /** How many places were recorded. */
  readonly reached: number;
}

/** What a target throws where an oracle does not hold. */
class Broken extends Error {
  override readonly name = 'Broken';
}

/** Throws `Broken` unless it holds. */
export function hold(holds: boolean, what: string | (() => string)): asserts holds {
  if (!holds) throw new Broken(typeof what === 'string' ? what : what());
}
