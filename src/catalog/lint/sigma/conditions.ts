import { diagnostic } from '../../../base/diagnostic.ts';
import { type Condition, selected } from '../../../languages/sigma/index.ts';
import type { Check } from './document.ts';

type Selector = Condition & { readonly kind: 'selector' };

/** `1 of …`, `all of …`: what they stand for. */
export const checkSelectors: Check = (document, report) => {
  const names = [...document.detections.keys()];
  for (const selector of document.conditions.flatMap(selectorsOf)) {
    const { pattern, count, span } = selector;
    const fitting = selected(pattern, names);
    if (pattern === 'them') {
      if (count === 'all') report(diagnostic('sigma/all-of-them', {}, span));
      if (names.length === 1) {
        const fixes = [{ title: 'name the detection', edits: [{ span, text: names[0] ?? '' }] }];
        report(diagnostic('sigma/them-of-one', {}, span, { fixes }));
      }
    } else if (!pattern.endsWith('*')) {
      const fixes = fitting.length === 1 ? [{ title: 'name the detection', edits: [{ span, text: pattern }] }] : [];
      report(diagnostic('sigma/selector-without-asterisk', { pattern }, span, { fixes }));
    } else if (fitting.length === 1 && !/^(?:selection|filter)_.*_?\*$/.test(pattern)) {
      // Rules are written with room for a second `filter_main_*` to come.
      report(diagnostic('sigma/selector-of-one', { pattern }, span));
    }
  }
};

function selectorsOf(condition: Condition): readonly Selector[] {
  switch (condition.kind) {
    case 'reference':
      return [];
    case 'selector':
      return [condition];
    case 'not':
      return selectorsOf(condition.item);
    case 'and':
    case 'or':
      return condition.items.flatMap(selectorsOf);
  }
}
