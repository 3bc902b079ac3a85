import type { Match } from '../../alerts/match.ts';
import { pipeline } from '../../engines/pipeline.ts';
import { readsClock } from '../../ir/clock.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { expressions, planNodes, sourceNodes } from '../../ir/traverse.ts';
import { untilTimeIsKnown } from '../../passes/split.ts';
import type { InputRecord } from '../session.ts';

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

/** A rule that finds the records which a rule's rows may be made of, at whatever time it runs. */
export interface FeedingRule {
  readonly rule: Rule;
  /** Whether every run sees its records, whenever they happened. */
  readonly isAlwaysSeen: boolean;
}

export function feedingRules(rule: Rule): readonly FeedingRule[] {
  const { alert: _alert, schedule: _schedule, excepted: _excepted, ...rest } = rule;
  return feedsOf(rule).plans.map((logic, index) => ({
    rule: { ...rest, id: `${rule.id} (feed ${index})`, logic },
    isAlwaysSeen: isAlwaysSeen(logic.plan),
  }));
}

/** Whether every run sees the records of a feed. */
export function isAlwaysSeen(feed: Plan): boolean {
  return sourceNodes(feed).some(({ seen }) => seen === 'always');
}

/** Whether a rule has records that every run sees. */
export function seesSomeAlways({ logic }: Rule): boolean {
  return plansOf(logic).some(isAlwaysSeen);
}

/** The matches of records that a run sees, where it was given others beside them. */
export function ofSeen(matches: readonly Match[], seen: readonly { readonly of: InputRecord }[]): readonly Match[] {
  const events = new Set(seen.map(({ of }) => of.event));
  return matches.filter(({ record }) => record === undefined || events.has(record.event));
}
