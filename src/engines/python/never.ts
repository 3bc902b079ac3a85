import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { Never } from '../../languages/python/translate/index.ts';

/** That a rule matches nothing, and why. `records`: how many it was given in a run. */
export function neverDiagnostic(rule: Rule, { kind, text, module = '', span }: Never, records: number): Diagnostic {
  const at = span ?? rule.span;
  switch (kind) {
    case 'raises':
      return diagnostic('python/always-raises', { rule: rule.id, reason: text, records }, at);
    case 'false':
      return diagnostic('python/never-true', { rule: rule.id }, at);
    case 'import':
      return diagnostic('python/import', { rule: rule.id, module, reason: text }, at);
  }
}
