import fc from 'fast-check';
import type { JsonObject } from '../../src/base/json.ts';
import type { Clock } from '../../src/engines/memory/index.ts';
import {
  and,
  call,
  FOLDED,
  field,
  list,
  MISSING,
  match,
  not,
  or,
  PLAIN,
  raw,
  STRICT,
  text,
} from '../../src/ir/construct.ts';
import type { Expr, Pattern } from '../../src/ir/expr.ts';
import type { View } from '../../src/ir/view.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';

/** Random conditions, views and records over a handful of names and values, so that they meet often. */

export const NAMES = ['a', 'b', 'c.d', 'e'] as const;
const TEXTS = ['x', 'X', 'xy', 'y', '', '10', 'success', 'Success', 'true'] as const;

const textValue = fc.constantFrom(...TEXTS);

const scalar = fc.oneof(textValue, fc.constantFrom(1, 10, 2.5, true, false, null));

export const arbitraryEvent: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('a', 'A', 'b', 'c', 'e', 'r1', 'r2'),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.constantFrom('d', 'D', 'a'), scalar)),
);

const arbitraryPattern: fc.Arbitrary<Pattern> = fc.oneof(
  textValue.map((value): Pattern => ({ kind: 'equals', value })),
  fc.constantFrom(1, 10, true).map((value): Pattern => ({ kind: 'equals', value })),
  fc.array(textValue, { minLength: 1, maxLength: 3 }).map((values): Pattern => ({ kind: 'one-of', values })),
  textValue.map((value): Pattern => ({ kind: 'prefix', text: value })),
  textValue.map((value): Pattern => ({ kind: 'suffix', text: value })),
  textValue.map((value): Pattern => ({ kind: 'contains', text: value })),
  textValue.map((value): Pattern => ({ kind: 'wildcard', parts: [{ text: value }, { any: 'many' }] })),
  fc.constantFrom(1, 5).map((value): Pattern => ({ kind: 'range', low: { value, inclusive: true } })),
  textValue.map((value): Pattern => ({ kind: 'term', text: value, ends: 'both' })),
);

/** Values, mostly what `subject` gives. */
export function arbitraryValue(subject: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.oneof(
    { weight: 5, arbitrary: subject },
    { weight: 1, arbitrary: textValue.map((value) => text(value)) },
    { weight: 1, arbitrary: fc.constant(MISSING) },
    { weight: 1, arbitrary: subject.map((inner) => call('text.lower', [inner])) },
    { weight: 1, arbitrary: fc.array(subject, { maxLength: 2 }).map((items) => list(items)) },
    { weight: 1, arbitrary: fc.constant<Expr>({ kind: 'scalar-of', plan: LISTED }) },
    {
      weight: 1,
      arbitrary: fc.tuple(subject, fc.constantFrom('count' as const, 'collect' as const), arbitraryReading).map(
        ([over, how, read]): Expr => ({
          kind: 'quantified',
          how,
          over,
          variable: 'v',
          index: 'w',
          body: how === 'collect' ? read : { kind: 'exists', subject: read, counts: 'value' },
        }),
      ),
    },
  );
}

/** The shared plan that conditions ask. */
const LISTED = { name: 'listed', column: 'x' };

/** What there is beside the row: the rows of the shared plan. */
export const clock: Clock = {
  now: fromEpochMs(0),
  shared: () => ['x', 'Success', 10n, null].map((x) => ({ event: undefined, columns: new Map([['x', x]]) })),
};

const arbitraryNulls = fc.constantFrom('total' as const, 'unknown' as const);

const arbitraryVariable = fc.constantFrom('v', 'w');

/** What a variable stands for, whole or a member of it. */
const arbitraryReading: fc.Arbitrary<Expr> = fc
  .tuple(
    arbitraryVariable,
    fc.constantFrom<readonly string[]>([], ['a'], ['D']),
    fc.constantFrom(PLAIN, STRICT, FOLDED),
  )
  .map(([of, path, way]) => ({ kind: 'raw', paths: [path], of, ...way }));

/** Conditions over what `subject` gives; `depth`: how many variables may stand in each other. */
export function arbitraryCondition(subject: fc.Arbitrary<Expr>, depth = 1): fc.Arbitrary<Expr> {
  const value = arbitraryValue(subject);
  const leaf: fc.Arbitrary<Expr> = fc.oneof(
    fc
      .record({
        subject: value,
        pattern: arbitraryPattern,
        collation: fc.constantFrom('exact' as const, 'ignore-case' as const),
        quantifier: fc.constantFrom('any' as const, 'all' as const),
        onMissing: fc.constantFrom('false' as const, 'null' as const),
      })
      .map(({ subject: of, pattern, ...options }) => match(of, pattern, options)),
    value.map((of): Expr => ({ kind: 'exists', subject: of, counts: 'value' })),
    value.map((of): Expr => ({ kind: 'is-null', subject: of })),
    fc
      .tuple(
        value,
        value,
        fc.constantFrom('==' as const, '!=' as const, '<' as const),
        arbitraryNulls,
        fc.constantFrom('any' as const, 'all' as const, 'null' as const, 'whole' as const),
      )
      .map(([left, right, op, nulls, many]): Expr => ({ kind: 'compare', op, left, right, nulls, many })),
    fc
      .tuple(value, arbitraryNulls, fc.constantFrom('exact' as const, 'ignore-case' as const))
      .map(([of, nulls, collation]): Expr => ({ kind: 'in-plan', subject: of, plan: LISTED, nulls, collation })),
  );
  const inside = depth === 0 ? leaf : arbitraryCondition(fc.oneof(subject, arbitraryReading), depth - 1);
  return fc.letrec<{ condition: Expr }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((items) => and(items)),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((items) => or(items)),
      tie('condition').map((item) => not(item)),
      fc
        .tuple(
          fc.array(tie('condition'), { maxLength: 3 }),
          fc.nat({ max: 3 }),
          fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        )
        .map(([of, count, most]): Expr => ({ kind: 'at-least', count, of, ...(most !== undefined && { most }) })),
      fc
        .record({
          how: fc.constantFrom('any' as const, 'all' as const, 'none' as const, 'one' as const),
          over: value,
          variable: arbitraryVariable,
          index: fc.option(arbitraryVariable, { nil: undefined }),
          body: inside,
          until: fc.option(inside, { nil: undefined }),
        })
        .map(
          ({ index, until, ...rest }): Expr => ({
            kind: 'quantified',
            ...rest,
            ...(index !== undefined && { index }),
            ...(until !== undefined && { until }),
          }),
        ),
      fc.record({ variable: arbitraryVariable, value, body: inside }).map((rest): Expr => ({ kind: 'let', ...rest })),
      fc
        .tuple(tie('condition'), tie('condition'), tie('condition'))
        .map(([when, then, otherwise]): Expr => ({ kind: 'cond', branches: [{ when, then }], otherwise })),
    ),
  })).condition;
}

export const arbitraryField: fc.Arbitrary<Expr> = fc.constantFrom(...NAMES).map((name) => field(name));
export const arbitraryRaw: fc.Arbitrary<Expr> = fc
  .tuple(fc.constantFrom('a', 'A', 'b', 'e', 'r1', 'r2'), fc.constantFrom(PLAIN, PLAIN, STRICT, FOLDED))
  .map(([name, way]) => ({ ...raw(name), ...way }));

/** Views whose fields are raw fields, constants, lower-cased fields, or choices among them. */
export const arbitraryView: fc.Arbitrary<View> = fc
  .record({
    fields: fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.oneof(
        arbitraryRaw,
        textValue.map((value): Expr => text(value)),
        fc.constant<Expr>(MISSING),
        arbitraryRaw.map((inner): Expr => call('text.lower', [inner])),
        fc
          .tuple(arbitraryCondition(arbitraryRaw, 0), arbitraryValue(arbitraryRaw), arbitraryValue(arbitraryRaw))
          .map(([when, then, otherwise]): Expr => ({ kind: 'cond', branches: [{ when, then }], otherwise })),
      ),
    ),
    otherwise: fc.constantFrom('raw' as const, 'missing' as const),
    when: fc.option(arbitraryCondition(arbitraryRaw, 0), { nil: null, freq: 3 }),
  })
  .map(
    ({ fields, otherwise, when }): View => ({
      schema: 'ecs',
      logType: 'test',
      when,
      fields: new Map(Object.entries(fields).map(([name, expr]) => [name, { expr, type: 'keyword' as const }])),
      families: [],
      otherwise,
    }),
  );
