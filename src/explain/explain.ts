import type { JsonObject } from '../base/json.ts';
import { pantherLogType, startPython } from '../detect/python-rules.ts';
import { type Explanation, explainPredicate } from '../engines/memory/explain.ts';
import { type Clock, compilePipeline, type Row, rowOf } from '../engines/memory/index.ts';
import { describe } from '../ir/describe.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan, Source } from '../ir/plan.ts';
import type { PlanLogic, PythonLogic, Rule } from '../ir/rule.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import { type TypingOptions, typingOf } from '../logs/typing.ts';
import type { Taken } from '../logs/undeclared/taken.ts';
import { bind } from '../passes/bind.ts';
import { split } from '../passes/split.ts';
import { fromEpochMs } from '../values/date-time.ts';
import type { DateTime } from '../values/value.ts';
import { explainCorrelation, feedNames } from './explain-correlation.ts';
import { traceExplanation } from './explain-trace.ts';

export interface ExplainOptions extends TypingOptions {
  readonly now?: DateTime;
}

/** Why a rule matches a record or not. The verdict is the engine's on that record alone. */
export async function explainRule(rule: Rule, event: JsonObject, options: ExplainOptions = {}): Promise<Explanation> {
  const { logic } = rule;
  switch (logic.kind) {
    case 'plan':
      return explainPlan(rule, logic, event, options);
    case 'python':
      return explainPython(rule, logic, event, options);
    case 'correlation':
      return { verdict: false, text: 'a correlation of matches of other rules', children: [], span: rule.span };
  }
}

/** Leaf by leaf. */
function explainPlan(rule: Rule, logic: PlanLogic, event: JsonObject, options: ExplainOptions): Explanation {
  const { type, shape } = typingOf(options, [rule])(event);
  const clock: Clock = { now: options.now ?? fromEpochMs(Date.now()) };
  const { feeds, rest } = split(logic.plan, logic.columns);
  const names = new Map(feedNames(rest));
  const parts = feeds.map((feed): Explanation => {
    const part = explainFeed(feed.plan, event, type, shape, clock);
    const name = names.get(feed.name);
    return name === undefined ? part : { verdict: part.verdict, text: `an event of ${name}`, children: [part] };
  });
  if (rest.kind === 'correlate') {
    const binding = bindingOf(type, shape);
    const rowsOf = (name: string): readonly Row[] =>
      feeds.flatMap((feed) =>
        feed.name === name ? (compilePipeline(bind(feed.plan, binding), clock)(rowOf(event)) ?? []) : [],
      );
    return { ...explainCorrelation(rest, parts, rowsOf, clock), span: rule.span };
  }
  const note = beyondTheRecord(rest);
  const [only] = parts;
  const verdict = parts.some((part) => part.verdict === true);
  if (parts.length === 1 && only !== undefined && note === undefined) return { ...only, verdict };
  return { verdict, text: note ?? 'any of', children: parts, span: rule.span };
}

function explainFeed(plan: Plan, event: JsonObject, type: LogType, shape: Shape, clock: Clock): Explanation {
  const written = chainOf(plan);
  const [source] = written;
  if (source?.kind !== 'source') return { verdict: false, text: 'reads no logs', children: [] };
  const bound = chainOf(bind(plan, bindingOf(type, shape)));
  if (bound[0]?.kind === 'never') {
    const what = source.table === undefined ? `${source.schema} rules` : `rules on ${source.table}`;
    return { verdict: false, text: `the record is ${type.name}, which has no view for ${what}`, children: [] };
  }
  const steps: Explanation[] = [];
  let row: Row | undefined = rowOf(event);
  // The view's condition and the rule's scope come first; the other operators stand one to one.
  const boundSource = bound.slice(0, bound.length - written.length + 1);
  for (const filter of boundSource) {
    if (filter.kind === 'where') steps.push(explainScope(source, filter.predicate, type, row, clock));
  }
  for (const [index, operator] of written.slice(1).entries()) {
    const boundOperator = bound[boundSource.length + index];
    if (row === undefined || boundOperator === undefined) break;
    if (operator.kind === 'where' && boundOperator.kind === 'where') {
      const explained = explainPredicate(operator.predicate, boundOperator.predicate, row, clock);
      // Filters after each other, and conditions joined by `and`, all must hold: one list says it.
      steps.push(...(operator.predicate.kind === 'and' ? explained.children : [explained]));
    } else {
      row = compilePipeline(cutOff(boundOperator), clock)(row);
    }
  }
  const verdict = compilePipeline(bind(plan, bindingOf(type, shape)), clock)(rowOf(event)) !== undefined;
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return { ...only, verdict };
  return { verdict, text: 'all of', children: steps };
}

/** Whether the record is what the rule looks at, told as one condition: the rule's log source, or the table. */
function explainScope(
  source: Source,
  bound: Parameters<typeof explainPredicate>[1],
  type: LogType,
  row: Row,
  clock: Clock,
): Explanation {
  const { verdict } = explainPredicate(bound, bound, row, clock);
  const wanted = [
    ...(source.table === undefined ? [] : [`a row of ${source.table}`]),
    ...(source.scope === null ? [] : [scopeWords(source.scope)]),
  ];
  const text = `the record (${type.name}) is what the rule is about: ${wanted.join(', ') || `events of ${source.schema}`}`;
  const taken = (type.undeclared?.taken ?? []).filter((one) => one.schema === source.schema);
  return { verdict, text, children: type.undeclared === undefined ? [] : takenWords(taken, verdict) };
}

/** What a record of an undeclared type was taken for: nothing else lets rules about a log source look at it. */
function takenWords(taken: readonly Taken[], verdict: Explanation['verdict']): readonly Explanation[] {
  if (taken.length === 0) {
    const text = 'nothing says what log source the record is of: --log-source, or `logSources` in dragoman.yaml, would';
    return [{ verdict, text, children: [] }];
  }
  const only = verdict === true ? '' : 'only ';
  return taken.map(({ as, by }) => ({ verdict, text: `it is taken ${only}as ${as}, by ${by}`, children: [] }));
}

function scopeWords(scope: Expr): string {
  switch (scope.kind) {
    case 'and':
      return scope.items.map(scopeWords).join(' and ');
    case 'or':
      return scope.items.map(scopeWords).join(' or ');
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'cond':
    case 'not':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'some':
      return describe(scope);
  }
}

/** The operators of a row-local pipeline, the source first. */
function chainOf(plan: Plan): readonly Plan[] {
  if (plan.kind === 'where' || plan.kind === 'extend' || plan.kind === 'project') return [...chainOf(plan.input), plan];
  return [plan];
}

/** An operator alone, over whatever row it is given. */
function cutOff(plan: Plan): Plan {
  if (plan.kind !== 'where' && plan.kind !== 'extend' && plan.kind !== 'project') return plan;
  return { ...plan, input: { kind: 'records', logType: '' } };
}

/** What a rule does with rows after each was decided by itself; undefined when that says nothing about one record. */
function beyondTheRecord(rest: Plan): string | undefined {
  switch (rest.kind) {
    case 'summarize':
      return 'a row that is counted together with others; the record takes part if any of';
    case 'order':
    case 'where':
    case 'extend':
    case 'project':
    case 'distinct':
    case 'limit':
      return beyondTheRecord(rest.input);
    case 'union':
      return rest.inputs.map(beyondTheRecord).find((note) => note !== undefined);
    case 'correlate':
      return 'a correlation of several records; the record takes part if any of';
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
      return undefined;
  }
}

/** What Python did: the lines that ran, the fields they read, what shared functions returned. */
async function explainPython(
  rule: Rule,
  logic: PythonLogic,
  event: JsonObject,
  options: ExplainOptions,
): Promise<Explanation> {
  const { type } = typingOf(options, [rule])(event);
  const name = pantherLogType(type, event);
  if (name === undefined || !logic.logTypes.includes(name)) {
    const found = name === undefined ? type.name : `${type.name} (${name})`;
    const text = `the record is ${found}; the rule is for ${logic.logTypes.join(', ')}`;
    return { verdict: false, text, children: [], span: rule.span };
  }
  const python = await startPython(options.now);
  try {
    return traceExplanation(rule, await python.trace(rule, event, name));
  } finally {
    await python.close();
  }
}
