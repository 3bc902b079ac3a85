/** Why a case was not held against the product. */
export type SkipKind =
  /** The tree has not what the case needs. */
  | 'absent'
  /** The language or log type that the case is about is not built yet, or nothing reads its set yet. */
  | 'not-built'
  /** The product says by a code that it does not run this. */
  | 'unsupported'
  /** What the case wants is wrong or is decided otherwise here; what comes out instead is known. */
  | 'disputed';

/** What became of a case. A reason has one line. */
export type Outcome =
  /** `reason`: what is odd about it all the same. */
  | { readonly status: 'passed'; readonly reason?: string }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'skipped'; readonly kind: SkipKind; readonly reason: string };

export interface Case {
  /** As the README of the conformance data writes it. */
  readonly id: string;
  readonly run: () => Outcome | Promise<Outcome>;
}

/** A published set of cases. */
export interface ConformanceSet {
  /** As in the scores: `sigma`, `elastic/kql`, … */
  readonly name: string;
  /** The cases of a tree of conformance data, or why there are none; cases run after each other, in this order. */
  readonly read: (tree: Tree) => SetContent | Promise<SetContent>;
}

export type SetContent = CasesOfSet | { readonly absent: string };

export interface CasesOfSet {
  readonly cases: readonly Case[];
  /** To be called when all have run. */
  readonly close?: () => void | Promise<void>;
}

/** A folder of conformance data. */
export interface Tree {
  /** The path of a file or folder of the tree, where it is there. */
  readonly find: (path: string) => string | undefined;
  /** Unpacks an archive of the tree; gives the folder, which is gone when the set has run. */
  readonly unpack: (path: string) => string | undefined;
}

export const PASSED: Outcome = { status: 'passed' };

export function failed(reason: string): Outcome {
  return { status: 'failed', reason: oneLine(reason) };
}

export function skipped(kind: SkipKind, reason: string): Outcome {
  return { status: 'skipped', kind, reason: oneLine(reason) };
}

/** Passed, where nothing is wrong. */
export function unless(wrong: readonly string[]): Outcome {
  if (wrong.length === 0) return PASSED;
  const more = wrong.length > 3 ? ` (and ${wrong.length - 3} more)` : '';
  return failed(wrong.slice(0, 3).join('; ') + more);
}

/** A case that fails for a reason that is known and not ours. One that passes is disputed in vain, and says so. */
export function disputed(outcome: Outcome, why: string | undefined): Outcome {
  if (why === undefined || outcome.status === 'skipped') return outcome;
  if (outcome.status === 'failed') return skipped('disputed', why);
  return { status: 'passed', reason: DISPUTED_IN_VAIN };
}

export const DISPUTED_IN_VAIN = 'is listed as disputed, but passes';

function oneLine(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, ' ⏎ ');
  return flat.length > 500 ? `${flat.slice(0, 500)}…` : flat;
}
