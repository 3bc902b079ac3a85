import { diagnostic } from '../../../base/diagnostic.ts';
import { type DetectionItem, parseSigmaString } from '../../../languages/sigma/index.ts';
import { type Check, hasModifier } from './document.ts';

/** Modifiers that do not go together. */
export const checkModifiers: Check = (document, report) => {
  for (const item of document.items) {
    const field = item.field ?? 'keywords';
    const place = (name: string) => item.modifiers.find((use) => use.name === name)?.span ?? item.keySpan;
    if (isAllOfWholes(item)) report(diagnostic('sigma/all-without-contains', { field }, place('all')));
    if (hasModifier(item, 'base64offset') && !hasModifier(item, 'contains') && item.field !== null) {
      report(diagnostic('sigma/offset-without-contains', { field }, place('base64offset')));
    }
    if (hasModifier(item, 'windash') && hasModifier(item, 'all')) {
      report(diagnostic('sigma/windash-with-all', { field }, place('windash')));
    }
    const seen = new Set<string>();
    for (const { name, span } of item.modifiers) {
      // Base64 of Base64 is a thing that malware does.
      if (seen.has(name) && name !== 'base64') report(diagnostic('sigma/repeated-modifier', { modifier: name }, span));
      seen.add(name);
    }
  }
};

/** `all` over several values, each of which is the whole of the field. */
function isAllOfWholes(item: DetectionItem): boolean {
  if (item.field === null || !hasModifier(item, 'all') || item.values.length < 2) return false;
  if (hasModifier(item, 'contains', 're', 'cidr', 'startswith', 'endswith', 'neq')) return false;
  return !item.values.some((value) => {
    const text = value.scalar();
    return typeof text === 'string' && parseSigmaString(text).some((part) => 'any' in part);
  });
}
