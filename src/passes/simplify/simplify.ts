import { and, FALSE, TRUE } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import { mapKeyedInputs } from '../../ir/plan/keyed-inputs.ts';
import { mapExpressions } from '../../ir/plan/map-expressions.ts';
import type { Join, Plan } from '../../ir/plan/plan.ts';
import { inputs } from '../../ir/traverse.ts';
import { type EvaluateConstant, simplifyExpr } from './expressions.ts';
import { asFilter } from './logic.ts';

export type { EvaluateConstant };

/**
 * Folds what a view has decided: constants, conditions on constants, case transforms before a comparison. The verdict
 * stays the same for every record. A plan that can match nothing becomes `never`.
 */
export function simplify(plan: Plan, evaluate: EvaluateConstant): Plan {
  const plans = known.get(evaluate) ?? new WeakMap<Plan, Plan>();
  known.set(evaluate, plans);
  const found = plans.get(plan) ?? simplified(plan, evaluate);
  plans.set(plan, found);
  return found;
}

/** What was made of plans: bound rules share those of their sources. */
const known = new WeakMap<EvaluateConstant, WeakMap<Plan, Plan>>();

function simplified(plan: Plan, evaluate: EvaluateConstant): Plan {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
    case 'matches':
      return plan;
    case 'where': {
      const input = simplify(plan.input, evaluate);
      if (input.kind === 'never') return input;
      // Filters over filters are one filter, so that each sees what the others have decided.
      const inner = input.kind === 'where' ? [input.predicate] : [];
      const source = input.kind === 'where' ? input.input : input;
      const predicate = asFilter(simplifyExpr(and([...inner, plan.predicate]), evaluate));
      if (equal(predicate, FALSE)) return { kind: 'never' };
      return equal(predicate, TRUE) ? source : { kind: 'where', input: source, predicate };
    }
    case 'extend':
    case 'project':
    case 'unnest':
    case 'unpack':
    case 'scan':
    case 'window': {
      const input = simplify(plan.input, evaluate);
      if (input.kind === 'never') return input;
      return mapExpressions({ ...plan, input }, (expr) => simplifyExpr(expr, evaluate));
    }
    case 'summarize':
      return { ...plan, input: simplify(plan.input, evaluate) };
    case 'series': {
      const input = simplify(plan.input, evaluate);
      const needsRows = plan.whenEmpty === 'none' || plan.by.length > 0;
      return input.kind === 'never' && needsRows ? input : { ...plan, input };
    }
    case 'ask':
    case 'distinct':
    case 'order':
    case 'limit': {
      const input = simplify(plan.input, evaluate);
      return input.kind === 'never' ? input : { ...plan, input };
    }
    case 'apply': {
      const input = simplify(plan.input, evaluate);
      const body = simplify(plan.body, evaluate);
      return input.kind === 'never' || body.kind === 'never' ? { kind: 'never' } : { ...plan, input, body };
    }
    case 'join':
      return simplifyJoin(plan, evaluate);
    case 'union': {
      const inputs = plan.inputs.map((input) => simplify(input, evaluate)).filter((input) => input.kind !== 'never');
      const [only] = inputs;
      if (only === undefined) return { kind: 'never' };
      return inputs.length === 1 ? only : { kind: 'union', inputs };
    }
    case 'threshold':
    case 'first-seen': {
      const made = mapKeyedInputs(plan, (input) => ({ ...input, plan: simplify(input.plan, evaluate) }));
      return inputs(made).every((input) => input.kind === 'never') ? { kind: 'never' } : made;
    }
    case 'sequence': {
      const steps = plan.steps.map((step) => ({ ...step, plan: simplify(step.plan, evaluate) }));
      const lacks = steps.some((step) => step.count.atLeast > 0 && step.plan.kind === 'never');
      return lacks ? { kind: 'never' } : { ...plan, steps };
    }
  }
}

/** Without rows on a side there are no pairs. */
function simplifyJoin(plan: Join, evaluate: EvaluateConstant): Plan {
  const left = simplify(plan.left, evaluate);
  const right = simplify(plan.right, evaluate);
  const join = mapExpressions({ ...plan, left, right }, (expr) => simplifyExpr(expr, evaluate));
  const lacksLeft = left.kind === 'never';
  const lacksRight = right.kind === 'never';
  if (!lacksLeft && !lacksRight) return join;
  switch (plan.flavour) {
    case 'inner':
    case 'inner-unique':
    case 'left-semi':
    case 'right-semi':
    case 'cross':
      return { kind: 'never' };
    case 'left':
      return lacksLeft ? left : join;
    case 'right':
      return lacksRight ? right : join;
    case 'full':
      return lacksLeft && lacksRight ? left : join;
    case 'left-nest':
      return lacksLeft ? left : join;
    // Rows that are in no pair, as they are.
    case 'left-anti':
      return left;
    case 'right-anti':
      return right;
  }
}
