import type { WildcardPart } from '../../../ir/expr.ts';
import { literalOptions } from '../../text-search/literals.ts';
import { regexRequirements } from '../../text-search/regex-literals.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { longestPlain } from './keyword-text.ts';

/** A condition of one slot's value that is easy to see; see `Trigger`. */
export type Sign =
  | {
      readonly on: 'text';
      readonly slot: number;
      readonly text: string;
      readonly atStart: boolean;
      readonly atEnd: boolean;
    }
  | { readonly on: 'present' | 'null' | 'missing'; readonly slot: number }
  /** The text stands somewhere in the line's values. */
  | { readonly on: 'leaves'; readonly text: string };

/** How often a sign is seen, from 0 to 1 or on any other scale. */
export type SignWeight = (sign: Sign) => number;

/** Signs of which at least one is seen when the logic is true; undefined where there may be none. */
export interface Cover {
  readonly signs: readonly Sign[];
  readonly weight: number;
}

/** By what each predicate of a program can be seen: kept, as it does not depend on the log. */
export class SignChoices {
  private readonly program: Program;
  private readonly choices = new Map<number, readonly (readonly Sign[])[]>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Lists of signs; of each list one is seen when the predicate is true. */
  of(id: number): readonly (readonly Sign[])[] {
    const predicate = this.program.predicates[id];
    if (predicate === undefined || predicate.kind === 'opaque') return [];
    const known = this.choices.get(id) ?? choicesOf(predicate);
    this.choices.set(id, known);
    return known;
  }
}

const NEVER: Cover = { signs: [], weight: 0 };

/** Finds the cheapest covers, for one way to weigh signs. */
export class Coverer {
  private readonly program: Program;
  private readonly choices: SignChoices;
  private readonly weigh: SignWeight;
  private readonly covers = new Map<number, Cover | undefined>();
  /** Of predicates whose cover was not looked for to its end: it weighs so much at least. */
  private readonly least = new Map<number, number>();

  constructor(program: Program, choices: SignChoices, weigh: SignWeight) {
    this.program = program;
    this.choices = choices;
    this.weigh = weigh;
  }

  /** The cheapest cover of a rule's logic; undefined: it may be true without any sign, or none is cheaper than `below`. */
  whenTrue(logic: Logic, below: number = Number.POSITIVE_INFINITY): Cover | undefined {
    switch (logic.kind) {
      case 'truth':
        return logic.value === true ? undefined : NEVER;
      case 'test':
        return this.predicate(logic.predicate, below);
      case 'and':
        return cheapest(logic.items, below, (item, limit) => this.whenTrue(item, limit));
      case 'or':
        return union(logic.items, below, (item, limit) => this.whenTrue(item, limit));
      case 'not':
        return this.whenFalse(logic.item, below);
      case 'if': {
        const { when, then, otherwise } = logic;
        const both: Logic = { kind: 'and', items: [when, then] };
        return union([both, otherwise], below, (item, limit) => this.whenTrue(item, limit));
      }
    }
  }

  /** Signs of which one is seen when the logic is false: neither true nor unknown. */
  private whenFalse(logic: Logic, below: number): Cover | undefined {
    const item = (one: Logic, limit: number): Cover | undefined => this.whenFalse(one, limit);
    switch (logic.kind) {
      case 'truth':
        return logic.value === false ? undefined : NEVER;
      case 'test':
        return this.testIsFalse(this.program.predicates[logic.predicate], below);
      case 'and':
        return union(logic.items, below, item);
      case 'or':
        return cheapest(logic.items, below, item);
      case 'not':
        return this.whenTrue(logic.item, below);
      case 'if':
        return union([logic.then, logic.otherwise], below, item);
    }
  }

  private testIsFalse(predicate: Predicate | undefined, below: number): Cover | undefined {
    if (predicate?.kind !== 'slot') return undefined;
    const { slot, test } = predicate;
    if (test.kind === 'is-null') return this.cover([{ on: 'present', slot }], below);
    if (test.kind === 'exists') {
      const missing: Sign = { on: 'missing', slot };
      return this.cover(test.counts === 'present' ? [missing] : [missing, { on: 'null', slot }], below);
    }
    return test.onMissing === 'null' ? this.cover([{ on: 'present', slot }], below) : undefined;
  }

  private predicate(id: number, below: number): Cover | undefined {
    const known = this.covers.get(id);
    if (known !== undefined) return known.weight < below ? known : undefined;
    if (this.covers.has(id)) return undefined;
    if ((this.least.get(id) ?? 0) >= below) return undefined;
    const predicate = this.program.predicates[id];
    const found =
      predicate?.kind === 'opaque'
        ? this.whenTrue(predicate.implies, below)
        : cheapest(this.choices.of(id), below, (signs, limit) => this.cover(signs, limit));
    if (found !== undefined || below === Number.POSITIVE_INFINITY) this.covers.set(id, found);
    else this.least.set(id, below);
    return found;
  }

  private cover(signs: readonly Sign[], below: number): Cover | undefined {
    let weight = 0;
    for (const sign of signs) {
      weight += this.weigh(sign);
      if (weight >= below) return undefined;
    }
    return { signs, weight };
  }
}

function choicesOf(predicate: Exclude<Predicate, { kind: 'opaque' }>): readonly (readonly Sign[])[] {
  if (predicate.kind === 'leaves') return keywordChoices(predicate);
  const { slot, test } = predicate;
  const present: Sign = { on: 'present', slot };
  const nothing: Sign = { on: 'null', slot };
  if (test.kind === 'is-null') return [[{ on: 'missing', slot }, nothing]];
  if (test.kind === 'exists') return [test.counts === 'present' ? [present, nothing] : [present]];
  return [[present], ...textsOf(predicate).map((texts) => texts.map((text): Sign => ({ on: 'text', slot, ...text })))];
}

function keywordChoices(predicate: Predicate): readonly (readonly Sign[])[] {
  return textsOf(predicate).flatMap((texts) => {
    const signs = texts.flatMap(({ text }): Sign[] => {
      const piece = longestPlain(text);
      return piece === undefined ? [] : [{ on: 'leaves', text: piece }];
    });
    return signs.length === texts.length ? [signs] : [];
  });
}

type FindCover<T> = (item: T, below: number) => Cover | undefined;

function cheapest<T>(items: readonly T[], below: number, find: FindCover<T>): Cover | undefined {
  let best: Cover | undefined;
  for (const item of items) best = find(item, best?.weight ?? below) ?? best;
  return best;
}

function union<T>(items: readonly T[], below: number, find: FindCover<T>): Cover | undefined {
  const signs: Sign[] = [];
  let weight = 0;
  for (const item of items) {
    const cover = find(item, below - weight);
    if (cover === undefined) return undefined;
    for (const sign of cover.signs) signs.push(sign);
    weight += cover.weight;
  }
  return { signs, weight };
}

interface Anchored {
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** Texts of which one stands in every value that makes the test true; each list is a choice, and there may be none. */
export function textsOf(predicate: Predicate): readonly (readonly Anchored[])[] {
  if (predicate.kind !== 'opaque' && predicate.test.kind === 'match' && predicate.test.pattern.kind === 'regex') {
    return regexRequirements(predicate.test.pattern, predicate.test.collation).map((texts) =>
      texts.map((text) => ({ text, atStart: false, atEnd: false })),
    );
  }
  if (predicate.kind !== 'opaque' && predicate.test.kind === 'match' && predicate.test.pattern.kind === 'wildcard') {
    return chunksOf(predicate.test.pattern.parts).map((chunk) => [chunk]);
  }
  return literalOptions(predicate).map(({ literals }) =>
    literals.map(({ kind, text }) => ({
      text,
      atStart: kind === 'equals' || kind === 'prefix',
      atEnd: kind === 'equals' || kind === 'suffix',
    })),
  );
}

/** The texts between a wildcard's placeholders. */
export function chunksOf(parts: readonly WildcardPart[]): readonly Anchored[] {
  const merged: WildcardPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ('text' in part && last !== undefined && 'text' in last)
      merged[merged.length - 1] = { text: last.text + part.text };
    else merged.push(part);
  }
  return merged.flatMap((part, at) =>
    'text' in part && part.text !== '' ? [{ text: part.text, atStart: at === 0, atEnd: at === merged.length - 1 }] : [],
  );
}
