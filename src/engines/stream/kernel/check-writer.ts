import type { Judges } from './judges.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { ANCHOR_END, ANCHOR_START, TRUTH } from './layout.ts';
import type { ScanLogic, ScanTest, TextOption } from './scan-class.ts';
import type { FieldOf } from './slot-tables.ts';

/** As in `assembly/verify.ts`. */
const OP = { value: 0, and: 1, or: 2, not: 3, test: 4 } as const;
const KIND = { texts: 0, present: 1, value: 2, 'is-null': 3, same: 4, keyword: 5 } as const;

/** Flags of an option. */
const EXACT = 1;
const IN_ORDER = 2;
const IN_TABLE = 4;

/** Texts that are looked for in a table: so many, or so many that may stand anywhere. */
const MANY = 8;
const MANY_ANYWHERE = 3;

interface LiteralWriter {
  plainLiteral(text: string, anchors: number): number;
  /** The address of a table of literals, of which any may stand in a value. */
  tableOf(literals: TextOption['literals']): number;
  readonly stamps: number[];
  readonly judges: Judges;
  /** Where the stamp of the line is kept in which a keyword was found last, and of that in which any may stand unseen. */
  keywordCell(text: string): number;
  readonly unknownKeywords: number;
}

/** Writes the logic of a class's targets for `assembly/verify.ts`. */
export class CheckWriter {
  private readonly literals: LiteralWriter;
  private readonly memory: KernelMemory;
  private readonly fieldOf: FieldOf;
  private readonly costs = new WeakMap<ScanLogic, number>();
  private readonly nodes = new WeakMap<ScanLogic, number>();
  private readonly tests = new WeakMap<ScanTest, number>();
  private readonly texts = new Map<string, number>();
  private readonly values = new Map<string, number>();

  constructor(literals: LiteralWriter, memory: KernelMemory, fieldOf: FieldOf) {
    this.literals = literals;
    this.memory = memory;
    this.fieldOf = fieldOf;
  }

  /** Gives the address of a list of nodes by target; targets beyond the checks have none. */
  write(checks: readonly ScanLogic[], targets: number): number {
    const nodes = checks.map((logic) => (logic.op === 'undecided' ? 0 : this.node(logic)));
    const at = this.memory.reserve(4 * targets);
    this.memory.words.set(nodes, at >> 2);
    return at;
  }

  /** The same logic is written once, whatever classes have it. */
  private node(logic: ScanLogic): number {
    const known = this.nodes.get(logic) ?? this.made(logic);
    this.nodes.set(logic, known);
    return known;
  }

  private cost(logic: ScanLogic): number {
    const known = this.costs.get(logic) ?? costOf(logic, (item) => this.cost(item));
    this.costs.set(logic, known);
    return known;
  }

  private made(logic: ScanLogic): number {
    switch (logic.op) {
      case 'no':
      case 'yes':
      case 'unknown':
      case 'undecided': {
        const known = this.values.get(logic.op) ?? this.put([OP.value, TRUTH[logic.op]]);
        this.values.set(logic.op, known);
        return known;
      }
      case 'and':
      case 'or': {
        // What is cheap to ask comes first.
        const sorted = [...logic.items].sort((a, b) => this.cost(a) - this.cost(b));
        const items = sorted.map((item) => this.node(item));
        return this.put([OP[logic.op], items.length, ...items]);
      }
      case 'not':
        return this.put([OP.not, this.node(logic.item)]);
      case 'test':
        return this.test(logic.test);
    }
  }

  private test(test: ScanTest): number {
    const known = this.tests.get(test);
    if (known !== undefined) return known;
    const node = this.put([OP.test, this.predicate(test)]);
    this.tests.set(test, node);
    return node;
  }

  private predicate(test: ScanTest): number {
    const predicate = this.put(this.predicateWords(test));
    this.literals.stamps.push(predicate);
    return predicate;
  }

  private predicateWords(test: ScanTest): readonly number[] {
    if (test.kind === 'keyword') {
      const { unknownKeywords } = this.literals;
      return [0, 0, this.literals.keywordCell(test.text), KIND.keyword, test.exact ? 1 : 0, unknownKeywords, 0];
    }
    const { paths, kind, onMissing } = test;
    const operand =
      test.kind === 'same'
        ? (this.fieldOf(test.other) ?? 0)
        : this.put([test.options.length, ...test.options.map((option) => this.option(option))]);
    const field = this.fieldOf(paths) ?? 0;
    const judge = test.judge === undefined ? 0 : this.literals.judges.add(test.judge);
    return [0, 0, field, KIND[kind], TRUTH[onMissing], operand, judge];
  }

  private option({ exact, inOrder, literals }: TextOption): number {
    const texts = literals.filter(({ text }) => isAscii(text.toLowerCase()));
    const others = literals.length - texts.length;
    const flags = (exact ? EXACT : 0) | (inOrder ? IN_ORDER : 0);
    const anywhere = texts.filter(({ atStart, atEnd }) => !atStart && !atEnd).length;
    if (!inOrder && (texts.length >= MANY || anywhere >= MANY_ANYWHERE)) {
      return this.put([flags | IN_TABLE, others, this.literals.tableOf(texts)]);
    }
    const addresses = texts.map(({ text, atStart, atEnd }) =>
      this.literal(text.toLowerCase(), (atStart ? ANCHOR_START : 0) | (atEnd ? ANCHOR_END : 0)),
    );
    return this.put([flags, others, addresses.length, ...addresses]);
  }

  private literal(text: string, anchors: number): number {
    const key = `${anchors}${text}`;
    const known = this.texts.get(key) ?? this.literals.plainLiteral(text, anchors);
    this.texts.set(key, known);
    return known;
  }

  private put(words: readonly number[]): number {
    const at = this.memory.reserve(4 * words.length);
    this.memory.words.set(words, at >> 2);
    return at;
  }
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** What it takes to ask, roughly. */
function costOf(logic: ScanLogic, cost: (item: ScanLogic) => number): number {
  switch (logic.op) {
    case 'and':
    case 'or':
      return logic.items.reduce((sum, item) => sum + cost(item), 1);
    case 'not':
      return cost(logic.item);
    case 'test': {
      if (logic.test.kind !== 'texts') return 1;
      const { options } = logic.test;
      const texts = options.reduce(
        (sum, { literals }) => sum + literals.reduce((all, one) => all + costOfText(one), 0),
        1,
      );
      return Math.min(texts, 30) + (options.some(({ exact }) => exact) ? 0 : 100);
    }
    default:
      return 0;
  }
}

function costOfText({ atStart, atEnd }: TextOption['literals'][number]): number {
  return atStart || atEnd ? 1 : 8;
}
