import type { Diagnostic } from '../base/diagnostic.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import { pythonOf, type Rule } from '../ir/rule/rule.ts';
import type { RuleSet } from './load-rules.ts';

/**
 * The rule set with those Python rules made invalid whose modules cannot be loaded: loading a file alone does not start
 * Python. Does nothing, and starts nothing, where no rule is Python.
 */
export async function checkPython(loaded: RuleSet): Promise<RuleSet> {
  const rules = loaded.rules.filter((rule) => pythonOf(rule) !== undefined);
  if (rules.length === 0) return loaded;
  const { createPythonEngine, PythonStartError } = await import('../engines/python/index.ts');
  const engine = createPythonEngine();
  try {
    const found = await engine.check(rules);
    const outcomes = loaded.outcomes.map((outcome) => withPython(outcome, found));
    return { ...loaded, outcomes, rules: outcomes.flatMap(loadedRule) };
  } catch (failed) {
    if (!(failed instanceof PythonStartError)) throw failed;
    return { ...loaded, diagnostics: [...loaded.diagnostics, failed.diagnostic] };
  } finally {
    await engine.close();
  }
}

function withPython(outcome: LoadOutcome, found: readonly Diagnostic[]): LoadOutcome {
  if (outcome.status !== 'loaded') return outcome;
  const { rule } = outcome;
  const file = pythonOf(rule)?.module.file;
  if (file === undefined) return outcome;
  const own = found.filter((one) => isAbout(one, rule, file));
  if (!own.some((one) => one.severity === 'error')) return outcome;
  return { status: 'invalid', identity: rule, diagnostics: [...outcome.diagnostics, ...own] };
}

/** Two rules may share an id: then the place decides, where there is one. */
function isAbout(found: Diagnostic, rule: Rule, file: string): boolean {
  if (found.params['rule'] !== rule.id) return false;
  const source = found.labels.find((label) => label.primary)?.span.source;
  return source === undefined || source === file || source === rule.file || found.labels.length === 0;
}

function loadedRule(outcome: LoadOutcome): Rule[] {
  return outcome.status === 'loaded' ? [outcome.rule] : [];
}
