import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import { readYaml, type YamlNode } from '../source/yaml-source.ts';

/** The name under `detection` (`selection`, `filter_main`, …) that a place of a Sigma rule's file stands in; undefined for any other place. */
export function selectionName(file: SourceText, place: Span): string | undefined {
  const rule = readYaml(file).documents.find((document) => isIn(place, document));
  const detection = rule?.get('detection') ?? rule?.get('filter');
  const found = detection?.entries().find(({ value }) => isIn(place, value));
  return found === undefined || found.key === 'condition' ? undefined : found.key;
}

function isIn({ start, end }: Span, { span }: YamlNode): boolean {
  return start >= span.start && end <= span.end;
}
