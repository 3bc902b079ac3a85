import { expect, it } from 'vitest';
import { field, raw } from '../../ir/construct.ts';
import type { Aggregate, Plan } from '../../ir/plan.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { PlanRun, type Row, rowOf, runPlan } from './index.ts';

const clock = { now: fromEpochMs(0) };
const FEED: Plan = { kind: 'input', name: 'feed', columns: [] };

const each = (fn: Aggregate['fn'], ...args: string[]): Aggregate => ({
  names: [fn],
  fn,
  args: args.map((name) => raw(name)),
});

/** Everything that keeps state: what stands for each group must not grow with its rows. */
const summary: Plan = {
  kind: 'summarize',
  input: { kind: 'where', input: FEED, predicate: { kind: 'exists', subject: raw('host'), counts: 'value' } },
  by: [{ name: 'host', expr: raw('host') }],
  aggregates: [
    { names: ['count'], fn: 'count', args: [] },
    each('sum', 'n'),
    each('avg', 'n'),
    each('min', 'n'),
    each('max', 'n'),
    each('count-distinct', 'port'),
    each('make-set', 'port'),
    { ...each('make-list', 'n'), most: 5 },
    { names: ['latest', 'user'], fn: 'arg-max', args: [raw('n'), raw('user')] },
    { names: ['any'], fn: 'take-any', args: [raw('user')] },
  ],
};

function event(at: number): Row {
  return rowOf({ host: `h${at % 3}`, n: at, port: at % 7, user: { name: `u${at}`, groups: [at, at] } });
}

/** How many objects can be reached from one. */
function reachable(root: object): number {
  const seen = new Set<object>([root]);
  for (const object of seen) {
    const members = object instanceof Map ? [...object.keys(), ...object.values()] : Object.values(object);
    for (const member of members) if (typeof member === 'object' && member !== null) seen.add(member);
  }
  return seen.size;
}

it('keeps one state for each group, whatever the number of rows', () => {
  const sizes = [100, 10_000].map((rows) => {
    const run = new PlanRun(summary, clock);
    for (let at = 0; at < rows; at += 1) run.push('feed', event(at));
    return reachable(run);
  });
  expect(sizes[1]).toBe(sizes[0]);
});

it('gives what the plan gives of rows that are all there', () => {
  const above: Plan = {
    kind: 'limit',
    count: 2,
    input: { kind: 'order', input: summary, keys: [{ expr: field('sum'), direction: 'desc', nulls: 'last' }] },
  };
  const two: Plan = {
    kind: 'union',
    inputs: [above, { kind: 'distinct', input: { kind: 'input', name: 'other', columns: [] } }],
  };
  const rows = Array.from({ length: 50 }, (_, at) => event(at));
  const others = ['a', 'b', 'a'].map((x): Row => ({ event: undefined, columns: new Map([['x', x]]) }));
  const run = new PlanRun(two, clock);
  // In any order: another input's rows come between.
  for (const [at, row] of rows.entries()) {
    run.push('feed', row);
    const other = others[at];
    if (other !== undefined) run.push('other', other);
  }
  const whole = runPlan(two, (leaf) => ('name' in leaf && leaf.name === 'other' ? others : rows), clock);
  expect(run.finish()).toEqual(whole);
  expect(whole.length).toBe(4);
});

it('reads no more rows than a limit asks for', () => {
  let read = 0;
  function* endless(): Generator<Row> {
    for (;;) {
      read += 1;
      yield event(read);
    }
  }
  expect(runPlan({ kind: 'limit', count: 3, input: FEED }, endless, clock).length).toBe(3);
  expect(read).toBeLessThanOrEqual(4);
});
