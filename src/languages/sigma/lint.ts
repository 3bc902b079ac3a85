import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Condition, Detection, DetectionItem, ValueTree } from './ast.ts';
import { selected } from './lower.ts';
import type { RuleLogic } from './rule-logic.ts';
import { parseSigmaString } from './sigma-string.ts';

/** What is suspicious in a rule's `detection` map, though it runs. */
export function lintRuleLogic(tree: ValueTree, logic: RuleLogic): Diagnostic[] {
  const found = [...unusedDetections(tree, logic)];
  for (const detection of logic.detections.values()) lintDetection(detection, found);
  const timeframe = tree.get('timeframe');
  if (timeframe !== undefined && logic.aggregation === undefined)
    found.push(diagnostic('sigma/unused-timeframe', {}, timeframe.span));
  return found;
}

function unusedDetections(tree: ValueTree, logic: RuleLogic): Diagnostic[] {
  const used = new Set<string>();
  const names = [...logic.detections.keys()];
  const visit = (condition: Condition): void => {
    switch (condition.kind) {
      case 'reference':
        used.add(condition.name);
        return;
      case 'selector':
        for (const name of selected(condition.pattern, names)) used.add(name);
        return;
      case 'not':
        visit(condition.item);
        return;
      case 'and':
      case 'or':
        condition.items.forEach(visit);
    }
  };
  logic.conditions.forEach(visit);
  if (logic.aggregation?.aggregation.kind === 'near') visit(logic.aggregation.aggregation.expression);
  return tree
    .entries()
    .filter((entry) => logic.detections.has(entry.key) && !used.has(entry.key))
    .map((entry) => diagnostic('sigma/unused-detection', { name: entry.key }, entry.keySpan));
}

function lintDetection(detection: Detection, found: Diagnostic[]): void {
  if (detection.kind !== 'item') {
    for (const item of detection.items) lintDetection(item, found);
    return;
  }
  const all = detection.modifiers.find((use) => use.name === 'all');
  if (all !== undefined && detection.values.length === 1) found.push(diagnostic('sigma/all-of-one', {}, all.span));
  found.push(...redundantWildcards(detection));
}

/** Which ends of a value a modifier opens. */
const OPENS: Readonly<Record<string, { readonly start: boolean; readonly end: boolean }>> = {
  contains: { start: true, end: true },
  startswith: { start: false, end: true },
  endswith: { start: true, end: false },
};

function redundantWildcards(item: DetectionItem): Diagnostic[] {
  const use = item.modifiers.find((one) => Object.hasOwn(OPENS, one.name));
  const opens = use && OPENS[use.name];
  if (use === undefined || opens === undefined || item.modifiers.some((one) => one.name === 're')) return [];
  return item.values.flatMap((value) => {
    const source = value.scalar();
    if (typeof source !== 'string') return [];
    const parts = parseSigmaString(source);
    const many = (index: number): boolean => {
      const part = parts.at(index);
      return parts.length > 1 && part !== undefined && 'any' in part && part.any === 'many';
    };
    const [first, last] = [opens.start && many(0), opens.end && many(-1)];
    if (!first && !last) return [];
    const text = value.text();
    const place = text?.span(first ? 0 : source.length - 1, first ? 1 : source.length);
    const edits = [
      ...(first && text ? [{ span: text.span(0, 1), text: '' }] : []),
      ...(last && text ? [{ span: text.span(source.length - 1, source.length), text: '' }] : []),
    ];
    const fixes = [{ title: 'remove the `*`', edits }];
    return [diagnostic('sigma/redundant-wildcard', { modifier: use.name }, place ?? value.span, { fixes })];
  });
}
