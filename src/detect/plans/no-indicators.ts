import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { describe } from '../../ir/print/describe.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { sourceNodes } from '../../ir/traverse.ts';

/** Says that the indices of a rule's indicators have no row, though there are events that it would compare with them. */
export function noIndicators(rule: Rule): readonly Diagnostic[] {
  const [source] = plansOf(rule.logic)
    .flatMap(sourceNodes)
    .filter(({ seen }) => seen === 'always');
  if (source === undefined) return [];
  const where = source.scope === null ? 'of any index' : describe(source.scope);
  return [diagnostic('elastic/no-indicators', { rule: rule.name, where }, rule.span)];
}
