import { mutated } from '../mutate/index.ts';
import { hashOf, inputOf } from './inputs.ts';
import { minimised } from './minimise.ts';
import { Random } from './random.ts';
import type { Coverage, Subject, Target } from './target.ts';
import { type Failure, tryInput } from './try-input.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** After so many inputs, or when `isOver`, it ends. */
  readonly mostInputs: number;
  readonly isOver: () => boolean;
  /** Inputs that were worth keeping in earlier runs. */
  readonly corpus: readonly Buffer[];
  /** What guides it; without it, every input is forgotten. */
  readonly coverage: Coverage | undefined;
  /** Told of each input before it runs: it may be the last. */
  readonly onInput?: (input: Buffer) => void;
  /** Told of each failure of a new kind, minimised. */
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** How many tries a finding may be minimised with. */
  readonly minimiseTries: number;
}

export interface Finding {
  readonly input: Buffer;
  readonly failure: Failure;
}

export interface Progress {
  readonly inputs: number;
  /** Inputs that reach what those before them do not. */
  readonly kept: readonly Buffer[];
  readonly reached: number;
}

/** The most inputs that run between two looks at what was reached. */
const MOST_BATCH = 256;

/** Fuzzes one target. The same seed, corpus and number of inputs give the same inputs. */
export async function fuzz(target: Target, subject: Subject, options: FuzzOptions): Promise<Progress> {
  return new Fuzzer(target, subject, options).run();
}

class Fuzzer {
  private readonly target: Target;
  private readonly subject: Subject;
  private readonly options: FuzzOptions;
  private readonly random: Random;
  private readonly seeds: readonly Buffer[];
  private readonly kept: Buffer[] = [];
  private readonly known = new Set<string>();
  private readonly failures = new Set<string>();
  private inputs = 0;

  constructor(target: Target, subject: Subject, options: FuzzOptions) {
    this.target = target;
    this.subject = subject;
    this.options = options;
    this.random = new Random(options.seed);
    this.seeds = [...target.seeds.map(inputOf), ...options.corpus];
  }

  async run(): Promise<Progress> {
    await this.runSeeds();
    for (let batch = 1; !this.isOver(); ) {
      const inputs = Array.from({ length: Math.min(batch, this.options.mostInputs - this.inputs) }, () => this.next());
      const more = await this.runBatch(inputs);
      batch = more ? Math.max(1, batch >> 1) : Math.min(MOST_BATCH, batch << 1);
      this.options.onProgress?.(this.progress());
    }
    return this.progress();
  }

  private progress(): Progress {
    const { coverage } = this.options;
    const reached = (coverage?.reached ?? 0) + (this.subject.coverage?.reached ?? 0);
    return { inputs: this.inputs, kept: this.kept, reached };
  }

  private isOver(): boolean {
    return this.inputs >= this.options.mostInputs || this.options.isOver();
  }

  /** The seeds first, the shortest before the others: those that reach nothing of their own are not kept. */
  private async runSeeds(): Promise<void> {
    this.reachedMore(true);
    for (const input of this.seeds.toSorted((a, b) => a.length - b.length)) {
      if (this.isOver()) return;
      await this.runOne(input);
      if (this.reachedMore(true)) this.keep(input);
    }
  }

  /** Whether an input reached more; those that did are kept. */
  private async runBatch(inputs: readonly Buffer[]): Promise<boolean> {
    for (const input of inputs) {
      if (this.isOver()) return false;
      this.inputs += 1;
      await this.runOne(input);
    }
    const [only] = inputs;
    const isOne = inputs.length === 1;
    if (!this.reachedMore(isOne)) return false;
    if (isOne && only !== undefined) this.keep(only);
    return isOne || this.keepThoseOf(inputs);
  }

  /** Runs inputs again, by halves, to find which of them reach more. What a cache hides then stays hidden. */
  private async keepThoseOf(inputs: readonly Buffer[]): Promise<boolean> {
    let found = false;
    const middle = inputs.length >> 1;
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      const [only] = half;
      if (only === undefined || this.options.isOver()) continue;
      for (const input of half) await this.runOne(input);
      if (!this.reachedMore(half.length === 1)) continue;
      found = true;
      if (half.length === 1) this.keep(only);
      else await this.keepThoseOf(half);
    }
    return found;
  }

  private reachedMore(record: boolean): boolean {
    const { coverage } = this.options;
    // Both are asked: what one does not record now would be news later.
    const ofCode = coverage?.reachedMore(record) === true;
    const ofSubject = this.subject.coverage?.reachedMore(record) === true;
    return ofCode || ofSubject;
  }

  private keep(input: Buffer): void {
    const hash = hashOf(input);
    if (this.known.has(hash)) return;
    this.known.add(hash);
    this.kept.push(input);
  }

  /** A new input: made by the grammar, or of one that was kept, of a late one rather than of an early one. */
  private next(): Buffer {
    const { random, target } = this;
    if (target.make !== undefined && random.oneIn(8)) {
      return Buffer.from(inputOf(target.make(random)).subarray(0, target.mostBytes));
    }
    return mutated(this.some(), target.mutators ?? [], target.mostBytes, {
      random,
      words: target.words,
      other: this.some(),
    });
  }

  private some(): Buffer {
    const { kept, random, seeds } = this;
    const made = random.oneIn(8) ? this.target.make?.(random) : undefined;
    if (made !== undefined) return inputOf(made);
    if (kept.length === 0) return seeds.length === 0 ? Buffer.alloc(0) : random.pick(seeds);
    return random.oneIn(2) ? random.pick(kept.slice(-Math.ceil(kept.length / 8))) : random.pick(kept);
  }

  private async runOne(input: Buffer): Promise<void> {
    const { target, subject, options } = this;
    options.onInput?.(input);
    const failure = await tryInput(subject, input, target.mostMs);
    if (failure === undefined || this.failures.has(failure.signature)) return;
    this.failures.add(failure.signature);
    let last = failure;
    const shows = async (candidate: Buffer): Promise<boolean> => {
      options.onInput?.(candidate);
      const found = await tryInput(subject, candidate, target.mostMs);
      if (found?.signature !== failure.signature) return false;
      last = found;
      return true;
    };
    const smaller = await minimised(input, shows, options.minimiseTries, options.isOver);
    options.onFinding({ input: smaller, failure: last });
  }
}
