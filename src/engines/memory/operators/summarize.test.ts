import { expect, it } from 'vitest';
import { raw } from '../../../ir/construct.ts';
import type { Aggregate, Plan, Summarize } from '../../../ir/plan/plan.ts';
import { fromEpochMs } from '../../../values/date-time.ts';
import { type Row, rowOf, runPlan } from '../index.ts';
import { Summarizing } from './summarize.ts';

const clock = { now: fromEpochMs(0) };
const FEED: Plan = { kind: 'input', name: 'feed', columns: [] };

const each = (fn: Aggregate['fn'], ...args: string[]): Aggregate => ({
  names: [fn],
  fn,
  args: args.map((name) => raw(name)),
});

/** Everything that keeps state: what stands for each group must not grow with its rows. */
const plan: Summarize = {
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
    const summary = new Summarizing(plan, clock);
    for (let at = 0; at < rows; at += 1) summary.push(event(at));
    return reachable(summary);
  });
  expect(sizes[1]).toBe(sizes[0]);
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
