import type { WildcardPart } from '../../../ir/expr.ts';
import { literalOptions } from '../literals.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { regexRequirements } from '../regex-literals.ts';
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

  constructor(program: Program, choices: SignChoices, weigh: SignWeight) {
    this.program = program;
    this.choices = choices;
    this.weigh = weigh;
  }

  /** The cheapest cover of a rule's logic; undefined: it may be true without any sign. */
  whenTrue(logic: Logic): Cover | undefined {
    switch (logic.kind) {
      case 'truth':
        return logic.value === true ? undefined : NEVER;
      case 'test': {
        const { predicate } = logic;
        if (!this.covers.has(predicate)) this.covers.set(predicate, this.test(predicate));
        return this.covers.get(predicate);
      }
      case 'and':
        return cheapest(logic.items.map((item) => this.whenTrue(item)));
      case 'or':
        return union(logic.items.map((item) => this.whenTrue(item)));
      case 'not':
        return this.whenFalse(logic.item);
      case 'if':
        return union([
          cheapest([this.whenTrue(logic.when), this.whenTrue(logic.then)]),
          this.whenTrue(logic.otherwise),
        ]);
    }
  }

  /** Signs of which one is seen when the logic is false: neither true nor unknown. */
  private whenFalse(logic: Logic): Cover | undefined {
    switch (logic.kind) {
      case 'truth':
        return logic.value === false ? undefined : NEVER;
      case 'test': {
        const predicate = this.program.predicates[logic.predicate];
        if (predicate?.kind !== 'slot') return undefined;
        const { slot, test } = predicate;
        if (test.kind === 'is-null') return this.cover([{ on: 'present', slot }]);
        if (test.kind === 'exists') {
          const missing: Sign = { on: 'missing', slot };
          return this.cover(test.counts === 'present' ? [missing] : [missing, { on: 'null', slot }]);
        }
        return test.onMissing === 'null' ? this.cover([{ on: 'present', slot }]) : undefined;
      }
      case 'and':
        return union(logic.items.map((item) => this.whenFalse(item)));
      case 'or':
        return cheapest(logic.items.map((item) => this.whenFalse(item)));
      case 'not':
        return this.whenTrue(logic.item);
      case 'if':
        return union([this.whenFalse(logic.then), this.whenFalse(logic.otherwise)]);
    }
  }

  private test(id: number): Cover | undefined {
    const predicate = this.program.predicates[id];
    if (predicate?.kind === 'opaque') return this.whenTrue(predicate.implies);
    return cheapest(this.choices.of(id).map((signs) => this.cover(signs)));
  }

  private cover(signs: readonly Sign[]): Cover {
    return { signs, weight: signs.reduce((sum, sign) => sum + this.weigh(sign), 0) };
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

function cheapest(covers: readonly (Cover | undefined)[]): Cover | undefined {
  return covers.reduce(
    (best, one) => (one !== undefined && (best === undefined || one.weight < best.weight) ? one : best),
    undefined,
  );
}

function union(covers: readonly (Cover | undefined)[]): Cover | undefined {
  const signs: Sign[] = [];
  let weight = 0;
  for (const cover of covers) {
    if (cover === undefined) return undefined;
    signs.push(...cover.signs);
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
