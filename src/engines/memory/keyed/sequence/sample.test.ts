import { expect, test } from 'vitest';
import { raw } from '../../../../ir/construct.ts';
import type { Sequence } from '../../../../ir/plan/plan.ts';
import { compileOperator } from '../operator.ts';
import { batch, clock, cut, type Push, push } from '../streaming.fixture.ts';

/** EQL's samples, written by hand: `sample by host [a] [b]`. */
function sample(most: number): Sequence {
  return {
    kind: 'sequence',
    steps: ['a', 'b'].map((name) => ({
      name,
      plan: { kind: 'input', name, columns: [] },
      time: raw('time'),
      keys: [raw('host')],
      keep: [],
      count: { atLeast: 1, atMost: null },
    })),
    by: [{ name: 'host', missing: 'drop', many: 'each' }],
    order: { kind: 'sample', most },
    emit: { how: 'first', rows: 'steps', mostRows: 0 },
    summary: {},
  };
}

/** `[host, seconds, steps]`; the place in the list is the order of reading. */
function rows(...events: readonly (readonly [string | null, number, ...number[]])[]): readonly Push[] {
  return events.flatMap(([host, at, ...steps], order) => steps.map((step) => push(step, order, at, { host })));
}

function found(most: number, pushes: readonly Push[]): unknown[] {
  return batch(compileOperator(sample(most), clock), pushes).map(({ columns, members = [] }) => [
    columns.get('host'),
    ...members.map(({ order }) => order),
  ]);
}

test('one row of each step, in any order and at any time, of different records', () => {
  expect(found(1, rows(['x', 9, 1], ['x', 0, 0], ['y', 1, 0]))).toEqual([['x', 1, 0]]);
  expect(found(1, rows(['x', 0, 0, 1]))).toEqual([]);
  expect(found(1, rows(['x', 0, 0, 1], ['x', 1, 0]))).toEqual([['x', 1, 0]]);
  expect(found(1, rows([null, 0, 0], [null, 1, 1]))).toEqual([]);
});

test('of the rows that were read first, and so many for each key', () => {
  const events = rows(['x', 5, 0], ['x', 3, 0], ['x', 9, 1], ['x', 1, 1]);
  expect(found(1, events)).toEqual([['x', 0, 2]]);
  expect(found(3, events)).toEqual([
    ['x', 0, 3],
    ['x', 0, 2],
    ['x', 1, 2],
  ]);
  expect(found(9, events).length).toBe(4);
});

test('a run that is cut gives the same', () => {
  const events = rows(['x', 5, 0], ['x', 3, 0, 1], ['x', 9, 1], ['x', 1, 1]);
  const whole = batch(compileOperator(sample(2), clock), events);
  for (let after = 0; after <= events.length; after += 1) {
    expect(cut(() => compileOperator(sample(2), clock), events, 10, after)).toEqual(whole);
  }
});
