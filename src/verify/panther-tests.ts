import { pantherRow, tellerOf } from '../alerts/alert-template.ts';
import { correlate, type Signal } from '../alerts/panther-correlation.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type Json, stringifyJson } from '../base/json.ts';
import { compilePredicate } from '../engines/memory/index.ts';
import type { PlanLogic, Rule, RuleTest, SignalCorrelation, TestExpectation } from '../ir/rule.ts';
import { fromEpochMs } from '../values/date-time.ts';

/** What became of one inline test. */
export interface InlineVerdict {
  readonly status: 'passed' | 'failed';
  readonly found: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs an inline test of a rule that is not Python: match expressions on its event, correlations on its signals. */
export function runInlineTest(rule: Rule, test: RuleTest): InlineVerdict {
  switch (rule.logic.kind) {
    case 'plan':
      return runSimple(rule, rule.logic, test);
    case 'correlation': {
      const found = rule.logic.correlations.some((part) => correlates(part, test));
      return verdict(rule, test, found, []);
    }
  }
}

/** Tests are about the rule's logic: whatever log type the event says it is of, as in Panther. */
function runSimple(rule: Rule, logic: PlanLogic, test: RuleTest): InlineVerdict {
  const { plan } = logic;
  if (plan.kind !== 'where') throw new Error(`rule ${rule.id} has no condition`);
  const row = pantherRow(test.event, undefined);
  const found = compilePredicate(plan.predicate, { now: fromEpochMs(0) })(row) === true;
  const told = tellerOf(rule)?.(row, undefined);
  const outputs: Partial<Record<TestExpectation['of'], Json>> = {
    ...told,
    severity: told?.severity === undefined ? null : (CAPITALS[told.severity] ?? null),
    description: rule.description,
    reference: rule.references[0] ?? '',
  };
  return verdict(rule, test, found, unmetExpectations(rule, test, outputs));
}

const CAPITALS: Readonly<Record<string, string>> = {
  informational: 'INFO',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
};

function verdict(rule: Rule, test: RuleTest, found: boolean, unmet: readonly Diagnostic[]): InlineVerdict {
  const params = { rule: rule.id, test: test.name, expected: test.expected, found };
  const wrong = found === test.expected ? [] : [diagnostic('panther/test-failed', params, test.span)];
  const diagnostics = [...wrong, ...unmet];
  return { status: diagnostics.length === 0 ? 'passed' : 'failed', found, diagnostics };
}

/** What a test expects of the alert and did not get. */
export function unmetExpectations(
  rule: Rule,
  test: RuleTest,
  outputs: Partial<Record<TestExpectation['of'], Json>>,
): Diagnostic[] {
  return (test.expects ?? []).flatMap(({ of, value, span }) => {
    const found = outputs[of] ?? null;
    const expected = of === 'severity' && typeof value === 'string' ? value.toUpperCase() : value;
    if (canonical(found) === canonical(expected)) return [];
    const said = { expected: stringifyJson(expected), found: stringifyJson(found) };
    const what = of === 'alertContext' ? 'alert context' : of;
    return [diagnostic('panther/test-expectation', { rule: rule.id, test: test.name, what, ...said }, span)];
  });
}

/** JSON text in which the order of keys plays no part. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return stringifyJson(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`);
  return `{${members.sort().join(',')}}`;
}

/** `RuleOutputs` as signals: what happened at one time to one member is one signal, whatever fields say so. */
function correlates(correlation: SignalCorrelation, test: RuleTest): boolean {
  const signals = new Map<string, Signal[]>();
  for (const { member, matches } of test.signals ?? []) {
    const byTime = new Map<number, Map<string, Set<string>>>();
    for (const { field, value, times } of matches) {
      for (const time of times) {
        const fields = byTime.get(time) ?? new Map<string, Set<string>>();
        byTime.set(time, fields);
        fields.set(field, (fields.get(field) ?? new Set<string>()).add(value));
      }
    }
    // An output without matches is one match of which nothing is said.
    const made: Signal[] = [...byTime].flatMap(([time, values]) =>
      repeated(matches, time).map(() => ({ time, values })),
    );
    const held = signals.get(member) ?? [];
    signals.set(member, [...held, ...(matches.length === 0 ? [{ time: 0, values: new Map() }] : made)]);
  }
  return correlate(correlation, signals, 'any-time').length > 0;
}

/** The same time given several times for one value is as many matches. */
function repeated(matches: NonNullable<RuleTest['signals']>[number]['matches'], time: number): readonly number[] {
  const most = Math.max(...matches.map(({ times }) => times.filter((one) => one === time).length));
  return Array.from({ length: most }, (_, index) => index);
}
