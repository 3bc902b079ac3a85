import fc from 'fast-check';
import type { Expr } from '../../src/ir/expr.ts';
import { mapExpressions } from '../../src/ir/plan/map-expressions.ts';
import type { ColumnType, Plan } from '../../src/ir/plan/plan.ts';
import type { Query } from '../../src/ir/plan/query.ts';
import type { JoinColumn, JoinFlavour, JoinKey, WindowColumn } from '../../src/ir/plan/relational.ts';
import { mapInputs } from '../../src/ir/traverse.ts';
import { NAMES, ofTheRow } from './arbitrary-ir.ts';
import { aggregate, condition, MADE, named, orderKey, subject, summary, unnested, value } from './arbitrary-parts.ts';

/** Random plans over one source. */

const source: Plan = { kind: 'source', schema: 'ecs', scope: null };
const ANY_COLUMNS: readonly ColumnType[] = [...NAMES, ...MADE].map((name) => ({ name, type: 'dynamic' }));
const number = (size: number): Expr => ({ kind: 'literal', type: 'long', value: String(size) });

const keys = fc.uniqueArray(subject, { maxLength: 2 });

const PAIRS: readonly JoinFlavour[] = ['inner', 'inner-unique', 'left', 'right', 'full', 'cross'];
const FILTERS: readonly JoinFlavour[] = ['left-semi', 'left-anti', 'right-semi', 'right-anti', 'left-nest'];

const joinKey: fc.Arbitrary<JoinKey> = fc
  .tuple(fc.record({ left: subject, right: subject }), fc.boolean())
  .map(([key, isAny]) => (isAny ? { ...key, elements: 'any' } : key));

function join(flavours: readonly JoinFlavour[], side: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> {
  const column: fc.Arbitrary<JoinColumn> = fc.record({
    name: fc.constantFrom(...MADE),
    side: fc.constantFrom('left', 'right'),
    expr: value,
  });
  return fc
    .record({
      left: side,
      right: side,
      flavour: fc.constantFrom(...flavours),
      on: fc.array(joinKey, { minLength: 1, maxLength: 2 }),
      nulls: fc.constantFrom('equal' as const, 'differ' as const),
      columns: fc.uniqueArray(column, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
      residual: fc.option(condition, { nil: undefined }),
      within: fc.option(fc.record({ left: subject, right: subject, least: fc.constant('0'), most: fc.constant('9') }), {
        nil: undefined,
        freq: 4,
      }),
    })
    .map(({ residual, within, on, ...rest }) => ({
      kind: 'join',
      ...rest,
      ...(rest.flavour === 'left-nest' && { into: 'm2' }),
      on: rest.flavour === 'cross' ? [] : on,
      ...(residual !== undefined && { residual }),
      ...(within !== undefined && { within }),
    }));
}

const windowColumn: fc.Arbitrary<WindowColumn> = fc
  .tuple(
    fc.constantFrom(...MADE),
    fc.oneof(
      fc.constant({ fn: 'row-number' as const }),
      fc.record({ fn: fc.constantFrom('rank' as const, 'dense-rank' as const), of: keys }),
      fc.record({
        fn: fc.constantFrom('lag' as const, 'lead' as const),
        of: subject,
        by: fc.nat({ max: 2 }),
        otherwise: value,
      }),
      fc.record({
        fn: fc.constant('aggregate' as const),
        aggregate,
        before: fc.constantFrom(null, 0, 1),
        after: fc.constantFrom(null, 0, 1),
      }),
    ),
  )
  .map(([name, column]) => ({ name, ...column }));

/** What a body does to its group. */
function body(group: string): fc.Arbitrary<Plan> {
  const input: Plan = { kind: 'input', name: group, columns: ANY_COLUMNS };
  return fc.oneof(
    fc.constant(input),
    condition.map((predicate): Plan => ({ kind: 'where', input, predicate })),
    fc
      .array(orderKey, { minLength: 1, maxLength: 1 })
      .map((by): Plan => ({ kind: 'limit', count: 1, input: { kind: 'order', input, keys: by } })),
    summary.map((rest): Plan => ({ kind: 'summarize', input, ...rest })),
    unnested.map((columns): Plan => ({ kind: 'unnest', input, columns, whenEmpty: 'drop' })),
  );
}

function plansOver(leaf: fc.Arbitrary<Plan>): {
  readonly plan: fc.Arbitrary<Plan>;
  readonly closed: fc.Arbitrary<Plan>;
} {
  return fc.letrec<{ plan: Plan; closed: Plan }>((tie) => ({
    /** Of which it is known what columns its rows have. */
    closed: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(tie('plan'), named(1)).map(([input, columns]): Plan => ({ kind: 'project', input, columns })),
      fc.tuple(tie('plan'), summary).map(([input, rest]): Plan => ({ kind: 'summarize', input, ...rest })),
      tie('closed').map((input): Plan => ({ kind: 'distinct', input })),
      join(PAIRS, tie('plan')),
      fc
        .record({ input: tie('plan'), by: fc.option(keys, { nil: null }), keep: named(0), body: body('group') })
        .map((rest): Plan => ({ kind: 'apply', group: 'group', ...rest })),
      fc
        .record({
          input: tie('plan'),
          axis: subject,
          ends: fc.constantFrom<readonly [number | null, number | null]>([null, null], [0, null], [null, 4], [1, 5]),
          by: named(0),
          made: aggregate,
          whenEmpty: fc.constantFrom('none' as const, 'one' as const),
        })
        .map(
          ({ input, axis, ends: [from, to], by, made, whenEmpty }): Plan => ({
            kind: 'series',
            input,
            axis: {
              name: 'axis',
              expr: axis,
              from: from === null ? null : number(from),
              to: to === null ? null : number(to),
              step: number(2),
            },
            by: by.filter(({ name }) => name !== 'm3'),
            aggregates: [{ names: ['m3'], ...made, fill: number(0) }],
            whenEmpty,
          }),
        ),
    ),
    plan: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 4, arbitrary: tie('closed') },
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
        .map(([input, by]): Plan => ({ kind: 'order', input, keys: by })),
      fc.tuple(tie('plan'), fc.nat({ max: 3 })).map(([input, count]): Plan => ({ kind: 'limit', input, count })),
      fc.array(tie('closed'), { minLength: 1, maxLength: 2 }).map((inputs): Plan => ({ kind: 'union', inputs })),
      join(FILTERS, tie('plan')),
      fc
        .record({
          input: tie('plan'),
          partition: keys,
          order: fc.array(orderKey, { maxLength: 1 }),
          columns: fc.uniqueArray(windowColumn, { minLength: 1, maxLength: 2, selector: ({ name }) => name }),
        })
        .map((rest): Plan => ({ kind: 'window', ...rest })),
    ),
  }));
}

export const arbitraryPlan: fc.Arbitrary<Plan> = plansOver(fc.constant(source)).plan;

/** The plan without what it asks of the shared plan. */
export function withoutShared(plan: Plan): Plan {
  return mapExpressions(mapInputs(plan, withoutShared), ofTheRow);
}

/** The shared plan that conditions ask (see `clock`), and a result that reads it too. */
export const arbitraryQuery: fc.Arbitrary<Query> = fc
  .tuple(
    arbitraryPlan.map(withoutShared),
    plansOver(fc.constantFrom<Plan>(source, { kind: 'shared', name: 'listed', columns: ANY_COLUMNS })).plan,
  )
  .map(([plan, result]) => ({ shared: [{ name: 'listed', plan }], result }));
