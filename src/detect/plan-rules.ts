import { tellerOf } from '../alerts/alert-template.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { JsonObject } from '../base/json.ts';
import {
  type Clock,
  compilePipeline,
  type Limits,
  type PlanAtWork,
  planAtWork,
  type Row,
  type RowStep,
  rowOf,
  runQuery,
} from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import { narrowing } from '../engines/python/tiers.ts';
import {
  compileProgram,
  Matcher,
  type RuleWork,
  recordFilter,
  ruleWork,
  type Program as StreamProgram,
} from '../engines/stream/index.ts';
import { ofLogTypes } from '../ir/ask.ts';
import { readsClock } from '../ir/clock.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan.ts';
import type { PythonProgram } from '../ir/python.ts';
import { rowPath } from '../ir/row-path.ts';
import { plansOf, type Rule } from '../ir/rule.ts';
import { expressions, planNodes, sourceNodes } from '../ir/traverse.ts';
import { matchesLeaf } from '../ir/uses.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import type { Binding } from '../passes/bind.ts';
import type { PreparedPlan } from '../passes/pipeline.ts';
import { untilTimeIsKnown } from '../passes/split.ts';
import type { Value } from '../values/value.ts';
import { RuleOperators, type Seen } from './rule-operators.ts';
import type { RuleRow } from './rule-row.ts';
import type { RuleStats } from './rule-stats.ts';
import { addWork, timed } from './rule-work.ts';
import type { SessionOptions } from './session.ts';

/** A row that waits for the end of the run: for others of its kind, or for the time of the run. */
interface WaitingRow {
  readonly row: Row;
  readonly record: LogRecord;
  /** What is still to do to it; it needs the clock. */
  readonly late: Plan | undefined;
}

interface PlanRule {
  readonly rule: Rule;
  readonly parts: PreparedPlan;
  /** Whether a row is a match as soon as it comes out of its feed. */
  readonly immediate: boolean;
  readonly waiting: Map<string, WaitingRow[]>;
  /** What is left beyond the feeds, where it can take rows as they come and need not keep them. */
  readonly work: PlanAtWork | undefined;
  /** Whether `RuleOperators` runs what is left beyond the feeds. */
  readonly isOperator: boolean;
  /** Whether other rules hear of its matches. */
  readonly isHeard: boolean;
}

/** One feed of one rule. */
interface Feed {
  readonly of: PlanRule;
  readonly name: string;
  readonly plan: Plan;
  readonly program: PythonProgram | undefined;
}

/** A feed, bound to a log type in a shape and compiled. */
interface Step {
  readonly feed: Feed;
  readonly run: RowStep;
  readonly late: Plan | undefined;
  /** True of every record that `run` lets pass; `whole`: and `run` does nothing else. */
  readonly filter: Expr;
  readonly whole: boolean;
}

/** All feeds of all rules for one log type in one shape. */
interface Program {
  readonly steps: readonly Step[];
  /** Tells which steps a record may pass; without it, every step is tried. */
  readonly stream: { readonly program: StreamProgram; readonly matcher: () => Matcher } | undefined;
  readonly work: RuleWork | undefined;
  /** Rules about the log source that can match none of its records. */
  readonly dead: readonly PlanRule[];
}

export interface PlanRulesOptions {
  readonly engine?: SessionOptions['engine'];
  /** What a rule over time may remember. */
  readonly limits?: Limits;
  /** Whether Python is asked of every record of its log types, whatever is known without it. */
  readonly strictErrors?: boolean;
  /** Whether to keep count of what each rule costs. */
  readonly stats?: boolean;
}

const TIMELESS: Clock = {
  get now(): never {
    throw new Error('a filter that reads the clock ran before the time of the run was known');
  },
};

/**
 * Runs all rules that are plans. Records are decided as they come; what needs rows together, or the time of a run whose
 * time is its last event, waits for the end.
 */
export class PlanRules {
  private readonly rules: readonly PlanRule[];
  private readonly now: Clock | undefined;
  private readonly feeds: readonly Feed[];
  private readonly operators: RuleOperators;
  /** What is known of records whose matches other rules may hear of. */
  private readonly seen = new WeakMap<LogRecord, Seen>();
  /** By what a type's records are found by, not by its name: names come out of logs, and many may have the same views. */
  private readonly programs = new Map<Shape, Map<LogType['views'], Program>>();
  private readonly options: PlanRulesOptions;

  /** The records of rows that may come out in the end as what they came in as. */
  private readonly recordOf = new WeakMap<JsonObject, LogRecord>();
  private order = 0;

  /** `rules`: with those that they use. `now`: the time of the run, or undefined when it is to be the time of the last event. */
  constructor(rules: readonly Rule[], now: Clock | undefined, options: PlanRulesOptions = {}) {
    this.now = now;
    this.options = options;
    const prepared = rules.flatMap((rule) =>
      rule.logic.kind === 'plan'
        ? [{ rule, parts: pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared) }]
        : [],
    );
    // A feed that reads the clock is decided at the end; so are all rows that meet its rows.
    const timeless = prepared.filter(({ parts }) => !parts.feeds.some((feed) => untilTimeIsKnown(feed.plan).usesClock));
    this.operators = new RuleOperators(timeless, TIMELESS, options.limits);
    this.rules = prepared.map(({ rule, parts }) => ({
      rule,
      parts,
      immediate: parts.rest.kind === 'input',
      waiting: new Map(),
      work: this.operators.takes(rule) ? undefined : workOf(parts, now),
      isOperator: this.operators.takes(rule),
      isHeard: this.operators.isHeard(rule),
    }));
    for (const { rule, parts, isOperator } of this.rules) {
      if (isOperator || !parts.feeds.some(({ plan }) => matchesLeaf(plan) !== undefined)) continue;
      throw new Error(`rule ${rule.id} is over the matches of others and keeps nothing over time`);
    }
    this.feeds = this.rules.flatMap((of) =>
      of.parts.feeds.flatMap(({ name, plan, program }) =>
        matchesLeaf(plan) === undefined ? [{ of, name, plan, program }] : [],
      ),
    );
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** Whether any rule reads the clock. */
  get needsTime(): boolean {
    return this.rules.some(({ parts }) => parts.feeds.some((feed) => untilTimeIsKnown(feed.plan).usesClock));
  }

  /** The rules about the log source of a log type in a shape: those that can match some record, and those that cannot. */
  judged(type: LogType, shape: Shape): { readonly alive: readonly Rule[]; readonly dead: readonly Rule[] } {
    const { steps, dead } = this.program(type, shape);
    return { alive: steps.map(({ feed }) => feed.of.rule), dead: dead.map(({ rule }) => rule) };
  }

  /**
   * How many rules look at records of a log type in a shape: those about their log source, and those about whatever there is.
   * `never`: rules that are about it and match nothing at all.
   */
  rulesFor(
    type: LogType,
    shape: Shape,
    never: ReadonlySet<Rule>,
  ): { readonly rules: number; readonly general: number } {
    const { steps, dead } = this.program(type, shape);
    const reached = new Set([...steps.map(({ feed }) => feed.of), ...dead.filter(({ rule }) => never.has(rule))]);
    let rules = 0;
    let general = 0;
    for (const one of this.rules) {
      const sources = plansOf(one.rule.logic).flatMap(sourceNodes);
      // Of what is over the matches of others, those are reached or not.
      if (sources.length === 0 ? one.isOperator : !reached.has(one)) continue;
      if (sources.every(({ scope, table }) => scope === null && table === undefined)) general += 1;
      else rules += 1;
    }
    return { rules, general };
  }

  /** What a scanner of lines needs for one log type in one shape. */
  streamProgram(type: LogType, shape: Shape): StreamProgram {
    const { stream } = this.program(type, shape);
    if (stream === undefined) throw new Error('the memory engine has no program of its own');
    return stream.program;
  }

  /** `scanned`: the rules of the stream program that the record is known to match. */
  process(record: LogRecord, type: LogType, shape: Shape, scanned?: readonly number[]): RuleRow[] {
    const seen: Seen = { record, id: { order: this.order, place: record.source }, type, shape };
    this.order += 1;
    const found: RuleRow[] = [];
    const { steps, stream, work } = this.program(type, shape);
    if (stream === undefined) {
      const start = startOf(seen);
      for (const [at, step] of steps.entries()) {
        const rows = work === undefined ? step.run(start) : timed(work, at, () => step.run(start));
        for (const row of rows) this.take(step, row, seen, found);
      }
      return found;
    }
    const passed = scanned ?? stream.matcher().match(record.event);
    for (const at of passed) this.pass(steps[at], seen, found);
    return found;
  }

  /** A match of a rule that Python has decided, with what it says of it; other rules may hear of it. */
  decided(rule: Rule, record: LogRecord, columns: ReadonlyMap<string, Value>): void {
    const seen = this.seen.get(record);
    if (seen !== undefined) this.operators.hear(rule, { seen, columns });
  }

  /** A record that passes the filter of a step. */
  private pass(step: Step | undefined, seen: Seen, found: RuleRow[]): void {
    if (step === undefined) return;
    const { of } = step.feed;
    // The record itself is the match: it need not even have been parsed.
    if (step.whole && of.immediate && step.late === undefined) {
      this.give(of, undefined, seen, step.feed.program !== undefined, found);
      return;
    }
    const start = startOf(seen);
    for (const row of step.whole ? [start] : step.run(start)) this.take(step, row, seen, found);
  }

  /** A match, or a row that Python has to decide. */
  private give(of: PlanRule, row: Row | undefined, seen: Seen, asks: boolean, found: RuleRow[]): void {
    const { rule } = of;
    if (of.isHeard) {
      this.seen.set(seen.record, seen);
      if (!asks) this.operators.hear(rule, { seen, columns: heardColumns(rule, row, seen) });
    }
    if (asks) found.push({ rule, row: undefined, record: seen.record, asks });
    else if (rule.silent !== true) found.push({ rule, row, record: seen.record });
  }

  private take({ feed: { of, name: feed, program }, late }: Step, row: Row, seen: Seen, found: RuleRow[]): void {
    const { record } = seen;
    if (program !== undefined) {
      this.give(of, undefined, seen, true, found);
    } else if (of.isOperator && late === undefined) {
      this.operators.push(of.rule, feed, row, seen);
    } else if (of.immediate && late === undefined) {
      this.give(of, row, seen, false, found);
    } else if (of.work !== undefined && late === undefined) {
      if (row.event !== undefined) this.recordOf.set(row.event, record);
      if (of.isHeard) this.seen.set(record, seen);
      of.work.push(row);
    } else {
      if (of.isHeard) this.seen.set(record, seen);
      const waiting = of.waiting.get(feed) ?? [];
      waiting.push({ row, record, late });
      of.waiting.set(feed, waiting);
    }
  }

  /** What each rule has cost so far; empty unless `stats` was asked for. */
  stats(): ReadonlyMap<Rule, RuleStats> {
    const stats = new Map<Rule, RuleStats>();
    for (const byViews of this.programs.values()) {
      for (const { steps, work } of byViews.values()) {
        if (work === undefined) continue;
        for (const [at, { feed }] of steps.entries()) {
          const { rule } = feed.of;
          stats.set(rule, addWork(stats.get(rule), work, at));
        }
      }
    }
    return stats;
  }

  /** The rows of rules over time that are sure once no record from before a moment (in ticks) will come. */
  advance(watermark: bigint): RuleRow[] {
    return this.operators.advance(watermark);
  }

  /** What did not go as it should; complete at the end. */
  diagnostics(): Diagnostic[] {
    return this.operators.diagnostics();
  }

  /** The rows that waited for all records. `clock` is the run's, now that it is known. */
  end(clock: Clock): RuleRow[] {
    const found = this.rules.flatMap((of) => (of.isOperator ? [] : this.endRule(of, clock)));
    return [...found, ...this.operators.advance('end')];
  }

  private endRule(of: PlanRule, clock: Clock): readonly RuleRow[] {
    const rows = of.work === undefined ? waitingRows(of, clock) : this.workedRows(of.rule, of.work);
    if (of.isHeard) {
      for (const { row, record } of rows)
        if (record !== undefined) this.decided(of.rule, record, row?.columns ?? new Map());
    }
    return of.rule.silent === true ? [] : rows;
  }

  private workedRows(rule: Rule, work: PlanAtWork): RuleRow[] {
    return work
      .rows()
      .map((row) => ({ rule, row, record: row.event === undefined ? undefined : this.recordOf.get(row.event) }));
  }

  private program(type: LogType, shape: Shape): Program {
    const byViews = this.programs.get(shape) ?? new Map<LogType['views'], Program>();
    this.programs.set(shape, byViews);
    const known = byViews.get(type.views);
    if (known !== undefined) return known;
    const binding = bindingOf(type, shape);
    const about = this.feeds.filter((feed) => concerns(feed, binding));
    const steps = about.flatMap((feed) => this.step(feed, binding) ?? []);
    const alive = new Set(steps.map(({ feed }) => feed.of));
    const dead = [...new Set(about.flatMap(({ of }) => (alive.has(of) ? [] : [of])))];
    const made = { ...this.assemble(steps), dead };
    byViews.set(type.views, made);
    return made;
  }

  private assemble(steps: readonly Step[]): Omit<Program, 'dead'> {
    const work = this.options.stats === true ? ruleWork(steps.length) : undefined;
    if (this.options.engine !== 'stream') return { steps, stream: undefined, work };
    const program = compileProgram(steps.map((step) => step.filter));
    let matcher: Matcher | undefined;
    return { steps, stream: { program, matcher: () => (matcher ??= new Matcher(program, work)) }, work };
  }

  /** A feed that Python decides, with what is known without it: nothing else need be asked. */
  private narrowed({ of, plan, program }: Feed): Plan {
    if (program === undefined) return plan;
    const known = this.options.strictErrors === true ? undefined : narrowing(of.rule);
    return { kind: 'where', input: plan, predicate: known ?? ofLogTypes(program.logTypes) };
  }

  /** Undefined where no record of the binding's can pass. */
  private step(feed: Feed, binding: Binding): Step | undefined {
    const plan = pipeline.residual(this.narrowed(feed), binding);
    if (plan.kind === 'never') return undefined;
    const { early, usesClock } = untilTimeIsKnown(plan);
    const { now } = this;
    const { filter, whole } = recordFilter(plan);
    if (now !== undefined || !usesClock) {
      return { feed, run: lazily(() => compilePipeline(plan, now ?? TIMELESS)), late: undefined, filter, whole };
    }
    return { feed, run: lazily(() => compilePipeline(early, TIMELESS)), late: plan, filter, whole };
  }
}

/** Undefined where a rule's rows have to wait: for those of another input or of a shared plan, or for the time of the run. */
function workOf({ feeds, shared, rest }: PreparedPlan, now: Clock | undefined): PlanAtWork | undefined {
  if (rest.kind === 'input' || shared.length > 0) return undefined;
  const needsTime = [...feeds.map(({ plan }) => plan), rest].some((plan) =>
    [...planNodes(plan)].some((node) => expressions(node).some(readsClock)),
  );
  return now === undefined && needsTime ? undefined : planAtWork(rest, now ?? TIMELESS);
}

function startOf({ record, id }: Seen): Row {
  return { ...rowOf(record.event), id };
}

/** What other rules may read of a match beside its record: the rule's columns, and what its alert says. */
function heardColumns(rule: Rule, row: Row | undefined, seen: Seen): ReadonlyMap<string, Value> {
  const columns = row?.columns ?? new Map<string, Value>();
  const context = tellerOf(rule)?.(row ?? startOf(seen), seen).alertContext;
  return context === undefined ? columns : new Map([...columns, ['p_alert_context', context]]);
}

/** Most pipelines never get a row: each is compiled for its first. */
function lazily(compile: () => RowStep): RowStep {
  let run: RowStep | undefined;
  return (row) => {
    run ??= compile();
    return run(row);
  };
}

/** Whether a feed's source has anything to do with a log type, before the feed is bound: most rules are about other logs. */
function concerns({ plan, program }: Feed, binding: Binding): boolean {
  const { below: source } = rowPath(plan);
  if (source.kind !== 'source') return true;
  const asked: Plan =
    program === undefined ? source : { kind: 'where', input: source, predicate: ofLogTypes(program.logTypes) };
  return pipeline.residual(asked, binding).kind !== 'never';
}

function waitingRows({ rule, parts, waiting }: PlanRule, clock: Clock): RuleRow[] {
  const recordOf = new Map<Row['event'], LogRecord>();
  const compiled = new Map<Plan, RowStep>();
  const rows = runQuery(
    { shared: parts.shared, result: parts.rest },
    (leaf) => {
      if (leaf.kind !== 'input') return [];
      return (waiting.get(leaf.name) ?? []).flatMap(({ row, record, late }) => {
        recordOf.set(record.event, record);
        if (late === undefined) return [row];
        const run = compiled.get(late) ?? compilePipeline(late, clock);
        compiled.set(late, run);
        return run(rowOf(record.event));
      });
    },
    clock,
  );
  waiting.clear();
  return rows.map((row) => ({ rule, row, record: row.event === undefined ? undefined : recordOf.get(row.event) }));
}
