import type { Truth } from '../../values/value.ts';
import type { ClassRule, Logic, Program } from './program.ts';

export const YES: Logic = { kind: 'truth', value: true };
export const NO: Logic = { kind: 'truth', value: false };
export const UNKNOWN: Logic = { kind: 'truth', value: null };

/** `and` or `or`, folded: a deciding constant wins, a neutral one goes, nested ones of the same kind become one. */
export function junction(kind: 'and' | 'or', items: readonly Logic[]): Logic {
  const decisive = kind === 'or';
  const kept: Logic[] = [];
  for (const item of items) {
    if (item.kind === 'truth') {
      if (item.value === decisive) return item;
      if (item.value === null && !kept.includes(UNKNOWN)) kept.push(UNKNOWN);
    } else if (item.kind === kind) {
      for (const inner of item.items) {
        if (inner.kind !== 'truth' || !kept.includes(UNKNOWN)) kept.push(inner.kind === 'truth' ? UNKNOWN : inner);
      }
    } else {
      kept.push(item);
    }
  }
  const [only] = kept;
  if (only === undefined) return decisive ? NO : YES;
  return kept.length === 1 ? only : { kind, items: kept };
}

export function negation(item: Logic): Logic {
  if (item.kind === 'truth') return item.value === null ? UNKNOWN : item.value ? NO : YES;
  return item.kind === 'not' ? item.item : { kind: 'not', item };
}

export function choice(when: Logic, then: Logic, otherwise: Logic): Logic {
  if (when.kind === 'truth') return when.value === true ? then : otherwise;
  return { kind: 'if', when, then, otherwise };
}

/** The logic where some predicates' truth is known; `known` gives undefined for the others. */
function fold(logic: Logic, known: (predicate: number) => Truth | undefined): Logic {
  switch (logic.kind) {
    case 'truth':
      return logic;
    case 'test': {
      const value = known(logic.predicate);
      return value === undefined ? logic : value === null ? UNKNOWN : value ? YES : NO;
    }
    case 'and':
    case 'or': {
      const decisive = logic.kind === 'or';
      const items: Logic[] = [];
      let changed = false;
      for (const item of logic.items) {
        const folded = fold(item, known);
        if (folded.kind === 'truth' && folded.value === decisive) return folded;
        if (folded !== item) changed = true;
        items.push(folded);
      }
      return changed ? junction(logic.kind, items) : logic;
    }
    case 'not': {
      const item = fold(logic.item, known);
      return item === logic.item ? logic : negation(item);
    }
    case 'if': {
      const when = fold(logic.when, known);
      const then = fold(logic.then, known);
      const otherwise = fold(logic.otherwise, known);
      if (when === logic.when && then === logic.then && otherwise === logic.otherwise) return logic;
      return choice(when, then, otherwise);
    }
  }
}

/** The rules that can still match in a class of records, in the program's order. */
export function specialise(program: Program, known: (predicate: number) => Truth | undefined): ClassRule[] {
  const live: ClassRule[] = [];
  for (const [rule, { logic }] of program.rules.entries()) {
    const folded = fold(logic, known);
    if (folded.kind !== 'truth' || folded.value === true) live.push({ rule, logic: folded });
  }
  return live;
}

/** Every predicate that the logic asks, each once. */
export function predicatesIn(logic: Logic, found: Set<number> = new Set<number>()): Set<number> {
  switch (logic.kind) {
    case 'truth':
      break;
    case 'test':
      found.add(logic.predicate);
      break;
    case 'and':
    case 'or':
      for (const item of logic.items) predicatesIn(item, found);
      break;
    case 'not':
      predicatesIn(logic.item, found);
      break;
    case 'if':
      predicatesIn(logic.when, found);
      predicatesIn(logic.then, found);
      predicatesIn(logic.otherwise, found);
      break;
  }
  return found;
}
