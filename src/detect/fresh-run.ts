import type { Rule } from '../ir/rule/rule.ts';
import type { AlertSessionOptions } from './alerts/alert-session.ts';
import { createRuleSession } from './rule-session.ts';
import { ofSeen } from './schedule/replay-feeds.ts';
import type { RunOfRule } from './schedule/rule-replay.ts';
import type { InputRecord } from './session.ts';

/**
 * How a rule finds its matches in runs of which each begins with nothing, as in the rule's own product. `always`: the records that every
 * run sees beside its own.
 */
export function freshRuns(
  rule: Rule,
  always: ReadonlySet<InputRecord>,
  options: AlertSessionOptions,
): RunOfRule<InputRecord> {
  return async (seen, now) => {
    const session = createRuleSession([rule], { ...options, engine: 'memory', now, stats: false });
    try {
      const records = new Set([...always, ...seen.map(({ of }) => of)]);
      const found = [...(await session.process([...records])), ...(await session.advance('end'))];
      return always.size === 0 ? found : ofSeen(found, seen);
    } finally {
      await session.close();
    }
  };
}
