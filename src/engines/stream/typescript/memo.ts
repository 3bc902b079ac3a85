import type { JsonObject } from '../../../base/json.ts';
import type { Match } from '../../../ir/expr.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import { textOf } from '../../../values/text-of.ts';
import type { Truth, Value } from '../../../values/value.ts';
import { compilePredicate, rowOf } from '../../memory/index.ts';
import { compilePattern } from '../../memory/pattern.ts';
import type { Predicate, Program } from '../program.ts';
import { compileSlot } from '../read-slot.ts';
import { compileSlotTest } from '../slot-test.ts';
import { BETWEEN } from './leaf-index.ts';
import { leafValues } from './leaf-texts.ts';

/** Truths as the memo keeps them. */
const CODES = { false: 0, true: 1, unknown: 2 } as const;
const TRUTHS: readonly Truth[] = [false, true, null];

/** Stamps are four times the record's number and the code, in 32 bits. */
const LAST_RECORD = 2 ** 29 - 1;

/** One record at a time: its slots, read and folded once, and what its predicates said. */
export class RecordMemo {
  private readonly readers: readonly ((event: JsonObject) => Value)[];
  private readonly tests: ((() => Truth) | undefined)[];
  private readonly program: Program;
  private readonly slotRead: Int32Array;
  private readonly slotFolded: Int32Array;
  private readonly values: Value[];
  private readonly folded: string[];
  private readonly stamps: Int32Array;
  private record = 0;
  private event: JsonObject = {};
  private leavesRead = -1;
  private leaves: readonly Value[] = [];
  private leavesFolded = -1;
  private foldedLeaves: readonly string[] = [];
  private allFolded = '';
  /** By predicate: 1 where the index finds it exactly; undefined while the index is still searching. */
  private exact: Uint8Array | undefined;

  constructor(program: Program) {
    this.program = program;
    this.readers = program.slots.map(compileSlot);
    this.slotRead = new Int32Array(program.slots.length);
    this.slotFolded = new Int32Array(program.slots.length);
    this.values = program.slots.map(() => undefined);
    this.folded = program.slots.map(() => '');
    this.stamps = new Int32Array(program.predicates.length);
    this.tests = program.predicates.map(() => undefined);
  }

  /** Forgets the record before. */
  start(event: JsonObject): void {
    if (this.record === LAST_RECORD) {
      this.record = 0;
      this.slotRead.fill(0);
      this.slotFolded.fill(0);
      this.stamps.fill(0);
      this.leavesRead = -1;
      this.leavesFolded = -1;
    }
    this.record += 1;
    this.event = event;
    this.exact = undefined;
  }

  /** The index has noted all it finds. `exact`: by predicate, 1 where it is false if the index did not note it. */
  closeIndex(exact: Uint8Array): void {
    this.exact = exact;
  }

  value(slot: number): Value {
    if (this.slotRead[slot] !== this.record) {
      this.slotRead[slot] = this.record;
      this.values[slot] = this.readers[slot]?.(this.event);
    }
    return this.values[slot];
  }

  /** The lower case of a slot's value, which must be a string. */
  foldedText(slot: number, value: string): string {
    if (this.slotFolded[slot] !== this.record) {
      this.slotFolded[slot] = this.record;
      this.folded[slot] = value.toLowerCase();
    }
    return this.folded[slot] ?? '';
  }

  allLeaves(): readonly Value[] {
    if (this.leavesRead !== this.record) {
      this.leavesRead = this.record;
      this.leaves = leafValues(this.event);
    }
    return this.leaves;
  }

  /** The texts of all leaves, in lower case. */
  private allFoldedLeaves(): readonly string[] {
    if (this.leavesFolded !== this.record) {
      this.leavesFolded = this.record;
      this.foldedLeaves = this.allLeaves().map((leaf) => (textOf(leaf) ?? '').toLowerCase());
      this.allFolded = this.foldedLeaves.join(BETWEEN);
    }
    return this.foldedLeaves;
  }

  /** Notes what is known of a predicate without asking it. */
  note(predicate: number, truth: boolean): void {
    this.stamps[predicate] = this.record * 4 + (truth ? CODES.true : CODES.false);
  }

  truth(predicate: number): Truth {
    const stamp = this.stamps[predicate] ?? 0;
    if (stamp >> 2 === this.record) return TRUTHS[stamp & 3] ?? null;
    if (this.exact !== undefined && this.exact[predicate] === 1) return false;
    let test = this.tests[predicate];
    if (test === undefined) {
      const described = this.program.predicates[predicate];
      if (described === undefined) throw new Error(`no predicate ${predicate}`);
      test = this.compile(described);
      this.tests[predicate] = test;
    }
    const truth = test();
    this.stamps[predicate] = this.record * 4 + (truth === null ? CODES.unknown : truth ? CODES.true : CODES.false);
    return truth;
  }

  private compile(predicate: Predicate): () => Truth {
    switch (predicate.kind) {
      case 'slot': {
        const { slot, test } = predicate;
        const general = compileSlotTest(test);
        const quick = test.kind === 'match' ? compileTextTest(test) : undefined;
        if (quick === undefined) return () => general(this.value(slot));
        const { folds, fits } = quick;
        return () => {
          const value = this.value(slot);
          if (typeof value !== 'string') return general(value);
          return fits(folds ? this.foldedText(slot, value) : value);
        };
      }
      case 'leaves':
        return this.compileLeaves(predicate.test);
      case 'opaque': {
        const decide = compilePredicate(predicate.expr, { now: fromEpochMs(0) });
        return () => decide(rowOf(this.event));
      }
    }
  }

  private compileLeaves(test: Match): () => Truth {
    const fits = compilePattern(test.pattern, test.collation);
    const missing = test.onMissing === 'false' ? false : null;
    const { quantifier, pattern } = test;
    // The commonest keyword: a text anywhere. What does not stand in all of them together stands in none.
    if (quantifier === 'any' && test.collation === 'ignore-case' && pattern.kind === 'contains') {
      const wanted = pattern.text.toLowerCase();
      return () => {
        const leaves = this.allFoldedLeaves();
        if (leaves.length === 0) return missing;
        if (!this.allFolded.includes(wanted)) return false;
        return leaves.some((leaf) => leaf.includes(wanted));
      };
    }
    return () => {
      const leaves = this.allLeaves();
      // An array of several values is one value to `whole`, and no text.
      if (quantifier === 'whole') return fits(leaves);
      if (leaves.length === 0) return missing;
      return quantifier === 'any' ? leaves.some(fits) : leaves.every(fits);
    };
  }
}

/** The tests that are common, over a text: in lower case where `folds`. */
function compileTextTest(
  test: Match,
): { readonly folds: boolean; readonly fits: (text: string) => boolean } | undefined {
  const folds = test.collation === 'ignore-case';
  const fold = (text: string): string => (folds ? text.toLowerCase() : text);
  const { pattern } = test;
  switch (pattern.kind) {
    case 'equals': {
      const wanted = fold(String(pattern.value));
      return { folds, fits: (text) => text === wanted };
    }
    case 'one-of': {
      const wanted = new Set(pattern.values.map((value) => fold(String(value))));
      return { folds, fits: (text) => wanted.has(text) };
    }
    case 'prefix': {
      const wanted = fold(pattern.text);
      return { folds, fits: (text) => text.startsWith(wanted) };
    }
    case 'suffix': {
      const wanted = fold(pattern.text);
      return { folds, fits: (text) => text.endsWith(wanted) };
    }
    case 'contains': {
      const wanted = fold(pattern.text);
      return { folds, fits: (text) => text.includes(wanted) };
    }
    case 'wildcard':
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return undefined;
  }
}
