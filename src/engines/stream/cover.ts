import type { LiteralOption } from '../text-search/literals.ts';
import type { Logic } from './program.ts';

/** Predicates, with the option each is found by, of which one is true whenever a rule is. */
export interface Cover {
  /** How many records in one are to be expected as candidates; more than one where several predicates are common. */
  readonly cost: number;
  readonly found: readonly Found[];
}

export interface Found {
  readonly predicate: number;
  readonly option: LiteralOption;
  readonly cost: number;
}

const NOTHING: Cover = { cost: 0, found: [] };

/** The cheapest way to find a predicate by its text, or undefined. */
export type FindPredicate = (predicate: number) => Found | undefined;
/** What an opaque predicate implies. */
export type Implied = (predicate: number) => Logic | undefined;

/**
 * The cheapest set of predicates of which one must be true for the logic to be true; undefined where no such set can be
 * found by text. Sound by induction: `and` needs any one of its parts, `or` all of them, `not` and unknown have none.
 */
export function coverOf(logic: Logic, find: FindPredicate, implied: Implied): Cover | undefined {
  switch (logic.kind) {
    case 'truth':
      return logic.value === true ? undefined : NOTHING;
    case 'test': {
      const found = find(logic.predicate);
      if (found !== undefined) return { cost: found.cost, found: [found] };
      const wider = implied(logic.predicate);
      return wider === undefined ? undefined : coverOf(wider, find, implied);
    }
    case 'and': {
      let best: Cover | undefined;
      for (const item of logic.items) {
        const cover = coverOf(item, find, implied);
        if (cover !== undefined && (best === undefined || cover.cost < best.cost)) best = cover;
      }
      return best;
    }
    case 'or': {
      const found: Found[] = [];
      let cost = 0;
      for (const item of logic.items) {
        const cover = coverOf(item, find, implied);
        if (cover === undefined) return undefined;
        found.push(...cover.found);
        cost += cover.cost;
      }
      return { cost, found };
    }
    case 'not':
      return undefined;
    case 'if': {
      const when = coverOf({ kind: 'and', items: [logic.when, logic.then] }, find, implied);
      const otherwise = coverOf(logic.otherwise, find, implied);
      if (when === undefined || otherwise === undefined) return undefined;
      return { cost: when.cost + otherwise.cost, found: [...when.found, ...otherwise.found] };
    }
  }
}
