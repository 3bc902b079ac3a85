import type { Diagnostic } from '../base/diagnostic.ts';
import { evaluateConstant } from '../engines/memory/constant.ts';
import { type Clock, compilePipeline, type Row, type RowStep, rowOf, runPlan } from '../engines/memory/index.ts';
import {
  compileProgram,
  Matcher,
  type RuleWork,
  recordFilter,
  ruleWork,
  type Program as StreamProgram,
} from '../engines/stream/index.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan, Source } from '../ir/plan.ts';
import { printPlan } from '../ir/print.ts';
import type { PlanLogic, Rule } from '../ir/rule.ts';
import { sourceNodes } from '../ir/traverse.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { type Binding, bind } from '../passes/bind.ts';
import { simplify } from '../passes/simplify.ts';
import { type SplitPlan, split, untilTimeIsKnown } from '../passes/split.ts';
import { type InOrder, RuleCorrelation } from './rule-correlation.ts';
import { addWork, type RuleStats, timed } from './stream-stats.ts';

/** A row that a rule gave, and the record it stands for where it stands for one. */
export interface RuleRow {
  readonly rule: Rule;
  /** Undefined where the row is the record, with no columns of the rule's own. */
  readonly row: Row | undefined;
  readonly record: LogRecord | undefined;
}

/** A row that waits for the end of the run: for others of its kind, or for the time of the run. */
interface WaitingRow {
  readonly row: Row;
  readonly record: LogRecord;
  /** What is still to do to it; it needs the clock. */
  readonly late: Plan | undefined;
}

interface PlanRule {
  readonly rule: Rule;
  readonly parts: SplitPlan;
  /** Whether a row is a match as soon as it comes out of its feed. */
  readonly immediate: boolean;
  readonly waiting: Map<string, WaitingRow[]>;
  /** For rules that correlate rows by their times, what takes the rows instead. */
  readonly correlation: RuleCorrelation | undefined;
}

/** One feed of one rule. */
interface Feed {
  readonly of: PlanRule;
  readonly name: string;
  readonly plan: Plan;
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
}

/** What finds the rules that a record matches: each by itself, or all together. They agree on every record. */
export type PlanEngine = 'memory' | 'stream';

export interface PlanRulesOptions {
  readonly engine?: PlanEngine;
  readonly inOrder?: InOrder | undefined;
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
 * time is its last event, waits for `finish`.
 */
export class PlanRules {
  private readonly rules: readonly PlanRule[];
  private readonly now: Clock | undefined;
  private readonly feeds: readonly Feed[];
  /** By what a type's records are found by, not by its name: names come out of logs, and many may have the same views. */
  private readonly programs = new Map<Shape, Map<LogType['views'], Program>>();
  private readonly options: PlanRulesOptions;

  private order = 0;

  /** `now`: the time of the run, or undefined when it is to be the time of the last event. */
  constructor(rules: readonly Rule[], now: Clock | undefined, options: PlanRulesOptions = {}) {
    this.now = now;
    this.options = options;
    const { inOrder } = options;
    this.rules = rules.flatMap((rule) =>
      rule.logic.kind === 'plan' && rule.silent !== true ? [planRule(rule, rule.logic, inOrder)] : [],
    );
    const sources = new Map<string, Source>();
    this.feeds = this.rules.flatMap((of) =>
      of.parts.feeds.map(({ name, plan }) => ({ of, name, plan: withSharedSource(plan, sources) })),
    );
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** Whether any rule reads the clock. */
  get needsTime(): boolean {
    return this.rules.some(({ parts }) => parts.feeds.some((feed) => untilTimeIsKnown(feed.plan).usesClock));
  }

  /** How many rules look at records of a log type in a shape: those about their log source, and those about whatever there is. */
  rulesFor(type: LogType, shape: Shape): { readonly rules: number; readonly general: number } {
    const reached = new Set(this.program(type, shape).steps.map(({ feed }) => feed.of));
    let rules = 0;
    let general = 0;
    for (const one of this.rules) {
      const sources = one.rule.logic.kind === 'plan' ? sourceNodes(one.rule.logic.plan) : [];
      if (sources.length > 0 && !reached.has(one)) continue;
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
    const { order } = this;
    this.order += 1;
    const found: RuleRow[] = [];
    const { steps, stream, work } = this.program(type, shape);
    if (stream === undefined) {
      const start = startOf(record, order);
      for (const [at, step] of steps.entries()) {
        const row = work === undefined ? step.run(start) : timed(work, at, () => step.run(start));
        if (row !== undefined) this.take(step, row, record, found);
      }
      return found;
    }
    const passed = scanned ?? stream.matcher().match(record.event);
    for (const at of passed) this.pass(steps[at], order, record, found);
    return found;
  }

  /** A record that passes the filter of a step. */
  private pass(step: Step | undefined, order: number, record: LogRecord, found: RuleRow[]): void {
    if (step === undefined) return;
    const { of } = step.feed;
    // The record itself is the match: it need not even have been parsed.
    if (step.whole && of.immediate && step.late === undefined) {
      found.push({ rule: of.rule, row: undefined, record });
      return;
    }
    const start = startOf(record, order);
    const row = step.whole ? start : step.run(start);
    if (row !== undefined) this.take(step, row, record, found);
  }

  private take({ feed: { of, name: feed }, late }: Step, row: Row, record: LogRecord, found: RuleRow[]): void {
    if (of.correlation !== undefined && late === undefined) {
      of.correlation.push(feed, row);
    } else if (of.immediate && late === undefined) {
      found.push({ rule: of.rule, row, record });
    } else {
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

  /** The rows of correlations that are sure now that a record of this time (in ticks) was read. */
  reach(time: bigint): RuleRow[] {
    return this.rules.flatMap(({ rule, correlation }) =>
      correlation === undefined ? [] : correlated(rule, correlation.reach(time)),
    );
  }

  /** What did not go as it should; complete after `finish`. */
  diagnostics(): Diagnostic[] {
    return this.rules.flatMap(({ correlation }) => correlation?.diagnostics() ?? []);
  }

  /** The rows that waited. `clock` is the run's, now that it is known. */
  finish(clock: Clock): RuleRow[] {
    return this.rules.flatMap((rule) => finishRule(rule, clock));
  }

  private program(type: LogType, shape: Shape): Program {
    const byViews = this.programs.get(shape) ?? new Map<LogType['views'], Program>();
    this.programs.set(shape, byViews);
    const known = byViews.get(type.views);
    if (known !== undefined) return known;
    const binding = bindingOf(type, shape);
    const steps = this.feeds.flatMap((feed) => (concerns(feed.plan, binding) ? (this.step(feed, binding) ?? []) : []));
    const made = this.assemble(steps);
    byViews.set(type.views, made);
    return made;
  }

  private assemble(steps: readonly Step[]): Program {
    const work = this.options.stats === true ? ruleWork(steps.length) : undefined;
    if (this.options.engine !== 'stream') return { steps, stream: undefined, work };
    const program = compileProgram(steps.map((step) => step.filter));
    let matcher: Matcher | undefined;
    return { steps, stream: { program, matcher: () => (matcher ??= new Matcher(program, work)) }, work };
  }

  /** Undefined where no record of the binding's can pass. */
  private step(feed: Feed, binding: Binding): Step | undefined {
    const plan = simplify(bind(feed.plan, binding), evaluateConstant);
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

function startOf(record: LogRecord, order: number): Row {
  return { ...rowOf(record.event), origin: { record, order } };
}

/** Most pipelines never get a row: each is compiled for its first. */
function lazily(compile: () => RowStep): RowStep {
  let run: RowStep | undefined;
  return (row) => {
    run ??= compile();
    return run(row);
  };
}

/** Rules share a few sources: with one object for each, what is found of a source is found once. */
function withSharedSource(plan: Plan, sources: Map<string, Source>): Plan {
  switch (plan.kind) {
    case 'where':
    case 'extend':
    case 'project':
      return { ...plan, input: withSharedSource(plan.input, sources) };
    case 'source': {
      const key = printPlan(plan);
      const shared = sources.get(key) ?? plan;
      sources.set(key, shared);
      return shared;
    }
    default:
      return plan;
  }
}

/** Whether a feed's source has anything to do with a log type, before the feed is bound: most rules are about other logs. */
function concerns(plan: Plan, binding: Binding): boolean {
  let source = plan;
  while (source.kind === 'where' || source.kind === 'extend' || source.kind === 'project') source = source.input;
  return source.kind !== 'source' || simplify(bind(source, binding), evaluateConstant).kind !== 'never';
}

function planRule(rule: Rule, logic: PlanLogic, inOrder: InOrder | undefined): PlanRule {
  const parts = split(logic.plan, logic.columns);
  // A feed that reads the clock is decided at the end; so are all rows that meet its rows.
  const streams =
    RuleCorrelation.fits(parts.rest) && !parts.feeds.some((feed) => untilTimeIsKnown(feed.plan).usesClock);
  const correlation = streams ? new RuleCorrelation(rule, parts.rest, TIMELESS, inOrder) : undefined;
  return { rule, parts, immediate: parts.rest.kind === 'input', waiting: new Map(), correlation };
}

function correlated(rule: Rule, rows: readonly Row[]): RuleRow[] {
  return rows.map((row) => ({ rule, row, record: row.origin?.record }));
}

function finishRule({ rule, parts, waiting, correlation }: PlanRule, clock: Clock): RuleRow[] {
  if (correlation !== undefined) return correlated(rule, correlation.finish());
  const recordOf = new Map<Row['event'], LogRecord>();
  const compiled = new Map<Plan, RowStep>();
  const rows = runPlan(
    parts.rest,
    (leaf) => {
      if (leaf.kind !== 'input') return [];
      return (waiting.get(leaf.name) ?? []).flatMap(({ row, record, late }) => {
        recordOf.set(record.event, record);
        if (late === undefined) return [row];
        const run = compiled.get(late) ?? compilePipeline(late, clock);
        compiled.set(late, run);
        return run(rowOf(record.event)) ?? [];
      });
    },
    clock,
  );
  waiting.clear();
  return rows.map((row) => ({ rule, row, record: row.event === undefined ? undefined : recordOf.get(row.event) }));
}
