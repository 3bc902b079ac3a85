import { expect, test } from 'vitest';
import type { Json } from '../../../base/json.ts';
import { raw } from '../../../ir/construct.ts';
import type { FirstSeen } from '../../../ir/plan/plan.ts';
import { NotStored } from '../../../state/plain.ts';
import type { StateRow } from '../../../state/state-row.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import { toJson } from '../../../values/text-of.ts';
import type { Row } from '../row.ts';
import { compileOperator, type Operator } from './operator.ts';

const clock = { now: fromEpochMs(0) };
const START = Date.UTC(2026, 0, 1);
const SECOND = 10_000_000n;
const moment = (seconds: number): bigint => fromEpochMs(START + seconds * 1000).ticks;

/** Elastic's new terms over `host` and `user` with a history of ten seconds. */
const newTerms: FirstSeen = {
  kind: 'first-seen',
  input: {
    name: 'events',
    plan: { kind: 'input', name: 'events', columns: [] },
    time: raw('time'),
    keys: [raw('host'), raw('user')],
    keep: [{ name: 'n', expr: raw('n') }],
  },
  by: [
    { name: 'host', missing: 'drop', many: 'each' },
    { name: 'user', missing: 'drop', many: 'each' },
  ],
  history: (10n * SECOND).toString(),
};

function row(n: number, seconds: number, host: Json, user: Json): Row {
  const event = { n, time: new Date(START + seconds * 1000).toISOString(), host, user };
  return { event, columns: new Map(), id: { order: n, place: { file: 'f', line: n + 1 } } };
}

function told(rows: readonly StateRow[]): Json[] {
  return rows.map(({ columns }) => ['n', 'host', 'user'].map((name) => toJson(columns.get(name))));
}

const operator = (limits = { rows: 100, keys: 100, weight: 1e9 }): Operator =>
  compileOperator(newTerms, clock, { limits });

test('a term is new when it was not seen in the history before', () => {
  const run = operator();
  run.push(0, [
    row(0, 0, 'h', 'a'),
    row(1, 5, 'h', 'b'),
    row(2, 10, 'h', 'a'),
    row(3, 20, 'h', 'a'),
    row(4, 31, 'h', 'a'),
  ]);
  expect(told(run.advance('end'))).toEqual([
    [0, 'h', 'a'],
    [1, 'h', 'b'],
    [4, 'h', 'a'],
  ]);
});

test('arrays are all their combinations, and a missing part takes none', () => {
  const run = operator();
  run.push(0, [row(0, 0, ['h', 'i'], ['a', 'b']), row(1, 1, 'i', 'b'), row(2, 2, 'i', null), row(3, 3, [], 'a')]);
  expect(told(run.advance('end'))).toEqual([
    [0, 'h', 'a'],
    [0, 'h', 'b'],
    [0, 'i', 'a'],
    [0, 'i', 'b'],
  ]);
});

test('rows are judged in the order of their times, and late ones are counted', () => {
  const run = operator();
  run.push(0, [row(0, 3, 'h', 'a'), row(1, 1, 'h', 'a')]);
  expect(told(run.advance(moment(5)))).toEqual([[1, 'h', 'a']]);
  run.push(0, [row(2, 4, 'h', 'c'), row(3, 5, 'h', 'd')]);
  expect(told(run.advance('end'))).toEqual([[3, 'h', 'd']]);
  expect(run.losses()).toEqual({ evicted: 0, late: 1, untimed: 0, abandoned: 0 });
});

test('what was seen survives a snapshot', () => {
  const run = operator();
  run.push(0, [row(0, 0, 'h', 'a'), row(1, 6, 'h', 'b')]);
  run.advance(moment(5));
  const stored = JSON.parse(JSON.stringify(run.snapshot()));
  const again = operator();
  again.restore(stored);
  expect([...again.references()].map(({ order }) => order)).toEqual([1]);
  again.push(0, [row(2, 7, 'h', 'a')]);
  expect(told(again.advance('end'))).toEqual([[1, 'h', 'b']]);
  expect(() => operator().restore({ held: [] })).toThrow(NotStored);
});

test('more keys than it may remember are forgotten, the longest unseen first, and counted', () => {
  const run = operator({ rows: 100, keys: 2, weight: 1e9 });
  run.push(0, [
    row(0, 0, 'h', 'a'),
    row(1, 1, 'h', 'b'),
    row(2, 2, 'h', 'c'),
    row(3, 3, 'h', 'b'),
    row(4, 4, 'h', 'a'),
  ]);
  expect(told(run.advance('end')).map((one) => Array.isArray(one) && one[0])).toEqual([0, 1, 2, 4]);
  expect(run.losses().evicted).toBe(2);
});
