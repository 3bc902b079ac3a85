import { alerts, type KnownRule } from './known-rule.ts';
import { explainError, lineOf, type RunLimits } from './report.ts';
import type { Answered } from './repository.ts';
import type { PythonTrace } from './result.ts';

/** Of a rule that did not run. */
export const NOT_TRACED: PythonTrace = {
  matched: false,
  output: undefined,
  returned: undefined,
  lines: [],
  reads: [],
  calls: [],
  outputs: undefined,
  diagnostics: [],
  truncated: false,
};

export function traceOf(each: KnownRule, answer: Answered<'trace'> | undefined, limits: RunLimits): PythonTrace {
  if (answer === undefined) return NOT_TRACED;
  if (!('found' in answer)) return { ...NOT_TRACED, diagnostics: [answer] };
  const { found } = answer;
  const { rule, logic } = each;
  const problems = [
    ...(found.error === undefined ? [] : [explainError(rule, logic, found.error, 'running', limits)]),
    ...found.problems.map((problem) => explainError(rule, logic, problem, 'output', limits)),
  ];
  const steps = found.steps.filter(([file, line], at) => {
    const before = found.steps[at - 1];
    return before === undefined || before[0] !== file || before[1] !== line;
  });
  return {
    matched: found.output !== undefined && alerts(logic, found.output),
    output: found.output,
    returned: found.returned === undefined ? undefined : lineOf(logic, logic.module.file, found.returned),
    lines: steps.map(([file, line]) => lineOf(logic, file, line)),
    reads: found.reads,
    calls: found.calls,
    outputs: found.outputs,
    diagnostics: problems,
    truncated: found.truncated,
  };
}
