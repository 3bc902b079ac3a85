import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clock, NAMES } from '../../../test/properties/arbitrary-ir.ts';
import { arbitraryPlan } from '../../../test/properties/arbitrary-plan.ts';
import type { ColumnType, Plan } from '../../ir/plan/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';
import { bindRows } from '../../passes/bind.ts';
import { DateTime, type Value } from '../../values/value.ts';
import { runPlan } from './plan.ts';
import { type PlanAtWork, planAtWork } from './plan-at-work.ts';
import type { Row } from './row.ts';

const columns = NAMES.map((name): ColumnType => ({ name, type: 'dynamic' }));
const INPUT: Plan = { kind: 'input', name: 'rows', columns };
const COUNT = { names: ['n'], fn: 'count', args: [], fill: { kind: 'literal', type: 'long', value: '0' } } as const;
const SECONDS = { kind: 'literal', type: 'timespan', value: '20000000' } as const;
const value = fc.oneof(fc.constantFrom('x', 'y', null, 1, 2), fc.boolean());
const rows = fc
  .array(fc.tuple(fc.dictionary(fc.constantFrom('a', 'b', 'c'), value), fc.boolean()), { maxLength: 8 })
  .map((all) =>
    all.map(
      ([columns, isRecord], order): Row => ({
        event: isRecord ? columns : undefined,
        columns: new Map(Object.entries(columns)),
        ...(isRecord && { id: { order, place: { file: 'f', line: order + 1 } } }),
      }),
    ),
  );

function overInput(plan: Plan): Plan {
  return plan.kind === 'source' ? INPUT : mapInputs(plan, overInput);
}

/** Another one that has taken what one kept, as text. */
function resumed(plan: Plan, work: PlanAtWork, given: readonly Row[]): PlanAtWork {
  const again = planAtWork(plan, clock);
  if (again === undefined) throw new Error('the same plan is no plan at work');
  const known = new Map([...work.references()].map(({ order }) => [order, given[order]?.event]));
  const stored = JSON.stringify(work.snapshot());
  again.restore(JSON.parse(stored), ({ order }) => known.get(order));
  expect(JSON.stringify(again.snapshot())).toBe(stored);
  return again;
}

it('gives the rows that the plan gives of all of them at once, also where another goes on with what it kept', () => {
  let tried = 0;
  fc.assert(
    fc.property(
      arbitraryPlan.map((plan) => bindRows(overInput(plan))),
      rows,
      fc.nat(8),
      (plan, given, cut) => {
        let work = planAtWork(plan, clock);
        if (work === undefined) return;
        tried += 1;
        for (const [at, row] of given.entries()) {
          if (at === cut) work = resumed(plan, work, given);
          work.push(row);
        }
        expect(work.rows()).toEqual(runPlan(plan, () => given, clock));
      },
    ),
    { numRuns: 2_000 },
  );
  expect(tried).toBeGreaterThan(0);
});

it('a series goes on along an axis that only its rows have named', () => {
  const at = (seconds: number): Value => new DateTime(BigInt(seconds) * 10_000_000n);
  const axis = { name: 'axis', expr: { kind: 'column', name: 't' }, from: null, to: null, step: SECONDS } as const;
  const plan: Plan = { kind: 'series', input: INPUT, axis, by: [], aggregates: [COUNT], whenEmpty: 'none' };
  const work = planAtWork(plan, clock);
  if (work === undefined) throw new Error('a series takes its rows as they come');
  for (const seconds of [1, 5]) work.push({ event: undefined, columns: new Map([['t', at(seconds)]]) });
  const [row] = resumed(plan, work, []).rows();
  expect(row?.columns.get('axis')).toEqual([at(0), at(2), at(4)]);
  expect(row?.columns.get('n')).toEqual([1n, 0n, 1n]);
});
