import { CROWDED, Crowd } from '../../text-search/grams.ts';
import { CheckWriter } from './check-writer.ts';
import { placeHashes } from './hash-places.ts';
import type { Judges } from './judges.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { standsInStrings } from './keyword-text.ts';
import { ANCHOR_END, ANCHOR_START, SLOT } from './layout.ts';
import { NeedlePlans, type Plan, planNeedles, planUnseen, type Threes, tellingOffset } from './needle-plan.ts';
import type { GramWeight, ScanClass, ScanSlot, TextOption, Trigger } from './scan-class.ts';
import type { Steps } from './steps.ts';

/** So many literals are looked for by nibbles; more of them would let too much pass. */
const FEW = 24;
/** The same of keywords, which are looked for in the whole line. */
const FEW_KEYWORDS = 64;
/** A plan for keywords is good if it lets one of so many places pass. */
const RARE = 1_500;
/** Grams of literals that are long enough are looked up at every so many bytes. */
const STRIDE = 4;

/** Added to the address of a keyword's cell where the keyword can stand in strings only. */
const IN_STRINGS = 1;

interface Literal {
  readonly bytes: Uint8Array;
  readonly anchors: number;
  readonly targets: Set<number>;
}

/** The watched keys of a place; undefined where they cannot be watched. */
export type NodesOf = (paths: readonly (readonly string[])[]) => readonly number[] | undefined;
/** The address of a field. */
export type FieldOf = (paths: readonly (readonly string[])[]) => number | undefined;

interface Keyed {
  readonly literal: Literal;
  /** Where in the literal its key is. */
  readonly offset: number;
}

interface Sorted {
  readonly literals: readonly Literal[];
  readonly lists: Record<'present' | 'null' | 'missing' | 'nonAscii' | 'unknown', Set<number>>;
}

/** Writes what `assembly/search.ts` reads. */
export class SlotTables {
  private readonly memory: KernelMemory;
  private readonly nodesOf: NodesOf;
  private readonly checks: CheckWriter;
  private readonly fields = new Map<string, number>();
  private readonly hashBytes: (at: number, end: number) => number;

  constructor(memory: KernelMemory, hashBytes: (at: number, end: number) => number, nodesOf: NodesOf, judges: Judges) {
    this.memory = memory;
    this.nodesOf = nodesOf;
    this.judges = judges;
    this.hashBytes = hashBytes;
    this.unknownKeywords = memory.reserve(16);
    this.stamps.push(this.unknownKeywords);
    this.checks = new CheckWriter(this, memory, (paths) => this.fieldOf(paths));
  }

  private readonly lists = new WeakMap<Literal, number>();
  private readonly plans = new NeedlePlans();
  readonly judges: Judges;
  private readonly keywordCells = new Map<string, number>();
  readonly unknownKeywords: number;
  /** Addresses of stamps, which begin anew after four thousand million lines. */
  readonly stamps: number[] = [];

  /**
   * Writes a class, a step at a time, and gives its address. Slots must be in places that can be watched; tests of others are
   * undecided.
   */
  *write(scan: ScanClass): Steps<number> {
    const { memory } = this;
    const at = memory.reserve(32 + scan.slots.length * SLOT.size);
    const always = scan.always.length === 0 ? 0 : memory.list(scan.always);
    const sampled = memory.list([scan.targets, ...scan.always]);
    memory.words[at >> 2] = always;
    memory.words[(at >> 2) + 1] = scan.slots.length;
    memory.words[(at >> 2) + 6] = always;
    memory.words[(at >> 2) + 7] = sampled;
    this.writeKeywords(at, scan);
    yield;
    const checks = scan.checks === undefined ? 0 : this.checks.write(scan.checks, scan.targets + 1);
    memory.words[(at + 16) >> 2] = checks;
    for (const [index, slot] of scan.slots.entries()) {
      yield;
      this.writeSlot(at + 32 + index * SLOT.size, slot, this.fieldOf(slot.paths) ?? 0);
    }
    return at;
  }

  /** Adds a target of its own, the number of the class's targets, to every line of the class, before all others; or no more. */
  setSampling(at: number, isSampling: boolean): void {
    const { words } = this.memory;
    words[at >> 2] = words[(at >> 2) + (isSampling ? 7 : 6)] ?? 0;
  }

  /** The address of a field; undefined where its place cannot be watched. */
  private fieldOf(paths: readonly (readonly string[])[]): number | undefined {
    const key = JSON.stringify(paths);
    const known = this.fields.get(key);
    if (known !== undefined) return known;
    const nodes = this.nodesOf(paths);
    if (nodes === undefined) return undefined;
    const at = this.field(nodes);
    this.fields.set(key, at);
    return at;
  }

  private field(nodes: readonly number[]): number {
    const at = this.memory.reserve(32 + 4 * nodes.length);
    this.stamps.push(at);
    this.memory.words.set([nodes.length, ...nodes], (at + 28) >> 2);
    return at;
  }

  /** A literal that is looked for by itself. */
  plainLiteral(text: string, anchors: number): number {
    return this.literal({ literal: { bytes: Buffer.from(text, 'utf8'), anchors, targets: new Set() }, offset: 0 });
  }

  keywordCell(text: string): number {
    const known = this.keywordCells.get(text) ?? this.memory.reserve(16);
    if (!this.keywordCells.has(text)) this.stamps.push(known);
    this.keywordCells.set(text, known);
    return known;
  }

  tableOf(literals: TextOption['literals']): number {
    const at = this.memory.reserve(SLOT.size);
    const triggers = literals.map((literal): Trigger => ({ on: 'text', ...literal, target: 0 }));
    this.writeSlot(at, { paths: [], triggers }, 0);
    return at;
  }

  private writeKeywords(at: number, scan: ScanClass): void {
    if (scan.keywords.length === 0) return;
    const literals = new Map<string, Literal>();
    const all = new Set<number>();
    for (const { text, target } of scan.keywords) {
      const lower = text.toLowerCase();
      const cell = this.keywordCell(lower) | (standsInStrings(lower) ? IN_STRINGS : 0);
      const literal = literals.get(lower) ?? { bytes: Buffer.from(lower, 'utf8'), anchors: cell, targets: new Set() };
      literals.set(lower, literal);
      if (target === undefined) continue;
      literal.targets.add(target);
      all.add(target);
    }
    // A letter whose lower case is ASCII may stand for one of a keyword's.
    const { unknownKeywords } = this;
    for (const letter of ['\u212a', '\u0130']) {
      literals.set(letter, { bytes: Buffer.from(letter, 'utf8'), anchors: unknownKeywords, targets: all });
    }
    const unknown = this.memory.reserve(8 + 4 * all.size);
    this.memory.words.set([unknownKeywords, all.size, ...all], unknown >> 2);
    const every = [...literals.values()];
    if (every.length <= FEW_KEYWORDS) {
      const table = this.nibbles(every, scan.threes?.() ?? NOTHING_SEEN, true);
      this.memory.words.set([table, unknown], (at >> 2) + 2);
      return;
    }
    const seen = scan.threes?.() ?? NOTHING_SEEN;
    const crowd = crowdOf(every, threeAt);
    const keyed = every.map((literal) => ({ literal, offset: rarestThree(literal.bytes, seen, crowd) }));
    const { table, mask, hashes } = this.table('three', keyed);
    const { filter, shift } = this.filter(hashes);
    const grams = this.memory.list([table, mask, filter, shift]);
    this.memory.words.set([0, unknown], (at >> 2) + 2);
    this.memory.words[(at + 20) >> 2] = grams + 4;
  }

  private planOf(needles: readonly Uint8Array[], seen: Threes, anyCase: boolean): Plan {
    if (anyCase) return this.plans.of(needles, seen, RARE);
    return seen.size === 0 ? planUnseen(needles) : planNeedles(needles, seen);
  }

  /** `anyCase`: letters are wanted in upper case too. */
  private nibbles(literals: readonly Literal[], seen: Threes, anyCase: boolean): number {
    const { memory } = this;
    const at = memory.reserve(96 + 32);
    const needles = literals.map(({ bytes }) => bytes);
    const planned = this.planOf(needles, seen, anyCase);
    for (let bucket = 0; bucket < 8; bucket += 1) {
      const members = (planned[bucket] ?? []).flatMap(({ needle, offset }) => {
        const literal = literals[needle];
        return literal === undefined ? [] : [{ literal, offset }];
      });
      const list = memory.list(members.map((one) => this.literal(one)));
      memory.words[(at + 96 + 4 * bucket) >> 2] = list;
      const { bytes } = memory;
      const want = (place: number, byte: number): void => {
        const low = at + 32 * place + (byte & 15);
        const high = at + 32 * place + 16 + (byte >> 4);
        bytes[low] = (bytes[low] ?? 0) | (1 << bucket);
        bytes[high] = (bytes[high] ?? 0) | (1 << bucket);
      };
      for (const { literal, offset } of members) {
        for (let place = 0; place < 3; place += 1) {
          const byte = literal.bytes[offset + place];
          if (byte === undefined) {
            for (let any = 0; any < 256; any += 1) want(place, any);
          } else {
            want(place, byte);
            if (anyCase && byte >= 0x61 && byte <= 0x7a) want(place, byte & 0xdf);
          }
        }
      }
    }
    return at;
  }

  private writeSlot(at: number, slot: ScanSlot, field: number): void {
    const { literals, lists } = sorted(slot.triggers);
    const set = (offset: number, value: number): void => {
      this.memory.words[(at + offset) >> 2] = value;
    };
    const list = (targets: ReadonlySet<number>): number => (targets.size === 0 ? 0 : this.memory.list([...targets]));
    set(SLOT.field, field);
    set(SLOT.present, list(lists.present));
    set(SLOT.null, list(lists.null));
    set(SLOT.missing, list(lists.missing));
    set(SLOT.nonAscii, list(lists.nonAscii));
    set(SLOT.unknown, list(lists.unknown));
    set(SLOT.hasText, literals.length > 0 || lists.nonAscii.size > 0 ? 1 : 0);
    const weigh = slot.weigh ?? evenly;
    const tables = byKey(literals, weigh);
    // Short literals among many long ones would make the whole search slow.
    const isLong = ({ literal }: Keyed): boolean => literal.bytes.length >= STRIDE + 3;
    const few = tables.gram.length <= FEW ? tables.gram : tables.gram.filter((keyed) => !isLong(keyed));
    let stride = 1;
    if (few.length > 0 && few.length <= FEW) {
      const literalsOfFew = few.map(({ literal }) => literal);
      set(SLOT.nibbles, this.nibbles(literalsOfFew, slot.threes?.() ?? NOTHING_SEEN, false));
      tables.gram = tables.gram.filter((keyed) => !few.includes(keyed));
    }
    if (tables.gram.every(isLong)) {
      stride = STRIDE;
      const crowd = crowdOf(
        tables.gram.map(({ literal }) => literal),
        gramAt,
      );
      tables.gram = tables.gram.flatMap(({ literal }) => rarestRun(literal, weigh, crowd));
    }
    set(SLOT.stride, stride);
    for (const kind of ['whole', 'component', 'start', 'end', 'gram'] as const) {
      const keyed = tables[kind];
      if (keyed.length === 0) continue;
      const { table, mask, hashes } = this.table(kind, keyed);
      set(SLOT[kind], table);
      set(SLOT[kind] + 4, mask);
      if (kind === 'gram') {
        const { filter, shift } = this.filter(hashes);
        set(SLOT.filter, filter);
        set(SLOT.filterShift, shift);
      }
    }
    if (tables.short.length > 0) {
      const addresses = tables.short.map((keyed) => this.literal(keyed));
      set(SLOT.short, this.memory.list(addresses));
    }
  }

  private table(
    kind: 'whole' | 'component' | 'start' | 'end' | 'gram' | 'three',
    keyed: readonly Keyed[],
  ): { table: number; mask: number; hashes: readonly number[] } {
    const literals = keyed.map((one) => this.literal(one));
    const hashes = keyed.map(({ literal: { bytes }, offset }, index) => {
      if (kind !== 'whole' && kind !== 'component') {
        return gramHash(kind === 'three' ? threeAt(bytes, offset) : gramAt(bytes, offset));
      }
      const at = (literals[index] ?? 0) + 16;
      return this.hashBytes(at + offset, at + bytes.length) >>> 0;
    });
    const { size, places } = placeHashes(hashes);
    const table = this.memory.reserve(8 * size);
    const { words } = this.memory;
    for (const [index, place] of places.entries()) {
      words[(table >> 2) + 2 * place] = hashes[index] ?? 0;
      words[(table >> 2) + 2 * place + 1] = literals[index] ?? 0;
    }
    return { table, mask: size - 1, hashes };
  }

  private filter(hashes: readonly number[]): { filter: number; shift: number } {
    let bits = 10;
    while (bits < 18 && 2 ** bits < 64 * hashes.length) bits += 1;
    const filter = this.memory.reserve(2 ** bits / 8);
    const { bytes } = this.memory;
    for (const hash of hashes) {
      const bit = hash >>> (32 - bits);
      bytes[filter + (bit >> 3)] = (bytes[filter + (bit >> 3)] ?? 0) | (1 << (bit & 7));
    }
    return { filter, shift: 32 - bits };
  }

  private literal({ literal, offset }: Keyed): number {
    const targets = this.lists.get(literal) ?? this.memory.list([...literal.targets]);
    this.lists.set(literal, targets);
    const at = this.memory.reserve(16 + literal.bytes.length + 16);
    const { words } = this.memory;
    words.set([literal.bytes.length, offset, literal.anchors, targets], at >> 2);
    this.memory.bytes.set(literal.bytes, at + 16);
    return at;
  }
}

const NOTHING_SEEN: Threes = new Map();

function evenly(): number {
  return 1;
}

function sorted(triggers: readonly Trigger[]): Sorted {
  const lists = {
    present: new Set<number>(),
    null: new Set<number>(),
    missing: new Set<number>(),
    nonAscii: new Set<number>(),
    unknown: new Set<number>(),
  };
  const literals = new Map<string, Literal>();
  for (const trigger of triggers) {
    const { target } = trigger;
    lists.unknown.add(target);
    if (trigger.on !== 'text') {
      lists[trigger.on].add(target);
      continue;
    }
    const text = trigger.text.toLowerCase();
    const anchors = (trigger.atStart ? ANCHOR_START : 0) | (trigger.atEnd ? ANCHOR_END : 0);
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.some((byte) => byte >= 0x80)) {
      // Only a value with such a character can hold it.
      lists.nonAscii.add(target);
    } else if (text === '' && anchors !== (ANCHOR_START | ANCHOR_END)) {
      lists.present.add(target);
    } else {
      const key = `${anchors}${text}`;
      const literal = literals.get(key) ?? { bytes, anchors, targets: new Set() };
      literal.targets.add(target);
      literals.set(key, literal);
    }
  }
  return { literals: [...literals.values()], lists };
}

function byKey(
  literals: readonly Literal[],
  weigh: GramWeight,
): Record<'whole' | 'component' | 'start' | 'end' | 'gram' | 'short', Keyed[]> {
  const tables: ReturnType<typeof byKey> = { whole: [], component: [], start: [], end: [], gram: [], short: [] };
  for (const literal of literals) {
    const { bytes, anchors } = literal;
    const slash = bytes.lastIndexOf(0x5c);
    if (anchors === (ANCHOR_START | ANCHOR_END)) tables.whole.push({ literal, offset: 0 });
    else if (anchors === ANCHOR_END && slash !== -1) tables.component.push({ literal, offset: slash + 1 });
    else if (bytes.length < 4) tables.short.push({ literal, offset: 0 });
    else if (anchors === ANCHOR_START) tables.start.push({ literal, offset: 0 });
    else if (anchors === ANCHOR_END) tables.end.push({ literal, offset: bytes.length - 4 });
    else tables.gram.push({ literal, offset: 0 });
  }
  const crowd = crowdOf(
    tables.gram.map(({ literal }) => literal),
    gramAt,
  );
  tables.gram = tables.gram.map(({ literal }) => ({ literal, offset: rarestGram(literal.bytes, weigh, crowd) }));
  return tables;
}

/** How many literals share grams, where there are many of them. `gram`: that of a place in a text. */
function crowdOf(literals: readonly Literal[], gram: (bytes: Uint8Array, at: number) => number): Crowd | undefined {
  if (literals.length < CROWDED) return undefined;
  const crowd = new Crowd();
  for (const { bytes } of literals) {
    for (const one of new Set(Array.from(bytes, (_, at) => gram(bytes, at)))) crowd.add(one);
  }
  return crowd;
}

function rarestGram(bytes: Uint8Array, weigh: GramWeight, crowd: Crowd | undefined): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 4 <= bytes.length; at += 1) {
    const gram = gramAt(bytes, at);
    const weight = Crowd.cost(crowd, gram, weigh(gram));
    if (weight < least) {
      best = at;
      least = weight;
    }
  }
  return best;
}

function rarestThree(bytes: Uint8Array, seen: Threes, crowd: Crowd | undefined): number {
  if (seen.size === 0 && crowd === undefined) return tellingOffset(bytes);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 3 <= bytes.length; at += 1) {
    const weight = Crowd.cost(crowd, threeAt(bytes, at), seen.get(gramAt(bytes, at) & 0xffffff) ?? 0);
    if (weight < least) {
      best = at;
      least = weight;
    }
  }
  return best;
}

/** So many grams in a row that one of them is met whatever the stride begins at. */
function rarestRun(literal: Literal, weigh: GramWeight, crowd: Crowd | undefined): Keyed[] {
  const { bytes } = literal;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let from = 0; from + STRIDE + 3 <= bytes.length; from += 1) {
    let weight = 0;
    for (let at = from; at < from + STRIDE; at += 1) {
      const gram = gramAt(bytes, at);
      weight += Crowd.cost(crowd, gram, weigh(gram));
    }
    if (weight < least) {
      best = from;
      least = weight;
    }
  }
  return Array.from({ length: STRIDE }, (_, at) => ({ literal, offset: best + at }));
}

function gramAt(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}

/** Three bytes as the kernel hashes them in a line as it was read. */
function threeAt(bytes: Uint8Array, at: number): number {
  return (gramAt(bytes, at) | 0x202020) & 0xffffff;
}

function gramHash(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 0;
}
