import type { Exists, Expr, IsNull, Match, Raw, Way } from '../../ir/expr.ts';
import type { Truth } from '../../values/value.ts';

/**
 * What the stream engine runs: the filters of all rules bound to one log type in one shape, taken apart so that each
 * distinct test is written once. `compileProgram` makes it; the TypeScript engine and the kernel both read it. It holds
 * plain data only, so it can be handed to a worker.
 *
 * The meaning of everything in it is the memory engine's. A rule matches iff its logic is true.
 */
export interface Program {
  readonly slots: readonly Slot[];
  readonly predicates: readonly Predicate[];
  /** One for each filter that was compiled, in that order. */
  readonly rules: readonly ProgramRule[];
  /**
   * Slots whose value says most about which rules can match (the event id, the channel), most telling first. An engine that
   * reads them first decides every predicate over them, and folds the rules with `specialise`.
   */
  readonly selectors: readonly number[];
}

/** One place that rules read, as a `raw` expression reads it. Keys in any case are no place of their own. */
export interface Slot extends Way {
  readonly keys: 'exact';
  readonly paths: Raw['paths'];
}

export type Predicate =
  /** A test of one slot's value. The subject of `test` is the slot again. */
  | { readonly kind: 'slot'; readonly slot: number; readonly test: Match | Exists | IsNull }
  /** A keyword: a test of every scalar in the record. */
  | { readonly kind: 'leaves'; readonly test: Match }
  /** Anything else: only the memory engine knows, from the whole record. `implies` holds whenever it is true. */
  | { readonly kind: 'opaque'; readonly expr: Expr; readonly implies: Logic };

/** Kleene's logic over predicates, by their index. */
export type Logic =
  | { readonly kind: 'truth'; readonly value: Truth }
  | { readonly kind: 'test'; readonly predicate: number }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Logic[] }
  | { readonly kind: 'not'; readonly item: Logic }
  /** `then` where `when` is true, else (also where it is unknown) `otherwise`. */
  | { readonly kind: 'if'; readonly when: Logic; readonly then: Logic; readonly otherwise: Logic };

export interface ProgramRule {
  readonly logic: Logic;
}

/** A rule in a class of records for which some predicates are decided. */
export interface ClassRule {
  /** The rule's index in the program. */
  readonly rule: number;
  readonly logic: Logic;
}
