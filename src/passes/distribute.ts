import type { Plan } from '../ir/plan/plan.ts';
import { isRowLocal } from '../ir/plan/row-path.ts';
import { mapInputs } from '../ir/traverse.ts';

/**
 * Row-local operators over a union become a union of row-local pipelines: the same rows, decided one by one. Unions in unions
 * become one.
 */
export function distribute(plan: Plan): Plan {
  if (isRowLocal(plan)) {
    const input = distribute(plan.input);
    if (input.kind !== 'union') return { ...plan, input };
    return { kind: 'union', inputs: input.inputs.map((one) => distribute({ ...plan, input: one })) };
  }
  if (plan.kind !== 'union') return mapInputs(plan, distribute);
  const inputs = plan.inputs.map(distribute);
  return { kind: 'union', inputs: inputs.flatMap((one) => (one.kind === 'union' ? one.inputs : [one])) };
}
