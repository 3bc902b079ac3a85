import type { RuleIdentity, RuleLabels } from './rule.ts';

/** What a rule says of itself, without all else that it is. */
export function labelsOf({ severity, tags, techniques, tactics, status, authors }: RuleLabels): RuleLabels {
  return {
    severity,
    tags,
    techniques,
    tactics,
    ...(status !== undefined && { status }),
    ...(authors !== undefined && { authors }),
  };
}

/** The identity of a rule that does not load, and still says what it is. */
export function labelled(identity: RuleIdentity, labels: RuleLabels): RuleIdentity {
  return { ...identity, labels: labelsOf(labels) };
}
