import type { Match } from '../../../index.ts';

/** What a match says: what the rule made up for it, else the rule's name. */
export function titleOf({ title, rule }: Match): string {
  return title ?? rule.name;
}
