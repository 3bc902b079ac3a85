import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../base/json.ts';
import { raw } from '../../../../ir/construct.ts';
import type { Key } from '../../../../ir/plan/keyed.ts';
import type { Sequence, Step } from '../../../../ir/plan/plan.ts';
import type { MatchRow } from '../../../../state/state-row.ts';
import { compileOperator, type Operator } from '../operator.ts';
import { batch, clock, cut, moment, type Push, push, secondOf, seconds, stream } from '../streaming.fixture.ts';

/** EQL's sequences, written by hand. */

const plan = (name: string) => ({ kind: 'input', name, columns: [] }) as const;

function step(name: string, changes: Partial<Step> = {}): Step {
  return {
    name,
    plan: plan(name),
    time: raw('time'),
    keys: [raw('key')],
    keep: [],
    count: { atLeast: 1, atMost: null },
    ...changes,
  };
}

const absent = { count: { atLeast: 0, atMost: 0 } };
const key: Key = { name: 'key', missing: 'drop', many: 'each' };
const until = { name: 'until', plan: plan('until'), time: raw('time'), keys: [raw('key')], keep: [] };

function sequence(steps: readonly Step[], within: number | null, changes: Partial<Sequence> = {}): Sequence {
  return {
    kind: 'sequence',
    steps,
    by: [key],
    order: { kind: 'strict', within: within === null ? null : seconds(within), until: null },
    emit: { how: 'each', rows: 'steps', mostRows: 100 },
    summary: {},
    ...changes,
  };
}

/** Events by the seconds at which they happen: the inputs that each is a row of, and its key. */
type Timeline = readonly (readonly [at: number, inputs: readonly number[], key?: string])[];

function pushes(timeline: Timeline): readonly Push[] {
  return timeline.flatMap(([at, inputs, of = 'k'], order) =>
    inputs.map((input) => push(input, order, at, { key: of })),
  );
}

/** The orders of the records of each match. */
function members(matches: readonly MatchRow[]): number[][] {
  return matches.map((match) => (match.members ?? []).map(({ order }) => order));
}

function found(of: Sequence, timeline: Timeline): number[][] {
  return members(batch(compileOperator(of, clock), pushes(timeline)));
}

const A = step('a');
const B = step('b');
const C = step('c');

describe('of chains that wait for one step, the last goes on', () => {
  const two = sequence([A, B], null);
  const three = sequence([A, B, C], null);
  const a = [0];
  const b = [1];
  const c = [2];

  test('two steps', () => {
    expect(
      found(two, [
        [1, a],
        [2, b],
        [3, a],
        [4, b],
      ]),
    ).toEqual([
      [0, 1],
      [2, 3],
    ]);
    // The newer start is taken, and the older one is gone.
    expect(
      found(two, [
        [1, a],
        [2, a],
        [3, b],
        [4, b],
      ]),
    ).toEqual([[1, 2]]);
    expect(
      found(two, [
        [1, b],
        [2, a],
      ]),
    ).toEqual([]);
  });

  test('three steps', () => {
    expect(
      found(three, [
        [1, a],
        [2, b],
        [3, a],
        [4, b],
        [5, c],
        [6, c],
      ]),
    ).toEqual([[2, 3, 4]]);
    // A start that has no second step yet does not replace a chain that has one.
    expect(
      found(three, [
        [1, a],
        [2, b],
        [3, a],
        [4, c],
      ]),
    ).toEqual([[0, 1, 3]]);
    expect(
      found(three, [
        [1, a],
        [2, b],
        [3, b],
        [4, c],
      ]),
    ).toEqual([[0, 1, 3]]);
  });

  test('each key has its own, and a record without a key takes no part', () => {
    expect(
      found(two, [
        [1, a, 'x'],
        [2, a, 'y'],
        [3, b, 'x'],
        [4, b, 'y'],
      ]),
    ).toEqual([
      [0, 2],
      [1, 3],
    ]);
    const lacking = [push(0, 0, 1, {}), push(1, 1, 2, {})];
    expect(members(batch(compileOperator(two, clock), lacking))).toEqual([]);
    const optional = { ...two, by: [{ ...key, missing: 'key' as const }] };
    expect(members(batch(compileOperator(optional, clock), lacking))).toEqual([[0, 1]]);
  });

  test('a record with several keys is in the sequences of each', () => {
    const events: readonly JsonObject[] = [{ key: ['x', 'y'] }, { key: 'y' }, { key: 'x' }];
    const rows = events.map((event, order) => push(order === 0 ? 0 : 1, order, order, event));
    const matches = batch(compileOperator(two, clock), rows);
    expect(members(matches)).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(matches.map(({ columns }) => columns.get('key'))).toEqual(['y', 'x']);
  });

  test('a record that fits several steps follows others, not itself', () => {
    const both = [0, 1];
    expect(found(two, [[1, both]])).toEqual([]);
    expect(
      found(two, [
        [1, both],
        [2, both],
        [3, both],
      ]),
    ).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('at one time the order of reading decides', () => {
    expect(
      found(two, [
        [1, a],
        [1, b],
      ]),
    ).toEqual([[0, 1]]);
    expect(
      found(two, [
        [1, b],
        [1, a],
      ]),
    ).toEqual([]);
  });

  test('a step that wants several rows is as many steps', () => {
    const runs = sequence([A, step('b', { count: { atLeast: 2, atMost: null } })], 10);
    expect(
      found(runs, [
        [1, a],
        [2, b],
        [3, b],
      ]),
    ).toEqual([[0, 1, 2]]);
    expect(
      found(runs, [
        [1, a],
        [2, b],
      ]),
    ).toEqual([]);
  });

  test('a span is from the first row to the last one', () => {
    const short = sequence([A, B, C], 3);
    expect(
      found(short, [
        [1, a],
        [2, b],
        [4, c],
      ]),
    ).toEqual([[0, 1, 2]]);
    expect(
      found(short, [
        [1, a],
        [2, b],
        [5, c],
      ]),
    ).toEqual([]);
  });
});

test('an until gives up what has begun', () => {
  const ends: Sequence = { ...sequence([A, B], null), order: { kind: 'strict', within: null, until } };
  expect(
    found(ends, [
      [1, [0]],
      [2, [2]],
      [3, [1]],
    ]),
  ).toEqual([]);
  expect(
    found(ends, [
      [1, [0]],
      [2, [2], 'other'],
      [3, [1]],
    ]),
  ).toEqual([[0, 2]]);
  expect(
    found(ends, [
      [1, [0]],
      [2, [1]],
      [3, [2]],
    ]),
  ).toEqual([[0, 1]]);
  expect(
    found(ends, [
      [1, [2]],
      [2, [0]],
      [3, [1]],
    ]),
  ).toEqual([[1, 2]]);
  // The step comes first where one record is both.
  expect(
    found(ends, [
      [1, [0]],
      [2, [1, 2]],
    ]),
  ).toEqual([[0, 1]]);
});

describe('absent steps', () => {
  test('between two', () => {
    const middle = sequence([A, step('not', absent), C], 10);
    expect(
      found(middle, [
        [1, [0]],
        [3, [2]],
      ]),
    ).toEqual([[0, 1]]);
    expect(
      found(middle, [
        [1, [0]],
        [2, [1]],
        [3, [2]],
      ]),
    ).toEqual([]);
    expect(
      found(middle, [
        [0, [1]],
        [1, [0]],
        [3, [2]],
        [4, [1]],
      ]),
    ).toEqual([[1, 2]]);
    expect(
      found(middle, [
        [1, [0]],
        [2, [1], 'other'],
        [3, [2]],
      ]),
    ).toEqual([[0, 2]]);
  });

  test('before the first, as far as the span reaches from the last', () => {
    const leading = sequence([step('not', absent), B, C], 10);
    expect(
      found(leading, [
        [1, [0]],
        [5, [1]],
        [10, [2]],
      ]),
    ).toEqual([]);
    expect(
      found(leading, [
        [1, [0]],
        [5, [1]],
        [12, [2]],
      ]),
    ).toEqual([[1, 2]]);
    expect(
      found(leading, [
        [5, [1]],
        [6, [0]],
        [10, [2]],
      ]),
    ).toEqual([[0, 2]]);
  });

  test('before the first and after the last: both, within one span', () => {
    const lone = sequence([step('not', absent), B, step('nor', absent)], 10);
    expect(
      found(lone, [
        [1, [0]],
        [5, [1]],
        [11, [2]],
      ]),
    ).toEqual([]);
    expect(
      found(lone, [
        [1, [0]],
        [5, [1]],
        [12, [2]],
      ]),
    ).toEqual([[1]]);
    expect(
      found(lone, [
        [1, [0]],
        [5, [1]],
      ]),
    ).toEqual([[1]]);
    expect(
      found(lone, [
        [5, [1]],
        [6, [2]],
      ]),
    ).toEqual([[0]]);
  });

  test('after the last, which is known when the span is over', () => {
    const trailing = sequence([A, B, step('not', absent)], 10);
    expect(
      found(trailing, [
        [1, [0]],
        [5, [1]],
        [11, [2]],
      ]),
    ).toEqual([]);
    expect(
      found(trailing, [
        [1, [0]],
        [5, [1]],
        [12, [2]],
      ]),
    ).toEqual([[0, 1]]);
    const run = compileOperator(trailing, clock);
    for (const { input, row } of pushes([
      [1, [0]],
      [5, [1]],
    ]))
      run.push(input, [row]);
    expect(run.advance(moment(11))).toEqual([]);
    expect(members(run.advance(moment(12)))).toEqual([[0, 1]]);
  });
});

/**
 * The same another way: every chain is kept, and of those before a row the last is taken and all of them are dropped; spans and
 * untils are looked at when a row comes.
 */
function oracle(of: Sequence, timeline: Timeline): number[][] {
  if (of.order.kind !== 'strict') throw new Error('a strict order');
  const within = of.order.within === null ? Number.POSITIVE_INFINITY : Number(of.order.within) / 1e7;
  const stages = of.steps.flatMap(({ count }, place) => (count.atLeast > 0 ? [place] : []));
  const complete: number[][] = [];
  for (const user of new Set(timeline.map(([, , name = 'k']) => name))) {
    const events = timeline
      .map(([at, inputs, name = 'k'], order) => ({ at, inputs, name, order }))
      .filter(({ name }) => name === user)
      .sort((one, other) => one.at - other.at || one.order - other.order);
    const chains: (typeof events)[][] = stages.map(() => []);
    const untils = events.filter(({ inputs }) => inputs.includes(of.steps.length));
    for (const event of events) {
      for (const [stage, place] of [...stages.entries()].reverse()) {
        if (!event.inputs.includes(place)) continue;
        const before = stage === 0 ? [[]] : (chains[stage - 1] ?? []);
        const last = before.at(-1);
        if (stage > 0) chains[stage - 1] = [];
        if (last === undefined) continue;
        const chain = [...last, event];
        const span = event.at - (chain[0]?.at ?? 0);
        const previous = last.at(-1);
        const ended = untils.some(
          (one) => previous !== undefined && isBefore(previous, one, true) && isBefore(one, event, false),
        );
        if (span > within || ended) continue;
        chains[stage]?.push(chain);
      }
      for (const chain of chains.at(-1)?.splice(0) ?? []) {
        const [first, last] = [chain[0], chain.at(-1)];
        const near = (place: number): typeof events => {
          const after = stages.filter((stage) => stage < place).length;
          const [before, next] = [chain[after - 1], chain[after]];
          return events.filter(
            (one) =>
              one.inputs.includes(place) &&
              (before === undefined || isBefore(before, one, false)) &&
              (next === undefined || isBefore(one, next, false)),
          );
        };
        const unwanted = [...of.steps.entries()].flatMap(([place, { count }]) => (count.atLeast === 0 ? [place] : []));
        const [low, high] = [stages[0] ?? 0, stages.at(-1) ?? 0];
        const leading = unwanted.filter((place) => place < low);
        const trailing = unwanted.filter((place) => place > high);
        const middle = unwanted.filter((place) => place > low && place < high);
        // Some way to fill the ends with rows, so that all is within the span.
        const starts =
          leading.length === 0 ? [first?.at ?? 0] : leading.flatMap((place) => near(place).map(({ at }) => at));
        const stops =
          trailing.length === 0 ? [last?.at ?? 0] : trailing.flatMap((place) => near(place).map(({ at }) => at));
        const isFilled = starts.some((start) => stops.some((stop) => stop - start <= within));
        const isWhole =
          middle.every((place) => near(place).length === 0) && !(leading.length + trailing.length > 0 && isFilled);
        if (isWhole) complete.push(chain.map(({ order }) => order));
      }
    }
  }
  return complete;
}

function isBefore(
  one: { readonly at: number; readonly order: number },
  other: { readonly at: number; readonly order: number },
  orSame: boolean,
): boolean {
  return (
    one.at < other.at || (one.at === other.at && (one.order < other.order || (orSame && one.order === other.order)))
  );
}

describe('property', () => {
  const arbitraryTimeline: fc.Arbitrary<Timeline> = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 30 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 2 }),
      fc.constantFrom('x', 'y'),
    ),
    { maxLength: 16 },
  );
  const arbitraryPlan = fc
    .tuple(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.constantFrom(2, 6, 20, null), fc.boolean())
    .filter(([isAbsent]) => isAbsent.includes(false))
    .map(([isAbsent, within, ends]): Sequence => {
      const steps = isAbsent.map((one, place) => step(`s${place}`, one ? absent : {}));
      const whole = sequence(steps, within);
      return ends
        ? { ...whole, order: { kind: 'strict', within: within === null ? null : seconds(within), until } }
        : whole;
    });
  const inOrder = (matches: readonly number[][]): string[] => matches.map((one) => one.join()).sort();
  const compiled = (of: Sequence): Operator => compileOperator(of, clock);
  /** Rows of inputs that the plan has. */
  const rows = (of: Sequence, timeline: Timeline): readonly Push[] =>
    pushes(timeline).filter(({ input }) => input < 3 || (of.order.kind === 'strict' && of.order.until !== null));

  test('a batch gives what the other way gives', () => {
    fc.assert(
      fc.property(arbitraryPlan, arbitraryTimeline, (of, timeline) => {
        const known = timeline.map(([at, inputs, name]): Timeline[number] => {
          const has = of.order.kind === 'strict' && of.order.until !== null;
          return [at, inputs.filter((input) => input < 3 || has), name ?? 'k'];
        });
        expect(inOrder(members(batch(compiled(of), rows(of, timeline))))).toEqual(inOrder(oracle(of, known)));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a stream, also one that is cut and goes on elsewhere, gives what a batch gives', () => {
    fc.assert(
      fc.property(arbitraryPlan, arbitraryTimeline, fc.nat(6), fc.nat(24), (of, timeline, late, after) => {
        const whole = inOrder(members(batch(compiled(of), rows(of, timeline))));
        expect(inOrder(members(stream(compiled(of), rows(of, timeline), late)))).toEqual(whole);
        expect(inOrder(members(cut(() => compiled(of), rows(of, timeline), late, after)))).toEqual(whole);
      }),
      { numRuns: 1_500 },
    );
  });

  test('what no row can go on with is let go of', () => {
    const run = compiled(sequence([A, B], 5));
    for (const { input, at, row } of pushes(
      Array.from({ length: 500 }, (_, at): Timeline[number] => [at, [0], `k${at}`]),
    )) {
      run.push(input, [row]);
      run.advance(moment(at));
    }
    expect([...run.references()].length).toBeLessThan(8);
    expect(secondOf(moment(3))).toBe(3);
  });
});
