import { type Diagnostic, diagnostic, type Fix } from '../../base/diagnostic.ts';
import { type RuleMapping, readFilter, type ValueTree } from '../../languages/sigma/index.ts';
import type { FilterLink, LogSourceNames } from './link.ts';

/** Reads a document with a `filter` map. Undefined when something in it is wrong, which was reported. */
export function readFilterRule(
  tree: ValueTree,
  title: string,
  mapping: RuleMapping | undefined,
  report: (found: Diagnostic) => void,
): FilterLink | undefined {
  const filter = tree.get('filter');
  if (filter === undefined) return undefined;
  const definition = readFilter(filter, report, mapping);
  const logsource = tree.get('logsource');
  if (logsource === undefined) report(diagnostic('input/missing-key', { key: 'logsource' }, filter.span));
  else if (logsource.kind !== 'map') {
    const params = { key: 'logsource', expected: 'a map', found: logsource.kindInWords };
    report(diagnostic('input/wrong-type', params, logsource.span));
    return undefined;
  }
  if (definition === undefined || logsource === undefined) return undefined;
  return {
    kind: 'filter',
    title,
    logsource: logSourceNames(tree),
    definition,
    negate: negations(definition.condition),
  };
}

/** What a document's `logsource` names. */
export function logSourceNames(tree: ValueTree): LogSourceNames {
  const logsource = tree.get('logsource');
  const found: Record<string, string> = {};
  for (const key of ['product', 'category', 'service']) {
    const value = logsource?.get(key)?.scalar();
    if (typeof value === 'string') found[key] = value;
  }
  return found;
}

function negations(condition: ValueTree | undefined): readonly Fix[] {
  const text = condition?.text();
  if (text === undefined) return [];
  const written = text.text.trim();
  const start = text.text.indexOf(written);
  const simple = /^[^\s()]+$/.test(written);
  const edits = simple
    ? [{ span: text.span(start, start), text: 'not ' }]
    : [
        { span: text.span(start, start), text: 'not (' },
        { span: text.span(start + written.length, start + written.length), text: ')' },
      ];
  return [{ title: 'leave out what the condition selects', edits }];
}
