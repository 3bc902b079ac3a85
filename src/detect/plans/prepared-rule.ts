import type { RowLimits } from '../../base/row-limits.ts';
import { Budget, type Failures, type KeptTogether } from '../../engines/memory/index.ts';
import { pipeline } from '../../engines/pipeline.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { PreparedPlan } from '../../passes/pipeline.ts';
import { untilTimeIsKnown } from '../../passes/split.ts';

/** A rule that is a plan, split into what is decided record by record and the rest. */
export interface PreparedRule {
  readonly rule: Rule;
  readonly parts: PreparedPlan;
  /** Whether each record is decided without asking what time it is. */
  readonly timeless: boolean;
  readonly budget: Budget;
}

/** Nothing where a rule is no plan. `together`: what it shares with the other rules of the run. */
export function preparedRule(
  rule: Rule,
  limits: RowLimits,
  failures: Failures | undefined,
  together: KeptTogether,
): readonly PreparedRule[] {
  const { logic } = rule;
  if (logic.kind !== 'plan') return [];
  const parts = pipeline.prepare(logic.plan, logic.columns, logic.shared);
  const timeless = !parts.feeds.some(({ plan }) => untilTimeIsKnown(plan).usesClock);
  return [{ rule, parts, timeless, budget: new Budget(limits, failures, together) }];
}
