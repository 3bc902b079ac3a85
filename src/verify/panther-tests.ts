import { tellerOf } from '../alerts/alert-template.ts';
import type { Match } from '../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type Json, type JsonObject, stringifyJson } from '../base/json.ts';
import { createRuleSession } from '../detect/rule-session.ts';
import { compileOperator, type Row, rowOf } from '../engines/memory/index.ts';
import type { Expr } from '../ir/expr.ts';
import { mapExpressions } from '../ir/plan/map-expressions.ts';
import type { Plan, Sequence } from '../ir/plan/plan.ts';
import {
  type PlanLogic,
  pythonOf,
  type Rule,
  type RuleTest,
  type TestExpectation,
  type TestSignals,
} from '../ir/rule/rule.ts';
import { planNodes, rewrite } from '../ir/traverse.ts';
import { pantherType, recognise } from '../logs/registry.ts';
import { schemaEvent } from '../logs/schema-event.ts';
import { fromEpochMs } from '../values/date-time.ts';
import type { Value } from '../values/value.ts';

/** What became of one inline test. */
export interface InlineVerdict {
  readonly status: 'passed' | 'failed';
  readonly found: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Runs an inline test of a rule that is not Python: match expressions on its event, correlations on its signals. */
export async function runInlineTest(rule: Rule, test: RuleTest): Promise<InlineVerdict> {
  if (test.signals === undefined) return runSimple(rule, rule.logic, test);
  return verdict(rule, test, correlates(rule, test.signals), []);
}

/** A Python rule with the events of its tests as a run gives them: tests of Windows events may be in any of their forms. */
export function withGivenEvents(rule: Rule): Rule {
  const program = pythonOf(rule);
  if (program?.kindOfRule !== 'rule') return rule;
  const given = ({ event }: RuleTest): JsonObject => {
    const own = event['p_log_type'];
    const names = typeof own === 'string' ? [own] : program.logTypes;
    const known = names.flatMap((name) => pantherType(name, event) ?? [])[0];
    return known === undefined ? event : schemaEvent('panther', known.type, known.shape.name, event);
  };
  return { ...rule, tests: rule.tests.map((test) => ({ ...test, event: given(test) })) };
}

/**
 * As a run would over a log of that one event. Where it does not say its log type: of those of the rule's that know its shape,
 * or else of any of the rule's.
 */
async function runSimple(rule: Rule, { plan }: PlanLogic, test: RuleTest): Promise<InlineVerdict> {
  const wanted = logTypesOf(plan);
  const own = test.event['p_log_type'];
  const known = wanted.filter((name) => pantherType(name, test.event) !== undefined);
  const names = typeof own === 'string' && own !== '' ? [own] : known.length > 0 ? known : wanted;
  const events = names.map((name) => ({ ...test.event, p_log_type: name }));
  const matches = await matchesOf(rule, events);
  const [match] = matches;
  const [event = test.event] = events;
  const told = match ?? toldOf(rule, event);
  const outputs: Partial<Record<TestExpectation['of'], Json>> = {
    ...(told.title !== undefined && { title: told.title }),
    ...(told.dedup !== undefined && { dedup: told.dedup }),
    ...(told.alertContext !== undefined && { alertContext: told.alertContext }),
    severity: told.severity === undefined ? null : (CAPITALS[told.severity] ?? null),
    description: rule.description,
    reference: rule.references[0] ?? '',
  };
  const found = matches.length > 0;
  const isOther = typeof own === 'string' && own !== '' && !wanted.includes(own);
  const hint = `the event says that it is ${own}; the rule is for ${wanted.join(', ')}`;
  return verdict(rule, test, found, unmetExpectations(rule, test, outputs), isOther ? [hint] : []);
}

async function matchesOf(rule: Rule, events: readonly JsonObject[]): Promise<readonly Match[]> {
  const session = createRuleSession([rule]);
  try {
    const records = events.map((event, at) => ({ event, source: { file: '<test>', line: at + 1 } }));
    return [...(await session.process(records)), ...(await session.advance('end'))];
  } finally {
    await session.close();
  }
}

/** What the rule would say of an event that it does not match. */
function toldOf(rule: Rule, event: JsonObject): Partial<Match> {
  return tellerOf(rule)?.(rowOf(event), recognise(event)) ?? {};
}

/** The log types that a rule of match expressions is for. */
function logTypesOf(plan: Plan): readonly string[] {
  for (const node of planNodes(plan)) {
    if (node.kind !== 'source' || node.scope?.kind !== 'match') continue;
    const { pattern } = node.scope;
    if (pattern.kind === 'equals') return [String(pattern.value)];
    if (pattern.kind === 'one-of') return pattern.values.map(String);
  }
  return [];
}

const CAPITALS: Readonly<Record<string, string>> = {
  informational: 'INFO',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
};

function verdict(
  rule: Rule,
  test: RuleTest,
  found: boolean,
  unmet: readonly Diagnostic[],
  hints: readonly string[] = [],
): InlineVerdict {
  const params = { rule: rule.id, test: test.name, expected: test.expected, found };
  const wrong = found === test.expected ? [] : [diagnostic('panther/test-failed', params, test.span, { hints })];
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

/** Whether a correlation matches the signals of a test, each of which has the fields that are said of it. */
function correlates({ logic }: Rule, signals: readonly TestSignals[]): boolean {
  const parts = logic.plan.kind === 'union' ? logic.plan.inputs : [logic.plan];
  return parts.some((plan, part) => {
    const own = signals.filter((one) => one.part === part);
    return [...planNodes(plan)].some((node) => node.kind === 'sequence' && holds(node, own));
  });
}

function holds(sequence: Sequence, signals: readonly TestSignals[]): boolean {
  // No view is asked: what a test says of a signal are its columns.
  const said = (expr: Expr): Expr =>
    rewrite(expr, (node) => (node.kind === 'field' ? { kind: 'column', name: node.name } : node));
  const given = mapExpressions(sequence, said);
  if (given.kind !== 'sequence') throw new Error('a sequence stays one');
  const operator = compileOperator(given, { now: fromEpochMs(0) });
  for (const { step, matches } of signals) operator.push(step, signalRows(matches));
  return operator.advance('end').length > 0;
}

/** What happened at one time is one signal, whatever fields say so; an output without matches is one of which nothing is said. */
function signalRows(matches: TestSignals['matches']): readonly Row[] {
  if (matches.length === 0) return [{ event: undefined, columns: new Map(), at: fromEpochMs(0).ticks }];
  const byTime = new Map<number, Map<string, Set<string>>>();
  for (const { field, value, times } of matches) {
    for (const time of times) {
      const fields = byTime.get(time) ?? new Map<string, Set<string>>();
      byTime.set(time, fields);
      fields.set(field, (fields.get(field) ?? new Set<string>()).add(value));
    }
  }
  return [...byTime].flatMap(([time, fields]) => {
    const columns = new Map([...fields].map(([field, values]): [string, Value] => [field, [...values]]));
    return repeated(matches, time).map((): Row => ({ event: undefined, columns, at: fromEpochMs(time).ticks }));
  });
}

/** The same time given several times for one value is as many matches. */
function repeated(matches: TestSignals['matches'], time: number): readonly number[] {
  const most = Math.max(...matches.map(({ times }) => times.filter((one) => one === time).length));
  return Array.from({ length: most }, (_, index) => index);
}
