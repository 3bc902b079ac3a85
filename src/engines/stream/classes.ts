import type { JsonObject } from '../../base/json.ts';
import type { Truth, Value } from '../../values/value.ts';
import { specialise } from './logic.ts';
import type { ClassRule, Program } from './program.ts';
import { compileSlot } from './read-slot.ts';
import { compileSlotTest } from './slot-test.ts';

/** Records for which the tests of the selectors come out the same, and the rules that can still match them. */
export interface RecordClass {
  readonly id: number;
  readonly rules: readonly ClassRule[];
}

/** Values come out of logs, so what is kept of them is bounded. */
const MOST_VALUES = 20_000;
const MOST_CLASSES = 4_096;

/** What the tests of one selector say of a value. */
interface Outcome {
  readonly id: number;
  readonly truths: ReadonlyMap<number, Truth>;
}

/** Tells the class of a record by the program's selectors. */
export class Classes {
  private readonly program: Program;
  private readonly selectors: readonly Selector[];
  private readonly byOutcomes = new Map<string, RecordClass>();
  private readonly byValue = new Map<Value, RecordClass>();
  private unsorted: RecordClass | undefined;

  constructor(program: Program) {
    this.program = program;
    this.selectors = program.selectors.map((slot) => new Selector(program, slot));
  }

  of(event: JsonObject): RecordClass {
    const [only] = this.selectors;
    if (only === undefined) return this.anyClass();
    if (this.selectors.length > 1) return this.byAll(event);
    const value = only.read(event);
    return this.byValue.get(value) ?? this.learn(value, this.classOf([only.outcomeOf(value)]));
  }

  private byAll(event: JsonObject): RecordClass {
    const outcomes: (Outcome | undefined)[] = [];
    for (const selector of this.selectors) outcomes.push(selector.outcomeOf(selector.read(event)));
    return this.classOf(outcomes);
  }

  private learn(value: Value, found: RecordClass): RecordClass {
    if (typeof value === 'object' && value !== null) return found;
    if (this.byValue.size >= MOST_VALUES) this.byValue.clear();
    this.byValue.set(value, found);
    return found;
  }

  private classOf(outcomes: readonly (Outcome | undefined)[]): RecordClass {
    const key = outcomes.map((outcome) => outcome?.id ?? '').join(' ');
    const known = this.byOutcomes.get(key);
    if (known !== undefined) return known;
    if (this.byOutcomes.size >= MOST_CLASSES) return this.anyClass();
    const truths = new Map<number, Truth>();
    for (const outcome of outcomes)
      for (const [predicate, truth] of outcome?.truths ?? []) truths.set(predicate, truth);
    const made = {
      id: this.byOutcomes.size,
      rules: specialise(this.program, (predicate) => truths.get(predicate)),
    };
    this.byOutcomes.set(key, made);
    return made;
  }

  /** Records of which nothing is known yet: every rule is still possible. */
  private anyClass(): RecordClass {
    this.unsorted ??= { id: MOST_CLASSES, rules: specialise(this.program, () => undefined) };
    return this.unsorted;
  }
}

class Selector {
  readonly read: (event: JsonObject) => Value;
  private readonly tests: readonly { readonly predicate: number; readonly test: (value: Value) => Truth }[];
  private readonly byValue = new Map<Value, Outcome>();
  private readonly byTruths = new Map<string, Outcome>();

  constructor(program: Program, slot: number) {
    const place = program.slots[slot];
    this.read = place === undefined ? () => undefined : compileSlot(place);
    this.tests = program.predicates.flatMap((predicate, index) =>
      predicate.kind === 'slot' && predicate.slot === slot
        ? [{ predicate: index, test: compileSlotTest(predicate.test) }]
        : [],
    );
  }

  /** Undefined for arrays and maps: nothing is decided of them beforehand. */
  outcomeOf(value: Value): Outcome | undefined {
    if (typeof value === 'object' && value !== null) return undefined;
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const truths = this.tests.map(({ predicate, test }) => [predicate, test(value)] as const);
    const key = truths.map(([, truth]) => (truth === null ? '?' : truth ? '1' : '0')).join('');
    const outcome = this.byTruths.get(key) ?? { id: this.byTruths.size, truths: new Map(truths) };
    // Patterns over a selector could tell any number of values apart; beyond this nothing is kept.
    if (this.byTruths.size < MOST_VALUES) this.byTruths.set(key, outcome);
    else if (!this.byTruths.has(key)) return undefined;
    if (this.byValue.size >= MOST_VALUES) this.byValue.clear();
    this.byValue.set(value, outcome);
    return outcome;
  }
}
