import { elementsOf } from '../../../values/elements.ts';
import { textOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { GRAM } from '../../text-search/grams.ts';
import { type LiteralOption, literalOptions } from '../../text-search/literals.ts';
import { Frequencies, Sample } from '../../text-search/sample.ts';
import { type Entry, TextIndex } from '../../text-search/text-index.ts';
import type { RecordClass } from '../classes.ts';
import { type Cover, coverOf, type Found } from '../cover.ts';
import { predicatesIn } from '../logic.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { type CheckNode, checkTree } from './check-tree.ts';
import { LeafIndex, leafText } from './leaf-index.ts';
import type { RecordMemo } from './memo.ts';

/** Costs in units of checking one candidate, some 200 ns; measured, see `bench/notes.md`. */
const COST = {
  /** Of a literal in an index, over how often it holds. */
  literal: 0.0004,
  /** Of a search for a literal too short for the index. */
  short: 0.15,
  /** Of reading a slot and beginning to scan it. */
  slot: 0.3,
  /** Of scanning one character. */
  character: 0.006,
} as const;

/** After so many records of a class what was learned is learned anew, and again after as many times more. */
const FIRST_LEARNING = 64;
const NEXT_LEARNING = 16;
/** Of the records after the first learning, one in this many is kept as a sample. */
const SAMPLED = 16;

/** Records whose texts are kept to choose the grams of keywords by. */
const LEAF_SAMPLE = 16;

interface SlotIndex {
  readonly slot: number;
  readonly index: TextIndex;
}

/** What a class of records needs: an index over its slots, and its rules ready to be checked. */
export class ClassIndex {
  readonly program: Program;
  readonly of: RecordClass;
  /** Rules by their place in the class; `number` is the rule's index in the program. */
  readonly numbers: Int32Array;
  private readonly checks: (CheckNode | undefined)[];
  private readonly options: ReadonlyMap<number, readonly LiteralOption[]>;
  private readonly samples = new Map<number, Sample>();
  private readonly leafSlot: number;
  private readonly leafSample: string[] = [];
  private records = 0;
  private learnAt = FIRST_LEARNING;

  /** Rules that every record of the class is checked for. */
  always: readonly number[] = [];
  slots: readonly SlotIndex[] = [];
  leaves: LeafIndex | undefined;
  /** By predicate: the rules (places in the class) it is a cover of. */
  covered: ReadonlyMap<number, readonly number[]> = new Map();
  /** By place in the class: 1 where a rule is true as soon as one of its cover's predicates is. */
  settled: Uint8Array;
  /** By predicate: 1 where it is true as soon as its literal holds, and false if none does. */
  exact: Uint8Array;

  /** `known`: by predicate, the ways to find it, shared by all classes of a program. */
  constructor(program: Program, of: RecordClass, known: Map<number, readonly LiteralOption[]>) {
    this.program = program;
    this.of = of;
    this.leafSlot = program.slots.length;
    this.numbers = Int32Array.from(of.rules, ({ rule }) => rule);
    this.checks = of.rules.map(() => undefined);
    const asked = new Set<number>();
    for (const { logic } of of.rules) predicatesIn(logic, asked);
    for (const predicate of asked) {
      const described = program.predicates[predicate];
      if (described?.kind === 'opaque') predicatesIn(described.implies, asked);
    }
    const options = new Map<number, readonly LiteralOption[]>();
    for (const predicate of asked) {
      const described = program.predicates[predicate];
      if (described === undefined) continue;
      const found = known.get(predicate) ?? literalOptions(described);
      known.set(predicate, found);
      if (found.length === 0) continue;
      options.set(predicate, found);
      const slot = described.kind === 'slot' ? described.slot : this.leafSlot;
      if (!this.samples.has(slot)) this.samples.set(slot, new Sample());
    }
    this.options = options;
    this.exact = new Uint8Array(program.predicates.length);
    this.settled = new Uint8Array(of.rules.length);
    this.build();
  }

  /** What decides a rule, by its place in the class: most are never asked, so each is made for its first candidate. */
  checkOf(place: number): CheckNode | undefined {
    const rule = this.of.rules[place];
    if (rule === undefined) return undefined;
    const { predicates } = this.program;
    this.checks[place] ??= checkTree(rule.logic, (predicate) => askingCost(predicates[predicate]));
    return this.checks[place];
  }

  /** Counts a record of the class; now and then keeps it as a sample, and learns. */
  seen(memo: RecordMemo): void {
    this.records += 1;
    if (this.records > FIRST_LEARNING && this.records % SAMPLED !== 0) return;
    for (const [slot, sample] of this.samples) {
      sample.records += 1;
      if (slot === this.leafSlot) this.leafSample[this.records % LEAF_SAMPLE] = leafText(memo.allLeaves(), true);
      else for (const text of textsOf(memo.value(slot))) sample.add(text.toLowerCase());
    }
    if (this.records >= this.learnAt) {
      this.learnAt = this.records * NEXT_LEARNING;
      this.build();
    }
  }

  private build(): void {
    const frequencies = new Map<number, Frequencies>();
    for (const [slot, sample] of this.samples) {
      frequencies.set(slot, slot === this.leafSlot ? new Frequencies(this.leafSample, 1) : sample.count());
    }
    const expected = new Map<number, Found | undefined>();
    // Which slots are scanned at all is not known before covers are chosen: the second round shares each slot's cost.
    const first = this.covers(frequencies, expected, () => 0);
    const users = new Map<number, number>();
    for (const cover of first) {
      for (const slot of new Set(cover?.found.map(({ predicate }) => this.slotOf(predicate)))) {
        users.set(slot, (users.get(slot) ?? 0) + 1);
      }
    }
    const covers = this.covers(frequencies, expected, (slot) => {
      const length = frequencies.get(slot)?.meanLength ?? 0;
      return (COST.slot + COST.character * length) / Math.max(1, users.get(slot) ?? 1);
    });
    const covered = new Map<number, number[]>();
    const chosen = new Map<number, Found>();
    const always: number[] = [];
    for (const [place, cover] of covers.entries()) {
      if (cover === undefined) {
        always.push(place);
        this.settled[place] = 0;
        continue;
      }
      this.settled[place] = isSettledBy(this.of.rules[place]?.logic, cover) ? 1 : 0;
      for (const found of cover.found) {
        chosen.set(found.predicate, found);
        const rules = covered.get(found.predicate) ?? [];
        if (rules.at(-1) !== place) rules.push(place);
        covered.set(found.predicate, rules);
      }
    }
    this.always = always;
    this.covered = covered;
    this.index(chosen, frequencies);
  }

  private covers(
    frequencies: ReadonlyMap<number, Frequencies>,
    expected: Map<number, Found | undefined>,
    slotCost: (slot: number) => number,
  ): ReturnType<typeof coverOf>[] {
    const known = new Map<number, Found | undefined>();
    const find = (predicate: number): Found | undefined => {
      if (known.has(predicate)) return known.get(predicate);
      const cheapest = this.cheapest(predicate, frequencies, expected);
      const found = cheapest && { ...cheapest, cost: cheapest.cost + slotCost(this.slotOf(predicate)) };
      known.set(predicate, found);
      return found;
    };
    const implied = (predicate: number) => {
      const described = this.program.predicates[predicate];
      return described?.kind === 'opaque' ? described.implies : undefined;
    };
    return this.of.rules.map(({ logic }) => coverOf(logic, find, implied));
  }

  /** The best way to find a predicate, without what its slot costs; kept in `expected`. */
  private cheapest(
    predicate: number,
    frequencies: ReadonlyMap<number, Frequencies>,
    expected: Map<number, Found | undefined>,
  ): Found | undefined {
    if (expected.has(predicate)) return expected.get(predicate);
    const frequency = frequencies.get(this.slotOf(predicate));
    let best: Found | undefined;
    for (const option of this.options.get(predicate) ?? []) {
      let cost = 0;
      for (const literal of option.literals) {
        cost += COST.literal + (frequency?.of(literal) ?? 1);
        if (literal.kind !== 'equals' && literal.text.length < GRAM) cost += COST.short;
      }
      if (best === undefined || cost < best.cost) best = { predicate, option, cost };
    }
    expected.set(predicate, best);
    return best;
  }

  private index(chosen: ReadonlyMap<number, Found>, frequencies: ReadonlyMap<number, Frequencies>): void {
    const entries = new Map<number, Entry[]>();
    this.exact = new Uint8Array(this.program.predicates.length);
    for (const { predicate, option } of chosen.values()) {
      const slot = this.slotOf(predicate);
      const list = entries.get(slot) ?? [];
      for (const literal of option.literals) list.push({ literal, id: predicate });
      entries.set(slot, list);
      const test = this.program.predicates[predicate];
      if (option.exact && test !== undefined && test.kind !== 'opaque' && test.test.kind === 'match') {
        const { quantifier, onMissing } = test.test;
        if (quantifier === 'any' && onMissing === 'false') this.exact[predicate] = 1;
      }
    }
    const slots: SlotIndex[] = [];
    this.leaves = undefined;
    for (const [slot, list] of entries) {
      if (slot === this.leafSlot) this.leaves = new LeafIndex(list, this.leafSample);
      else slots.push({ slot, index: new TextIndex(list, frequencies.get(slot)) });
    }
    this.slots = slots;
  }

  private slotOf(predicate: number): number {
    const described = this.program.predicates[predicate];
    return described?.kind === 'slot' ? described.slot : this.leafSlot;
  }
}

/** Whether the logic is any one of some predicates, and the cover is of those: then it is true with the first that is. */
function isSettledBy(logic: Logic | undefined, cover: Cover): boolean {
  if (logic === undefined) return false;
  const isAny = logic.kind === 'test' || (logic.kind === 'or' && logic.items.every((item) => item.kind === 'test'));
  if (!isAny) return false;
  const asked = predicatesIn(logic);
  return cover.found.every(({ predicate }) => asked.has(predicate));
}

/** The texts of a value's scalars. */
export function textsOf(value: Value): readonly string[] {
  if (value === undefined || value === null) return [];
  const texts = Array.isArray(value) ? elementsOf(value).map(textOf) : [textOf(value)];
  return texts.filter((text) => text !== undefined);
}

/** What asking a predicate costs, beside the others; only their order matters. */
function askingCost(predicate: Predicate | undefined): number {
  if (predicate === undefined || predicate.kind === 'opaque') return 40;
  if (predicate.kind === 'leaves') return 100;
  if (predicate.test.kind !== 'match') return 0.5;
  switch (predicate.test.pattern.kind) {
    case 'equals':
    case 'one-of':
      return 1;
    case 'prefix':
    case 'suffix':
      return 1.5;
    case 'contains':
      return 2;
    case 'wildcard':
    case 'term':
    case 'range':
      return 6;
    case 'cidr':
    case 'regex':
      return 15;
    case 'analysed':
    case 'token-wildcard':
      return 40;
  }
}
