import type { Rule } from '../rule/rule.ts';
import type { Matches, Plan } from './plan.ts';

/** The leaf of a row-local pipeline over the matches of another rule. */
export function matchesLeaf(plan: Plan): Matches | undefined {
  if (plan.kind === 'where' || plan.kind === 'extend' || plan.kind === 'project') return matchesLeaf(plan.input);
  return plan.kind === 'matches' ? plan : undefined;
}

/** A rule and all that it uses, each once. */
export function usedRules(rule: Rule): ReadonlySet<Rule> {
  const found = new Set<Rule>();
  const add = (one: Rule): void => {
    if (found.has(one)) return;
    found.add(one);
    one.uses?.forEach(add);
  };
  add(rule);
  return found;
}
