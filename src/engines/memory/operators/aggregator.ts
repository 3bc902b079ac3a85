import type { Json } from '../../../base/json.ts';
import type { Aggregate } from '../../../ir/plan/plan.ts';
import { readArray } from '../../../state/plain.ts';
import type { Value } from '../../../values/value.ts';
import { compileExpr, type Evaluate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';
import { BestRow } from './best-row.ts';
import { Bits, Count, Distinct, Extreme, type Fold, type Hold, Listed, Mean, Moments, Sum } from './fold.ts';
import {
  allValues,
  CountOfValues,
  countOfDifferent,
  differentValues,
  EachValue,
  ExactSum,
  ExtremeOfType,
  momentsOfValues,
  RankedValue,
} from './multi-value-fold.ts';

/**
 * What an aggregate makes of a group's rows. It keeps no rows, only what it gives (a sum, different values, the columns of
 * the best row so far).
 */
export interface Aggregator {
  add(row: Row): void;
  /** One for each of the aggregate's names. */
  values(): readonly Value[];
  snapshot(): Json;
  /** A fresh one takes what another of its aggregate kept. Throws `NotStored`. */
  restore(stored: Json): void;
}

/** Makes an aggregator for each group. The condition of the `…-if` forms is the last argument. */
export function compileAggregate({ fn, args, most }: Aggregate, clock: Clock): () => Aggregator {
  const compiled = args.map((arg) => compileExpr(arg, clock));
  const [first = () => undefined, second = () => undefined] = compiled;
  const hold: Hold = (value) => clock.budget?.hold(value);
  const of = (fold: () => Fold) => () => new Folding(fold(), first, undefined);
  const where = (fold: () => Fold) => () => new Folding(fold(), first, second);
  switch (fn) {
    case 'count':
      return of(() => new Count());
    case 'count-if':
      return () => new Folding(new Count(), first, first);
    case 'count-distinct':
      return of(() => new Distinct(undefined, 'count', hold));
    case 'count-distinct-if':
      return where(() => new Distinct(undefined, 'count', hold));
    case 'sum':
      return of(() => new Sum());
    case 'sum-if':
      return where(() => new Sum());
    case 'avg':
      return of(() => new Mean());
    case 'avg-if':
      return where(() => new Mean());
    case 'min':
      return of(() => new Extreme(-1));
    case 'min-if':
      return where(() => new Extreme(-1));
    case 'max':
      return of(() => new Extreme(1));
    case 'max-if':
      return where(() => new Extreme(1));
    case 'make-set':
      return of(() => new Distinct(most, 'values', hold));
    case 'make-set-if':
      return where(() => new Distinct(most, 'values', hold));
    case 'make-list':
      return of(() => new Listed(most, 'values', hold));
    case 'make-list-if':
      return where(() => new Listed(most, 'values', hold));
    case 'make-list-all':
      return of(() => new Listed(most, 'all', hold));
    case 'moments':
      return of(() => new Moments());
    case 'moments-if':
      return where(() => new Moments());
    case 'bits-and':
      return of(() => new Bits((a, b) => a & b));
    case 'bits-or':
      return of(() => new Bits((a, b) => a | b));
    case 'bits-xor':
      return of(() => new Bits((a, b) => a ^ b));
    case 'values-count':
      return of(() => new CountOfValues());
    case 'values-different-count':
      return of(() => countOfDifferent(hold));
    case 'values-sum':
      return of(() => new EachValue(new ExactSum()));
    case 'values-min':
    case 'values-max': {
      const type = args[1]?.kind === 'literal' ? args[1].value : null;
      return of(() => new EachValue(new ExtremeOfType(fn === 'values-min' ? -1 : 1, type)));
    }
    case 'values-different':
      return of(() => differentValues(hold));
    case 'values-all':
      return of(() => allValues(hold));
    case 'values-moments':
      return of(momentsOfValues);
    case 'values-first':
      return () => new RankedFolding(new RankedValue(-1), first, second);
    case 'values-last':
      return () => new RankedFolding(new RankedValue(1), first, second);
    case 'take-any':
      return () => new BestRow(compiled, undefined, hold);
    case 'arg-max':
      return () => new BestRow(compiled, 1, hold);
    case 'arg-min':
      return () => new BestRow(compiled, -1, hold);
  }
}

/** Aggregators of the same aggregates take what others kept. */
export function restoreAll(aggregators: readonly Aggregator[], stored: Json | undefined): void {
  const states = readArray(stored);
  for (const [place, aggregator] of aggregators.entries()) aggregator.restore(states[place] ?? null);
}

/** One value of each row, of those that fulfil the condition. */
class Folding implements Aggregator {
  private readonly fold: Fold;
  private readonly of: Evaluate;
  private readonly condition: Evaluate | undefined;

  constructor(fold: Fold, of: Evaluate, condition: Evaluate | undefined) {
    this.fold = fold;
    this.of = of;
    this.condition = condition;
  }

  add(row: Row): void {
    if (this.condition === undefined || this.condition(row) === true) this.fold.add(this.of(row));
  }

  values(): readonly Value[] {
    return [this.fold.value()];
  }

  snapshot(): Json {
    return this.fold.snapshot();
  }

  restore(stored: Json): void {
    this.fold.restore(stored);
  }
}

/** A value of each row, and what it is ranked by. */
class RankedFolding implements Aggregator {
  private readonly fold: RankedValue;
  private readonly of: Evaluate;
  private readonly rank: Evaluate;

  constructor(fold: RankedValue, of: Evaluate, rank: Evaluate) {
    this.fold = fold;
    this.of = of;
    this.rank = rank;
  }

  add(row: Row): void {
    this.fold.add(this.of(row), this.rank(row));
  }

  values(): readonly Value[] {
    return [this.fold.value()];
  }

  snapshot(): Json {
    return this.fold.snapshot();
  }

  restore(stored: Json): void {
    this.fold.restore(stored);
  }
}
