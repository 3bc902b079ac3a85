import { contentHash } from '../ir/content-hash.ts';
import type { Rule } from '../ir/rule/rule.ts';

const known = new WeakMap<Rule, string>();

/** A text that two versions of a rule share exactly when they find and tell the same: whatever else its file says has no say. */
export function ruleFingerprint(rule: Rule): string {
  const found = known.get(rule);
  if (found !== undefined) return found;
  // A rule that uses itself is known by its id there.
  known.set(rule, rule.id);
  const { format, id, logic, alert, excepted, schedule, uses = [] } = rule;
  const made = contentHash([format, id, logic, alert, excepted, schedule, uses.map(ruleFingerprint)]);
  known.set(rule, made);
  return made;
}
