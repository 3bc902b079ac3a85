import { pipeline } from '../../engines/pipeline.ts';
import { rowPath } from '../../ir/plan/row-path.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { untilTimeIsKnown } from '../../passes/split.ts';

/** Rules that want every record that these may look at, and keep nothing: none of one that cannot be prepared, which is told of where it runs. */
export function witnessesOf(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap((rule) => {
    try {
      const { columns, plan, shared } = rule.logic;
      const { feeds } = pipeline.prepare(plan, columns, shared);
      return feeds.flatMap(({ plan: feed }): Rule | [] => {
        if (rowPath(feed).below.kind !== 'source') return [];
        return {
          ...rule,
          silent: true,
          uses: [],
          logic: { kind: 'plan', plan: untilTimeIsKnown(feed).early, columns: undefined },
        };
      });
    } catch {
      return [];
    }
  });
}
