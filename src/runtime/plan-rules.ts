import type { Diagnostic } from '../base/diagnostic.ts';
import { type Clock, compilePipeline, type Row, type RowStep, rowOf, runPlan } from '../engines/memory/index.ts';
import type { Plan } from '../ir/plan.ts';
import type { PlanLogic, Rule } from '../ir/rule.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { bind } from '../passes/bind.ts';
import { simplify } from '../passes/simplify.ts';
import { type SplitPlan, split, untilTimeIsKnown } from '../passes/split.ts';
import { bindingOf, evaluateConstant } from './binding.ts';
import { type InOrder, RuleCorrelation } from './rule-correlation.ts';

/** A row that a rule gave, and the record it stands for where it stands for one. */
export interface RuleRow {
  readonly rule: Rule;
  readonly row: Row;
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

/** One feed of one rule, bound to a log type in a shape and compiled. */
interface Step {
  readonly of: PlanRule;
  readonly feed: string;
  readonly run: RowStep;
  readonly late: Plan | undefined;
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
  private readonly programs = new Map<Shape, Map<string, readonly Step[]>>();

  private order = 0;

  /** `now`: the time of the run, or undefined when it is to be the time of the last event. */
  constructor(rules: readonly Rule[], now: Clock | undefined, inOrder?: InOrder) {
    this.now = now;
    this.rules = rules.flatMap((rule) =>
      rule.logic.kind === 'plan' && rule.silent !== true ? [planRule(rule, rule.logic, inOrder)] : [],
    );
  }

  /** Whether any rule reads the clock. */
  get needsTime(): boolean {
    return this.rules.some(({ parts }) => parts.feeds.some((feed) => untilTimeIsKnown(feed.plan).usesClock));
  }

  process(record: LogRecord, type: LogType, shape: Shape): RuleRow[] {
    const found: RuleRow[] = [];
    const start: Row = { ...rowOf(record.event), origin: { record, order: this.order } };
    this.order += 1;
    for (const step of this.program(type, shape)) {
      const row = step.run(start);
      if (row === undefined) continue;
      const { of, late, feed } = step;
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
    return found;
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

  private program(type: LogType, shape: Shape): readonly Step[] {
    const byType = this.programs.get(shape) ?? new Map<string, readonly Step[]>();
    this.programs.set(shape, byType);
    const known = byType.get(type.name);
    if (known !== undefined) return known;
    const binding = bindingOf(type, shape);
    const steps = this.rules.flatMap((rule) =>
      rule.parts.feeds.flatMap((feed) => {
        const plan = simplify(bind(feed.plan, binding), evaluateConstant);
        return plan.kind === 'never' ? [] : [this.step(rule, feed.name, plan)];
      }),
    );
    byType.set(type.name, steps);
    return steps;
  }

  private step(of: PlanRule, feed: string, plan: Plan): Step {
    const { early, usesClock } = untilTimeIsKnown(plan);
    if (this.now !== undefined) return { of, feed, run: compilePipeline(plan, this.now), late: undefined };
    if (!usesClock) return { of, feed, run: compilePipeline(plan, TIMELESS), late: undefined };
    return { of, feed, run: compilePipeline(early, TIMELESS), late: plan };
  }
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
