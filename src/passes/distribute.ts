import type { Plan } from '../ir/plan.ts';
import { mapInputs } from '../ir/traverse.ts';

/**
 * Row-local operators over a union become a union of row-local pipelines: the same rows, decided one by one. Unions in unions
 * become one.
 */
export function distribute(plan: Plan): Plan {
  switch (plan.kind) {
    case 'where':
    case 'extend':
    case 'project':
    case 'ask': {
      const input = distribute(plan.input);
      if (input.kind !== 'union') return { ...plan, input };
      return { kind: 'union', inputs: input.inputs.map((one) => distribute({ ...plan, input: one })) };
    }
    case 'union': {
      const inputs = plan.inputs.map(distribute);
      return { kind: 'union', inputs: inputs.flatMap((one) => (one.kind === 'union' ? one.inputs : [one])) };
    }
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'summarize':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'correlate':
    case 'matches':
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return mapInputs(plan, distribute);
  }
}
