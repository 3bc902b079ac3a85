import type { Rule } from '../../ir/rule/rule.ts';
import { isMeant, refTo } from '../../ir/rule/rule-ref.ts';

/**
 * The rules that run: those given, and those that they use, which give no matches of their own where they were not given. A
 * silent rule that nothing uses has nothing to do.
 */
export function withUsed(rules: readonly Rule[]): readonly Rule[] {
  const used = new Set(rules.flatMap(({ uses = [] }) => uses));
  const missing = [...used].filter((one) => !rules.some((rule) => isMeant(refTo(one), rule)));
  if (missing.length > 0) return withUsed([...rules, ...missing.map((rule): Rule => ({ ...rule, silent: true }))]);
  return rules.filter((rule) => rule.silent !== true || [...used].some((one) => isMeant(refTo(one), rule)));
}
