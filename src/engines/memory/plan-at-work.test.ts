import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clock } from '../../../test/properties/arbitrary-ir.ts';
import { arbitraryPlan } from '../../../test/properties/arbitrary-plan.ts';
import type { Plan } from '../../ir/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';
import { runPlan } from './plan.ts';
import { type PlanAtWork, planAtWork } from './plan-at-work.ts';
import type { Row } from './row.ts';

const INPUT: Plan = { kind: 'input', name: 'rows', columns: [] };
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
    fc.property(arbitraryPlan.map(overInput), rows, fc.nat(8), (plan, given, cut) => {
      let work = planAtWork(plan, clock);
      if (work === undefined) return;
      tried += 1;
      for (const [at, row] of given.entries()) {
        if (at === cut) work = resumed(plan, work, given);
        work.push(row);
      }
      expect(work.rows()).toEqual(runPlan(plan, () => given, clock));
    }),
    { numRuns: 2_000 },
  );
  expect(tried).toBeGreaterThan(0);
});
