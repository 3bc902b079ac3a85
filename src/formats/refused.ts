import type { Diagnostic } from '../base/diagnostic.ts';
import type { RuleIdentity } from '../ir/rule/rule.ts';
import type { LoadOutcome } from './rule-file.ts';

/** The outcome of a rule that does not run: invalid where anything is wrong with it, unsupported where it only asks for what is not there yet. */
export function refused(identity: RuleIdentity, diagnostics: readonly Diagnostic[]): LoadOutcome {
  const isWrong = diagnostics.some((found) => isError(found) && !found.code.startsWith('unsupported/'));
  return { status: isWrong ? 'invalid' : 'unsupported', identity, diagnostics };
}

export function isError(found: Diagnostic): boolean {
  return found.severity === 'error';
}
