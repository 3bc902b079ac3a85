import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { raw } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { KeyedInput, Plan, Sequence, Threshold } from '../../../ir/plan/plan.ts';
import { NotStored } from '../../../state/plain.ts';
import type { MatchRow } from '../../../state/state-row.ts';
import { runPlan } from '../plan.ts';
import type { Row } from '../row.ts';
import { type OperatorTree, operatorTree } from './operator-tree.ts';
import { clock, moment, push, secondOf, seconds } from './streaming.fixture.ts';

const feed = (name: string): Plan => ({ kind: 'input', name, columns: [] });
const input = (name: string, plan: Plan): KeyedInput => ({ name, plan, time: raw('time'), keys: [], keep: [] });

function atLeast(count: number): Expr {
  const left: Expr = { kind: 'column', name: 'n' };
  return {
    kind: 'compare',
    op: '>=',
    left,
    right: { kind: 'literal', type: 'long', value: String(count) },
    nulls: 'unknown',
    many: 'whole',
  };
}

function counted(
  inputs: readonly KeyedInput[],
  count: number,
  within: number,
  kind: 'sliding' | 'anchored',
): Threshold {
  return {
    kind: 'threshold',
    inputs,
    by: [],
    window: { kind, length: seconds(within) },
    measures: [{ name: 'n', fn: 'count' }],
    having: atLeast(count),
    emit: { how: 'once-per-window', rows: 'last', mostRows: 0 },
    summary: {},
  };
}

/** Two of `a` within a time, then a `b`: a threshold in a sequence, with a filter over it and a union below. */
function nested(kind: 'sliding' | 'anchored'): Plan {
  const burst = counted([input('a', { kind: 'union', inputs: [feed('a'), feed('more')] })], 2, 5, kind);
  const filtered: Plan = { kind: 'where', input: burst, predicate: atLeast(2) };
  const sequence: Sequence = {
    kind: 'sequence',
    steps: [input('burst', filtered), input('b', feed('b'))].map((one) => ({
      ...one,
      count: { atLeast: 1, atMost: null },
    })),
    by: [],
    order: { kind: 'strict', within: seconds(20), until: null },
    emit: { how: 'each', rows: 'steps', mostRows: 0 },
    summary: { count: 'steps' },
  };
  return { kind: 'project', input: sequence, columns: [{ name: 'found', expr: { kind: 'column', name: 'steps' } }] };
}

type Event = readonly [at: number, feed: string];

function rows(events: readonly Event[]): readonly { readonly at: number; readonly feed: string; readonly row: Row }[] {
  return events.map(([at, name], order) => ({ at, feed: name, row: push(0, order, at, {}).row }));
}

function tree(plan: Plan): OperatorTree {
  const made = operatorTree(plan, clock);
  if (made === undefined) throw new Error('a plan of operators');
  return made;
}

function run(plan: Plan, events: readonly Event[], cutAfter: number | undefined, stepwise: boolean): MatchRow[] {
  let one = tree(plan);
  const found: MatchRow[] = [];
  for (const [place, { at, feed: name, row }] of rows([...events].sort(([a], [b]) => a - b)).entries()) {
    if (place === cutAfter) {
      const stored = JSON.stringify(one.snapshot());
      one = tree(plan);
      one.restore(JSON.parse(stored));
    }
    one.push(name, [row]);
    if (stepwise) found.push(...one.advance(moment(at)));
  }
  return [...found, ...one.advance('end')];
}

const told = (matches: readonly MatchRow[]): unknown[] =>
  matches.map(({ at, id, columns }) => [secondOf(at), id?.order, Object.fromEntries(columns)]);

describe('operators over operators', () => {
  const events: readonly Event[] = [
    [0, 'a'],
    [3, 'more'],
    [4, 'b'],
    [30, 'a'],
    [40, 'a'],
    [41, 'b'],
  ];

  test('a match of the inner one is a row of its time', () => {
    expect(told(run(nested('sliding'), events, undefined, false))).toEqual([[4, 2, { found: 2 }]]);
    expect(told(run(nested('anchored'), events, undefined, false))).toEqual([[4, 2, { found: 2 }]]);
  });

  test('property: a stream, also one that is cut, gives what a batch gives, and what the plan gives over rows that are all there', () => {
    const arbitrary = fc.array(fc.tuple(fc.nat(60), fc.constantFrom('a', 'more', 'b')), { maxLength: 20 });
    const kinds = fc.constantFrom('sliding' as const, 'anchored' as const);
    fc.assert(
      fc.property(arbitrary, kinds, fc.nat(20), (all, kind, cutAfter) => {
        const plan = nested(kind);
        const batch = told(run(plan, all, undefined, false));
        expect(told(run(plan, all, undefined, true))).toEqual(batch);
        expect(told(run(plan, all, cutAfter, true))).toEqual(batch);
        const given = rows([...all].sort(([a], [b]) => a - b));
        const whole = runPlan(
          plan,
          (leaf) =>
            leaf.kind === 'input' ? given.flatMap(({ feed: name, row }) => (name === leaf.name ? [row] : [])) : [],
          clock,
        );
        expect(whole.map(({ at = 0n, id, columns }) => [secondOf(at), id?.order, Object.fromEntries(columns)])).toEqual(
          batch,
        );
      }),
      { numRuns: 300 },
    );
  });
});

test('several at the top give their matches in the order of time', () => {
  const plan: Plan = {
    kind: 'union',
    inputs: [counted([input('a', feed('a'))], 2, 5, 'sliding'), counted([input('b', feed('b'))], 1, 5, 'sliding')],
  };
  expect(
    told(
      run(
        plan,
        [
          [0, 'a'],
          [1, 'b'],
          [2, 'a'],
        ],
        undefined,
        false,
      ),
    ).map((one) => Array.isArray(one) && one[0]),
  ).toEqual([1, 2]);
});

test('a plan of something else is none', () => {
  const summary: Plan = { kind: 'summarize', input: feed('a'), by: [], aggregates: [] };
  expect(operatorTree(feed('a'), clock)).toBeUndefined();
  expect(operatorTree(summary, clock)).toBeUndefined();
  expect(operatorTree(counted([input('a', summary)], 1, 1, 'sliding'), clock)).toBeUndefined();
});

test('a snapshot of another plan is refused', () => {
  const [one, other] = [tree(nested('sliding')), tree(counted([input('a', feed('a'))], 2, 5, 'sliding'))];
  expect(() => other.restore(one.snapshot())).toThrow(NotStored);
});
