import fc from 'fast-check';
import { field } from '../../src/ir/construct.ts';
import type { Expr } from '../../src/ir/expr.ts';
import type { Aggregate, AggregateName, NamedExpr, UnnestColumn } from '../../src/ir/plan/plan.ts';
import { arbitraryCondition, arbitraryValue, NAMES } from './arbitrary-ir.ts';

/** What random operators are made of: a handful of columns that they make, and then read. */

export const MADE = ['m1', 'm2', 'm3'] as const;

export const subject: fc.Arbitrary<Expr> = fc.constantFrom(...NAMES, ...MADE).map((name) => field(name));
export const value = arbitraryValue(subject);
export const condition = arbitraryCondition(subject, 0);
const made = fc.constantFrom(...MADE);
const name = fc.constantFrom(...NAMES, ...MADE);

export function named(min: number): fc.Arbitrary<NamedExpr[]> {
  return fc.uniqueArray(fc.record({ name, expr: value }), {
    minLength: min,
    maxLength: 3,
    selector: (one) => one.name,
  });
}

export const unnested: fc.Arbitrary<UnnestColumn[]> = fc.uniqueArray(
  fc.record({ name: made, expr: value, maps: fc.constantFrom('whole', 'entries', 'pairs') }),
  { minLength: 1, maxLength: 2, selector: (one) => one.name },
);

const AGGREGATES: readonly AggregateName[] = ['count', 'count-distinct', 'min', 'max', 'make-set', 'make-list'];

export const aggregate: fc.Arbitrary<Omit<Aggregate, 'names'>> = fc.oneof(
  fc.tuple(fc.constantFrom(...AGGREGATES), value).map(([fn, arg]) => ({ fn, args: fn === 'count' ? [] : [arg] })),
  condition.map((arg) => ({ fn: 'count-if' as const, args: [arg] })),
  fc.tuple(fc.constantFrom('arg-max' as const, 'take-any' as const), value).map(([fn, arg]) => ({ fn, args: [arg] })),
);

export const summary = fc
  .tuple(
    fc.uniqueArray(made, { minLength: 1, maxLength: 3 }),
    fc.array(aggregate, { minLength: 3, maxLength: 3 }),
    fc.nat({ max: 2 }),
    value,
  )
  .map(([names, aggregates, keys, expr]) => ({
    by: names.slice(0, keys).map((one): NamedExpr => ({ name: one, expr })),
    aggregates: names.slice(keys).flatMap((one, at): Aggregate[] => {
      const found = aggregates[at];
      return found === undefined ? [] : [{ names: [one], ...found }];
    }),
  }));

export const orderKey = fc.record({
  expr: subject,
  direction: fc.constantFrom('asc' as const, 'desc' as const),
  nulls: fc.constantFrom('first' as const, 'last' as const),
});
