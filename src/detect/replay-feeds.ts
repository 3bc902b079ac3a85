import { pipeline } from '../engines/pipeline.ts';
import { readsClock } from '../ir/clock.ts';
import type { Rule } from '../ir/rule.ts';
import { expressions, planNodes } from '../ir/traverse.ts';
import { untilTimeIsKnown } from '../passes/split.ts';

/** What is known of a rule by its plan. */
export interface RuleFeeds {
  /** Its row-local parts, without what asks what time it is. */
  readonly plans: readonly Rule['logic'][];
  readonly isRecordWise: boolean;
  readonly isTimeless: boolean;
}

export function feedsOf({ logic }: Rule): RuleFeeds {
  if (logic.kind !== 'plan') return { plans: [], isRecordWise: false, isTimeless: false };
  const { feeds, shared, rest } = pipeline.prepare(logic.plan, logic.columns, logic.shared);
  const parts = feeds.map(({ plan }) => untilTimeIsKnown(plan));
  const left = [...shared.map(({ plan }) => plan), rest].flatMap((plan) => [...planNodes(plan)]);
  const asksLater = left.some((node) => expressions(node).some(readsClock));
  return {
    plans: parts.map(({ early }) => ({ kind: 'plan', plan: early, columns: undefined })),
    isRecordWise: rest.kind === 'input',
    isTimeless: !asksLater && !parts.some(({ usesClock }) => usesClock),
  };
}

/** Rules that find the records which a rule's rows may be made of, at whatever time it runs. */
export function feedingRules(rule: Rule): Rule[] {
  const { alert: _alert, schedule: _schedule, excepted: _excepted, ...rest } = rule;
  return feedsOf(rule).plans.map((logic, index) => ({ ...rest, id: `${rule.id} (feed ${index})`, logic }));
}
