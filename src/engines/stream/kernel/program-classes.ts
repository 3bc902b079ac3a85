import type { JsonObject } from '../../../base/json.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import type { Truth } from '../../../values/value.ts';
import { compilePredicate, type Decide, rowOf } from '../../memory/index.ts';
import { readFirst } from '../../memory/raw.ts';
import { specialise } from '../logic.ts';
import type { ClassRule, Program, Slot } from '../program.ts';
import { Coverer, SignChoices } from './cover.ts';
import type { Judge, ScanClass, ScanLogic, ScanSlot, Trigger } from './scan-class.ts';
import { keywordsIn, ScanTests } from './scan-tests.ts';
import { SignWeights } from './sign-weights.ts';
import type { Steps } from './steps.ts';

/** Records of one program for which its selectors decide the same predicates in the same way. */
export interface RecordClass {
  readonly program: Program;
  readonly rules: readonly ClassRule[];
}

/** Divides the records of a program into classes, by what its selectors say. */
export class ProgramClasses {
  readonly program: Program;
  readonly selectors: readonly Slot[];
  private readonly deciders: readonly { readonly predicate: number; readonly slot: Slot; readonly decide: Decide }[];
  private readonly classes = new Map<string, RecordClass>();

  constructor(program: Program) {
    this.program = program;
    this.selectors = program.selectors.flatMap((id) => program.slots[id] ?? []);
    this.deciders = program.predicates.flatMap((predicate, id) => {
      if (predicate.kind !== 'slot' || !program.selectors.includes(predicate.slot)) return [];
      const slot = program.slots[predicate.slot];
      const decide = compilePredicate(predicate.test, { now: fromEpochMs(0) });
      return slot === undefined ? [] : [{ predicate: id, slot, decide }];
    });
  }

  /** The class of a record: the same object for records of the same class. */
  classOf(event: JsonObject): RecordClass {
    const row = rowOf(event);
    const truths = new Map<number, Truth>();
    for (const { predicate, slot, decide } of this.deciders) {
      const value = readFirst(event, slot.paths, slot);
      // The signature of a line does not hold what is inside of arrays and maps.
      if (typeof value !== 'object' || value === null) truths.set(predicate, decide(row));
    }
    const key = JSON.stringify([...truths]);
    let found = this.classes.get(key);
    if (found === undefined) {
      found = { program: this.program, rules: specialise(this.program, (id) => truths.get(id)) };
      this.classes.set(key, found);
    }
    return found;
  }
}

/** For so many rules covers are found in one step. */
const AT_ONCE = 32;

/** Where the time of records stands; undefined where that is no one place. */
export type TimePlace = Pick<Slot, 'paths'> | undefined;

/** How the time of records is noted. */
function noteOf(place: TimePlace): ScanLogic {
  if (place === undefined) return { op: 'undecided' };
  const { paths } = place;
  return { op: 'test', test: { kind: 'texts', paths, onMissing: 'no', options: [], judge: NOTE } };
}

const NOTE: Judge = { notes: 'time' };

/**
 * Says what the kernel is to look for in the classes of a program. Targets are places in a class's rules; after them comes one of
 * lines whose time the kernel cannot note, if it is to.
 */
export class ProgramScans {
  private readonly program: Program;
  private readonly choices: SignChoices;
  private readonly tests: ScanTests;
  /** The check of the target that stands for the time. */
  private readonly time: ScanLogic | undefined;

  /** `time`: where the time is to be noted. */
  constructor(program: Program, time?: { readonly place: TimePlace }) {
    this.program = program;
    this.time = time && noteOf(time.place);
    this.choices = new SignChoices(program);
    this.tests = new ScanTests(program);
  }

  /** Every rule is asked of every record: for classes of which little was seen, or will ever be. */
  withoutIndex({ rules }: RecordClass): ScanClass {
    const checks = this.checksOf(rules);
    return { slots: [], always: [...checks.keys()], keywords: keywordsOf(checks), checks, targets: checks.length };
  }

  /** `sample`: records of the class. */
  *withIndex({ rules }: RecordClass, sample: readonly JsonObject[]): Steps<ScanClass> {
    const { program } = this;
    const weights = new SignWeights(program, sample);
    const coverer = new Coverer(program, this.choices, (sign) => weights.of(sign));
    const always: number[] = [];
    const triggers = new Map<number, Trigger[]>();
    const checks = this.checksOf(rules);
    const keywords = keywordsOf(checks);
    if (this.time !== undefined) always.push(rules.length);
    for (const [target, { logic }] of rules.entries()) {
      if (target % AT_ONCE === AT_ONCE - 1) yield;
      const cover = coverer.whenTrue(logic);
      if (cover === undefined) {
        always.push(target);
        continue;
      }
      for (const sign of cover.signs) {
        if (sign.on === 'leaves') {
          keywords.push({ text: sign.text, target });
          continue;
        }
        const of = triggers.get(sign.slot) ?? [];
        of.push(
          sign.on === 'text'
            ? { on: 'text', text: sign.text, atStart: sign.atStart, atEnd: sign.atEnd, target }
            : { on: sign.on, target },
        );
        triggers.set(sign.slot, of);
      }
    }
    const slots: ScanSlot[] = [...triggers].flatMap(([slot, of]) => {
      const paths = program.slots[slot]?.paths;
      return paths === undefined
        ? []
        : [{ paths, triggers: of, weigh: (gram) => weights.gram(slot, gram), threes: () => weights.threesOf(slot) }];
    });
    return { slots, checks, always, keywords, threes: () => weights.threes(), targets: checks.length };
  }

  private checksOf(rules: readonly ClassRule[]): readonly ScanLogic[] {
    const checks = rules.map(({ logic }) => this.tests.logicOf(logic));
    return this.time === undefined ? checks : [...checks, this.time];
  }
}

function keywordsOf(checks: readonly ScanLogic[]): ScanClass['keywords'][number][] {
  const found = new Set<string>();
  for (const check of checks) keywordsIn(check, found);
  return [...found].map((text) => ({ text, target: undefined }));
}
