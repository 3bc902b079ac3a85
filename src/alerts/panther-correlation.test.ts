import { expect, test } from 'vitest';
import type { SignalCorrelation, SignalMember } from '../ir/rule.ts';
import { correlate, type Signal } from './panther-correlation.ts';

const MINUTE = 60_000;
const span = { source: 'r.yml', start: 0, end: 0 };
const member = (id: string, more: Partial<SignalMember> = {}): SignalMember => ({
  id,
  rule: id,
  minimum: 1,
  absent: false,
  span,
  ...more,
});

const group = (
  members: readonly SignalMember[],
  field: string | undefined,
  lookbackMinutes = 10,
): SignalCorrelation => ({
  kind: 'group',
  members,
  criteria: field === undefined ? [] : [{ name: 'common', fields: members.map(({ id }) => ({ member: id, field })) }],
  transitions: [],
  lookbackMinutes,
});

/** `[minute, value…]` as signals with the values at the field `f`. */
const at = (...signals: readonly (readonly [number, ...string[]])[]): Signal[] =>
  signals.map(([minute, ...values]) => ({ time: minute * MINUTE, values: new Map([['f', new Set(values)]]) }));

const found = (
  correlation: SignalCorrelation,
  signals: Record<string, Signal[]>,
  absence: 'any-time' | 'lookback' = 'lookback',
) =>
  correlate(correlation, new Map(Object.entries(signals)), absence).map(({ values, first, last }) => [
    ...values,
    first / MINUTE,
    last / MINUTE,
  ]);

test('a group needs each member within the lookback, with a value in common', () => {
  const pair = group([member('a'), member('b')], 'f');
  expect(found(pair, { a: at([0, 'x']), b: at([10, 'x']) })).toEqual([['x', 0, 10]]);
  expect(found(pair, { a: at([0, 'x']), b: at([11, 'x']) })).toEqual([]);
  expect(found(pair, { a: at([5, 'x']), b: at([0, 'x']) })).toEqual([['x', 0, 5]]);
  expect(found(pair, { a: at([0, 'x']), b: at([1, 'y']) })).toEqual([]);
  expect(found(pair, { a: at([0, 'x', 'y']), b: at([1, 'y', 'z']) })).toEqual([['y', 0, 1]]);
  expect(found(pair, { a: at([0]), b: at([1]) })).toEqual([]);
  expect(found(group([member('a'), member('b')], undefined), { a: at([0]), b: at([1]) })).toEqual([[0, 1]]);
});

test('counts are of one window', () => {
  const three = group([member('a', { minimum: 3 }), member('b')], 'f');
  const b = at([5, 'x']);
  expect(found(three, { a: at([0, 'x'], [1, 'x'], [2, 'x']), b })).toEqual([['x', 0, 5]]);
  expect(found(three, { a: at([0, 'x'], [1, 'x']), b })).toEqual([]);
  expect(found(three, { a: at([-9, 'x'], [1, 'x'], [2, 'x']), b })).toEqual([]);
  const most = group([member('a', { maximum: 1 })], 'f', 1);
  expect(found(most, { a: at([0, 'x'], [0.5, 'x']) })).toEqual([['x', 0.5, 0.5]]);
});

test('an absent member keeps a group from matching', () => {
  const lone = group([member('a'), member('b', { absent: true })], 'f');
  expect(found(lone, { a: at([0, 'x']) })).toEqual([['x', 0, 0]]);
  expect(found(lone, { a: at([0, 'x']), b: at([3, 'y']) })).toEqual([['x', 0, 0]]);
  expect(found(lone, { a: at([0, 'x']), b: at([-3, 'x']) })).toEqual([]);
  expect(found(lone, { a: at([0, 'x']), b: at([30, 'x']) })).toEqual([['x', 0, 0]]);
  expect(found(lone, { a: at([0, 'x']), b: at([30, 'x']) }, 'any-time')).toEqual([]);
});

test('each value, and each window after another, is an occurrence', () => {
  const pair = group([member('a'), member('b')], 'f');
  const a = at([0, 'x'], [1, 'y'], [5, 'x'], [40, 'x']);
  const b = at([2, 'x'], [2, 'y'], [41, 'x']);
  expect(found(pair, { a, b })).toEqual([
    ['y', 1, 2],
    ['x', 0, 5],
    ['x', 40, 41],
  ]);
});

test('a sequence keeps order and time frames', () => {
  const sequence: SignalCorrelation = {
    kind: 'sequence',
    members: [member('a'), member('b'), member('c')],
    criteria: [],
    transitions: [
      { from: 'a', to: 'b', withinMinutes: 5, match: { from: 'f', to: 'f' } },
      { from: 'b', to: 'c', withinMinutes: 5 },
    ],
    lookbackMinutes: 8,
  };
  const one = (a: Signal[], b: Signal[], c: Signal[]) => found(sequence, { a, b, c });
  expect(one(at([0, 'x']), at([4, 'x']), at([8]))).toEqual([['x', 0, 8]]);
  expect(one(at([0, 'x']), at([4, 'x']), at([3]))).toEqual([]);
  expect(one(at([0, 'x']), at([4, 'y']), at([8]))).toEqual([]);
  expect(one(at([0, 'x']), at([6, 'x']), at([8]))).toEqual([]);
  expect(one(at([0, 'x']), at([5, 'x']), at([10]))).toEqual([]);
  // The first second member leads nowhere, the next does.
  expect(one(at([0, 'x']), at([1, 'x'], [4, 'x']), at([8]))).toEqual([['x', 0, 8]]);
});

test('a sequence that nothing may follow', () => {
  const sequence: SignalCorrelation = {
    kind: 'sequence',
    members: [member('a'), member('b', { absent: true })],
    criteria: [],
    transitions: [{ from: 'a', to: 'b', withinMinutes: 5, match: { from: 'f', to: 'f' } }],
    lookbackMinutes: 8,
  };
  expect(found(sequence, { a: at([0, 'x']) })).toHaveLength(1);
  expect(found(sequence, { a: at([0, 'x']), b: at([5, 'x']) })).toEqual([]);
  expect(found(sequence, { a: at([0, 'x']), b: at([6, 'x']) })).toHaveLength(1);
  expect(found(sequence, { a: at([0, 'x']), b: at([-1, 'x']) })).toHaveLength(1);
});
