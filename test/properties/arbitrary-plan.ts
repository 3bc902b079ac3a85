import fc from 'fast-check';
import { field } from '../../src/ir/construct.ts';
import type { Expr } from '../../src/ir/expr.ts';
import type { Aggregate, AggregateName, NamedExpr, Plan, UnnestColumn } from '../../src/ir/plan.ts';
import { arbitraryCondition, arbitraryValue, NAMES } from './arbitrary-ir.ts';

/** Random plans over one source, whose operators make a handful of columns that they then read. */

const MADE = ['m1', 'm2', 'm3'] as const;

const subject: fc.Arbitrary<Expr> = fc.constantFrom(...NAMES, ...MADE).map((name) => field(name));
const value = arbitraryValue(subject);
const condition = arbitraryCondition(subject, 0);
const made = fc.constantFrom(...MADE);
const name = fc.constantFrom(...NAMES, ...MADE);

function named(min: number): fc.Arbitrary<NamedExpr[]> {
  return fc.uniqueArray(fc.record({ name, expr: value }), {
    minLength: min,
    maxLength: 3,
    selector: (one) => one.name,
  });
}

const unnested: fc.Arbitrary<UnnestColumn[]> = fc.uniqueArray(
  fc.record({ name: made, expr: value, maps: fc.constantFrom('whole', 'entries', 'pairs') }),
  { minLength: 1, maxLength: 2, selector: (one) => one.name },
);

const AGGREGATES: readonly AggregateName[] = ['count', 'count-distinct', 'min', 'max', 'make-set', 'make-list'];

const aggregate: fc.Arbitrary<Omit<Aggregate, 'names'>> = fc.oneof(
  fc.tuple(fc.constantFrom(...AGGREGATES), value).map(([fn, arg]) => ({ fn, args: fn === 'count' ? [] : [arg] })),
  condition.map((arg) => ({ fn: 'count-if' as const, args: [arg] })),
  fc.tuple(fc.constantFrom('arg-max' as const, 'take-any' as const), value).map(([fn, arg]) => ({ fn, args: [arg] })),
);

const summary = fc
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

const orderKey = fc.record({
  expr: subject,
  direction: fc.constantFrom('asc' as const, 'desc' as const),
  nulls: fc.constantFrom('first' as const, 'last' as const),
});

const source: Plan = { kind: 'source', schema: 'ecs', scope: null };

export const arbitraryPlan: fc.Arbitrary<Plan> = fc.letrec<{ plan: Plan; closed: Plan }>((tie) => ({
  /** Of which it is known what columns its rows have. */
  closed: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(tie('plan'), named(1)).map(([input, columns]): Plan => ({ kind: 'project', input, columns })),
    fc.tuple(tie('plan'), summary).map(([input, rest]): Plan => ({ kind: 'summarize', input, ...rest })),
    tie('closed').map((input): Plan => ({ kind: 'distinct', input })),
  ),
  plan: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(source) },
    { weight: 2, arbitrary: tie('closed') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('plan'), condition)
        .map(([input, predicate]): Plan => ({ kind: 'where', input, predicate })),
    },
    fc.tuple(tie('plan'), named(1)).map(([input, columns]): Plan => ({ kind: 'extend', input, columns })),
    fc
      .record({
        input: tie('plan'),
        columns: unnested,
        index: fc.option(fc.constant('m3'), { nil: undefined }),
        whenEmpty: fc.constantFrom('drop' as const, 'null' as const),
        most: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
      })
      .filter(({ columns, index }) => columns.every((column) => column.name !== index))
      .map(
        ({ index, most, ...rest }): Plan => ({
          kind: 'unnest',
          ...rest,
          ...(index !== undefined && { index }),
          ...(most !== undefined && { most }),
        }),
      ),
    fc
      .tuple(tie('plan'), fc.array(orderKey, { minLength: 1, maxLength: 2 }))
      .map(([input, keys]): Plan => ({ kind: 'order', input, keys })),
    fc.tuple(tie('plan'), fc.nat({ max: 3 })).map(([input, count]): Plan => ({ kind: 'limit', input, count })),
    fc.array(tie('closed'), { minLength: 1, maxLength: 2 }).map((inputs): Plan => ({ kind: 'union', inputs })),
  ),
})).plan;
