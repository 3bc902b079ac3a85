import { type Budget, type Clock, compilePipeline, type RowStep, withBudget } from '../../engines/memory/index.ts';
import { pipeline } from '../../engines/pipeline.ts';
import { type FilterWork, filterWork, type RecordEngine, type RecordProgram } from '../../engines/port.ts';
import { narrowing } from '../../engines/python/tiers.ts';
import { recordEngines } from '../../engines/record-engines.ts';
import { recordFilter } from '../../engines/stream/index.ts';
import type { Expr } from '../../ir/expr.ts';
import { ofLogTypes } from '../../ir/plan/ask.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { isRowLocal, rowPath } from '../../ir/plan/row-path.ts';
import type { PythonProgram } from '../../ir/rule/python.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { Binding } from '../../passes/bind.ts';
import { untilTimeIsKnown } from '../../passes/split.ts';
import type { SessionOptions } from '../session.ts';
import type { RuleFaults } from './rule-faults.ts';
import type { RuleStats } from './rule-stats.ts';
import { addWork } from './rule-work.ts';

/** A rule, and what it may take. */
export interface Budgeted {
  readonly rule: Rule;
  readonly budget: Budget;
}

/** One feed of one rule. */
export interface Feed<R extends Budgeted> {
  readonly of: R;
  readonly name: string;
  readonly plan: Plan;
  readonly program: PythonProgram | undefined;
}

/** A feed, bound to a log type in a shape and compiled. */
export interface Step<R extends Budgeted> {
  readonly feed: Feed<R>;
  readonly run: RowStep;
  /** What `run` does with a record that passes the filter; undefined where that is nothing. */
  readonly rest: RowStep | undefined;
  /** The whole pipeline, where it needs the time of a run that is not known yet. */
  readonly late: Plan | undefined;
  /** True of every record that `run` lets pass. */
  readonly filter: Expr;
}

/** All feeds of all rules for one log type in one shape. */
export interface Program<R extends Budgeted> {
  readonly steps: readonly Step<R>[];
  /** Tells which steps a record may pass. */
  readonly filters: RecordProgram;
  readonly work: FilterWork | undefined;
  /** Rules about the log source that can match none of its records. */
  readonly dead: readonly R[];
}

export type ProgramOptions = Pick<SessionOptions, 'engine' | 'stats' | 'strictErrors'>;

export const TIMELESS: Clock = {
  get now(): never {
    throw new Error('a filter that reads the clock ran before the time of the run was known');
  },
};

/** The programs of all log types that records are of, made as they come. */
export class RulePrograms<R extends Budgeted> {
  private readonly feeds: readonly Feed<R>[];
  private readonly now: Clock | undefined;
  private readonly options: ProgramOptions;
  private readonly faults: RuleFaults;
  private readonly engine: RecordEngine;
  /** By what a type's records are found by, not by its name: names come out of logs, and many may have the same views. */
  private readonly programs = new Map<Shape, Map<LogType['views'], Program<R>>>();

  /** `now`: the time of the run, or undefined when it is to be the time of the last event. */
  constructor(feeds: readonly Feed<R>[], now: Clock | undefined, faults: RuleFaults, options: ProgramOptions) {
    this.feeds = feeds;
    this.now = now;
    this.options = options;
    this.faults = faults;
    this.engine = recordEngines[options.engine ?? 'memory'];
  }

  of(type: LogType, shape: Shape): Program<R> {
    const byViews = this.programs.get(shape) ?? new Map<LogType['views'], Program<R>>();
    this.programs.set(shape, byViews);
    const known = byViews.get(type.views);
    if (known !== undefined) return known;
    const binding = bindingOf(type, shape);
    const { faults } = this;
    const about = this.feeds.filter((feed) => faults.guard(feed.of.rule, false, () => concerns(feed, binding)));
    const failed: R[] = [];
    const steps = about.flatMap((feed): Step<R> | [] => {
      const step = faults.guard<Step<R> | 'failed' | undefined>(feed.of.rule, 'failed', () => this.step(feed, binding));
      if (step === 'failed') failed.push(feed.of);
      return step === 'failed' || step === undefined ? [] : step;
    });
    // Of a rule that failed nobody knows what it can match.
    const alive = new Set([...steps.map(({ feed }) => feed.of), ...failed]);
    const dead = [...new Set(about.flatMap(({ of }) => (alive.has(of) ? [] : [of])))];
    const made = { ...this.assemble(steps), dead };
    byViews.set(type.views, made);
    return made;
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

  private assemble(steps: readonly Step<R>[]): Omit<Program<R>, 'dead'> {
    const made = (sound: readonly Step<R>[]): Omit<Program<R>, 'dead'> => {
      const work = this.options.stats === true ? filterWork(sound.length) : undefined;
      const filters = this.engine.compile(
        sound.map(({ filter }) => filter),
        work,
      );
      return { steps: sound, filters, work };
    };
    try {
      return made(steps);
    } catch {
      // Where they fail together, those that fail alone are left out.
      return made(
        steps.filter(({ feed, filter }) => {
          return this.faults.once(feed.of.rule, () => this.engine.compile([filter], undefined)) !== undefined;
        }),
      );
    }
  }

  /** A feed that Python decides, with what is known without it: nothing else need be asked. */
  private narrowed({ of, plan, program }: Feed<R>): Plan {
    if (program === undefined) return plan;
    const known = this.options.strictErrors === true ? undefined : narrowing(of.rule);
    return { kind: 'where', input: plan, predicate: known ?? ofLogTypes(program.logTypes) };
  }

  /** Undefined where no record of the binding's can pass. */
  private step(feed: Feed<R>, binding: Binding): Step<R> | undefined {
    const plan = pipeline.residual(this.narrowed(feed), binding);
    if (plan.kind === 'never') return undefined;
    const { early, usesClock } = untilTimeIsKnown(plan);
    const now = this.now && withBudget(this.now, feed.of.budget);
    const timeless = withBudget(TIMELESS, feed.of.budget);
    const { filter, rest } = recordFilter(plan);
    if (now !== undefined || !usesClock) {
      const compiled = (of: Plan): RowStep => lazily(() => compilePipeline(of, now ?? timeless));
      return {
        feed,
        run: compiled(plan),
        rest: isRowLocal(rest) ? compiled(rest) : undefined,
        late: undefined,
        filter,
      };
    }
    const run = lazily(() => compilePipeline(early, timeless));
    return { feed, run, rest: run, late: plan, filter };
  }
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
function concerns({ plan, program }: Pick<Feed<never>, 'plan' | 'program'>, binding: Binding): boolean {
  const { below: source } = rowPath(plan);
  if (source.kind !== 'source') return true;
  const asked: Plan =
    program === undefined ? source : { kind: 'where', input: source, predicate: ofLogTypes(program.logTypes) };
  return pipeline.residual(asked, binding).kind !== 'never';
}
