import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { and, field, not, or } from '../../ir/construct.ts';
import type { CompareOp, Expr } from '../../ir/expr.ts';
import type { Correlate, CorrelateInput, Measure, Plan } from '../../ir/plan.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { toJson } from '../../values/text-of.ts';
import { Correlator, NO_LIMITS } from './correlate.ts';
import { CorrelationStream } from './correlate-stream.ts';
import { runPlan } from './plan.ts';
import type { Clock, Row } from './row.ts';

const clock: Clock = { now: fromEpochMs(0) };
const START = Date.UTC(2026, 0, 1);

/** An event of a test: `at` in seconds; which of the inputs `a`, `b`, `c` it is a row of. */
interface Event {
  readonly at: number;
  readonly of: readonly number[];
  readonly user?: string | undefined;
  readonly v?: Json | undefined;
}

const NAMES = ['a', 'b', 'c'];

function input(name: string, plan?: Plan): CorrelateInput {
  return {
    name,
    plan: plan ?? { kind: 'input', name, columns: [] },
    time: field(plan === undefined ? 'time' : 'last_time'),
    keys: [field('user')],
    values: [field('v')],
    carry: [],
  };
}

const value: Expr = { kind: 'column', name: 'value' };
const has = (name: string): Expr => ({ kind: 'column', name: `has ${name}` });
function compare(op: CompareOp, to: number): Expr {
  return {
    kind: 'compare',
    op,
    left: value,
    right: { kind: 'literal', type: 'real', value: to },
    nulls: 'unknown',
    many: 'whole',
  };
}

function correlate(changes: Partial<Correlate>): Correlate {
  return {
    kind: 'correlate',
    inputs: NAMES.map((name) => input(name)),
    by: ['user'],
    missingKeys: 'group',
    within: 10,
    window: 'sliding',
    measure: { kind: 'count' },
    condition: compare('>=', 3),
    emit: 'once',
    ...changes,
  };
}

function rowsOf(events: readonly Event[]): { readonly feed: string; readonly row: Row; readonly at: number }[] {
  return events.flatMap((event, order) => {
    const { at, of, ...rest } = event;
    const time = new Date(START + at * 1000).toISOString();
    const body: JsonObject = {
      time,
      ...Object.fromEntries(Object.entries(rest).filter(([, held]) => held !== undefined)),
    };
    const record = { event: body, logType: 't', shape: 's', source: { file: 'f', line: order + 1 } };
    return of.map((place) => ({
      feed: NAMES[place] ?? '',
      at,
      row: { event: body, columns: new Map(), origin: { record, order } },
    }));
  });
}

/** Matches as text, in an order of their own: those of one time have none. */
function told(rows: readonly Row[]): string[] {
  return rows
    .map(({ columns }) => {
      const column = (name: string): Json => toJson(columns.get(name));
      const times = [column('first_time'), column('last_time')].map(
        (time) => (Date.parse(String(time)) - START) / 1000,
      );
      const of = columns.get('value');
      const measured = typeof of === 'number' ? Number(of.toFixed(6)) : of;
      return `${times[1]} ${column('user')} ${column('count')} ${measured} from ${times[0]} ${column('rules')}`;
    })
    .sort();
}

function batch(plan: Plan, events: readonly Event[]): string[] {
  const rows = rowsOf(events);
  return told(
    runPlan(
      plan,
      (leaf) => (leaf.kind === 'input' ? rows.flatMap(({ feed, row }) => (feed === leaf.name ? [row] : [])) : []),
      clock,
    ),
  );
}

function stream(plan: Plan, events: readonly Event[], slack: number): string[] {
  const run = new CorrelationStream(plan, clock, NO_LIMITS);
  const found: Row[] = [];
  let latest = 0;
  for (const { feed, row, at } of rowsOf(events)) {
    run.push(feed, row);
    latest = Math.max(latest, at);
    found.push(...run.advance(fromEpochMs(START + (latest - slack) * 1000).ticks));
  }
  found.push(...run.advance(undefined));
  expect(run.losses).toEqual({ forgotten: 0, late: 0, untimed: 0 });
  return told(found);
}

/** What the operator's documentation says, word by word and as slowly as can be. */
function bruteForce(plan: Correlate, events: readonly Event[]): string[] {
  const within = plan.within ?? Number.POSITIVE_INFINITY;
  const found: string[] = [];
  for (const user of new Set(events.map((event) => event.user))) {
    const own = events.filter((event) => event.user === user && event.of.length > 0);
    const times = [...new Set(own.map((event) => event.at))].sort((a, b) => a - b);
    const windows: [number, number][] = [];
    if (plan.window === 'sliding') windows.push(...times.map((end): [number, number] => [end - within, end]));
    else {
      let end = Number.NEGATIVE_INFINITY;
      for (const time of times) {
        if (time <= end) continue;
        end = time + within;
        windows.push([time, end]);
      }
    }
    let matched: number | undefined;
    for (const [from, to] of windows) {
      const inside = own.filter((event) => event.at >= from && event.at <= to);
      const measured = naive(plan.measure, inside);
      const truth = decide(plan.condition, measured, new Set(inside.flatMap((event) => event.of)));
      if (!truth) continue;
      const last = Math.max(...inside.map((event) => event.at));
      const first = Math.min(...inside.map((event) => event.at));
      const quiet =
        plan.emit === 'once' && plan.window === 'sliding' && matched !== undefined && last - matched <= within;
      if (quiet) continue;
      matched = last;
      const rules = NAMES.filter((_, place) => inside.some((event) => event.of.includes(place)));
      const shown = measured === null ? null : Number(measured.toFixed(6));
      found.push(`${last} ${user ?? null} ${inside.length} ${shown} from ${first} ${rules}`);
    }
  }
  return found.sort();
}

function naive(measure: Measure, events: readonly Event[]): number | null {
  const numbers = events
    .flatMap(({ v }) => (Array.isArray(v) ? [...new Set(v.map(String))].map(Number) : [v]))
    .filter((v) => typeof v === 'number');
  const sorted = [...numbers].sort((a, b) => a - b);
  switch (measure.kind) {
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
    case 'ordered':
      return longest(events, measure.of, 0, undefined);
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

function decide(condition: Expr, measured: number | null, seen: ReadonlySet<number>): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => decide(item, measured, seen));
    case 'or':
      return condition.items.some((item) => decide(item, measured, seen));
    case 'not':
      return !decide(condition.item, measured, seen);
    case 'column':
      return seen.has(NAMES.indexOf(condition.name.slice('has '.length)));
    case 'compare': {
      const to = condition.right.kind === 'literal' ? Number(condition.right.value) : Number.NaN;
      if (measured === null) return false;
      if (condition.op === '>=') return measured >= to;
      if (condition.op === '>') return measured > to;
      if (condition.op === '<=') return measured <= to;
      if (condition.op === '<') return measured < to;
      return condition.op === '==' ? measured === to : measured !== to;
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
      {
        nil: undefined,
      },
    ),
  }),
  { maxLength: 14 },
);
const arbitraryMeasure: fc.Arbitrary<Measure> = fc.constantFrom<Measure>(
  { kind: 'count' },
  { kind: 'count-distinct' },
  { kind: 'sum' },
  { kind: 'avg' },
  { kind: 'min' },
  { kind: 'max' },
  { kind: 'percentile', percent: 50 },
  { kind: 'percentile', percent: 90 },
  { kind: 'inputs' },
  { kind: 'ordered', of: [0, 1, 2] },
  { kind: 'ordered', of: [2, 0] },
);
const arbitraryCompare = fc
  .tuple(fc.constantFrom<CompareOp>('>=', '>', '<', '<=', '==', '!='), fc.integer({ min: 0, max: 6 }))
  .map(([op, to]) => compare(op, to));
const arbitraryCondition: fc.Arbitrary<Expr> = fc.oneof(
  arbitraryCompare,
  fc.tuple(arbitraryCompare, arbitraryCompare).map((both) => and(both)),
  fc.constantFrom<Expr>(and([has('a'), not(has('b'))]), or([and([has('a'), has('b')]), has('c')])),
);
const arbitraryCorrelation = fc
  .record({
    window: fc.constantFrom('sliding' as const, 'anchored' as const),
    emit: fc.constantFrom('once' as const, 'each' as const),
    within: fc.constantFrom(0, 1, 5, 10, 30, null),
    measure: arbitraryMeasure,
    condition: arbitraryCondition,
  })
  .map(correlate);

describe('property', () => {
  test('batch is what a brute-force evaluation says', () => {
    fc.assert(
      fc.property(arbitraryCorrelation, arbitraryEvents, (plan, events) => {
        expect(batch(plan, events)).toEqual(bruteForce(plan, events));
      }),
      { numRuns: 10_000 },
    );
  });

  test('a stream in order, or less out of order than its slack, gives what a batch gives', () => {
    fc.assert(
      fc.property(arbitraryCorrelation, arbitraryEvents, fc.integer({ min: 0, max: 8 }), (plan, events, slack) => {
        const shaken = events
          .map((event, index) => ({ event, due: event.at + ((index * 7) % (slack + 1)) }))
          .sort((a, b) => a.due - b.due)
          .map(({ event }) => event);
        expect(stream(plan, shaken, slack)).toEqual(batch(plan, events));
      }),
      { numRuns: 5_000 },
    );
  });

  test('correlations of correlations stream as they run in batch', () => {
    const nested = fc.tuple(arbitraryCorrelation, arbitraryCorrelation).map(([outer, inner]) => ({
      ...outer,
      inputs: [
        input('a', {
          ...inner,
          inputs: inner.inputs.map((one) => ({ ...one, carry: [{ name: 'v', expr: field('v') }] })),
        }),
        input('b'),
      ],
    }));
    fc.assert(
      fc.property(nested, arbitraryEvents, (plan, events) => {
        const ordered = [...events].sort((a, b) => a.at - b.at);
        expect(stream(plan, ordered, 0)).toEqual(batch(plan, ordered));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('limits', () => {
  test('a group-by that explodes stays within its bounds, and what was forgotten is counted', () => {
    const plan = correlate({ within: 3600 });
    const run = new Correlator(plan, clock, { rows: 1_000, groups: 100 });
    for (const [index, { row }] of rowsOf(
      Array.from({ length: 5_000 }, (_, at) => ({ at: at / 10, of: [0], user: `user ${at}` })),
    ).entries()) {
      run.push(0, row);
      if (index % 10 === 0) run.advance(fromEpochMs(START + index * 100).ticks);
    }
    run.advance(fromEpochMs(START + 500_000).ticks);
    expect(run.losses.forgotten).toBe(5_000 - 100);
  });

  test('a lone group forgets its oldest rows, and still matches', () => {
    const run = new Correlator(correlate({ within: null, condition: compare('>=', 50) }), clock, {
      rows: 60,
      groups: 10,
    });
    const found: Row[] = [];
    for (const [at, { row }] of rowsOf(Array.from({ length: 500 }, (_, at) => ({ at, of: [0] }))).entries()) {
      run.push(0, row);
      found.push(...run.advance(fromEpochMs(START + at * 1000).ticks));
    }
    expect(found.length).toBe(1);
    expect(run.losses.forgotten).toBeGreaterThan(400);
  });

  test('groups that no window can reach any more are let go without loss', () => {
    const run = new Correlator(correlate({}), clock, { rows: 50, groups: 20 });
    for (const [at, { row }] of rowsOf(
      Array.from({ length: 2_000 }, (_, at) => ({ at, of: [0], user: `u${at}` })),
    ).entries()) {
      run.push(0, row);
      run.advance(fromEpochMs(START + at * 1000).ticks);
    }
    expect(run.losses).toEqual({ forgotten: 0, late: 0, untimed: 0 });
  });

  test('a row that comes after its time is over is counted, not taken', () => {
    const run = new Correlator(correlate({}), clock, NO_LIMITS);
    const [early, late] = rowsOf([
      { at: 0, of: [0] },
      { at: 100, of: [0] },
    ]).map(({ row }) => row);
    if (early === undefined || late === undefined) throw new Error('two rows');
    run.push(0, late);
    run.advance(fromEpochMs(START + 100_000).ticks);
    run.push(0, early);
    expect(run.losses.late).toBe(1);
  });
});
