import { type Diagnostic, diagnostic, primarySpan } from '../../base/diagnostic.ts';
import { neverDiagnostic } from '../../engines/python/never.ts';
import { tierOf } from '../../engines/python/tiers.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import { unknownAttributes } from '../../languages/python/translate/index.ts';

/** A Python rule that asks events for what they have not, raises on every one, or matches none. */
export function lintPython(rule: Rule): readonly Diagnostic[] {
  const program = pythonOf(rule);
  if (program === undefined || program.kindOfRule === 'policy') return [];
  const found = unknownAttributes(program.module).map(({ name, near, span }) =>
    diagnostic('python/unknown-attribute', { rule: rule.id, name, near }, span),
  );
  const never = tierOf(rule)?.never;
  if (never === undefined) return found;
  const said = neverDiagnostic(rule, never, 0);
  const place = primarySpan(said)?.start;
  return found.some((one) => primarySpan(one)?.start === place) ? found : [...found, said];
}
