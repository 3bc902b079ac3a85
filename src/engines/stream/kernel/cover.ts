import type { WildcardPart } from '../../../ir/expr.ts';
import { literalOptions } from '../literals.ts';
import type { Logic, Predicate, Program } from '../program.ts';
import { regexRequirements } from '../regex-literals.ts';

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

/** The cheapest cover of a rule's logic; undefined: it may be true without any sign. */
export function coverOf(logic: Logic, program: Program, weigh: SignWeight): Cover | undefined {
  return new Coverer(program, weigh).whenTrue(logic);
}

const NEVER: Cover = { signs: [], weight: 0 };

class Coverer {
  private readonly program: Program;
  private readonly weigh: SignWeight;

  constructor(program: Program, weigh: SignWeight) {
    this.program = program;
    this.weigh = weigh;
  }

  whenTrue(logic: Logic): Cover | undefined {
    switch (logic.kind) {
      case 'truth':
        return logic.value === true ? undefined : NEVER;
      case 'test': {
        const predicate = this.program.predicates[logic.predicate];
        return predicate && this.test(predicate);
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

  private test(predicate: Predicate): Cover | undefined {
    switch (predicate.kind) {
      case 'opaque':
        return this.whenTrue(predicate.implies);
      case 'leaves':
        return this.keyword(predicate);
      case 'slot': {
        const { slot, test } = predicate;
        if (test.kind === 'is-null')
          return this.cover([
            { on: 'missing', slot },
            { on: 'null', slot },
          ]);
        const present: Sign = { on: 'present', slot };
        if (test.kind === 'exists') {
          return this.cover(test.counts === 'present' ? [present, { on: 'null', slot }] : [present]);
        }
        return cheapest([this.cover([present]), ...textsOf(predicate).map((texts) => this.texts(texts, slot))]);
      }
    }
  }

  private texts(texts: readonly Anchored[], slot: number): Cover {
    return this.cover(texts.map((text) => ({ on: 'text', slot, ...text })));
  }

  private keyword(predicate: Predicate): Cover | undefined {
    const choices = textsOf(predicate).map((texts) => {
      const signs = texts.map(({ text }) => longestPlain(text));
      return signs.some((text) => text === undefined)
        ? undefined
        : this.cover(signs.map((text) => ({ on: 'leaves', text: text ?? '' })));
    });
    return cheapest(choices);
  }

  private cover(signs: readonly Sign[]): Cover {
    return { signs, weight: signs.reduce((sum, sign) => sum + this.weigh(sign), 0) };
  }
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
function textsOf(predicate: Predicate): readonly (readonly Anchored[])[] {
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

/**
 * The longest piece of a keyword that JSON spells in one way only (unless by `\u`). Undefined where a number, which JSON may
 * spell in other ways than rules see it, might hold the keyword.
 */
function longestPlain(text: string): string | undefined {
  if (/^[-+0-9.einfty]*$/i.test(text)) return undefined;
  let longest = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped in JSON
  for (const piece of text.split(/[\x00-\x1f"\\/\x7f-\uffff]/)) if (piece.length > longest.length) longest = piece;
  return longest.length < 3 ? undefined : longest;
}
