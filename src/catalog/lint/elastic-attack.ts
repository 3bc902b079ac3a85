import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { attackTechniques } from './sigma/attack-techniques.ts';

/** Techniques that ATT&CK does not have, or has no more. `source`: the rule's file. */
export function lintAttackIds(
  { format, techniques, span }: Rule,
  source: SourceText | undefined,
): readonly Diagnostic[] {
  if (format !== 'elastic') return [];
  return techniques.flatMap((id) => {
    if (attackTechniques.has(id.toLowerCase())) return [];
    const parent = id.slice(0, 5);
    const known = parent !== id && attackTechniques.has(parent.toLowerCase()) ? parent : '';
    const at = source?.text.indexOf(`"${id}"`, span.start) ?? -1;
    const place = source === undefined || at === -1 ? span : source.span(at, at + id.length + 2);
    return [diagnostic('elastic/attack-id', { id, parent: known }, place)];
  });
}
