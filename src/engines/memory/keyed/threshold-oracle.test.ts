import fc from 'fast-check';
import { expect, test } from 'vitest';
import { and, field, not, or } from '../../../ir/construct.ts';
import type { CompareOp, Expr } from '../../../ir/expr.ts';
import type { WindowMeasure } from '../../../ir/keyed.ts';
import { type Correlate, type Measure, rowsOf, type Threshold } from '../../../ir/plan.ts';
import { DateTime, type Value } from '../../../values/value.ts';
import { Correlator, NO_LIMITS } from '../correlate.ts';
import { compileOperator } from './operator.ts';
import { batch, clock, push, seconds } from './streaming.fixture.ts';

/** The correlator that thresholds replace, as an oracle: the same rows and conditions give the same matches. */

const NAMES = ['a', 'b', 'c'];
const MEASURES: readonly { readonly old: Measure; readonly now: WindowMeasure }[] = [
  { old: { kind: 'count' }, now: { name: 'value', fn: 'count' } },
  { old: { kind: 'count-distinct' }, now: { name: 'value', fn: 'count-distinct', of: ['v', 'w'] } },
  { old: { kind: 'inputs' }, now: { name: 'value', fn: 'inputs' } },
  { old: { kind: 'ordered', of: [0, 1, 2] }, now: { name: 'value', fn: 'in-order', inputs: [0, 1, 2] } },
  { old: { kind: 'ordered', of: [2, 0] }, now: { name: 'value', fn: 'in-order', inputs: [2, 0] } },
];
const NUMBERS: readonly { readonly old: Measure; readonly now: WindowMeasure }[] = [
  ...(['sum', 'avg', 'min', 'max'] as const).map((kind) => ({
    old: { kind },
    now: { name: 'value', fn: kind, of: 'v' },
  })),
  { old: { kind: 'percentile', percent: 30 }, now: { name: 'value', fn: 'percentile', of: 'v', percent: 30 } },
];

function compare(op: CompareOp, to: number): Expr {
  const left: Expr = { kind: 'column', name: 'value' };
  return {
    kind: 'compare',
    op,
    left,
    right: { kind: 'literal', type: 'real', value: to },
    nulls: 'unknown',
    many: 'whole',
  };
}

/** `has a` of the old, and what it is now. */
function seen(name: string): { readonly old: Expr; readonly now: Expr } {
  const left: Expr = { kind: 'column', name: rowsOf(name) };
  const right: Expr = { kind: 'literal', type: 'real', value: 1 };
  return {
    old: { kind: 'column', name: `has ${name}` },
    now: { kind: 'compare', op: '>=', left, right, nulls: 'unknown', many: 'whole' },
  };
}

const [a, b, c] = NAMES.map(seen);
const having = fc.oneof(
  fc
    .tuple(fc.constantFrom<CompareOp>('>=', '>', '<', '<=', '==', '!='), fc.integer({ min: 0, max: 6 }))
    .map(([op, to]) => ({ old: compare(op, to), now: compare(op, to) })),
  fc.constant({
    old: or([and([a?.old ?? compare('>', 0), not(b?.old ?? compare('>', 0))]), c?.old ?? compare('>', 0)]),
    now: or([and([a?.now ?? compare('>', 0), not(b?.now ?? compare('>', 0))]), c?.now ?? compare('>', 0)]),
  }),
);
const value = fc.oneof(
  fc.constantFrom(null, 'x', '3', ' 4.5 ', true),
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.integer({ min: -3, max: 4 }),
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
);
const events = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 40 }),
    of: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }).map((of) => [...of].sort()),
    user: fc.constantFrom('x', 7, '7', null, ['x', 'y', 7], []),
    v: value,
    w: value,
  }),
  { maxLength: 16 },
);

test('the same as the correlator that was', () => {
  const cases = fc.record({
    measure: fc.constantFrom(...MEASURES, ...NUMBERS),
    having,
    window: fc.constantFrom('sliding' as const, 'anchored' as const),
    within: fc.constantFrom(0, 3, 12, null),
    missing: fc.constantFrom('group' as const, 'drop' as const),
    emit: fc.constantFrom('once' as const, 'each' as const),
    events,
  });
  fc.assert(
    fc.property(cases, ({ measure, having: holds, window, within, missing, emit, events: seenEvents }) => {
      const values = measure.old.kind === 'count-distinct' ? ['v', 'w'] : ['v'];
      const shared = { time: field('time'), keys: [field('user')] };
      const plan = (name: string) => ({ kind: 'input', name, columns: [] }) as const;
      const old: Correlate = {
        kind: 'correlate',
        inputs: NAMES.map((name) => ({
          ...shared,
          name,
          plan: plan(name),
          values: values.map((one) => field(one)),
          carry: [],
        })),
        by: ['user'],
        missingKeys: missing,
        within,
        window,
        measure: measure.old,
        condition: holds.old,
        emit,
      };
      const now: Threshold = {
        kind: 'threshold',
        inputs: NAMES.map((name) => ({
          ...shared,
          name,
          plan: plan(name),
          keep: values.map((one) => ({ name: one, expr: field(one) })),
        })),
        by: [{ name: 'user', missing: missing === 'group' ? 'key' : 'drop', many: 'each' }],
        window: { kind: window, length: within === null ? null : seconds(within) },
        measures: [measure.now],
        having: holds.now,
        emit: { how: emit === 'once' ? 'once-per-window' : 'each', rows: 'last', mostRows: 100 },
        summary: { count: 'count', first: 'first_time', last: 'last_time', inputs: 'rules', rows: 'events' },
      };
      const pushes = seenEvents.flatMap(({ at, of, ...event }, order) =>
        of.map((input) => push(input, order, at, event)),
      );
      const correlator = new Correlator(old, clock, NO_LIMITS);
      for (const { input, row } of pushes) {
        const place = row.id?.place ?? { file: 'f', line: 1 };
        const record = { event: row.event ?? {}, logType: 't', shape: 's', source: place };
        correlator.push(input, { ...row, origin: { record, order: row.id?.order ?? 0 } });
      }
      const was = correlator.advance(undefined).map(({ columns, origin }) => said(columns, origin?.order));
      const is = batch(compileOperator(now, clock), pushes).map(({ columns, id }) => said(columns, id?.order));
      expect(is.sort()).toEqual(was.sort());
    }),
    { numRuns: 5_000 },
  );
});

function said(columns: ReadonlyMap<string, Value>, order: number | undefined): string {
  const shown = [...columns].map(([name, one]) => [name, one instanceof DateTime ? one.ticks.toString() : one]);
  return JSON.stringify([order, shown]);
}
