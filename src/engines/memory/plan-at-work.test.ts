import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clock, NAMES } from '../../../test/properties/arbitrary-ir.ts';
import { arbitraryPlan } from '../../../test/properties/arbitrary-plan.ts';
import type { ColumnType, Plan } from '../../ir/plan.ts';
import { mapInputs } from '../../ir/traverse.ts';
import { bindRows } from '../../passes/bind.ts';
import { runPlan } from './plan.ts';
import { planAtWork } from './plan-at-work.ts';
import type { Row } from './row.ts';

const columns = NAMES.map((name): ColumnType => ({ name, type: 'dynamic' }));
const INPUT: Plan = { kind: 'input', name: 'rows', columns };
const value = fc.oneof(fc.constantFrom('x', 'y', null, 1, 2), fc.boolean());
const rows = fc.array(
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), value).map(
    (columns): Row => ({
      event: undefined,
      columns: new Map(Object.entries(columns)),
    }),
  ),
  { maxLength: 8 },
);

function overInput(plan: Plan): Plan {
  return plan.kind === 'source' ? INPUT : mapInputs(plan, overInput);
}

it('gives the rows that the plan gives of all of them at once', () => {
  let tried = 0;
  fc.assert(
    fc.property(
      arbitraryPlan.map((plan) => bindRows(overInput(plan))),
      rows,
      (plan, given) => {
        const work = planAtWork(plan, clock);
        if (work === undefined) return;
        tried += 1;
        for (const row of given) work.push(row);
        expect(work.rows()).toEqual(runPlan(plan, () => given, clock));
      },
    ),
    { numRuns: 2_000 },
  );
  expect(tried).toBeGreaterThan(0);
});
