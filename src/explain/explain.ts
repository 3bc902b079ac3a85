import type { Diagnostic } from '../base/diagnostic.ts';
import { ROW_LIMITS, type RowLimits } from '../base/row-limits.ts';
import { RuleFaults } from '../detect/plans/rule-faults.ts';
import { pantherLogType } from '../detect/python/panther-log-type.ts';
import { startPython } from '../detect/python/python-rules.ts';
import { createRuleSession } from '../detect/rule-session.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import { Budget, type Clock, type Row, rowOf, withBudget } from '../engines/memory/index.ts';
import { readsClock } from '../ir/clock.ts';
import { isRowLocal } from '../ir/plan/row-path.ts';
import { matchesLeaf, usedRules } from '../ir/plan/uses.ts';
import type { PythonProgram } from '../ir/rule/python.ts';
import { plansOf, pythonOf, type Rule } from '../ir/rule/rule.ts';
import { isMeant } from '../ir/rule/rule-ref.ts';
import { expressions, planNodes } from '../ir/traverse.ts';
import type { RecordSource } from '../logs/record.ts';
import { schemaEvent } from '../logs/schema-event.ts';
import { type TypingOptions, typingOf } from '../logs/typing.ts';
import type { PreparedPlan } from '../passes/pipeline.ts';
import type { DateTime } from '../values/value.ts';
import { BoundFeeds } from './bound-feeds.ts';
import { explainFeed } from './explain-feed.ts';
import { feedNames, standingOf } from './explain-group.ts';
import { withThreshold } from './explain-threshold.ts';
import { traceExplanation } from './explain-trace.ts';
import type { ExplainedEvent } from './explained-event.ts';
import { RuleRows, type Typed } from './rule-rows.ts';

export type { ExplainedEvent } from './explained-event.ts';

export interface ExplainOptions extends TypingOptions {
  /** The time that rules take for now; without it, the time of the last event, as in a run over the same events. */
  readonly now?: DateTime;
  /** What a rule over many rows may take, and how long it may take to explain a rule. */
  readonly rowLimits?: RowLimits;
  /** Those of the events that are asked about; without it, all are. What the others do to a rule over many records counts all the same. */
  readonly only?: ReadonlySet<ExplainedEvent>;
  /** Told of what goes wrong in the rule, as in a run. */
  readonly onFault?: (found: Diagnostic) => void;
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
  const { only, ...others } = options;
  if (only !== undefined) {
    const asked = events.filter((event) => only.has(event));
    if (decidesAlone(rule)) return explainRule(rule, asked, others);
    const all = await explainRule(rule, events, others);
    return all.filter((_, at) => events[at] !== undefined && only.has(events[at]));
  }
  const faults = new RuleFaults();
  const ran = pythonOf(rule) === undefined ? await runOver(rule, events, options) : undefined;
  const told = ran?.faults ?? [];
  const explain = async (): Promise<readonly Explanation[]> => {
    const own = await explained(rule, events, { ...options, ...(ran && { now: ran.now }) }, new Map());
    if (rule.silent === true) return own.map((explanation) => unheard(rule, explanation));
    return withThreshold(rule, events, own, options);
  };
  const found = told.length > 0 ? [] : await faults.guardAll(rule, [], explain);
  const [fault, ...more] = [...told, ...faults.diagnostics()];
  if (fault === undefined) return found;
  for (const one of [fault, ...more]) options.onFault?.(one);
  return events.map(({ source }) => {
    const text = fault.message;
    const verdict = ran?.matched.has(source) === true;
    return { verdict, text: verdict ? `matches; not on every record: ${text}` : text, children: [], span: rule.span };
  });
}

/** Whether a record's verdict depends on no other record, nor on the time of the last one. */
function decidesAlone(rule: Rule): boolean {
  if (rule.alert?.threshold !== undefined || pythonOf(rule) !== undefined) return false;
  const nodes = plansOf(rule.logic).flatMap((plan) => [...planNodes(plan)]);
  return nodes.every((node) => (isRowLocal(node) || node.kind === 'source') && !expressions(node).some(readsClock));
}

/** What a run over the events takes for now, and what goes wrong in it. */
interface Ran {
  readonly now: DateTime;
  readonly faults: readonly Diagnostic[];
  /** Where the records stand that match. */
  readonly matched: ReadonlySet<RecordSource>;
}

async function runOver(rule: Rule, events: readonly ExplainedEvent[], options: ExplainOptions): Promise<Ran> {
  const session = createRuleSession([rule], { ...options, engine: 'memory' });
  try {
    const found = [...(await session.process(events)), ...(await session.advance('end'))];
    return {
      now: session.now,
      faults: session.diagnostics.filter(({ code, severity }) => code.startsWith('run/') && severity === 'error'),
      matched: new Set(found.flatMap(({ record }) => record?.source ?? [])),
    };
  } finally {
    await session.close();
  }
}

/** A rule that others use may give no matches of its own. */
function unheard(rule: Rule, own: Explanation): Explanation {
  if (own.verdict !== true) return own;
  const text = 'the rule only serves others that use it, and gives no matches of its own';
  const silent: Explanation = { verdict: false, text, children: [], span: rule.span };
  return {
    verdict: false,
    text: 'all of: the logic of the rule, and that it is heard',
    children: [own, silent],
    span: rule.span,
  };
}

/** Explanations of rules that others may use more than once. */
type Known = Map<Rule, Promise<readonly Explanation[]>>;

function explained(
  rule: Rule,
  events: readonly ExplainedEvent[],
  options: ExplainOptions,
  known: Known,
): Promise<readonly Explanation[]> {
  const found = known.get(rule) ?? explainLogic(rule, events, options, known);
  known.set(rule, found);
  return found;
}

async function explainLogic(
  rule: Rule,
  events: readonly ExplainedEvent[],
  options: ExplainOptions,
  known: Known,
): Promise<readonly Explanation[]> {
  const program = pythonOf(rule);
  if (program !== undefined) return explainPython(rule, program, events, options);
  return explainPlan(rule, events, options, known);
}

/** Leaf by leaf, and beyond the event where rows are judged together. */
async function explainPlan(
  rule: Rule,
  events: readonly ExplainedEvent[],
  options: ExplainOptions,
  known: Known,
): Promise<readonly Explanation[]> {
  const now = options.now ?? (await runOver(rule, events, options)).now;
  // A rule's rows are made again for each event: they are not counted here.
  const budget = new Budget({ ...ROW_LIMITS, ...options.rowLimits, rows: Number.POSITIVE_INFINITY });
  const clock: Clock = withBudget({ now }, budget);
  const typeOf = typingOf(options, [...usedRules(rule)]);
  const typed = events.map(({ event, source, as }, order): Typed => {
    const { type, shape } = as ?? typeOf(event);
    return { type, shape, row: { ...rowOf(event), id: { order, place: source } } };
  });
  const bound = new BoundFeeds(clock);
  const rows = await RuleRows.of(rule, events, typed, bound, clock);
  const { feeds, shared, rest } = rows.prepare(rule);
  const names = new Map(feedNames(rest));
  const used = new Map<string, readonly Explanation[]>();
  for (const { name, plan } of feeds) {
    const leaf = matchesLeaf(plan);
    const meant = leaf && rule.uses?.find((one) => isMeant(leaf.rule, one));
    if (meant !== undefined) used.set(name, await explained(meant, events, { ...options, now: clock.now }, known));
  }
  // What rules use may come to very much more than there are rules.
  const isWide = waysIn(rule, new Map()) > MOST_WAYS;
  const whole = rest.kind === 'input' ? new Map<string, Row[]>() : rows.feeds(rule, () => true);
  return typed.map(({ type, shape }, order): Explanation => {
    const { event = {} } = events[order] ?? {};
    const parts = feeds.map((feed): Explanation => {
      const whole = bound.of(feed.plan, type, shape);
      const part = used.get(feed.name)?.[order] ?? explainFeed(feed.plan, whole, event, type, clock);
      const name = names.get(feed.name);
      if (name === undefined) return part;
      const children = [isWide ? { ...part, children: [] } : part];
      return { verdict: part.verdict, text: `an event of ${name}`, children };
    });
    if (rest.kind === 'input') {
      const [only] = parts;
      return only ?? { verdict: false, text: 'reads no logs', children: [], span: rule.span };
    }
    const takesPart = parts.some((part) => part.verdict === true);
    const own: Explanation = anyOf(takesPart, parts);
    const without = (): ReadonlyMap<string, readonly Row[]> => rows.feeds(rule, (other) => other !== order);
    const standing = takesPart ? standingOf({ shared, result: rest }, { whole, without }, order, clock) : undefined;
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

/** Of how many rules in rules an explanation is told in full. */
const MOST_WAYS = 200;

/** How often rules that use others come to one that uses none. */
function waysIn(rule: Rule, known: Map<Rule, number>): number {
  const found = known.get(rule);
  if (found !== undefined) return found;
  const ways = (rule.uses ?? []).reduce((sum, used) => sum + waysIn(used, known), 0);
  known.set(rule, Math.max(1, ways));
  return Math.max(1, ways);
}

function anyOf(verdict: boolean, parts: readonly Explanation[]): Explanation {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { verdict, text: 'any of', children: parts };
}

function isUnion(rest: PreparedPlan['rest']): boolean {
  return rest.kind === 'input' || (rest.kind === 'union' && rest.inputs.every(isUnion));
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
    const name = pantherLogType(type, shape, event, program.logTypes);
    return { event: schemaEvent('panther', type, shape.name, event), type, name };
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
