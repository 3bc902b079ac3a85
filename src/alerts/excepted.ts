import type { Rule } from '../ir/rule/rule.ts';

/**
 * Rules that find what the exceptions of others keep out, each with the rule that it counts for. They run beside those, and
 * their matches are counted only.
 */
export function exceptedRules(rules: readonly Rule[]): ReadonlyMap<Rule, Rule> {
  return new Map(
    rules.flatMap((rule): [Rule, Rule][] => {
      const { excepted: plan, alert: _alert, excepted: _excepted, ...rest } = rule;
      if (plan === undefined || rule.silent === true) return [];
      const counting: Rule = {
        ...rest,
        id: `${rule.id} (excepted)`,
        logic: { kind: 'plan', plan, columns: undefined },
      };
      return [[counting, rule]];
    }),
  );
}
