import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../base/json.ts';
import { and, not, or, raw } from '../../../ir/construct.ts';
import type { CompareOp, Expr } from '../../../ir/expr.ts';
import type { SettledWindow, WindowMeasure } from '../../../ir/plan/keyed.ts';
import { rowsOf, type Threshold } from '../../../ir/plan/plan.ts';
import type { MatchRow } from '../../../state/state-row.ts';
import { toJson } from '../../../values/text-of.ts';
import { compileOperator, type Limits, type Operator } from './operator.ts';
import { batch, clock, cut, moment, type Push, push, secondOf, seconds, stream } from './streaming.fixture.ts';

/** An event of a test: `at` in seconds; which of the inputs `a`, `b`, `c` it is a row of. */
interface Event {
  readonly at: number;
  readonly of: readonly number[];
  readonly user?: string | undefined;
  readonly v?: Json | undefined;
}

const NAMES = ['a', 'b', 'c'];

function threshold(changes: Partial<Threshold> = {}): Threshold {
  return {
    kind: 'threshold',
    inputs: NAMES.map((name) => ({
      name,
      plan: { kind: 'input', name, columns: [] },
      time: raw('time'),
      keys: [raw('user')],
      keep: [{ name: 'v', expr: raw('v') }],
    })),
    by: [{ name: 'user', missing: 'key', many: 'each' }],
    window: { kind: 'sliding', length: seconds(10) },
    measures: [{ name: 'value', fn: 'count' }],
    having: compare('value', '>=', 3),
    emit: { how: 'once-per-window', rows: 'last', mostRows: 100 },
    summary: { count: 'count', first: 'first_time', last: 'last_time', inputs: 'rules', rows: 'events' },
    ...changes,
  };
}

function compare(column: string, op: CompareOp, to: number): Expr {
  const left: Expr = { kind: 'column', name: column };
  return {
    kind: 'compare',
    op,
    left,
    right: { kind: 'literal', type: 'real', value: to },
    nulls: 'unknown',
    many: 'whole',
  };
}

const has = (name: string): Expr => compare(rowsOf(name), '>=', 1);

function rows(events: readonly Event[]): readonly Push[] {
  return events.flatMap(({ at, of, user, v }, order) =>
    of.map((input) => push(input, order, at, { ...(user !== undefined && { user }), ...(v !== undefined && { v }) })),
  );
}

/** Matches as text, in an order of their own: those of one time have none. */
function told(matches: readonly MatchRow[]): string[] {
  return matches.map((match) => toldOne(match)).sort();
}

function toldOne({ columns, at }: MatchRow): string {
  const column = (name: string): Json => toJson(columns.get(name));
  const first = columns.get('first_time');
  const start =
    typeof first === 'object' && first !== null && 'ticks' in first ? secondOf(BigInt(String(first.ticks))) : 0;
  const of = columns.get('value');
  const measured = typeof of === 'number' ? Number(of.toFixed(6)) : of;
  return `${secondOf(at)} ${column('user')} ${column('count')} ${measured} from ${start} ${column('rules')}`;
}

/** What the documentation of the plan says, word by word and as slowly as can be. */
function bruteForce(plan: Threshold, events: readonly Event[]): string[] {
  const { window } = plan;
  if (window.kind === 'within') throw new Error('the window is settled in tests');
  const found: string[] = [];
  for (const user of new Set(events.map((event) => event.user))) {
    const own = events.filter((event) => event.user === user && event.of.length > 0);
    const times = [...new Set(own.map((event) => event.at))].sort((a, b) => a - b);
    let matched: number | undefined;
    for (const [from, to] of windowsOf(window, times)) {
      const inside = own.filter((event) => event.at >= from && event.at <= to);
      const [measure] = plan.measures;
      const measured = measure === undefined ? null : naive(measure, inside);
      if (!decide(plan.having, measured, inside)) continue;
      const last = Math.max(...inside.map((event) => event.at));
      const first = Math.min(...inside.map((event) => event.at));
      if (plan.emit.how === 'first' && matched !== undefined) continue;
      const overlaps = window.kind === 'sliding' && matched !== undefined && matched >= from;
      if (plan.emit.how === 'once-per-window' && overlaps) continue;
      matched = last;
      const rules = NAMES.filter((_, place) => inside.some((event) => event.of.includes(place)));
      const shown = measured === null ? null : Number(measured.toFixed(6));
      found.push(`${last} ${user ?? null} ${inside.length} ${shown} from ${first} ${rules}`);
    }
  }
  return found.sort();
}

function windowsOf(window: SettledWindow, times: readonly number[]): readonly (readonly [number, number])[] {
  const span = (ticks: string | null): number => (ticks === null ? Number.POSITIVE_INFINITY : Number(ticks) / 1e7);
  if (window.kind === 'sliding') return times.map((end) => [end - span(window.length), end]);
  if (window.kind === 'tumbling') {
    const length = span(window.length);
    const starts = new Set(times.map((time) => Math.floor((time - 3) / length) * length + 3));
    return [...starts].map((start) => [start, start + length - 1]);
  }
  const windows: [number, number][] = [];
  for (const time of times) {
    const last = windows.at(-1);
    if (window.kind === 'session') {
      const [first, latest] = last ?? [];
      const joins =
        latest !== undefined && time - latest <= span(window.gap) && time - (first ?? 0) <= span(window.atMost);
      if (joins && last !== undefined) last[1] = time;
      else windows.push([time, time]);
    } else if (last === undefined || time > last[1]) windows.push([time, time + span(window.length)]);
  }
  return windows;
}

function naive(measure: WindowMeasure, events: readonly Event[]): number | null {
  const numbers = events
    .flatMap(({ v }) => (Array.isArray(v) ? [...new Set(v.map(String))].map(Number) : [v]))
    .filter((v) => typeof v === 'number');
  const sorted = [...numbers].sort((a, b) => a - b);
  switch (measure.fn) {
    case 'count':
      return events.length;
    case 'count-distinct':
      return new Set(
        events.flatMap(({ v }) => (v === undefined || v === null ? [] : Array.isArray(v) ? v : [v])).map(String),
      ).size;
    case 'sum':
      return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0);
    case 'avg':
      return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0) / numbers.length;
    case 'min':
      return sorted[0] ?? null;
    case 'max':
      return sorted.at(-1) ?? null;
    case 'percentile': {
      const place = (measure.percent / 100) * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
      // Rounded like the engine's, so that `==` means the same.
      return low === undefined || high === undefined ? null : low + (high - low) * (place % 1);
    }
    case 'inputs':
      return new Set(events.flatMap((event) => event.of)).size;
    case 'in-order':
      return longest(events, measure.inputs, 0, undefined);
  }
}

/** All chains there are. */
function longest(events: readonly Event[], of: readonly number[], from: number, last: Event | undefined): number {
  let best = 0;
  for (let place = from; place < of.length; place += 1) {
    for (const event of events) {
      if (!event.of.includes(of[place] ?? -1) || event === last || (last !== undefined && event.at < last.at)) continue;
      best = Math.max(best, 1 + longest(events, of, place + 1, event));
    }
  }
  return best;
}

function decide(condition: Expr, measured: number | null, inside: readonly Event[]): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => decide(item, measured, inside));
    case 'or':
      return condition.items.some((item) => decide(item, measured, inside));
    case 'not':
      return !decide(condition.item, measured, inside);
    case 'compare': {
      const { op, left, right } = condition;
      const to = right.kind === 'literal' ? Number(right.value) : Number.NaN;
      const input = left.kind === 'column' ? NAMES.findIndex((name) => rowsOf(name) === left.name) : -1;
      const value = input < 0 ? measured : inside.filter((event) => event.of.includes(input)).length;
      if (value === null) return false;
      if (op === '>=') return value >= to;
      if (op === '>') return value > to;
      if (op === '<=') return value <= to;
      if (op === '<') return value < to;
      return op === '==' ? value === to : value !== to;
    }
    default:
      throw new Error(`the test has no ${condition.kind}`);
  }
}

const arbitraryEvents = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 60 }),
    of: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }).map((of) => [...of].sort()),
    user: fc.constantFrom('x', 'y', undefined),
    v: fc.option(
      fc.oneof(fc.integer({ min: -3, max: 9 }), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })),
      { nil: undefined },
    ),
  }),
  { maxLength: 14 },
);
const arbitraryMeasure: fc.Arbitrary<WindowMeasure> = fc.constantFrom<WindowMeasure>(
  { name: 'value', fn: 'count' },
  { name: 'value', fn: 'count-distinct', of: ['v'] },
  { name: 'value', fn: 'sum', of: 'v' },
  { name: 'value', fn: 'avg', of: 'v' },
  { name: 'value', fn: 'min', of: 'v' },
  { name: 'value', fn: 'max', of: 'v' },
  { name: 'value', fn: 'percentile', of: 'v', percent: 50 },
  { name: 'value', fn: 'percentile', of: 'v', percent: 90 },
  { name: 'value', fn: 'inputs' },
  { name: 'value', fn: 'in-order', inputs: [0, 1, 2] },
  { name: 'value', fn: 'in-order', inputs: [2, 0] },
);
const arbitraryCompare = fc
  .tuple(
    fc.constantFrom('value', 'value', rowsOf('b')),
    fc.constantFrom<CompareOp>('>=', '>', '<', '<=', '==', '!='),
    fc.integer({ min: 0, max: 6 }),
  )
  .map(([column, op, to]) => compare(column, op, to));
const arbitraryHaving: fc.Arbitrary<Expr> = fc.oneof(
  arbitraryCompare,
  fc.tuple(arbitraryCompare, arbitraryCompare).map((both) => and(both)),
  fc.constantFrom<Expr>(and([has('a'), not(has('b'))]), or([and([has('a'), has('b')]), has('c')])),
);
const length = fc.constantFrom(0, 1, 5, 10, 30, null).map((one) => (one === null ? null : seconds(one)));
const arbitraryWindow: fc.Arbitrary<SettledWindow> = fc.oneof(
  length.map((one): SettledWindow => ({ kind: 'sliding', length: one })),
  length.map((one): SettledWindow => ({ kind: 'anchored', length: one })),
  fc
    .constantFrom(1, 7, 20)
    .map((one): SettledWindow => ({ kind: 'tumbling', length: seconds(one), origin: moment(3).toString() })),
  fc.tuple(fc.constantFrom(0, 2, 6), fc.constantFrom(9, null)).map(
    ([gap, most]): SettledWindow => ({
      kind: 'session',
      gap: seconds(gap),
      atMost: most === null ? null : seconds(most),
    }),
  ),
);
const arbitraryThreshold = fc
  .record({
    window: arbitraryWindow,
    how: fc.constantFrom('once-per-window' as const, 'each' as const, 'first' as const),
    measure: arbitraryMeasure,
    having: arbitraryHaving,
  })
  .map(({ window, how, measure, having }) =>
    threshold({ window, measures: [measure], having, emit: { how, rows: 'last', mostRows: 100 } }),
  );
const lateness = fc.integer({ min: 0, max: 8 });

const compiled = (plan: Threshold, limits?: Limits): Operator =>
  compileOperator(plan, clock, limits === undefined ? {} : { limits });

describe('property', () => {
  test('a batch gives what a brute-force evaluation says', () => {
    fc.assert(
      fc.property(arbitraryThreshold, arbitraryEvents, (plan, events) => {
        expect(told(batch(compiled(plan), rows(events)))).toEqual(bruteForce(plan, events));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a stream that is no more out of order than its watermark allows gives what a batch gives', () => {
    fc.assert(
      fc.property(arbitraryThreshold, arbitraryEvents, lateness, (plan, events, late) => {
        const run = compiled(plan);
        expect(told(stream(run, rows(events), late))).toEqual(bruteForce(plan, events));
        expect(run.losses()).toEqual({ evicted: 0, late: 0, untimed: 0, abandoned: 0 });
      }),
      { numRuns: 1_500 },
    );
  });

  test('a run that is cut anywhere and goes on elsewhere gives the same', () => {
    fc.assert(
      fc.property(arbitraryThreshold, arbitraryEvents, lateness, fc.nat(30), (plan, events, late, after) => {
        expect(told(cut(() => compiled(plan), rows(events), late, after))).toEqual(bruteForce(plan, events));
      }),
      { numRuns: 1_500 },
    );
  });

  test('no match comes out before the watermark that was promised for the output', () => {
    fc.assert(
      fc.property(arbitraryThreshold, arbitraryEvents, (plan, events) => {
        const run = compiled(plan);
        for (const { input, at, row } of [...rows(events)].sort((a, b) => a.at - b.at)) {
          const promised = run.outputWatermark;
          run.push(input, [row]);
          for (const match of run.advance(moment(at))) {
            if (typeof promised === 'bigint') expect(match.at >= promised).toBe(true);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

test('`within` is judged at once where no further row can undo the condition, else when it is over', () => {
  const within = { kind: 'within', length: seconds(10) } as const;
  const events = rows([0, 1, 2].map((at) => ({ at, of: [0], user: 'x', v: at })));
  const first = (having: Expr, measure: WindowMeasure): number => {
    const run = compiled(threshold({ window: within, having, measures: [measure] }));
    for (const { input, row } of events) run.push(input, [row]);
    return run.advance(moment(3)).length;
  };
  const count: WindowMeasure = { name: 'value', fn: 'count' };
  expect(first(compare('value', '>=', 2), count)).toBe(1);
  expect(first(not(compare('value', '<', 2)), count)).toBe(1);
  expect(first(and([has('a'), not(not(has('a')))]), count)).toBe(1);
  expect(first(compare('value', '<', 5), { name: 'value', fn: 'min', of: 'v' })).toBe(1);
  expect(first(compare('value', '<', 5), count)).toBe(0);
  expect(first(compare('value', '==', 2), count)).toBe(0);
  expect(first(and([has('a'), not(has('b'))]), count)).toBe(0);
  expect(first(compare('value', '>', 0), { name: 'value', fn: 'avg', of: 'v' })).toBe(0);
});

test('repeats come out where they are asked for, and are told apart', () => {
  const operator = compileOperator(threshold(), clock, { repeats: true });
  const events = [0, 1, 2, 3, 4, 30].map((at) => ({ at, of: [0], user: 'x' }));
  const found = batch(operator, rows(events));
  expect(found.map(({ at, isRepeat }) => [secondOf(at), isRepeat === true])).toEqual([
    [2, false],
    [3, true],
    [4, true],
  ]);
});

test('Elastic’s threshold rule: groups of all rows by two fields, with a number of rows and of different values', () => {
  const plan: Threshold = {
    kind: 'threshold',
    inputs: [
      {
        name: 'events',
        plan: { kind: 'input', name: 'events', columns: [] },
        time: raw('time'),
        keys: [raw('host'), raw('user')],
        keep: [{ name: 'port', expr: raw('port') }],
      },
    ],
    by: [
      { name: 'host', missing: 'drop', many: 'each' },
      { name: 'user', missing: 'drop', many: 'each' },
    ],
    window: { kind: 'anchored', length: null },
    measures: [
      { name: 'n', fn: 'count' },
      { name: 'ports', fn: 'count-distinct', of: ['port'] },
    ],
    having: and([compare('n', '>=', 3), compare('ports', '>=', 2)]),
    emit: { how: 'once-per-window', rows: 'summary', mostRows: 0 },
    summary: { last: '@timestamp' },
  };
  const at = (order: number, host: Json, user: Json, port: number): Push => push(0, order, order, { host, user, port });
  const events = [
    ...[1, 1, 2].map((port, order) => at(order, 'h', 'a', port)),
    ...[1, 1, 1].map((port, order) => at(10 + order, 'h', 'b', port)),
    ...[1, 2].map((port, order) => at(20 + order, ['h', 'i'], 'c', port)),
    at(30, 'i', 'c', 3),
    at(31, 'h', null, 3),
  ];
  const found = batch(compileOperator(plan, clock), events);
  expect(
    found.map(({ id, columns }) => [id, ...['host', 'user', 'n', 'ports'].map((name) => columns.get(name))]),
  ).toEqual([
    [undefined, 'h', 'a', 3, 2],
    [undefined, 'i', 'c', 3, 3],
  ]);
});

describe('limits', () => {
  const stay = (plan: Threshold, limits: Limits, events: readonly Event[]): { run: Operator; found: MatchRow[] } => {
    const run = compiled(plan, limits);
    const found: MatchRow[] = [];
    for (const { input, at, row } of rows(events)) {
      run.push(input, [row]);
      found.push(...run.advance(moment(at)));
    }
    return { run, found };
  };

  test('keys that explode stay within their bounds, and what was evicted is counted', () => {
    const events = Array.from({ length: 5_000 }, (_, at) => ({ at: Math.floor(at / 10), of: [0], user: `user ${at}` }));
    const { run } = stay(
      threshold({ window: { kind: 'sliding', length: seconds(3600) } }),
      { rows: 1_000, keys: 100, weight: 1e9 },
      events,
    );
    run.advance(moment(600));
    expect(run.losses().evicted).toBe(5_000 - 100);
  });

  test('a lone key forgets its oldest rows, and still matches', () => {
    const plan = threshold({ window: { kind: 'sliding', length: null }, having: compare('value', '>=', 50) });
    const { run, found } = stay(
      plan,
      { rows: 60, keys: 10, weight: 1e9 },
      Array.from({ length: 500 }, (_, at) => ({ at, of: [0] })),
    );
    expect(found.length).toBe(1);
    expect(run.losses().evicted).toBeGreaterThan(400);
  });

  test('rows and keys that weigh much stay within their bounds, few as they are', () => {
    const user = 'u'.repeat(10_000);
    const events = Array.from({ length: 1_000 }, (_, at) => ({ at, of: [0], user: `${user}${at}` }));
    const limits = { rows: 1_000, keys: 1_000, weight: 500_000 };
    const { run } = stay(threshold({ window: { kind: 'sliding', length: seconds(3600) } }), limits, events);
    const left = [...run.references()].length;
    expect(left).toBeGreaterThan(10);
    expect(left).toBeLessThan(50);
    expect(run.losses().evicted).toBe(1_000 - left);
  });

  test('what came and went weighs nothing', () => {
    const events = Array.from({ length: 500 }, (_, at) => ({ at, of: [0], user: `${'u'.repeat(10_000)}${at}` }));
    const { run } = stay(threshold(), { rows: 1_000, keys: 1_000, weight: 500_000 }, events);
    expect(run.losses().evicted).toBe(0);
  });

  test('half of the rows go, of the keys that were quiet the longest', () => {
    const events = Array.from({ length: 100 }, (_, at) => ({ at, of: [0], user: `u${at}` }));
    const plan = threshold({ window: { kind: 'sliding', length: seconds(3600) } });
    const { run } = stay(plan, { rows: 1_000, keys: 1_000, weight: 1e9 }, events);
    const before = [...run.references()].map(({ order }) => order);
    run.halve();
    const halved = [...run.references()].map(({ order }) => order);
    // The last row was not judged yet.
    expect(halved.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b).slice(-halved.length));
    expect(halved).toHaveLength(before.length >> 1);
    for (let times = 0; times < 9; times += 1) run.halve();
    expect(run.isIdle).toBe(true);
  });

  test('keys that no window can reach any more are let go of without loss', () => {
    const events = Array.from({ length: 2_000 }, (_, at) => ({ at, of: [0], user: `u${at}` }));
    const { run } = stay(threshold(), { rows: 50, keys: 20, weight: 1e9 }, events);
    expect(run.losses()).toEqual({ evicted: 0, late: 0, untimed: 0, abandoned: 0 });
    expect([...run.references()].length).toBeLessThan(20);
  });

  test('a row that comes after its time is over is counted, not taken', () => {
    const run = compiled(threshold());
    const [early, late] = rows([
      { at: 0, of: [0] },
      { at: 100, of: [0] },
    ]);
    if (early === undefined || late === undefined) throw new Error('two rows');
    run.push(0, [late.row]);
    run.advance(moment(100));
    run.push(0, [early.row]);
    expect(run.losses().late).toBe(1);
  });
});
