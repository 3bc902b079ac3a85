import { diagnostic } from '../../base/diagnostic.ts';
import { type Json, stringifyJson } from '../../base/json.ts';
import type { RuleTest } from '../../ir/rule/rule.ts';
import { alerts, type KnownRule } from './known-rule.ts';
import { explainError, lineOf, lineSpan, type RunLimits } from './report.ts';
import type { Answered, RuleJob } from './repository.ts';
import type { TestResult } from './result.ts';

/** One test of one rule. */
export interface PlannedTest extends RuleJob<'test'> {
  readonly test: RuleTest;
  /** Whether the rule's filter lets the event in. */
  readonly passes: boolean;
}

export function planTest(each: KnownRule, test: RuleTest, coverage: boolean): PlannedTest {
  const { event, mocks, expected } = test;
  const spec = stringifyJson({ event, mocks: mocks as unknown as Json, expected, coverage });
  return {
    each,
    test,
    job: { method: 'test', args: [String(each.index), spec] },
    passes: each.filter?.(event, undefined) !== false,
  };
}

/**
 * Panther's rule for tests: one that expects an alert passes when the rule alerts and no other function fails; one
 * that expects none passes when the output is the expected one.
 */
export function judgeTest(planned: PlannedTest, answered: Answered<'test'> | undefined, limits: RunLimits): TestResult {
  const { each, test, passes } = planned;
  const { rule, logic } = each;
  // An event that the rule's filter keeps out does not match, whatever the rule would say.
  const answer = each.broken ?? (passes ? answered : { found: { output: false, problems: [] } });
  if (answer === undefined || !('found' in answer)) {
    const diagnostics = answer === undefined ? [] : [answer];
    return { rule, test, status: 'failed', diagnostics, output: undefined, outputs: undefined };
  }
  const { found } = answer;
  const diagnostics = [
    ...(found.error === undefined ? [] : [explainError(rule, logic, found.error, 'running', limits)]),
    ...found.problems.map((problem) => explainError(rule, logic, problem, 'output', limits)),
  ];
  const { output, outputs } = found;
  const returned = found.returned === undefined ? undefined : lineOf(logic, logic.module.file, found.returned);
  const right = output === test.expected;
  const passed = right && (!alerts(logic, test.expected) || found.problems.length === 0);
  if (!right) {
    const params = {
      rule: rule.id,
      test: test.name,
      expected: test.expected,
      found: output === undefined ? 'an error' : String(output),
    };
    const place = returned && lineSpan([logic.module], returned.file, returned.line);
    const context = place === undefined ? [] : [{ span: place, text: `returned ${output} here` }];
    diagnostics.unshift(diagnostic('python/test-failed', params, test.span, { context }));
  }
  const status = passed ? 'passed' : 'failed';
  return { rule, test, status, diagnostics, output, outputs, ...(returned !== undefined && { returned }) };
}
