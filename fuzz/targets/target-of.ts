import type { Subject, Target } from '../engine/target.ts';

/** A target whose subject is some functions of the product, without anything to start. */
export interface TargetParts<F> extends Pick<Target, 'name' | 'about' | 'seeds' | 'words' | 'make' | 'mutators'> {
  readonly mostBytes?: number;
  readonly mostMs?: number;
  readonly short?: number;
  readonly plantedWithin?: number;
  /** What is fuzzed. */
  readonly functions: F;
  /** The same with a fault in it. */
  readonly planted: (functions: F) => F;
  /** Throws where an oracle does not hold. */
  check(input: Buffer, functions: F): void | Promise<void>;
}

export function targetOf<F>(parts: TargetParts<F>): Target {
  const { functions, planted, check, ...own } = parts;
  return {
    mostBytes: 16 * 1024,
    mostMs: 2_000,
    short: 400,
    plantedWithin: 4_000,
    ...own,
    open: (isPlanted): Promise<Subject> => {
      const subject = isPlanted ? planted(functions) : functions;
      return Promise.resolve({ run: (input) => check(input, subject) });
    },
  };
}

/** A target that is fed text. */
export function textTargetOf<F>(
  parts: Omit<TargetParts<F>, 'check'> & { check(text: string, functions: F): void | Promise<void> },
): Target {
  return targetOf({ ...parts, check: (input, functions) => parts.check(input.toString('utf8'), functions) });
}
