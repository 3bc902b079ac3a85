import type { JsonObject } from '../base/json.ts';
import { createEngine } from '../detect/engine.ts';
import { pantherLogType, startPython } from '../detect/python-rules.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import { type Clock, compilePipeline, type Row, rowOf } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import type { PythonProgram } from '../ir/python.ts';
import { type PlanLogic, pythonOf, type Rule } from '../ir/rule.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { RecordSource } from '../logs/record.ts';
import { schemaEvent } from '../logs/schema-event.ts';
import { type TypingOptions, typingOf } from '../logs/typing.ts';
import type { DateTime } from '../values/value.ts';
import { explainFeed } from './explain-feed.ts';
import { feedNames, standingOf } from './explain-group.ts';
import { traceExplanation } from './explain-trace.ts';

export interface ExplainOptions extends TypingOptions {
  /** The time that rules take for now; without it, the time of the last event, as in a run over the same events. */
  readonly now?: DateTime;
}

/** An event, and where it was read. */
export interface ExplainedEvent {
  readonly event: JsonObject;
  readonly source: RecordSource;
}

/**
 * Why a rule matches each of some events or does not, one explanation an event. The verdict is that of a run of the rule over
 * all of them: true where the event is a match, or takes part in one that is made of several.
 */
export async function explainRule(
  rule: Rule,
  events: readonly ExplainedEvent[],
  options: ExplainOptions = {},
): Promise<readonly Explanation[]> {
  const { logic } = rule;
  const program = pythonOf(rule);
  if (program !== undefined) return explainPython(rule, program, events, options);
  switch (logic.kind) {
    case 'plan':
      return explainPlan(rule, logic, events, options);
    case 'correlation':
      return events.map(() => ({
        verdict: false,
        text: 'a correlation of matches of other rules',
        children: [],
        span: rule.span,
      }));
  }
}

/** An event as the rule's feeds see it. */
interface Typed {
  readonly event: JsonObject;
  readonly type: LogType;
  readonly shape: Shape;
  readonly row: Row;
}

/** Leaf by leaf, and beyond the event where rows are judged together. */
async function explainPlan(
  rule: Rule,
  logic: PlanLogic,
  events: readonly ExplainedEvent[],
  options: ExplainOptions,
): Promise<readonly Explanation[]> {
  const clock: Clock = { now: await timeOf(rule, events, options) };
  const { feeds, rest } = pipeline.prepare(logic.plan, logic.columns);
  const names = new Map(feedNames(rest));
  const typeOf = typingOf(options, [rule]);
  const typed = events.map(({ event, source }, order): Typed => {
    const { type, shape } = typeOf(event);
    const record = { event, logType: type.name, shape: shape.name, source };
    return { event, type, shape, row: { ...rowOf(event), origin: { record, order }, id: { order, place: source } } };
  });
  const rowsByFeed = new Map<string, Row[]>();
  if (rest.kind !== 'input') {
    for (const { name, plan } of feeds)
      rowsByFeed.set(
        name,
        typed.flatMap((one) => through(plan, one, clock)),
      );
  }
  return typed.map((one, order): Explanation => {
    const parts = feeds.map((feed): Explanation => {
      const part = explainFeed(feed.plan, one.event, one.type, one.shape, clock);
      const name = names.get(feed.name);
      return name === undefined ? part : { verdict: part.verdict, text: `an event of ${name}`, children: [part] };
    });
    if (rest.kind === 'input') {
      const [only] = parts;
      return only ?? { verdict: false, text: 'reads no logs', children: [], span: rule.span };
    }
    const takesPart = parts.some((part) => part.verdict === true);
    const own: Explanation = anyOf(takesPart, parts);
    const standing = takesPart ? standingOf(rest, rowsByFeed, order, clock) : undefined;
    // A union of filters asks nothing of rows together.
    if (standing !== undefined && standing.steps.length === 0)
      return { ...own, verdict: standing.matches, span: rule.span };
    if (standing === undefined && isUnion(rest)) return { ...own, span: rule.span };
    return {
      verdict: standing?.matches ?? false,
      text: 'several records together: all of',
      children: [{ ...own, text: `the record takes part: ${own.text}` }, ...(standing?.steps ?? [])],
      span: rule.span,
    };
  });
}

function anyOf(verdict: boolean, parts: readonly Explanation[]): Explanation {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { verdict, text: 'any of', children: parts };
}

function isUnion(rest: PreparedRest): boolean {
  return rest.kind === 'input' || (rest.kind === 'union' && rest.inputs.every(isUnion));
}

type PreparedRest = ReturnType<typeof pipeline.prepare>['rest'];

function through(feed: PreparedRest, { type, shape, row }: Typed, clock: Clock): readonly Row[] {
  return compilePipeline(pipeline.residual(feed, bindingOf(type, shape)), clock)(row);
}

/** What a run over the events takes for now. */
async function timeOf(rule: Rule, events: readonly ExplainedEvent[], options: ExplainOptions): Promise<DateTime> {
  const engine = createEngine([rule], { ...options, engine: 'memory' });
  try {
    await engine.process(events);
    return engine.now;
  } finally {
    await engine.close();
  }
}

/** What Python did: the lines that ran, the fields they read, what shared functions returned. */
async function explainPython(
  rule: Rule,
  program: PythonProgram,
  events: readonly ExplainedEvent[],
  options: ExplainOptions,
): Promise<readonly Explanation[]> {
  const typeOf = typingOf(options, [rule]);
  const asked = events.map(({ event }) => {
    const { type, shape } = typeOf(event);
    return { event: schemaEvent('panther', type, shape.name, event), type, name: pantherLogType(type, event) };
  });
  const isFor = (name: string | undefined): name is string => name !== undefined && program.logTypes.includes(name);
  const python = asked.some(({ name }) => isFor(name)) ? await startPython(options.now) : undefined;
  try {
    const explained: Explanation[] = [];
    for (const { event, type, name } of asked) {
      if (python !== undefined && isFor(name)) {
        explained.push(traceExplanation(rule, await python.trace(rule, event, name)));
      } else {
        const found = name === undefined ? type.name : `${type.name} (${name})`;
        const text = `the record is ${found}; the rule is for ${program.logTypes.join(', ')}`;
        explained.push({ verdict: false, text, children: [], span: rule.span });
      }
    }
    return explained;
  } finally {
    await python?.close();
  }
}
