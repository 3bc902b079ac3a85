import { createRuleSession } from '../detect/rule-session.ts';
import { type Clock, type Row, runQuery } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import type { Matches, Plan } from '../ir/plan/plan.ts';
import { matchesLeaf, usedRules } from '../ir/plan/uses.ts';
import { pythonOf, type Rule } from '../ir/rule/rule.ts';
import { isMeant } from '../ir/rule/rule-ref.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { PreparedPlan } from '../passes/pipeline.ts';
import type { BoundFeeds } from './bound-feeds.ts';
import type { ExplainedEvent } from './explained-event.ts';

/** An event as the feeds of rules see it. */
export interface Typed {
  readonly type: LogType;
  readonly shape: Shape;
  /** Its id's order is its place among the events. */
  readonly row: Row;
}

/** Which events are there, by their places. */
export type Present = (order: number) => boolean;

/** The matches of rules that others use more than once. */
type Known = Map<Rule, Map<Matches['which'], readonly Row[]>>;

/**
 * The rows that rules give over some of the events, by the memory engine: what is left when an event is not there tells what it
 * takes part in. Rules that use others see the matches of those.
 */
export class RuleRows {
  private readonly events: readonly Typed[];
  private readonly clock: Clock;
  /** What Python lets pass, by rule. */
  private readonly decided: ReadonlyMap<Rule, readonly Row[]>;
  private readonly prepared = new Map<Rule, PreparedPlan>();
  private readonly bound: BoundFeeds;
  /** What a pipeline over records gives for each of the events: the same whichever others are there. */
  private readonly given = new Map<Plan, readonly (readonly Row[])[]>();

  private constructor(
    events: readonly Typed[],
    bound: BoundFeeds,
    clock: Clock,
    decided: ReadonlyMap<Rule, readonly Row[]>,
  ) {
    this.events = events;
    this.bound = bound;
    this.clock = clock;
    this.decided = decided;
  }

  /** Python decides events one by one: it is asked once. */
  static async of(
    rule: Rule,
    given: readonly ExplainedEvent[],
    events: readonly Typed[],
    bound: BoundFeeds,
    clock: Clock,
  ): Promise<RuleRows> {
    const decided = new Map<Rule, readonly Row[]>();
    for (const used of usedRules(rule)) {
      if (pythonOf(used) !== undefined) decided.set(used, await decidedRows(used, given, events, clock));
    }
    return new RuleRows(events, bound, clock, decided);
  }

  /** The rows of a rule's feeds over the events that are there. */
  feeds(rule: Rule, isPresent: Present, known: Known = new Map()): ReadonlyMap<string, readonly Row[]> {
    const { feeds } = this.prepare(rule);
    return new Map(feeds.map(({ name, plan }) => [name, this.feed(rule, plan, isPresent, known)]));
  }

  prepare(rule: Rule): PreparedPlan {
    const known = this.prepared.get(rule);
    if (known !== undefined) return known;
    const made = pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared);
    this.prepared.set(rule, made);
    return made;
  }

  private feed(rule: Rule, plan: Plan, isPresent: Present, known: Known): Row[] {
    const leaf = matchesLeaf(plan);
    if (leaf === undefined) return this.rowsOfEach(plan).flatMap((rows, order) => (isPresent(order) ? rows : []));
    return this.heard(rule, leaf, isPresent, known).flatMap((row) => {
      const event = row.id && this.events[row.id.order];
      return event === undefined ? [] : this.through(plan, event, { ...row, event: event.row.event });
    });
  }

  private rowsOfEach(plan: Plan): readonly (readonly Row[])[] {
    const known = this.given.get(plan);
    if (known !== undefined) return known;
    const made = this.events.map((event) => this.through(plan, event, event.row));
    this.given.set(plan, made);
    return made;
  }

  private through(plan: Plan, { type, shape }: Typed, row: Row): readonly Row[] {
    return this.bound.of(plan, type, shape).through(row);
  }

  /** The matches of the rules that a leaf means. */
  private heard(rule: Rule, leaf: Matches, isPresent: Present, known: Known): Row[] {
    const meant = (rule.uses ?? []).filter((used) => isMeant(leaf.rule, used));
    return meant.flatMap((used) => this.matches(used, leaf.which, isPresent, known));
  }

  private matches(rule: Rule, which: Matches['which'], isPresent: Present, known: Known): readonly Row[] {
    const decided = this.decided.get(rule);
    if (decided !== undefined) return decided.filter(({ id }) => id !== undefined && isPresent(id.order));
    const byWhich = known.get(rule) ?? new Map<Matches['which'], readonly Row[]>();
    known.set(rule, byWhich);
    const found = byWhich.get(which);
    if (found !== undefined) return found;
    const rows = this.feeds(rule, isPresent, known);
    const { shared, rest } = this.prepare(rule);
    const result = which === 'all' ? everyWindow(rest) : rest;
    const made = runQuery(
      { shared, result },
      (leaf) => (leaf.kind === 'input' ? (rows.get(leaf.name) ?? []) : []),
      this.clock,
    );
    byWhich.set(which, made);
    return made;
  }
}

/** A threshold that tells every window that holds. */
function everyWindow(rest: Plan): Plan {
  return rest.kind === 'threshold' ? { ...rest, emit: { ...rest.emit, how: 'each' } } : rest;
}

async function decidedRows(
  rule: Rule,
  given: readonly ExplainedEvent[],
  events: readonly Typed[],
  clock: Clock,
): Promise<readonly Row[]> {
  const session = createRuleSession([rule], { now: clock.now });
  try {
    const records = given.map(({ event, source }, order) => {
      const typed = events[order];
      return { event, source, ...(typed && { as: { type: typed.type, shape: typed.shape } }) };
    });
    const matches = [...(await session.process(records)), ...(await session.advance('end'))];
    return matches.flatMap(({ record, alertContext }) => {
      const event = events.find(({ row }) => row.event === record?.event);
      return event === undefined ? [] : [{ ...event.row, columns: new Map([['p_alert_context', alertContext]]) }];
    });
  } finally {
    await session.close();
  }
}
